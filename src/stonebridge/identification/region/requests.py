"""The pages on which an officer decides what partners have asked for."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from stonebridge.accounts.doors import Desk, door
from stonebridge.accounts.labels import ROLES as ROLE_LABELS
from stonebridge.accounts.queues import Queue
from stonebridge.domain.actor import Purpose
from stonebridge.exchange.evidence.making import conversation_of, make
from stonebridge.identification.region.conversation import read_request, request_shown
from stonebridge.identification.region.follow_up import decide, open_requests
from stonebridge.identification.region.forms import DecisionForm
from stonebridge.identification.region.timeline import timeline, wanted_text
from stonebridge.registry import shown
from stonebridge.registry.queries import read_person
from stonebridge.registry.views.person import reading
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import ROLES_FOR, Action
from stonebridge.ui.posted import posted


@door(Purpose.IDENTIFICATION)
@require_GET
def waiting(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What partners ask for and nobody has decided, oldest first; nothing of the persons meant."""
    with gate.act(desk.purpose):
        gate.permit(desk.actor, Action.DISCLOSE, purpose=desk.purpose, basis=desk.basis, now=desk.now)
        rows = [request_shown(each) for each in open_requests()]
    return render(request, "identification/requests.html", {"rows": rows})


@door(Purpose.IDENTIFICATION)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, desk: Desk, id: UUID) -> HttpResponse:
    """A request beside the record that it is about, and the decision."""
    form = DecisionForm(*posted(request))
    if form.is_valid():
        decide(
            id, form.cleaned_data["decision"] == "give", form.cleaned_data["reason"], actor=desk.actor,
            purpose=desk.purpose, basis=desk.basis, now=desk.now,
        )  # fmt: skip
        messages.success(request, say("Your decision is recorded and on its way to the partner."))
        return redirect("requests:waiting")
    with gate.act(desk.purpose):
        asked = read_request(id)
        permit = gate.permit(
            desk.actor, reading(desk, Action.DISCLOSE), purpose=desk.purpose, basis=desk.basis, now=desk.now,
            persons=[asked.person],
        )  # fmt: skip
        person = read_person(permit, asked.person)
    context = {
        "asked": asked, "form": form, "person": person, "bar": shown.bar(person), "under": shown.under(desk),
        "rows": [
            {"key": _("Partner"), "value": asked.partner},
            {"key": _("What it asks for"), "value": wanted_text(asked.wanted)},
            {"key": _("What it is needed for"), "value": asked.reason},
            {"key": _("Legal basis"), "value": shown.basis_name(desk.purpose, asked.basis)},
            {"key": _("Role of the officer"), "value": _role(asked.role)},
            {"key": _("Its own reference"), "value": asked.case},
        ],
    }  # fmt: skip
    return render(request, "identification/request.html", context, status=422 if form.errors else 200)


@door(Purpose.IDENTIFICATION)
@require_GET
def said(request: HttpRequest, desk: Desk, id: UUID) -> HttpResponse:
    """What was said with the partner that made a request, decided or not."""
    with gate.act(desk.purpose):
        asked = read_request(id)
        permit = gate.permit(
            desk.actor, Action.READ, purpose=desk.purpose, basis=desk.basis, now=desk.now, persons=[asked.person]
        )
        person = read_person(permit, asked.person)
        steps = timeline(conversation_of(str(id))[0])
    context = {
        "asked": asked, "person": person, "bar": shown.bar(person), "under": shown.under(desk), "steps": steps,
    }  # fmt: skip
    return render(request, "identification/request_said.html", context)


@door(Purpose.IDENTIFICATION)
@require_GET
def evidence(request: HttpRequest, desk: Desk, id: UUID) -> HttpResponse:
    """What proves a conversation that a partner began, as a file."""
    return as_file(make(str(id), actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now), str(id))


def as_file(bundle: bytes, name: str) -> HttpResponse:
    """A bundle to keep."""
    answer = HttpResponse(bundle, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="evidence-{name}.json"'
    answer["Cache-Control"] = "no-store"
    return answer


def _role(role: str) -> str:
    return next((str(text) for each, text in ROLE_LABELS.items() if each == role), role)


def waiting_at(desk: Desk) -> list[Queue]:
    """How many requests wait for an officer who may disclose."""
    if not desk.actor.roles & ROLES_FOR[Action.DISCLOSE] or Purpose.IDENTIFICATION not in desk.actor.purposes:
        return []
    with gate.act(Purpose.IDENTIFICATION):
        count = len(open_requests())
    return [
        Queue(
            _("Requests of partners"),
            _("A partner that was told of a hit asks for more. You decide what it is given."),
            reverse("requests:waiting"),
            count,
            _("Decide the oldest request"),
        )
    ]
