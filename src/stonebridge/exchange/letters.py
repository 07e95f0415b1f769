"""Messages to partners without a node: printed and sent by hand, until an officer has entered the receipt.

The row in the outbox and its states are those of every message. Each time a letter is taken out it is judged anew, by
the gate and by the database; what may not go any more is kept back. Beside the letter goes a file that a machine reads,
signed by this node.
"""

import base64
import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Q

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.exchange import outbox
from stonebridge.exchange.envelope import content_digest
from stonebridge.exchange.letter_file import sign
from stonebridge.exchange.models import Incoming, Outgoing
from stonebridge.exchange.partners import Partner, partner, partners
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit, Refused
from stonebridge.safeguards.history import record
from stonebridge.safeguards.policy import Action

BY = "letter"
LONGEST_REFERENCE = 80


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it goes by hand: to whom, and the file beside it with its digest."""

    row: Outgoing
    to: Partner
    file: bytes
    digest: str


def letters(person: UUID) -> list[Outgoing]:
    """Letters about a person, the latest first, inside a running transaction: those too that tell nothing of them."""
    rows = Outgoing.objects.filter(partner__in=[each.code for each in partners() if not each.has_node])
    asked = Incoming.objects.filter(person_id=person).values("conversation")
    about = rows.filter(Q(person_id=person) | Q(person_id__isnull=True, conversation__in=asked))
    return list(about.order_by("-made_at"))


def letter(id: UUID) -> Outgoing:
    """One letter, locked, inside a running transaction.

    Raises:
        NotFound: no such letter that this purpose opens.
    """
    row = Outgoing.objects.select_for_update().filter(id=id).first()
    if row is None or partner(row.partner).has_node:
        raise NotFound("letter", id)
    return row


def file_of(row: Outgoing) -> bytes:
    """The signed file beside a letter."""
    message = asdict(outbox.message_of(row, row.made_at)) | {"salt": ""}
    return sign(message, Ed25519PrivateKey.from_private_bytes(settings.EXCHANGE_KEY))


def take_out(id: UUID, action: Action, *, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> Letter:
    """Take a letter out to send it, after judging once more whether it may go.

    Raises:
        Refused: it may not go any more; it is kept back, and data protection is told.
        NotFound: no such letter.
        WrongState: its receipt is here, or it was kept back.
    """
    try:
        with gate.act(purpose):
            row = letter(id)
            _require_waiting(row)
            to = partner(row.partner)
            permit = _permit(row, action, to, actor=actor, purpose=purpose, basis=basis, now=now)
            row.tries += 1
            row.save(update_fields=["tries"])
            record(
                "letter_taken_out", f"message:{id}", person=row.person_id, permit=permit, detail={"partner": to.code}
            )
            return Letter(row, to, file_of(row), content_digest(outbox.message_of(row, row.made_at)))
    except Refused:
        outbox.keep_waiting_back(id, purpose, now)
        raise
    except DatabaseError as error:
        if "disclosure_" in str(error):
            outbox.keep_waiting_back(id, purpose, now)
        raise


def note_sent(
    id: UUID, action: Action, sent_on: date, *, actor: Actor, purpose: Purpose, basis: str, now: datetime
) -> None:
    """Record that a letter was sent.

    Raises:
        Refused: the gate says no.
        WrongState: nobody has taken it out, or it was sent.
        BadInput: a day to come, or one before it was written.
    """
    with gate.act(purpose):
        row = letter(id)
        _require_waiting(row)
        permit = _permit(row, action, partner(row.partner), actor=actor, purpose=purpose, basis=basis, now=now)
        if not row.tries:
            raise WrongState("this letter", "not taken out yet", "the letter itself, which you print and send")
        if row.receipt is not None:
            raise WrongState("this letter", "sent", "its receipt")
        _check_day("sent_on", sent_on, row.made_at.date(), now)
        row.receipt = {"by": BY, "sent_on": sent_on.isoformat(), "sent_by": actor.reference}
        row.save(update_fields=["receipt"])
        record("letter_sent", f"message:{id}", person=row.person_id, permit=permit, detail={"day": sent_on.isoformat()})


def note_receipt(
    id: UUID, action: Action, received_on: date, reference: str, scan: bytes, *, actor: Actor, purpose: Purpose, basis: str,
    now: datetime,
) -> None:  # fmt: skip
    """Enter the receipt of a letter: when the partner had it, its reference, and the scan (a JPEG) if there is one.

    Raises:
        Refused: the gate says no.
        WrongState: nobody recorded that it was sent, or its receipt is here.
        BadInput: a day before it was sent or to come, or no reference.
    """
    if not 1 <= len(reference.strip()) <= LONGEST_REFERENCE:
        raise BadInput(
            "reference", reference, f"Give the partner's or the carrier's reference, of at most {LONGEST_REFERENCE}."
        )
    with gate.act(purpose):
        row = letter(id)
        _require_waiting(row)
        permit = _permit(row, action, partner(row.partner), actor=actor, purpose=purpose, basis=basis, now=now)
        if row.receipt is None:
            raise WrongState("this letter", "not recorded as sent", "the day on which it was sent")
        _check_day("received_on", received_on, date.fromisoformat(row.receipt["sent_on"]), now)
        row.receipt |= {
            "received_on": received_on.isoformat(), "reference": reference.strip(), "entered_by": actor.reference,
            "scan": base64.b64encode(scan).decode(), "scan_digest": hashlib.sha256(scan).hexdigest() if scan else "",
        }  # fmt: skip
        row.state, row.received_at = "received", now
        row.save(update_fields=["receipt", "state", "received_at"])
        record(
            "letter_received",
            f"message:{id}",
            person=row.person_id,
            permit=permit,
            detail={"reference": reference.strip()},
        )


def _permit(
    row: Outgoing, action: Action, to: Partner, *, actor: Actor, purpose: Purpose, basis: str, now: datetime
) -> Permit:
    tells = row.person_id is not None
    return gate.permit(
        actor, action, purpose=purpose, basis=basis, now=now, persons=[row.person_id] if row.person_id else [],
        to_state=to.state if tells else None, subject=f"message:{row.id}",
    )  # fmt: skip


def _require_waiting(row: Outgoing) -> None:
    if row.state != "waiting":
        raise WrongState("this letter", "received" if row.state == "received" else "kept back", "one that waits")


def _check_day(field: str, day: date, earliest: date, now: datetime) -> None:
    if not earliest <= day <= now.date():
        raise BadInput(field, day, f"Give a day from {earliest.isoformat()} to today.")
