"""The pages of cases: the list, one case, and a page for each thing that is done to it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from stonebridge.accounts.doors import Desk, door
from stonebridge.casework import declared, services, shown
from stonebridge.casework.forms import FindingForm, NoteForm, OpenForm, ReasonForm, SecondForm
from stonebridge.casework.gates import Found
from stonebridge.domain.actor import Purpose
from stonebridge.domain.agreements import choose
from stonebridge.domain.codes import StateKind
from stonebridge.domain.errors import BadInput, NoRuleMatched, NotFound
from stonebridge.law import codes
from stonebridge.law.agreements import agreements
from stonebridge.registry import lists
from stonebridge.registry.forms.base import RecordForm
from stonebridge.registry.queries import person_of
from stonebridge.registry.views.person import canonical
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Action
from stonebridge.ui.posted import posted


@door(Purpose.READMISSION, Purpose.RETURN)
@require_GET
def listed(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Running cases; nothing of the persons meant."""
    return render(request, "casework/listed.html", {"rows": shown.listed(desk)})


@door(Purpose.READMISSION, Purpose.RETURN)
@require_GET
def one(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """One case: where it stands, its work, gates, clock, exits and history."""
    return render(request, "casework/one.html", shown.page(desk, reference))


@door(Purpose.READMISSION, Purpose.RETURN)
@require_http_methods(["GET", "POST"])
def open_one(request: HttpRequest, desk: Desk, person: str) -> HttpResponse:
    """Open a case for a person; the agreement follows from the other state."""
    with gate.act(desk.purpose):
        id = person_of(canonical(person))
        gate.permit(desk.actor, Action.WORK_CASE, purpose=desk.purpose, basis=desk.basis, now=desk.now, persons=[id])
    form = OpenForm(*posted(request), processes=declared.processes(desk.purpose), states=_states())
    if form.is_valid() and _has_state(form, desk):
        state = form.cleaned_data["counterpart"]
        made = services.open_case(
            id, form.cleaned_data["process"], agreement=_agreement(form.cleaned_data["process"], state),
            counterpart=state, actor=desk.actor, basis=desk.basis, now=desk.now,
        )  # fmt: skip
        messages.success(request, _("The case is open."))
        return _to(made, desk)
    context = {
        "form": form,
        "title": _("Open a case"),
        "back": reverse("registry:person", args=[person]),
        "back_text": person,
    }
    return render(request, "casework/act.html", context, status=422 if form.errors else 200)


@door(Purpose.READMISSION, Purpose.RETURN)
@require_http_methods(["GET", "POST"])
def task(request: HttpRequest, desk: Desk, reference: str, task: str) -> HttpResponse:
    """Say that a task is done, and what came of it."""
    context = shown.page(desk, reference)
    form = NoteForm(*posted(request))
    if form.is_valid():
        services.do_task(reference, task, form.cleaned_data["note"], **_how(desk))
        messages.success(request, _("The work is recorded."))
        return _to(reference, desk)
    return _act(request, context, form, _named(context["tasks"], "id", task))


@door(Purpose.READMISSION, Purpose.RETURN)
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest, desk: Desk, reference: str, task: str) -> HttpResponse:
    """Put one's hand to what a colleague did."""
    context = shown.page(desk, reference)
    form = SecondForm(*posted(request))
    if form.is_valid():
        services.second_task(reference, task, **_how(desk))
        messages.success(request, _("Your hand is put to it."))
        return _to(reference, desk)
    chosen = _named(context["tasks"], "id", task)
    return _act(request, context, form, chosen | {"said": chosen["done"].note if chosen["done"] else ""})


@door(Purpose.READMISSION, Purpose.RETURN)
@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, desk: Desk, reference: str, guard: str) -> HttpResponse:
    """Record what was found on a guard."""
    context = shown.page(desk, reference)
    chosen = _named(context["gates"], "id", guard)
    form = FindingForm(*posted(request), guard=guard)
    if form.is_valid():
        cleaned = form.cleaned_data
        try:
            services.find(
                reference, guard, Found(cleaned["answer"]), cleaned["evidence"], expires_on=cleaned["expires_on"],
                submission=cleaned["submission"], **_how(desk),
            )  # fmt: skip
        except BadInput as error:
            form.take(error)
        else:
            messages.success(request, _("What was found is recorded."))
            return _to(reference, desk)
    return _act(request, context, form, chosen | {"said": chosen["why"]})


@door(Purpose.READMISSION, Purpose.RETURN)
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, desk: Desk, reference: str, outcome: str) -> HttpResponse:
    """Take an exit; where a gate is not open, say which, why, and what to do."""
    context = shown.page(desk, reference)
    form = ReasonForm(*posted(request))
    shut: list[dict[str, Any]] = []
    undone: list[str] = []
    if form.is_valid():
        try:
            services.leave_stage(reference, outcome, form.cleaned_data["reason"], **_how(desk))
        except services.GateIsShut as error:
            named = {each.guard.id for each in error.gates}
            shut = [each for each in context["gates"] if each["id"] in named]
        except services.Unfinished as error:
            undone = error.tasks
        else:
            messages.success(request, _("The case has moved on."))
            return _to(reference, desk)
    chosen = _named(context["exits"], "outcome", outcome)
    return _act(
        request, context | {"shut": shut, "undone": undone}, form, chosen, status=409 if shut or undone else 200
    )


def _act(
    request: HttpRequest, context: dict[str, Any], form: RecordForm, chosen: dict[str, Any], status: int = 200
) -> HttpResponse:
    reference = context["case"]["reference"]
    back = f"{reverse('cases:one', args=[reference])}?purpose={context['purpose']}"
    context = context | {"form": form, "title": chosen["title"], "said": chosen.get("said", ""), "back": back}
    context["back_text"] = reference
    return render(request, "casework/act.html", context, status=422 if form.errors else status)


def _named(listed: list[dict[str, Any]], key: str, value: str) -> dict[str, Any]:
    found = next((each for each in listed if each[key] == value), None)
    if found is None:
        raise NotFound("part of this case", value)
    return found


def _to(reference: str, desk: Desk) -> HttpResponse:
    return redirect(f"{reverse('cases:one', args=[reference])}?purpose={desk.purpose}")


def _how(desk: Desk) -> dict[str, Any]:
    return {"actor": desk.actor, "purpose": desk.purpose, "basis": desk.basis, "now": desk.now}


def _has_state(form: OpenForm, desk: Desk) -> bool:
    if desk.purpose is Purpose.READMISSION and not form.cleaned_data["counterpart"]:
        form.add_error("counterpart", _("Choose the other state."))
        return False
    return True


def _agreement(process: str, state: str) -> str:
    """The agreement between both states; empty where none, or more than one, is on file: the page of the case says so."""
    asks = process == "readmission_requesting"
    try:
        return choose(agreements(), *((shown.here(), state) if asks else (state, shown.here()))).agreement.id
    except NoRuleMatched:
        return ""


def _states() -> list[tuple[str, str]]:
    known = {party for each in agreements() for party in (*each.parties, each.partner)} - {shown.here()}
    names = {each.iso: lists.state_name(each.code) for each in codes.states().of_kind(StateKind.STATE) if each.iso}
    return sorted(((code, names.get(code, code)) for code in known), key=lambda pair: pair[1])
