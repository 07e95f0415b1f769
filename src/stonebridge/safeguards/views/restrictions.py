"""Restrictions, for data protection: in force, set, lifted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from stonebridge.accounts.doors import Desk, door
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import WrongState
from stonebridge.safeguards import queries, services
from stonebridge.safeguards.forms import GROUNDS, ReasonForm, RestrictionForm, said_at_reference
from stonebridge.ui.posted import posted

data_protection = door(Purpose.DATA_PROTECTION)


@data_protection
@require_http_methods(["GET", "POST"])
def restrictions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The restrictions, and a form for a new one."""
    form = RestrictionForm(*posted(request), initial={"about": request.GET.get("about", "")})
    if form.is_valid():
        cleaned = form.cleaned_data
        with said_at_reference(form):
            person = queries.person_of(cleaned["about"], Purpose.DATA_PROTECTION)
            try:
                services.restrict(
                    person, cleaned["reason"], ground=cleaned["ground"], actor=desk.actor, basis=desk.basis,
                    now=desk.now,
                )  # fmt: skip
            except WrongState:
                form.add_error("about", _("This record is restricted already."))
            else:
                return redirect("safeguards:restrictions")
    seen = queries.restrictions(actor=desk.actor, basis=desk.basis, now=desk.now)
    rows = [(each, GROUNDS.get(each.ground, each.ground)) for each in seen]
    return render(request, "safeguards/restrictions.html", {"form": form, "rows": rows})


@data_protection
@require_http_methods(["GET", "POST"])
def lift(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Lift the restriction of a record, with a reason."""
    form = ReasonForm(*posted(request))
    if form.is_valid():
        person = queries.person_of(reference, Purpose.DATA_PROTECTION)
        services.lift_restriction(person, form.cleaned_data["reason"], actor=desk.actor, basis=desk.basis, now=desk.now)
        return redirect("safeguards:restrictions")
    return render(request, "safeguards/lift.html", {"form": form, "reference": reference})
