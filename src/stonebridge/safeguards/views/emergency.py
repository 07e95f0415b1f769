"""Emergency access: an officer declares it, it ends by itself, data protection reviews it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from stonebridge.accounts.doors import Desk, at_own_desk, door
from stonebridge.accounts.labels import ACTIONS
from stonebridge.domain.actor import ActorKind, Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.safeguards import oversight, queries, services
from stonebridge.safeguards.forms import EmergencyForm, ReviewForm
from stonebridge.safeguards.models import EMERGENCY_LASTS
from stonebridge.ui.posted import posted

data_protection = door(Purpose.DATA_PROTECTION)


@at_own_desk
@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open reading to oneself for half an hour, with a reason."""
    form = EmergencyForm(*posted(request))
    if form.is_valid():
        services.declare_emergency(form.cleaned_data["reason"], actor=desk.actor, now=desk.now)
        return redirect("safeguards:emergency")
    context = {
        "form": form,
        "ends_at": queries.running_emergency(desk.actor, desk.now),
        "minutes": int(EMERGENCY_LASTS.total_seconds() // 60),
        "may": desk.actor.kind is ActorKind.OFFICER and bool(desk.actor.roles),
    }
    return render(request, "safeguards/emergency.html", context)


@data_protection
@require_GET
def emergencies(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every use of emergency access."""
    seen = queries.emergencies(actor=desk.actor, basis=desk.basis, now=desk.now)
    return render(request, "safeguards/emergencies.html", {"emergencies": seen, "now": desk.now})


@data_protection
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, desk: Desk, emergency_id: UUID) -> HttpResponse:
    """One use of emergency access: what was read under it, and whether it was justified."""
    seen = queries.emergencies(actor=desk.actor, basis=desk.basis, now=desk.now)
    found = next((each for each in seen if each.id == emergency_id), None)
    if found is None:
        raise NotFound("emergency", emergency_id)
    form = ReviewForm(*posted(request))
    if form.is_valid():
        services.review_emergency(
            emergency_id, justified=form.cleaned_data["justified"] == "yes", review=form.cleaned_data["review"],
            actor=desk.actor, basis=desk.basis, now=desk.now,
        )  # fmt: skip
        return redirect("safeguards:emergencies")
    lines = oversight.of_officer(
        found.reference, since=found.declared_at, until=found.ends_at, actor=desk.actor, basis=desk.basis, now=desk.now
    )
    rows = [(line, ACTIONS.get(line.action, line.action)) for line in lines if line.action in ACTIONS]
    context = {"form": form, "emergency": found, "rows": rows, "runs": found.ends_at > desk.now}
    return render(request, "safeguards/review.html", context)
