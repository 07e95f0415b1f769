"""What another node tells of a partner that it revoked: work of administrators and data protection, who look at our list.

The message names no person, and no node revokes because another did.
"""

from datetime import datetime
from uuid import UUID

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.exchange.envelope import CODE, Envelope
from stonebridge.exchange.models import Incoming
from stonebridge.exchange.partners import REVOKED, Partner, Why, permit_to_manage
from stonebridge.exchange.profiles import Profile
from stonebridge.safeguards import gate
from stonebridge.safeguards.history import record

LONGEST_NOTE = 2000


def waiting() -> list[Incoming]:
    """What other nodes have revoked and nobody here has looked into, oldest first, inside a running transaction."""
    return list(Incoming.objects.filter(profile=REVOKED, noted_at__isnull=True).order_by("received_at", "id"))


def note(message: UUID, text: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> None:
    """Say what was looked at here because another node revoked a partner. Nothing is revoked by it.

    Raises:
        Refused: the gate says no.
        NotFound: no such message.
        WrongState: somebody has noted it.
        BadInput: nothing is said.
    """
    if not 1 <= len(text.strip()) <= LONGEST_NOTE:
        raise BadInput("note", text, f"Say in at most {LONGEST_NOTE} characters what you looked at and decided.")
    with gate.act(purpose):
        row = Incoming.objects.select_for_update().filter(id=message, profile=REVOKED).first()
        if row is None:
            raise NotFound("message", message)
        permit = permit_to_manage(actor, purpose, basis, now, row.body["partner"])
        if row.noted_at is not None:
            raise WrongState("this message", "noted", "another message")
        Incoming.objects.filter(id=row.id).update(noted_at=now, noted_by=actor.reference, note=text.strip())
        record("revocation_noted", f"message:{row.message}", person=None, permit=permit,
               detail={"partner": row.body["partner"], "by": row.sender})  # fmt: skip


def _read(message: Envelope, sender: Partner, now: datetime) -> None:
    body = message.body
    if set(body) != {"partner", "revoked_at", "why"} or body["why"] not in list(Why):
        raise BadInput("body", "…", "Send partner, revoked_at and why.")
    if not isinstance(body["partner"], str) or not CODE.fullmatch(body["partner"]):
        raise BadInput("partner", "…", "Send the code of a node.")
    try:
        at = datetime.fromisoformat(body["revoked_at"])
    except (ValueError, TypeError):
        raise BadInput("revoked_at", "…", "Send a moment with its zone.") from None
    if at.tzinfo is None:
        raise BadInput("revoked_at", "…", "Send a moment with its zone.")


REVOCATION = Profile(REVOKED, (1,), about=_read, of_nodes=True)
