"""Messages that the gate or the database kept back: a task of data protection, decided again once the facts changed."""

from datetime import datetime
from uuid import UUID, uuid4

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.exchange import outbox
from stonebridge.exchange.models import Incoming, Outgoing
from stonebridge.exchange.partners import partner
from stonebridge.exchange.profiles import spoken
from stonebridge.identification.region.corrections import CORRECTION, ERASED, WITHDRAWN, tell_again
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.history import record
from stonebridge.safeguards.policy import Action

PURPOSE = Purpose.DATA_PROTECTION


def kept_back() -> list[Outgoing]:
    """What was kept back and nobody has decided, oldest first, inside a running transaction."""
    return list(Outgoing.objects.filter(state="kept_back", settled_at__isnull=True).order_by("made_at", "id"))


def may_be_sent(message: Outgoing) -> bool:
    """Whether it can be decided at all: where the person is erased here, no fact is left by which to judge."""
    return message.person_id is not None


def decide_kept_back(message: UUID, send: bool, reason: str, *, actor: Actor, basis: str, now: datetime) -> None:
    """Let a message go after all, as the facts are now, or leave the partner untold; with a reason either way.

    A correction is written anew from what is on record today; any other message goes as it was.

    Raises:
        Refused: nothing about the person may go to that state.
        NotFound: no such message waits, or the partner is none any more.
        WrongState: the person is erased here.
        BadInput: no reason.
    """
    if not reason.strip():
        raise BadInput("reason", reason, "Say why, in a sentence that somebody else can judge.")
    with gate.act(PURPOSE):
        row = Outgoing.objects.select_for_update().filter(id=message).first()
        if row is None or row.state != "kept_back" or row.settled_at is not None:
            raise NotFound("message kept back", message)
        if send and not may_be_sent(row):
            raise WrongState("this message", "about somebody who is erased here", "word to the partner by other means")
        to_state = partner(row.partner).state if send else None
        action = Action.CORRECT if row.profile in (CORRECTION, WITHDRAWN) else Action.DISCLOSE
        permit = gate.permit(
            actor, action, purpose=PURPOSE, basis=basis, now=now, persons=[row.person_id] if row.person_id else [],
            to_state=to_state, subject=f"message:{row.id}",
        )  # fmt: skip
        record("kept_back_decided", f"message:{row.id}", person=row.person_id, permit=permit,
               detail={"partner": row.partner, "sent": send, "reason": reason.strip()[:200]})  # fmt: skip
        if not send or action is Action.CORRECT:
            Outgoing.objects.filter(id=row.id).update(
                settled_at=now, settled_by=actor.reference, settled_reason=reason.strip()
            )
        if send:
            _send(permit, row)


def _send(permit: Permit, row: Outgoing) -> None:
    if row.profile == CORRECTION and row.body["kind"] != ERASED:
        tell_again(permit, Outgoing.objects.get(id=row.body["of"]))
    elif row.profile == WITHDRAWN:
        to = partner(row.partner)
        came = Incoming.objects.get(sender=row.partner, message=row.body["of"])
        revision = Outgoing.objects.filter(profile=WITHDRAWN, partner=to.code, body__of=row.body["of"]).count() + 1
        outbox.queue(
            permit, to, row.body | {"revision": revision}, profile=WITHDRAWN, version=spoken(WITHDRAWN, to),
            conversation=uuid4(), case=row.case, person=row.person_id, like=came,
        )  # fmt: skip
    else:
        Outgoing.objects.filter(id=row.id).update(state="waiting", trouble="", try_after=None)
