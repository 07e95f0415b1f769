"""Asking partners about a person, one transaction and one gate for each partner, before anything leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput, NotFound
from stonebridge.exchange import asking
from stonebridge.exchange.asking import Answer
from stonebridge.exchange.models import Question
from stonebridge.exchange.partners import Partner, partner
from stonebridge.identification.region.blind_asking import ask_blindly
from stonebridge.identification.region.blind_tables import tokens_of
from stonebridge.identification.region.messages import PROFILE, VERSIONS, question_body
from stonebridge.registry.models import Person
from stonebridge.registry.queries import person_of
from stonebridge.registry.statements import record_for_matcher
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.policy import Action

TOKENS = 4
"""Numbers of a person that one question asks for, those recorded last."""
Said = dict[str, Any] | list[bytes]
ASKED_FOR = (Purpose.IDENTIFICATION, Purpose.BORDER_CHECK, Purpose.READMISSION)


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one question: the partner, the answer, or ``kept_back`` when the gate refused."""

    partner: str
    state: str
    trouble: str = ""


def ask_partners(
    reference: str,
    codes: Sequence[str],
    *,
    actor: Actor,
    purpose: Purpose,
    basis: str,
    now: datetime,
    profile: str = PROFILE,
) -> list[Asked]:
    """Ask these partners, one after another, whether they know the person of this reference.

    By ``blind_query`` they are asked for the numbers of the person's documents alone, and learn neither these nor
    whether anybody was found.

    Raises:
        Refused: none of them may be asked by this actor about this person.
        NotFound: no such person or partner.
        BadInput: no partner is named, or one that does not take this kind of question; the person has no number to be
            asked by.
        WrongState: this officer has asked too much lately.
    """
    if not codes:
        raise BadInput("partners", "", "Choose at least one partner.")
    told, last_refusal = [], None
    asked = [partner(code) for code in dict.fromkeys(codes)]
    for to in asked:
        if not to.has_node:
            raise BadInput(
                "partners", to.code, "It is reached by letter, which takes no question of hit or no hit. Write to it."
            )
        if profile not in to.profiles:
            raise BadInput("partners", to.code, "It does not take this kind of question. Choose others, or ask openly.")
    for to in asked:
        try:
            told.append(_ask(reference, to, profile, actor=actor, purpose=purpose, basis=basis, now=now))
        except Refused as refusal:
            last_refusal = refusal
            told.append(Asked(to.code, "kept_back"))
    if last_refusal is not None and all(each.state == "kept_back" for each in told):
        raise last_refusal
    return told


def ask_again(question: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> Asked:
    """Send a question that found no answer once more, after asking the gate once more.

    Raises:
        Refused: something has changed, and nothing may go there any more.
        NotFound: no such question, or the partner is none any more.
        WrongState: it is answered.
    """
    with gate.act(purpose):
        found = asking.question_of(question)
        to = partner(found.partner)
        permit = gate.permit(
            actor, Action.ASK_PARTNER, purpose=purpose, basis=basis, now=now, persons=[found.person_id],
            to_state=to.state,
        )  # fmt: skip
        asking.require_waiting(permit, found)
        said = said_of(found.person_id, found.profile)
    return _send(found, said, actor=actor, purpose=purpose, basis=basis, now=now)


def _ask(
    reference: str, to: Partner, profile: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime
) -> Asked:
    with gate.act(purpose):
        person = person_of(reference)
        permit = gate.permit(
            actor, Action.ASK_PARTNER, purpose=purpose, basis=basis, now=now, persons=[person], to_state=to.state
        )
        question, said = asking.put(permit, person, to, profile), said_of(person, profile)
    return _send(question, said, actor=actor, purpose=purpose, basis=basis, now=now)


def _send(question: Question, said: Said, *, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> Asked:
    answer = answer_to(question, said, now)
    with gate.act(purpose):
        permit = gate.permit(
            actor, Action.READ, purpose=purpose, basis=basis, now=now, persons=[question.person_id],
            subject=f"question:{question.reference}",
        )  # fmt: skip
        asking.settle(permit, question.reference, answer)
    return Asked(question.partner, answer.state, answer.trouble)


def answer_to(question: Question, said: Said, now: datetime) -> Answer:
    """Send a question, outside any transaction, and bring its answer home."""
    if isinstance(said, dict):
        return asking.send(question, said, version=VERSIONS[0], now=now)
    return ask_blindly(question, said, now)


def said_of(person: UUID, profile: str) -> Said:
    """What a question of this profile says of the person: everything that the matcher compares, or numbers alone."""
    found = (
        Person.objects.filter(id=person)
        .prefetch_related("statements__names", "statements__nationalities", "documents")
        .first()
    )
    if found is None:
        raise NotFound("person", person)
    if profile == PROFILE:
        return question_body(record_for_matcher(found).identities)
    tokens = tokens_of(found.documents.order_by("-recorded_at"))
    if not tokens:
        raise BadInput("way", profile, "The record has no document number with its issuer: ask openly.")
    return tokens[:TOKENS]
