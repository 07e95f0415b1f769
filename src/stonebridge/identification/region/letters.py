"""Asking and answering partners without a node: what a letter says, and what officers enter of theirs by hand.

The same two profiles as between nodes. A letter that asks names the person, because no hit came before it; what is
entered is kept as what a node would have sent, with who entered it in the place of a signature.
"""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.domain.references import new_reference
from stonebridge.exchange import outbox
from stonebridge.exchange.letter_file import entered
from stonebridge.exchange.letters import BY, letter
from stonebridge.exchange.models import Incoming, Outgoing
from stonebridge.exchange.partners import Partner, partner
from stonebridge.identification.region.follow_up import ANSWER, ASK, POSTPONED, VERSION, check_wanted
from stonebridge.identification.region.messages import question_body
from stonebridge.matching.record import Identity
from stonebridge.matching.stored_record import identity_from_json, identity_to_json
from stonebridge.registry.models import Person
from stonebridge.registry.queries import person_of
from stonebridge.registry.statements import record_for_matcher
from stonebridge.safeguards import gate
from stonebridge.safeguards.history import record
from stonebridge.safeguards.policy import Action


def action_of(row: Outgoing) -> Action:
    """Under which act a letter leaves."""
    return Action.DISCLOSE if row.profile == ANSWER else Action.ASK_PARTNER


def write_request(
    reference: str,
    to: str,
    wanted: list[str],
    reason: str,
    *,
    actor: Actor,
    purpose: Purpose,
    basis: str,
    now: datetime,
) -> UUID:
    """Write a letter that asks a partner about a person; its number in the outbox.

    Raises:
        Refused: nothing about the person may go there.
        NotFound: no such person or partner.
        BadInput: a partner with a node, no field or one that the purpose does not allow, or no reason.
    """
    check_wanted(wanted, reason, purpose)
    with gate.act(purpose):
        reached, person = _by_letter(to), person_of(reference)
        permit = gate.permit(
            actor, Action.ASK_PARTNER, purpose=purpose, basis=basis, now=now, persons=[person], to_state=reached.state
        )
        found = Person.objects.filter(id=person).prefetch_related(
            "statements__names", "statements__nationalities", "documents"
        )
        shown = question_body(record_for_matcher(found.get()).identities)
        body = shown | {"wanted": sorted(wanted), "reason": reason.strip()}
        row = outbox.queue(permit, reached, body, profile=ASK, version=VERSION, conversation=uuid4(),
                           case=new_reference(settings.NODE.references), person=person)  # fmt: skip
        record("more_asked", f"message:{row.id}", person=person, permit=permit,
               detail={"partner": to, "wanted": ", ".join(sorted(wanted))})  # fmt: skip
        return row.id


def enter_request(
    reference: str, sender: str, wanted: list[str], reason: str, case: str, *, actor: Actor, purpose: Purpose, basis: str,
    now: datetime,
) -> None:  # fmt: skip
    """Enter what a partner asks about a person in a letter; a supervisor decides it as any other request.

    Raises:
        Refused: the gate says no.
        NotFound: no such person or partner.
        BadInput: as ``write_request``, or no reference of the partner's own.
    """
    check_wanted(wanted, reason, purpose)
    if not 1 <= len(case.strip()) <= 40:
        raise BadInput("case", case, "Give the reference that the partner's letter carries.")
    with gate.act(purpose):
        came_from, person = _by_letter(sender), person_of(reference)
        permit = gate.permit(actor, Action.ASK_PARTNER, purpose=purpose, basis=basis, now=now, persons=[person])
        body = {"handle": "", "wanted": sorted(wanted), "reason": reason.strip()}
        _keep(came_from, person, uuid4(), ASK, case.strip(), body, actor=actor, purpose=purpose, basis=basis, now=now)
        record("request_entered", f"person:{person}", person=person, permit=permit, detail={"partner": sender})


def enter_answer(
    id: UUID, identity: Identity | None, case: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime
) -> None:
    """Enter what a partner answered to a letter: what it has on record, or None where it gives nothing.

    Raises:
        Refused: the gate says no.
        NotFound: no such letter.
        WrongState: the letter asks for nothing, is not received yet, or is answered.
        BadInput: a statement that says nothing.
    """
    if identity is not None and identity == Identity():
        raise BadInput("given", "", "Enter at least one thing that the partner has on record.")
    with gate.act(purpose):
        row = letter(id)
        permit = gate.permit(
            actor, Action.READ, purpose=purpose, basis=basis, now=now, persons=[row.person_id] if row.person_id else [],
            subject=f"message:{id}",
        )  # fmt: skip
        if row.profile != ASK or row.person_id is None or row.state != "received":
            raise WrongState("this letter", row.state, "a letter that asks, with its receipt")
        if answered(row) is not None:
            raise WrongState("this letter", "answered", "a new letter")
        body = POSTPONED
        if identity is not None:
            told = identity_to_json(identity)
            identity_from_json(told)
            body = {"answer": "given", "identities": [told]}
        _keep(partner(row.partner), row.person_id, row.conversation, ANSWER, case.strip(), body, actor=actor,
              purpose=purpose, basis=basis, now=now)  # fmt: skip
        record("answer_entered", f"message:{id}", person=row.person_id, permit=permit, detail={"partner": row.partner})


def answered(row: Outgoing) -> Incoming | None:
    """What was entered in answer to a letter, inside a running transaction."""
    return Incoming.objects.filter(conversation=row.conversation, sender=row.partner, profile=ANSWER).first()


def _by_letter(code: str) -> Partner:
    found = partner(code)
    if found.has_node:
        raise BadInput("partner", code, "It has a node: ask it there.")
    if ASK not in found.profiles:
        raise NotFound("partner by letter", code)
    return found


def _keep(
    sender: Partner, person: UUID, conversation: UUID, profile: str, case: str, body: dict[str, Any], *, actor: Actor,
    purpose: Purpose, basis: str, now: datetime,
) -> None:  # fmt: skip
    said = entered(sender.code, str(conversation), profile, case, body)
    Incoming.objects.create(
        sender=sender.code, message=uuid4(), person_id=person, conversation=conversation, sequence=1, profile=profile,
        purpose=purpose, basis=basis, role="", case=case, body=body, digest=hashlib.sha256(said.encode()).hexdigest(),
        evidence={"by": BY, "entered_by": actor.reference, "entered_at": now.isoformat()}, received_at=now,
    )  # fmt: skip
