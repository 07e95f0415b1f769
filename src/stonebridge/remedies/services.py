"""Claims, states of origin, and what is handed out: each one transaction and one entry."""

import hashlib
from datetime import date, datetime
from uuid import UUID

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput
from stonebridge.registry.submissions import identifier
from stonebridge.remedies.models import Disclosure, Origin, ProtectionClaim
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.history import record
from stonebridge.safeguards.policy import Action, Claim, Fact


def keep_claim(
    permit: Permit, person: UUID, state: str, asked_on: date | None, reason: str = "", *, submission: UUID | None = None
) -> None:
    """Keep what was answered, at registration or later, within its transaction; of one ``submission`` once.

    Raises:
        BadInput: *none* without the day on which the person was asked.
    """
    permit.require(Action.REGISTER, Action.RECORD_CLAIM, person=person)
    claim = Claim(state)
    if claim is Claim.NONE and asked_on is None:
        raise BadInput("claim_asked_on", "", "Say on which day the person was asked and claimed no protection.")
    id = identifier(submission, person, claim, asked_on, reason, permit=permit)
    if submission and ProtectionClaim.objects.filter(id=id).exists():
        return
    ProtectionClaim.objects.create(
        id=id, person_id=person, state=claim, asked_on=asked_on, as_of=permit.at, recorded_at=permit.at,
        recorded_by=permit.actor.reference, reason=reason,
    )  # fmt: skip
    record("claim_recorded", f"person:{person}", person=person, permit=permit, detail={"state": claim.value})


def record_claim(
    person: UUID,
    state: Claim,
    *,
    asked_on: date | None = None,
    reason: str = "",
    actor: Actor,
    purpose: Purpose,
    basis: str,
    now: datetime,
    submission: UUID | None = None,
) -> None:
    """Record the state of a person's claim for protection; with the same ``submission``, the number of the page, once.

    The latest row counts.

    Raises:
        Refused: the gate says no.
        BadInput: *none* without the day of asking.
    """
    with gate.act(purpose):
        permit = gate.permit(actor, Action.RECORD_CLAIM, purpose=purpose, basis=basis, now=now, persons=[person])
        keep_claim(permit, person, state, asked_on, reason, submission=submission)


def record_origin(
    person: UUID, state: str, is_origin: Fact, *, reason: str = "", actor: Actor, purpose: Purpose, basis: str,
    now: datetime, submission: UUID | None = None,
) -> None:  # fmt: skip
    """Record whether a state is one of origin; with the same ``submission``, the number of the page, once.

    A *no* opens the way to that state, so it needs a reason.

    Raises:
        Refused: the gate says no; only a supervisor records this.
        BadInput: *no* without a reason.
    """
    if is_origin is Fact.NO and not reason.strip():
        raise BadInput("reason", reason, "Say why this state is none from which the person fled or comes.")
    with gate.act(purpose):
        permit = gate.permit(actor, Action.RECORD_ORIGIN, purpose=purpose, basis=basis, now=now, persons=[person])
        id = identifier(submission, person, state, is_origin, reason, permit=permit)
        if submission and Origin.objects.filter(id=id).exists():
            return
        Origin.objects.create(
            id=id, person_id=person, state=state, is_origin=is_origin, reason=reason, recorded_at=now,
            recorded_by=actor.reference,
        )  # fmt: skip
        record("origin_recorded", f"person:{person}", person=person, permit=permit,
               detail={"state": state, "is_origin": is_origin.value})  # fmt: skip


def note_disclosure(
    permit: Permit, person: UUID, content: bytes, /, *, form: str, recipient: str, to_state: str
) -> Disclosure:
    """Note, in the transaction that made it, that a file is handed out. The database judges once more.

    Raises:
        NotPermitted: the permit is not one to disclose this person's file, or not to this state.
        InternalError: the second wall refuses, whatever the gate had said.
    """
    permit.require(Action.DISCLOSE, person=person, to_state=to_state)
    noted = Disclosure.objects.create(
        person_id=person, recipient=recipient, to_state=to_state, purpose=permit.purpose, basis=permit.basis, form=form,
        digest=hashlib.sha256(content).hexdigest(), disclosed_at=permit.at, disclosed_by=permit.actor.reference,
    )  # fmt: skip
    record("disclosed", f"disclosure:{noted.id}", person=person, permit=permit,
           detail={"recipient": recipient, "to_state": to_state, "form": form, "digest": noted.digest})  # fmt: skip
    return noted
