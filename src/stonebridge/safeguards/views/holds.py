"""Holds, for supervisors: what a withdrawn link has left in the way, until somebody says whose it is."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from stonebridge.accounts.doors import Desk, door
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.safeguards import queries, services
from stonebridge.safeguards.forms import HoldForm
from stonebridge.ui.posted import posted

FACTS = {
    "former_identity": _("Whatever held the identity that was undone"),
    "claim": _("A claim for protection"),
    "referral": _("An open referral"),
    "origin": _("A state of origin"),
}
identification = door(Purpose.IDENTIFICATION)


@identification
@require_GET
def holds(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The holds that wait."""
    seen = queries.open_holds(actor=desk.actor, basis=desk.basis, now=desk.now)
    rows = [(each, FACTS.get(each.fact, each.fact)) for each in seen]
    return render(request, "safeguards/holds.html", {"rows": rows})


@identification
@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, desk: Desk, hold_id: UUID) -> HttpResponse:
    """Say whether a hold is this person's."""
    waiting = queries.open_holds(actor=desk.actor, basis=desk.basis, now=desk.now)
    seen = next((each for each in waiting if each.id == hold_id), None)
    if seen is None:
        raise NotFound("open hold", hold_id)
    form = HoldForm(*posted(request))
    if form.is_valid():
        services.assign_hold(
            hold_id, belongs=form.cleaned_data["belongs"] == "yes", reason=form.cleaned_data["reason"],
            actor=desk.actor, basis=desk.basis, now=desk.now,
        )  # fmt: skip
        return redirect("safeguards:holds")
    context = {"form": form, "hold": seen, "fact": FACTS.get(seen.fact, seen.fact)}
    return render(request, "safeguards/hold.html", context)
