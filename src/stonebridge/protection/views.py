"""Screens of protection. That a referral exists is secret: no other page says or hints at it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from stonebridge.accounts.doors import Desk, door
from stonebridge.accounts.models import Officer
from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.protection import services
from stonebridge.protection.forms import KINDS, ClosingForm, ReferralForm
from stonebridge.safeguards.forms import said_at_reference
from stonebridge.safeguards.policy import ROLES_FOR, Action
from stonebridge.safeguards.queries import person_of
from stonebridge.ui.posted import posted

LOOKED_UP_FOR = (Purpose.REGISTRATION, Purpose.PATHWAYS)
"""For which purposes of the actor's a reference may be looked up: that of a referral opens nothing of the register."""

NEEDS = {
    "alone": _("A child alone"),
    "injured": _("Injured or ill"),
    "afraid": _("Afraid of somebody"),
    "pregnant": _("Pregnant"),
}
ANSWERS = {"yes": _("Yes"), "no": _("No"), "not_asked": _("Not asked")}


@door(Purpose.REFERRAL)
@require_GET
def referrals(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The referrals, open ones first."""
    found = services.referrals(actor=desk.actor, basis=desk.basis, now=desk.now)
    rows = [(each, KINDS[each.kind]) for each in found]
    return render(request, "protection/referrals.html", {"rows": rows})


@door(Purpose.REFERRAL)
@require_http_methods(["GET", "POST"])
def referral(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """One referral, and its end."""
    found = services.referrals(actor=desk.actor, basis=desk.basis, now=desk.now, reference=reference)
    if not found:
        raise NotFound("referral", reference)
    form = ClosingForm(*posted(request))
    if form.is_valid():
        services.close_referral(
            reference, form.cleaned_data["reason"], actor=desk.actor, basis=desk.basis, now=desk.now
        )
        return redirect("protection:referrals")
    (seen,) = found
    opener = Officer.objects.filter(id=seen.opened_by).first()
    context = {
        "referral": seen,
        "kind": KINDS[seen.kind],
        "opened_by": opener.full_name if opener else seen.opened_by,
        "needs": [(NEEDS[need], ANSWERS[seen.needs[need]]) for need in NEEDS if need in seen.needs],
        "form": form,
        "may_close": bool(desk.actor.roles & ROLES_FOR[Action.CLOSE_REFERRAL]),
        "may_read_person": bool(desk.actor.roles & ROLES_FOR[Action.READ]),
    }
    return render(request, "protection/referral.html", context)


@door(Purpose.REFERRAL, Purpose.REGISTRATION)
@require_http_methods(["GET", "POST"])
def refer(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Refer somebody for protection. Whoever may not read referrals learns nothing of it afterwards."""
    form = ReferralForm(*posted(request), initial={"about": request.GET.get("about", "")})
    if form.is_valid():
        cleaned = form.cleaned_data
        with said_at_reference(form):
            person = person_of(cleaned["about"], _looked_up_for(desk.actor))
            made = services.open_referral(
                person, cleaned["about"], cleaned["kind"], cleaned["reason"], actor=desk.actor, purpose=desk.purpose,
                basis=desk.basis, now=desk.now,
            )  # fmt: skip
            if desk.actor.roles & ROLES_FOR[Action.READ_REFERRAL]:
                return redirect("protection:referral", made)
            return render(request, "protection/referred.html")
    return render(request, "protection/refer.html", {"form": form})


def _looked_up_for(actor: Actor) -> Purpose:
    return next((purpose for purpose in LOOKED_UP_FOR if purpose in actor.purposes), Purpose.REFERRAL)
