"""What a partner gave becomes a record of ours, so that officers can judge by two whether it is the same person.

The partner's statements stay apart from those of our own record until two officers have linked the two; the link is
withdrawn like any other.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as say

from stonebridge.domain.actor import Actor
from stonebridge.domain.errors import BadInput, NotFound
from stonebridge.domain.partial_date import PartialDate, parse_birth_date, unknown_date
from stonebridge.exchange.asking import question_of
from stonebridge.exchange.models import Incoming
from stonebridge.identification.region.follow_up import ANSWER, identities_given
from stonebridge.matching.record import Identity
from stonebridge.registry.models import NamePart, Person
from stonebridge.registry.registration import (
    StatedDocument,
    StatedIdentity,
    StatedName,
    StatedNationality,
    names_as_given,
)  # fmt: skip
from stonebridge.registry.services import keep_received
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import Action


@dataclass(frozen=True, slots=True)
class Given:
    """What a partner gave in answer to a question: the number of its message, and its statements."""

    number: UUID
    partner: str
    question: str
    identities: tuple[Identity, ...]


def given_by_partner(permit: Permit, question: str) -> Given:
    """What came in answer to this question.

    Raises:
        NotFound: no such question, or nothing was given.
    """
    asked = question_of(question)
    permit.require(Action.READ, person=asked.person_id)
    came = Incoming.objects.filter(conversation=asked.conversation, profile=ANSWER).first()
    identities = identities_given(came.body) if came else ()
    if came is None or not identities:
        raise NotFound("answer", question)
    return Given(came.id, asked.partner, question, identities)


def kept_as(number: UUID) -> str:
    """The reference of the record that was made of this message; empty when there is none."""
    return Person.objects.filter(draft=number).values_list("reference", flat=True).first() or ""


def keep(given: Given, *, actor: Actor, basis: str, now: datetime) -> Person:
    """Keep what was given as a record of ours; kept once more, it is the same record.

    Raises:
        Refused: the gate says no; a registration clerk or a supervisor may.
        BadInput: no name was asked for, so that there is nothing to compare.
        WrongState: somebody else has kept it.
    """
    source = say("Given by the node %(node)s in answer to %(question)s") % {
        "node": given.partner, "question": given.question,
    }  # fmt: skip
    papers = dict.fromkeys(paper for each in given.identities for paper in each.documents)
    return keep_received(
        [_statement(each, source, now) for each in given.identities], [_document(each) for each in papers],
        number=given.number, source=source, actor=actor, basis=basis, now=now,
    )  # fmt: skip


def _statement(identity: Identity, source: str, now: datetime) -> StatedIdentity:
    return StatedIdentity(
        names=_names(identity), sex=identity.sex, birth=_birth(identity.birth, now), birth_place=identity.birth_place,
        nationalities=tuple(StatedNationality(state, "presumed") for state in identity.nationalities), reason=source,
    )  # fmt: skip


def _names(identity: Identity) -> tuple[StatedName, ...]:
    if not (identity.given or identity.family):
        raise BadInput(
            "wanted", "", say("The partner gave no name, so nothing can be compared. Ask for the names too.")
        )
    parts = {NamePart(part): getattr(identity, part) for part in ("given", "family", "father", "mother")}
    return names_as_given(parts, {})


def _birth(text: str, now: datetime) -> PartialDate:
    return parse_birth_date(text, today=now.date()) if text else unknown_date()


def _document(paper: str) -> StatedDocument:
    issuer, _, number = paper.rpartition(":")
    return StatedDocument("other", number, issuer)
