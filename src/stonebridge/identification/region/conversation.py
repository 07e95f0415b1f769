"""A conversation with a partner about a person, as a readable timeline with what proves each step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.errors import NotFound
from stonebridge.exchange.asking import question_of
from stonebridge.exchange.inbox import whom
from stonebridge.exchange.models import Incoming, Outgoing
from stonebridge.exchange.partners import partners
from stonebridge.identification.region.follow_up import ANSWER, ASK, identities_given
from stonebridge.identification.region.keeping import kept_as
from stonebridge.matching.record import Identity
from stonebridge.registry import lists
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import Action

WANTED = {
    "names": _("Names, with those of the parents"), "birth": _("Date and place of birth"), "sex": _("Sex"),
    "nationalities": _("Nationalities"), "documents": _("Documents"),
}  # fmt: skip
PARTS = {
    "given": _("Given names"), "family": _("Family name"), "father": _("Father’s name"), "mother": _("Mother’s name"),
    "birth": _("Date of birth"), "birth_place": _("Place of birth"), "sex": _("Sex"),
    "nationalities": _("Nationalities"), "documents": _("Documents"),
}  # fmt: skip
ON_THE_WAY = {
    "waiting": _("on its way; it is sent again until a receipt is here"),
    "received": _("received by the partner, whose signed receipt is kept"),
    "kept_back": _("kept back; data protection has been told"),
}


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said with one partner, first things first, and what may be done next."""

    reference: str
    partner: str
    steps: tuple[dict[str, Any], ...]
    statements: tuple[list[dict[str, Any]], ...]
    may_ask_more: bool
    kept_as: str


@dataclass(frozen=True, slots=True)
class Request:
    """A partner's request for more, as the officer who decides sees it."""

    id: UUID
    person: UUID
    partner: str
    role: str
    case: str
    basis: str
    wanted: tuple[str | Promise, ...]
    reason: str
    received_at: datetime


def read_conversation(permit: Permit, reference: str) -> Conversation:
    """The conversation that a question began.

    Raises:
        NotFound: no such question about this person.
    """
    question = question_of(reference)
    permit.require(Action.READ, person=question.person_id)
    sent = Outgoing.objects.filter(conversation=question.conversation, profile=ASK).first()
    came = Incoming.objects.filter(conversation=question.conversation, profile=ANSWER).first()
    steps = [_step(say("Asked whether it knows this person"), question.asked_at)]
    if question.answered_at:
        steps.append(
            _step(say("Answered: hit") if question.state == "hit" else say("Answered: no hit"), question.answered_at)
        )
    if sent:
        text = f"{wanted_text(_wanted(sent.body))} · {sent.body['reason']} · {ON_THE_WAY[sent.state]}"
        steps.append(_step(say("Asked for more"), sent.made_at, text))
    given = identities_given(came.body) if came else ()
    if came:
        said = say("Data given") if given else say("Postponed: the partner names no reason")
        steps.append(
            _step(
                said,
                came.received_at,
                say("Digest of what came (SHA-256): %(digest)s") % {"digest": f"{came.digest[:16]}…"},
            )
        )
    return Conversation(
        reference, _name(question.partner), tuple(steps), tuple(_rows(each) for each in given),
        may_ask_more=question.state == "hit" and sent is None,
        kept_as=kept_as(came.id) if came and given else "",
    )  # fmt: skip


def read_request(request: UUID) -> Request:
    """A request that waits, inside a running transaction.

    Raises:
        NotFound: no such request.
    """
    found = Incoming.objects.filter(id=request, profile=ASK).first()
    if found is None:
        raise NotFound("request", request)
    return request_shown(found)


def request_shown(row: Incoming) -> Request:
    """A request in the words of the page."""
    return Request(
        id=row.id, person=whom(row), partner=_name(row.sender), role=row.role, case=row.case,
        basis=row.basis, wanted=_wanted(row.body),
        reason=row.body["reason"], received_at=row.received_at,
    )  # fmt: skip


def wanted_text(wanted: Iterable[str | Promise]) -> str:
    """What is asked for, in one line; a semicolon apart, because some have commas of their own."""
    return "; ".join(map(str, wanted))


def _wanted(body: Mapping[str, Any]) -> tuple[str | Promise, ...]:
    """What is asked for, in the order of the form."""
    return tuple(text for name, text in WANTED.items() if name in body["wanted"])


def _rows(identity: Identity) -> list[dict[str, Any]]:
    values = ((name, getattr(identity, name)) for name in PARTS)
    return [{"key": PARTS[name], "value": _in_words(name, value)} for name, value in values if value]


def _in_words(name: str, value: str | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(lists.state_name, value) if name == "nationalities" else value)
    return str(lists.SEXES.get(value, value)) if name == "sex" else value


def _step(title: str, at: datetime, text: str = "") -> dict[str, Any]:
    return {"title": title, "at": at, "text": text}


def _name(code: str) -> str:
    return next((each.name(get_language() or "en") for each in partners() if each.code == code), code)
