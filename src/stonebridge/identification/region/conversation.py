"""A conversation with a partner about a person, as a readable timeline with what proves each step."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.errors import NotFound
from stonebridge.exchange.asking import question_of
from stonebridge.exchange.inbox import whom
from stonebridge.exchange.models import Incoming, Outgoing
from stonebridge.identification.region.follow_up import ANSWER, ASK, identities_given
from stonebridge.identification.region.keeping import kept_as
from stonebridge.identification.region.timeline import partner_name, timeline, wanted_of
from stonebridge.matching.record import Identity
from stonebridge.registry import lists
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import Action

PARTS = {
    "given": _("Given names"), "family": _("Family name"), "father": _("Father’s name"), "mother": _("Mother’s name"),
    "birth": _("Date of birth"), "birth_place": _("Place of birth"), "sex": _("Sex"),
    "nationalities": _("Nationalities"), "documents": _("Documents"),
}  # fmt: skip


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
    sent = Outgoing.objects.filter(conversation=question.conversation, profile=ASK).exists()
    came = Incoming.objects.filter(conversation=question.conversation, profile=ANSWER).first()
    given = identities_given(came.body) if came else ()
    return Conversation(
        reference, partner_name(question.partner), tuple(timeline(question.conversation)), tuple(identity_rows(each) for each in given),
        may_ask_more=question.state == "hit" and not sent,
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
        id=row.id, person=whom(row), partner=partner_name(row.sender), role=row.role, case=row.case,
        basis=row.basis, wanted=wanted_of(row.body),
        reason=row.body["reason"], received_at=row.received_at,
    )  # fmt: skip


def identity_rows(identity: Identity) -> list[dict[str, Any]]:
    """A statement of identity, part by part, in the words of the page."""
    values = ((name, getattr(identity, name)) for name in PARTS)
    return [{"key": PARTS[name], "value": _in_words(name, value)} for name, value in values if value]


def _in_words(name: str, value: str | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(lists.state_name, value) if name == "nationalities" else value)
    return str(lists.SEXES.get(value, value)) if name == "sex" else value
