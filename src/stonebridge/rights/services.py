"""Erasing a person: two data-protection officers, one deed, and nothing left but what proves the log whole.

The first officer asks, the second confirms. Then the role ``retention`` lets the database take
away every record of the identity with all that hangs on it, and empties what both logs say of
it; their leaves stay. Sealed content goes with its data key, which is kept beside it and
nowhere else. While something keeps a record (a restriction, a hold, an open claim or referral,
a pair that waits for judgement) nothing of it is erased.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, connections, transaction

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.domain.references import parse_reference
from stonebridge.identification.region.corrections import tell_erased
from stonebridge.registry.queries import person_of
from stonebridge.remedies.models import Disclosure
from stonebridge.rights.models import Erasure, Ground
from stonebridge.safeguards import gate
from stonebridge.safeguards.history import record
from stonebridge.safeguards.log import erasure
from stonebridge.safeguards.log.entry import person_tag
from stonebridge.safeguards.log.store import STORES, LogStore
from stonebridge.safeguards.policy import Action

PURPOSE = Purpose.DATA_PROTECTION
ALIAS = erasure.ALIAS


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done. ``recipients`` were handed a file, and are to be told (Regulation (EU) 2016/679, Article 19).

    ``partners`` were given data by message, and are being told by message.
    """

    records: int
    log_entries: int
    recipients: Sequence[str]
    partners: Sequence[str]


def ask_for_erasure(reference: str, ground: Ground, reason: str, *, actor: Actor, basis: str, now: datetime) -> Erasure:
    """Ask that the person of this record be erased; another officer confirms.

    Raises:
        Refused: the gate says no.
        NotFound: no such record.
        BadInput: no reason.
        WrongState: it was asked already, or something keeps the record.
    """
    if not reason.strip():
        raise BadInput("reason", reason, "Say why, in a sentence that somebody else can judge.")
    with gate.act(PURPOSE):
        person = person_of(parse_reference(reference))
        permit = gate.permit(actor, Action.ERASE, purpose=PURPOSE, basis=basis, now=now, persons=[person])
        if Erasure.objects.filter(person_id__in=permit.persons).exists():
            raise WrongState("the erasure of this record", "asked already", "another officer who confirms it")
        _require_nothing_keeps(permit.persons)
        made = Erasure.objects.create(
            person_id=person, ground=ground, reason=reason, asked_at=now, asked_by=actor.reference
        )
        record("erasure_asked", f"erasure:{made.id}", person=person, permit=permit, detail={"ground": ground.value})
    return made


def confirm_erasure(reference: str, *, actor: Actor, basis: str, now: datetime) -> Erased:
    """Confirm what another officer has asked, and carry it out. Safe to repeat when it was interrupted.

    Raises:
        Refused: the gate says no.
        NotFound: no such record, or nobody has asked.
        WrongState: the actor has asked for it, or something keeps the record.
    """
    with gate.act(PURPOSE):
        person = person_of(parse_reference(reference))
        permit = gate.permit(actor, Action.ERASE, purpose=PURPOSE, basis=basis, now=now, persons=[person])
        asked = Erasure.objects.select_for_update().filter(person_id__in=permit.persons).first()
        if asked is None:
            raise NotFound("erasure of record", reference)
        if asked.asked_by == actor.reference:
            raise WrongState("this erasure", "your own", "another data protection officer")
        _require_nothing_keeps(permit.persons)
        partners: list[str] = []
        if asked.confirmed_at is None:
            Erasure.objects.filter(id=asked.id).update(confirmed_at=now, confirmed_by=actor.reference)
            record("erasure_confirmed", f"erasure:{asked.id}", person=None, permit=permit)
            partners = tell_erased(permit, permit.persons)
        told = Disclosure.objects.filter(person_id__in=permit.persons).exclude(to_state="")
        recipients = sorted(set(told.values_list("recipient", flat=True)))
    records, entries = _carry_out(asked.id, actor=actor, basis=basis, now=now)
    return Erased(records, entries, recipients, partners)


def is_kept(persons: frozenset[UUID]) -> bool:
    """Whether a restriction, a hold, a claim, a referral, a link or a pair keeps one of these records; not which."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_kept_from_erasure(%s::uuid[])", [sorted(persons)])
        answer: tuple[bool] | None = cursor.fetchone()
    return answer is None or answer[0]


def _require_nothing_keeps(persons: frozenset[UUID]) -> None:
    if is_kept(persons):
        raise WrongState(
            "this record", "kept by a safeguard", "every restriction, hold, claim, referral and pair about it settled"
        )


def _carry_out(request: UUID, *, actor: Actor, basis: str, now: datetime) -> tuple[int, int]:
    """Records taken away and entries emptied, in one transaction of ``retention``."""
    with transaction.atomic(using=ALIAS, durable=True), connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT erase_person(%s)", [request])
        found: tuple[list[UUID]] | None = cursor.fetchone()
        persons = found[0] if found else []
        entries = sum(
            erasure.erase(_entries(store, persons), actor=actor, basis=basis, now=now, store=store) for store in STORES
        )
    return len(persons), entries


def _entries(store: LogStore, persons: Sequence[UUID]) -> list[UUID]:
    tags = [person_tag(store.tag_key, person) for person in persons]
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            store.sql("SELECT id FROM {entry} WHERE person_tag = ANY(%s) AND erasure_id IS NULL ORDER BY id"), [tags]
        )
        return [entry for (entry,) in cursor.fetchall()]
