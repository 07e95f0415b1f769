"""The pages on which officers acknowledge what partners correct, and data protection decides what was kept back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from stonebridge.accounts.doors import Desk, door
from stonebridge.accounts.queues import Queue
from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.identification.region.forms import KeptBackForm, NoteForm
from stonebridge.identification.region.kept_back import decide_kept_back, kept_back
from stonebridge.identification.region.services import ASKED_FOR
from stonebridge.identification.region.told import acknowledge, waiting
from stonebridge.identification.region.told_shown import kept, read_said, said
from stonebridge.registry import shown
from stonebridge.registry.queries import read_person
from stonebridge.registry.views.person import reading
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import ROLES_FOR, Action
from stonebridge.ui.posted import posted


@door(*ASKED_FOR)
@require_GET
def corrections(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What partners have said of data that were given, and nobody has acknowledged; nothing of the persons meant."""
    with gate.act(desk.purpose):
        gate.permit(desk.actor, Action.ASK_PARTNER, purpose=desk.purpose, basis=desk.basis, now=desk.now)
        rows = [said(each) for each in waiting(desk.purpose)]
    return render(request, "identification/corrections.html", {"rows": rows, "purpose": desk.purpose})


@door(*ASKED_FOR)
@require_http_methods(["GET", "POST"])
def correction(request: HttpRequest, desk: Desk, id: UUID) -> HttpResponse:
    """What was said before beside what is said now, what to do next, and the acknowledgement."""
    form = NoteForm(*posted(request))
    if form.is_valid():
        is_told = acknowledge(
            id, form.cleaned_data["note"], actor=desk.actor, purpose=desk.purpose, basis=desk.basis, now=desk.now
        )
        if is_told:
            messages.success(request, say("It is acknowledged, and the partner is told so."))
        else:
            messages.success(request, say("It is acknowledged here. The partner is not told."))
        return redirect("told:corrections")
    with gate.act(desk.purpose):
        shown_here = read_said(id)
        permit = gate.permit(
            desk.actor, reading(desk, Action.ASK_PARTNER), purpose=desk.purpose, basis=desk.basis, now=desk.now,
            persons=[shown_here.person],
        )  # fmt: skip
        person = read_person(permit, shown_here.person)
    context = {
        "said": shown_here, "form": form, "person": person, "bar": shown.bar(person), "under": shown.under(desk),
        "purpose": desk.purpose,
    }  # fmt: skip
    return render(request, "identification/correction.html", context, status=422 if form.errors else 200)


@door(Purpose.DATA_PROTECTION)
@require_GET
def kept_back_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Messages that may not leave and that nobody has decided; nothing of the persons meant."""
    with gate.act(desk.purpose):
        gate.permit(desk.actor, Action.CORRECT, purpose=desk.purpose, basis=desk.basis, now=desk.now)
        rows = [kept(each) for each in kept_back()]
    return render(request, "identification/kept_back.html", {"rows": rows})


@door(Purpose.DATA_PROTECTION)
@require_http_methods(["GET", "POST"])
def kept_back_one(request: HttpRequest, desk: Desk, id: UUID) -> HttpResponse:
    """Who and what, why it may not leave, and the decision."""
    with gate.act(desk.purpose):
        row = next((kept(each) for each in kept_back() if each.id == id), None)
        if row is None:
            raise NotFound("message kept back", id)
        permit = gate.permit(
            desk.actor, Action.CORRECT, purpose=desk.purpose, basis=desk.basis, now=desk.now,
            persons=[row.person] if row.person else [], subject=f"message:{id}",
        )  # fmt: skip
        reading_permit = gate.permit(
            desk.actor, Action.READ, purpose=desk.purpose, basis=desk.basis, now=desk.now, persons=permit.persons
        )
        person = read_person(reading_permit, row.person) if row.person else None
    form = KeptBackForm(*posted(request), may_be_sent=row.may_be_sent)
    if form.is_valid():
        decide_kept_back(
            id, form.cleaned_data["decision"] == "send", form.cleaned_data["reason"], actor=desk.actor, basis=desk.basis,
            now=desk.now,
        )  # fmt: skip
        messages.success(request, say("Your decision is recorded."))
        return redirect("told:kept_back")
    context = {
        "row": row, "form": form, "person": person, "bar": shown.bar(person) if person else None,
        "under": shown.under(desk),
        "rows": [
            {"key": _("Partner"), "value": row.partner}, {"key": _("What was to be said"), "value": row.text},
            {"key": _("Why it was kept back"), "value": row.why},
        ],
    }  # fmt: skip
    return render(request, "identification/kept_back_one.html", context, status=422 if form.errors else 200)


def waiting_at(desk: Desk) -> list[Queue]:
    """Corrections for those who ask partners; what was kept back for data protection."""
    queues = []
    asked_for = next((each for each in ASKED_FOR if each in desk.actor.purposes), None)
    if desk.actor.roles & ROLES_FOR[Action.ASK_PARTNER] and asked_for is not None:
        with gate.act(asked_for):
            count = len(waiting(asked_for))
        queues.append(
            Queue(
                _("Corrections of partners"),
                _("What a partner gave, or was given, is no longer so. You say what follows from it."),
                reverse("told:corrections"),
                count,
                _("Acknowledge the oldest correction"),
            )
        )
    if Purpose.DATA_PROTECTION in desk.actor.purposes and desk.actor.roles & ROLES_FOR[Action.CORRECT]:
        with gate.act(Purpose.DATA_PROTECTION):
            count = len(kept_back())
        queues.append(
            Queue(
                _("Messages kept back"),
                _("What a partner was to be told and may not be. You decide what becomes of it."),
                reverse("told:kept_back"),
                count,
                _("Decide the oldest message"),
            )
        )
    return queues
