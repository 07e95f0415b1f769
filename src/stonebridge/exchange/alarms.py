"""Alarms of witnesses: raised once, told to data protection and administrators, and settled by an officer with a reason."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from stonebridge.accounts.models import Notice
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.domain.errors import BadInput, NotFound
from stonebridge.exchange.models import Cosigned, WitnessAlarm, Witnessed
from stonebridge.exchange.partners import permit_to_manage
from stonebridge.safeguards import gate
from stonebridge.safeguards.history import record

NOTICE = "witness_alarm"
MISSING, FORGED, OTHER_KEY = "missing", "forged", "another key"
"""Kinds beside those of ``Tampering``: no checkpoint in time, one that the log has not signed, a log with another key."""


def open_alarm(partner: str, *, ours: bool) -> WitnessAlarm | None:
    """An alarm that stands and keeps this node from signing on: any but that of a checkpoint that did not come."""
    return open_alarms().filter(partner=partner, is_ours=ours).exclude(kind=MISSING).first()


def open_alarms() -> QuerySet[WitnessAlarm]:
    """Alarms that nobody has settled."""
    return WitnessAlarm.objects.filter(settled_at__isnull=True)


def raise_alarm(partner: str, kind: str, now: datetime, *, ours: bool, held: bytes = b"", given: bytes = b"") -> None:
    """Keep what was seen, and tell data protection and administrators; once for each kind until it is settled."""
    with transaction.atomic():
        _, is_new = WitnessAlarm.objects.get_or_create(
            partner=partner, is_ours=ours, kind=kind, settled_at=None,
            defaults={"held": _text(held), "given": _text(given), "raised_at": now},
        )  # fmt: skip
        if is_new:
            named = {"partner": partner, "kind": kind, "ours": ours}
            for role in (Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR):
                Notice.objects.create(role=role, kind=NOTICE, named=named, made_at=now)


def end_missing(partner: str, now: datetime, *, ours: bool) -> None:
    """A checkpoint came again: the alarm that none did ends by itself, and stays on record."""
    open_alarms().filter(partner=partner, is_ours=ours, kind=MISSING).update(
        settled_at=now, settled_by="clock:witnesses", reason="A checkpoint came again."
    )


def settle(alarm: UUID, reason: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> None:
    """Say what was found out; from the next checkpoint on the log is witnessed anew.

    Raises:
        Refused: the gate says no.
        NotFound: no such alarm, or it is settled.
        BadInput: no reason.
    """
    if not reason.strip():
        raise BadInput("reason", reason, "Say what was found out, in a sentence that somebody else can judge.")
    with gate.act(purpose):
        found = open_alarms().select_for_update().filter(id=alarm).first()
        if found is None:
            raise NotFound("alarm", alarm)
        permit = permit_to_manage(actor, purpose, basis, now, found.partner)
        found.settled_at, found.settled_by, found.reason = now, actor.reference, reason.strip()
        found.save(update_fields=["settled_at", "settled_by", "reason"])
        if found.kind != MISSING and not found.is_ours:
            Witnessed.objects.filter(partner=found.partner).update(note=None, key="")
        if found.kind != MISSING and found.is_ours:
            Cosigned.objects.filter(witness=found.partner).update(note=None)
        record("alarm_settled", f"partner:{found.partner}", person=None, permit=permit,
               detail={"kind": found.kind, "reason": reason.strip()[:200]})  # fmt: skip


def _text(note: bytes) -> str:
    return note.decode("utf-8", "replace")
