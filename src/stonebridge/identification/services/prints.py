"""Pictures of fingers wait, are read by a child, and become templates that searches compare."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q
from uuid_utils.compat import uuid7

from stonebridge.domain.errors import Unavailable
from stonebridge.formats.malformed import Malformed
from stonebridge.identification import thresholds
from stonebridge.identification.fingers import BASIS, MACHINE, PURPOSE
from stonebridge.identification.models import FingerPicture, GalleryChange, Search
from stonebridge.identification.prints.reading import AT_ONCE, Read, read
from stonebridge.registry.models import Person
from stonebridge.registry.vault import SealedPicture, lay_in_sealed, sealed_pictures
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit, Refused
from stonebridge.safeguards.history import record
from stonebridge.safeguards.policy import Action
from stonebridge.safeguards.references import with_new_reference

log = logging.getLogger(__name__)


def note_pictures(permit: Permit, person: UUID, pictures: Mapping[UUID, int]) -> None:
    """Note, in the transaction that takes them, that these pictures of fingers wait to be read."""
    permit.require(Action.TAKE_BIOMETRICS, person=person)
    FingerPicture.objects.bulk_create(
        FingerPicture(id=id, person_id=person, position=position, taken_at=permit.at)
        for id, position in pictures.items()
    )


def read_pictures(now: datetime) -> bool:
    """Read some pictures of the person who has waited longest; whether more wait.

    Safe to repeat and to kill: a picture is read once or waits. Without a reader it waits, longer each time, and
    meanwhile the person is searched for without it.
    """
    due = _due(now)
    if not due:
        return False
    person = due[0].person_id
    chosen = [each.id for each in due if each.person_id == person][:AT_ONCE]
    try:
        pictures = sealed_pictures(person, chosen, actor=MACHINE, purpose=PURPOSE, basis=BASIS, now=now)
        keep_read(person, _read(pictures), now=now)
    except (Unavailable, Refused) as error:
        log.warning("pictures of fingers wait: %s", error.code if isinstance(error, Refused) else error)
        _postpone(chosen, now)
    return bool(_due(now))


def _read(pictures: Sequence[SealedPicture]) -> list[tuple[SealedPicture, Read]]:
    """Read pictures together; if that fails, one by one, so that one alone is given up."""
    asked = [(each, uuid7()) for each in pictures]
    try:
        return list(zip(pictures, read(asked), strict=True)) if asked else []
    except Malformed as error:
        if len(asked) > 1:
            return [pair for each in pictures for pair in _read([each])]
        log.warning("the picture of a finger, %s, cannot be read: %s", asked[0][0].id, error)
        return [(asked[0][0], Read(asked[0][1], b"", "broken", 0, 0))]


def keep_read(person: UUID, found: Sequence[tuple[SealedPicture, Read]], *, now: datetime) -> None:
    """Keep what was read; once nothing of the person waits any more, renew them in the gallery and search for them."""
    with gate.act(PURPOSE):
        Person.objects.locked(person).first()
        permit = gate.permit(
            MACHINE, Action.COMPARE_BIOMETRICS, purpose=PURPOSE, basis=BASIS, now=now, persons=[person]
        )
        for picture, told in found:
            state = "failed" if told.fault else "read"
            changed = FingerPicture.objects.filter(id=picture.id, state="waiting").update(
                state=state, fault=told.fault, quality=told.quality, minutiae=told.count, done_at=now
            )
            if changed and not told.fault:
                lay_in_sealed([picture.row._replace(id=told.template, content=told.sealed)])
            if changed:
                record("finger_read", f"biometric:{picture.id}", person=person, permit=permit,
                       detail={"position": picture.row.position, "quality": told.quality, "reading": told.fault})  # fmt: skip
        waiting = FingerPicture.objects.filter(person_id=person, state="waiting", attempts=0).exists()
        if (
            waiting
            or not FingerPicture.objects.filter(person_id=person, state="read", done_at__gte=_since(person)).exists()
        ):
            return
        GalleryChange.objects.create(person_id=person, made_at=now)
        if not Search.objects.filter(probe_id=person, state="waiting").exists():
            with_new_reference(lambda reference: Search.objects.create(
                reference=reference, probe_id=person, asked_by=MACHINE.reference, asked_at=now
            ))  # fmt: skip


def _since(person: UUID) -> datetime:
    """When the last batch of this person's pictures was taken."""
    return FingerPicture.objects.filter(person_id=person).latest("taken_at").taken_at


def _due(now: datetime) -> list[FingerPicture]:
    with gate.act(PURPOSE):
        due = FingerPicture.objects.filter(Q(try_after__isnull=True) | Q(try_after__lte=now), state="waiting")
        return list(due.order_by("attempts", "taken_at", "person_id", "position")[: 2 * AT_ONCE + 1])


def _postpone(chosen: Sequence[UUID], now: datetime) -> None:
    with gate.act(PURPOSE):
        FingerPicture.objects.filter(id__in=chosen, state="waiting").update(
            attempts=F("attempts") + 1, try_after=now + thresholds.READ_AGAIN
        )
