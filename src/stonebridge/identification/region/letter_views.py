"""The pages of letters to partners without a node: write, take out, record as sent, enter receipt and answer."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stonebridge.accounts.doors import Desk, door
from stonebridge.domain.errors import BadInput, NotFound
from stonebridge.exchange import letters as exchange
from stonebridge.exchange.evidence.making import make
from stonebridge.exchange.models import Outgoing
from stonebridge.exchange.partners import LETTER, Partner, partner, partners
from stonebridge.formats import intake
from stonebridge.identification.region import letters
from stonebridge.identification.region.follow_up import ASK
from stonebridge.identification.region.letter_forms import AnswerForm, CameForm, LetterForm, ReceiptForm, SentForm
from stonebridge.identification.region.letter_paper import letter_paper
from stonebridge.identification.region.requests import as_file
from stonebridge.identification.region.services import ASKED_FOR
from stonebridge.identification.region.timeline import WANTED, wanted_text
from stonebridge.registry import shown
from stonebridge.registry.queries import person_of, read_person
from stonebridge.registry.views.person import canonical, reading
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Action
from stonebridge.ui.posted import posted, takes

STATES = {
    "waiting": _("To be printed and sent"), "sent": _("Sent; its receipt is not here yet"),
    "received": _("Received by the partner"), "kept_back": _("Kept back; data protection has been told"),
}  # fmt: skip
_DAY = _("Give a day up to today, and none before the step before it.")
UNUSABLE = {
    "sent_on": _DAY, "received_on": _DAY, "given": _("Enter at least one thing that the partner has on record."),
}  # fmt: skip
"""What is said at a field whose value cannot be used."""
STEPS = {"sent": SentForm, "receipt": ReceiptForm, "answer": AnswerForm}


@door(*ASKED_FOR)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Letters about a person, and the form that writes one."""
    form = LetterForm(*posted(request), purpose=desk.purpose, partners=_reached())
    if form.is_valid():
        said = form.cleaned_data
        id = letters.write_request(canonical(reference), said["partner"], said["wanted"], said["reason"], **_by(desk))
        messages.success(request, say("The letter is written. Print it, send it, and record that it was sent."))
        return redirect("region:letter", reference, id)
    return _all(request, desk, reference, form, CameForm(purpose=desk.purpose, partners=_reached()))


@door(*ASKED_FOR)
@require_POST
def enter(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Enter what a partner asks in a letter."""
    form = CameForm(*posted(request), purpose=desk.purpose, partners=_reached())
    if form.is_valid():
        said = form.cleaned_data
        letters.enter_request(
            canonical(reference), said["partner"], said["wanted"], said["reason"], said["case"], **_by(desk)
        )
        messages.success(request, say("It is entered. A supervisor decides it among the requests of partners."))
        return redirect("region:letters", reference)
    return _all(request, desk, reference, LetterForm(purpose=desk.purpose, partners=_reached()), form)


@door(*ASKED_FOR)
@require_http_methods(["GET"])
def one(request: HttpRequest, desk: Desk, reference: str, id: UUID) -> HttpResponse:
    """A letter and what is to be done with it next."""
    return _one(request, desk, reference, id)


@door(*ASKED_FOR)
@require_POST
@takes("form")
def out(request: HttpRequest, desk: Desk, reference: str, id: UUID) -> HttpResponse:
    """The letter as a PDF, or the signed file beside it, after judging once more whether it may go."""
    row = _row(desk, reference, id)
    taken = exchange.take_out(id, letters.action_of(row), **_by(desk))
    if request.POST.get("form") == "file":
        content, kind, name = taken.file, "application/json", f"{row.case}-letter.json"
    else:
        content, kind, name = (
            letter_paper(
                taken, basis=shown.basis_name(desk.purpose, row.basis), printed_by=desk.actor.name, at=desk.now
            ),
            "application/pdf",
            f"{row.case}.pdf",
        )
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)


@door(*ASKED_FOR)
@require_GET
def evidence(request: HttpRequest, desk: Desk, reference: str, id: UUID) -> HttpResponse:
    """What proves a letter and what came of it, as a file."""
    row = _row(desk, reference, id)
    return as_file(make(str(row.conversation), **_by(desk)), row.case)


@door(*ASKED_FOR)
@require_POST
def step(request: HttpRequest, desk: Desk, reference: str, id: UUID, step: str) -> HttpResponse:
    """Record that a letter was sent, or enter its receipt or its answer."""
    if step not in STEPS:
        raise NotFound("page", step)
    form = STEPS[step](*posted(request))
    if not form.is_valid():
        return _one(request, desk, reference, id, form)
    row, said = _row(desk, reference, id), form.cleaned_data
    action = letters.action_of(row)
    try:
        if isinstance(form, SentForm):
            exchange.note_sent(id, action, said["sent_on"], **_by(desk))
        elif isinstance(form, AnswerForm):
            letters.enter_answer(id, form.identity(), said["case"], **_by(desk))
        else:
            scan = intake.portrait(said["scan"].read()).jpeg if said["scan"] else b""
            exchange.note_receipt(id, action, said["received_on"], said["reference"], scan, **_by(desk))
    except BadInput as error:
        if error.field in UNUSABLE:
            form.add_error(error.field, UNUSABLE[error.field])
        else:
            form.add_error("scan" if "scan" in form.fields else None, str(error))
        return _one(request, desk, reference, id, form)
    messages.success(request, say("It is recorded."))
    return redirect("region:letter", reference, id)


def _all(request: HttpRequest, desk: Desk, reference: str, form: LetterForm, came: CameForm) -> HttpResponse:
    with gate.act(desk.purpose):
        id = person_of(canonical(reference))
        permit = gate.permit(
            desk.actor, reading(desk, Action.ASK_PARTNER), purpose=desk.purpose, basis=desk.basis, now=desk.now,
            persons=[id],
        )  # fmt: skip
        person, rows = read_person(permit, id), exchange.letters(id)
    context = {
        "person": person, "bar": shown.bar(person), "under": shown.under(desk), "form": form, "came": came,
        "letters": [_line(each) for each in rows], "partners": _reached(), "purpose": desk.purpose,
    }  # fmt: skip
    return render(request, "identification/letters.html", context, status=422 if form.errors or came.errors else 200)


def _one(
    request: HttpRequest, desk: Desk, reference: str, id: UUID, handed_in: forms.Form | None = None
) -> HttpResponse:  # fmt: skip
    with gate.act(desk.purpose):
        about = person_of(canonical(reference))
        permit = gate.permit(
            desk.actor, Action.READ, purpose=desk.purpose, basis=desk.basis, now=desk.now, persons=[about]
        )
        person, row = read_person(permit, about), _of(about, id)
        answer = letters.answered(row)
    line = _line(row)
    wanted = [text for name, text in WANTED.items() if name in row.body.get("wanted", ())]
    rows = [
        {"key": _("Partner"), "value": line["partner"]}, {"key": _("Address"), "value": partner(row.partner).address},
        {"key": _("Our reference"), "value": row.case}, {"key": _("State"), "value": line["text"]},
        *([{"key": _("What it asks for"), "value": wanted_text(wanted)}] if wanted else []),
        *_receipt(row),
    ]  # fmt: skip
    if answer:
        given = _("Data given") if answer.body["identities"] else _("It gives nothing")
        rows.append({"key": _("Answer"), "value": f"{given} · {answer.case}"})
    name = {"waiting": "sent", "sent": "receipt"}.get(line["state"], "")
    if line["state"] == "received" and answer is None and row.profile == ASK:
        name = "answer"
    form = handed_in or (STEPS[name]() if name else None)
    context = {
        "person": person, "bar": shown.bar(person), "under": shown.under(desk), "rows": rows, "form": form, "step": name,
        "id": id, "waits": row.state == "waiting", "purpose": desk.purpose,
    }  # fmt: skip
    return render(request, "identification/letter.html", context, status=422 if handed_in else 200)


def _row(desk: Desk, reference: str, id: UUID) -> Outgoing:
    """A letter of this person's page; the acts that follow judge for themselves."""
    with gate.act(desk.purpose):
        return _of(person_of(canonical(reference)), id)


def _of(person: UUID, id: UUID) -> Outgoing:
    """A letter of this person's page, inside a running transaction."""
    found = next((each for each in exchange.letters(person) if each.id == id), None)
    if found is None:
        raise NotFound("letter", id)
    return found


def _line(row: Outgoing) -> dict[str, Any]:
    state = "sent" if row.state == "waiting" and row.receipt else row.state
    names = {each.code: each.name(get_language() or "en") for each in partners()}
    return {
        "id": row.id, "partner": names.get(row.partner, row.partner), "state": state, "text": STATES[state],
        "case": row.case, "made_at": row.made_at,
    }  # fmt: skip


def _receipt(row: Outgoing) -> list[dict[str, object]]:
    kept = row.receipt or {}
    named = (
        (_("Sent on"), "sent_on"), (_("Received on"), "received_on"), (_("Reference of the receipt"), "reference"),
        (_("Digest of the scan (SHA-256)"), "scan_digest"),
    )  # fmt: skip
    return [{"key": text, "value": kept[name]} for text, name in named if kept.get(name)]


def _reached() -> list[Partner]:
    return [each for each in partners() if each.by == LETTER]


def _by(desk: Desk) -> dict[str, Any]:
    return {"actor": desk.actor, "purpose": desk.purpose, "basis": desk.basis, "now": desk.now}
