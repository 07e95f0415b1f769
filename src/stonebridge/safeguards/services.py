"""Restrictions, holds, emergencies: what opens and closes the gate's own facts."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from stonebridge.accounts.models import Notice
from stonebridge.domain.actor import Actor, ActorKind, Purpose, Role
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.history import record
from stonebridge.safeguards.log.append import append
from stonebridge.safeguards.log.entry import Event, Outcome
from stonebridge.safeguards.models import EMERGENCY_LASTS, EmergencyAccess, Hold, Restriction
from stonebridge.safeguards.policy import Action

EMERGENCY_BASIS = "vital_interests"


def restrict(
    person: UUID, reason: str, *, ground: str = "18(1)", actor: Actor, basis: str, now: datetime
) -> Restriction:
    """Restrict the processing of a person's data. From now on only data protection may touch the record.

    ``ground`` is the article of Regulation (EU) 2016/679.

    Raises:
        Refused: the gate says no.
        BadInput: no reason.
        WrongState: a restriction is open already.
    """
    _require_reason(reason)
    with gate.act(Purpose.DATA_PROTECTION):
        permit = gate.permit(
            actor, Action.RESTRICT, purpose=Purpose.DATA_PROTECTION, basis=basis, now=now, persons=[person]
        )
        if Restriction.objects.filter(person_id=person, lifted_at__isnull=True).exists():
            raise WrongState("this record", "restricted already", "a record that is open")
        made = Restriction.objects.create(
            person_id=person, reason=reason, ground=ground, restricted_at=now, restricted_by=actor.reference
        )
        record("restricted", f"restriction:{made.id}", person=person, permit=permit, detail={"ground": ground})
    return made


def lift_restriction(person: UUID, reason: str, *, actor: Actor, basis: str, now: datetime) -> None:
    """Lift the open restriction of a person.

    Raises:
        Refused: the gate says no.
        NotFound: none is open.
    """
    _require_reason(reason)
    with gate.act(Purpose.DATA_PROTECTION):
        permit = gate.permit(
            actor, Action.RESTRICT, purpose=Purpose.DATA_PROTECTION, basis=basis, now=now, persons=[person]
        )
        lifted = Restriction.objects.filter(person_id=person, lifted_at__isnull=True).update(
            lifted_at=now, lifted_by=actor.reference
        )
        if not lifted:
            raise NotFound("open restriction of person", person)
        record("restriction_lifted", f"person:{person}", person=person, permit=permit, detail={"reason": reason})


def leave_hold(person: UUID, fact: str, link: str, *, permit: Permit) -> None:
    """A link is being withdrawn: what held the identity stays with this record until an officer assigns it."""
    permit.require(Action.WITHDRAW_LINK, person=person)
    Hold.objects.create(person_id=person, fact=fact, arose_at=permit.at, arose_from=link)
    record("hold_left", f"link:{link}", person=person, permit=permit, detail={"fact": fact})


def assign_hold(hold_id: UUID, *, belongs: bool, reason: str, actor: Actor, basis: str, now: datetime) -> None:
    """Decide whether what a withdrawn link left is this person's. Until then, and if it is, it stands in the way.

    A hold that was found to belong can be assigned anew, for example when the claim itself is on record.

    Raises:
        Refused: the gate says no.
        NotFound: no such open hold.
        BadInput: no reason.
    """
    _require_reason(reason)
    with gate.act(Purpose.IDENTIFICATION):
        standing = Hold.objects.select_for_update().filter(Q(assigned_at__isnull=True) | Q(belongs=True))
        hold = standing.filter(id=hold_id).first()
        if hold is None:
            raise NotFound("open hold", hold_id)
        permit = gate.permit(
            actor, Action.ASSIGN_HOLD, purpose=Purpose.IDENTIFICATION, basis=basis, now=now, persons=[hold.person_id]
        )
        hold.assigned_at, hold.assigned_by, hold.belongs, hold.reason = now, actor.reference, belongs, reason
        hold.save(update_fields=["assigned_at", "assigned_by", "belongs", "reason"])
        record("hold_assigned", f"hold:{hold.id}", person=hold.person_id, permit=permit,
               detail={"belongs": belongs, "fact": hold.fact})  # fmt: skip


def declare_emergency(reason: str, *, actor: Actor, now: datetime) -> EmergencyAccess:
    """Open reading to an officer for half an hour. The data-protection officer is told at once.

    Raises:
        BadInput: no reason, or not an officer in post with a second factor.
    """
    _require_reason(reason)
    if actor.kind is not ActorKind.OFFICER or not actor.roles or not actor.second_factor:
        raise BadInput(
            "actor", actor.name, "Only an officer in post, signed in with a second factor, can declare an emergency."
        )
    with gate.act(Purpose.ADMINISTRATION):
        declared = EmergencyAccess.objects.create(
            officer_reference=actor.reference, reason=reason, declared_at=now, ends_at=now + EMERGENCY_LASTS
        )
        Notice.objects.create(
            role=Role.DATA_PROTECTION_OFFICER, kind="emergency", text=f"{actor.name}: {reason}", made_at=now
        )
        append(
            Event.of(
                actor, action="declare_emergency", purpose=Purpose.ADMINISTRATION, basis=EMERGENCY_BASIS, person=None,
                outcome=Outcome.PERMITTED, detail={"emergency": reason}, at=now,
            )
        )  # fmt: skip
    return declared


def review_emergency(emergency: UUID, *, justified: bool, review: str, actor: Actor, basis: str, now: datetime) -> None:
    """Say whether a use of emergency access was justified, after it has ended.

    Raises:
        Refused: the gate says no.
        NotFound: no such emergency that waits for its review.
        BadInput: no reason.
        WrongState: it still runs, or the reviewer has declared it.
    """
    _require_reason(review)
    with gate.act(Purpose.DATA_PROTECTION):
        permit = gate.permit(
            actor, Action.READ_LOG, purpose=Purpose.DATA_PROTECTION, basis=basis, now=now, subject="emergency"
        )
        declared = EmergencyAccess.objects.filter(id=emergency, reviewed_at__isnull=True).first()
        if declared is None:
            raise NotFound("emergency", emergency)
        if declared.ends_at > now:
            raise WrongState("this emergency", "running", "its end")
        if declared.officer_reference == actor.reference:
            raise WrongState("this emergency", "your own", "another reviewer")
        EmergencyAccess.objects.filter(id=declared.id).update(
            reviewed_at=now, reviewed_by=actor.reference, justified=justified, review=review
        )
        record("emergency_reviewed", f"emergency:{declared.id}", person=None, permit=permit,
               detail={"justified": justified, "review": review})  # fmt: skip


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise BadInput("reason", reason, "Say why, in a sentence that somebody else can judge.")
