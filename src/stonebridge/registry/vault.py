"""What enters the vault, and what leaves it: that on the vault's own connection, under a permit of its own, logged as such.

A portrait and the picture of a finger are opened for whoever may look at them. Templates of fingers leave as they are
sealed, for the matcher alone, and unread pictures likewise, for the child that reads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.registry.models import BiometricRecord
from stonebridge.registry.registration import TEMPLATE
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Action
from stonebridge.safeguards.sealing import KeyEncryptionKey, KeyRing, seal, unseal


class VaultRow(NamedTuple):
    """A capture on its way into the vault; ``content`` is not sealed yet."""

    id: UUID
    person: UUID
    modality: str
    category: str
    position: int
    media: str
    width: int
    height: int
    missing: str
    place: str
    taken_at: datetime
    taken_by: str
    content: bytes
    made_from: UUID | None = None


def lay_in(rows: Sequence[VaultRow]) -> None:
    """Seal captures and add them, in the transaction of whoever took them."""
    key = KeyEncryptionKey(settings.VAULT_KEY_NAME, settings.VAULT_KEY)
    lay_in_sealed([row._replace(content=seal(row.content, row.id, key, kind=row.modality)) for row in rows])


def lay_in_sealed(rows: Sequence[VaultRow]) -> None:
    """Add captures whose content is sealed already."""
    # By hand: the application may add to the vault and read nothing back, and the ORM asks for it back.
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO vault.biometric_record (id, person_id, modality, category, position, media, width, height,
                   missing, place, taken_at, taken_by, sealed, made_from)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            rows,
        )


def _ring() -> KeyRing:
    return KeyRing([KeyEncryptionKey(settings.VAULT_KEY_NAME, settings.VAULT_KEY)])


@dataclass(frozen=True, slots=True)
class Picture:
    """A capture as it was kept."""

    media: str
    content: bytes
    taken_at: datetime


def latest_portrait(person: UUID, *, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> Picture:
    """The portrait taken last.

    Raises:
        Refused: the gate says no.
        NotFound: none was taken.
        Tampered: the bytes are not what was sealed.
    """
    with gate.act(purpose, using="vault"):
        gate.permit(actor, Action.READ_BIOMETRICS, purpose=purpose, basis=basis, now=now, persons=[person])
        row = (
            BiometricRecord.objects.using("vault")
            .filter(person_id=person, modality="face", missing="")
            .order_by("-taken_at", "-id")
            .first()
        )
        if row is None:
            raise NotFound("portrait of person", person)
        return Picture(row.media, unseal(bytes(row.sealed), row.id, _ring(), kind="face"), row.taken_at)


@dataclass(frozen=True, slots=True)
class SealedTemplate:
    """A finger's minutiae record, still sealed, and its position as of ANSI/NIST-ITL."""

    id: UUID
    position: int
    sealed: bytes


def sealed_templates(
    persons: Sequence[UUID], *, actor: Actor, purpose: Purpose, basis: str, now: datetime
) -> dict[UUID, list[SealedTemplate]]:
    """Of each person who has any, the template taken last of each finger. Nothing is logged of those who have none.

    Raises:
        Refused: the gate says no to one of those who have.
    """
    with gate.act(purpose, using="vault"):
        templates = BiometricRecord.objects.using("vault").filter(
            person_id__in=persons, modality="finger", media=TEMPLATE
        )
        having = list(templates.values_list("person_id", flat=True).distinct())
        if not having:
            return {}
        gate.permit(actor, Action.COMPARE_BIOMETRICS, purpose=purpose, basis=basis, now=now, persons=having)
        latest = templates.order_by("person_id", "position", "-taken_at", "-id").distinct("person_id", "position")
        found: dict[UUID, list[SealedTemplate]] = {person: [] for person in having}
        for row in latest:
            found[row.person_id].append(SealedTemplate(row.id, row.position, bytes(row.sealed)))
        return found


@dataclass(frozen=True, slots=True)
class SealedPicture:
    """The picture of a finger, still sealed, and what a template read in it takes over."""

    id: UUID
    sealed: bytes
    row: VaultRow


def sealed_pictures(
    person: UUID, ids: Sequence[UUID], *, actor: Actor, purpose: Purpose, basis: str, now: datetime
) -> list[SealedPicture]:
    """These pictures of a person's fingers, as they are sealed.

    Raises:
        Refused: the gate says no.
    """
    with gate.act(purpose, using="vault"):
        gate.permit(actor, Action.COMPARE_BIOMETRICS, purpose=purpose, basis=basis, now=now, persons=[person])
        found = BiometricRecord.objects.using("vault").filter(
            person_id=person, id__in=ids, modality="finger", missing=""
        )
        return [
            SealedPicture(
                each.id, bytes(each.sealed),
                VaultRow(each.id, person, each.modality, each.category, each.position, TEMPLATE, each.width,
                         each.height, "", each.place, each.taken_at, actor.reference, b"", each.id),
            )
            for each in found.exclude(media=TEMPLATE).order_by("position", "id")
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FingerOnRecord:
    """A finger as an examiner may compare it: its template, still sealed, and the picture in which that was read.

    Without ``picture`` only the template was handed in.
    """

    template: SealedTemplate
    width: int
    height: int
    picture: UUID | None


def fingers_on_record(
    persons: Sequence[UUID], *, actor: Actor, purpose: Purpose, basis: str, now: datetime
) -> dict[UUID, dict[int, FingerOnRecord]]:
    """Of each person the template taken last of each finger, by position.

    Raises:
        Refused: the gate says no.
    """
    with gate.act(purpose, using="vault"):
        gate.permit(actor, Action.READ_BIOMETRICS, purpose=purpose, basis=basis, now=now, persons=persons)
        templates = BiometricRecord.objects.using("vault").filter(
            person_id__in=persons, modality="finger", media=TEMPLATE
        )
        latest = templates.order_by("person_id", "position", "-taken_at", "-id").distinct("person_id", "position")
        found: dict[UUID, dict[int, FingerOnRecord]] = {person: {} for person in persons}
        for row in latest:
            template = SealedTemplate(row.id, row.position, bytes(row.sealed))
            found[row.person_id][row.position] = FingerOnRecord(template, row.width, row.height, row.made_from)
        return found


def finger_picture(
    person: UUID, id: UUID, *, actor: Actor, purpose: Purpose, basis: str, now: datetime
) -> Picture:  # fmt: skip
    """One picture of a person's finger, opened.

    Raises:
        Refused: the gate says no.
        NotFound: this person has no such picture.
        Tampered: the bytes are not what was sealed.
    """
    with gate.act(purpose, using="vault"):
        gate.permit(actor, Action.READ_BIOMETRICS, purpose=purpose, basis=basis, now=now, persons=[person])
        row = (
            BiometricRecord.objects.using("vault")
            .filter(person_id=person, id=id, modality="finger", missing="")
            .exclude(media=TEMPLATE)
            .first()
        )
        if row is None:
            raise NotFound("picture of a finger", id)
        return Picture(row.media, unseal(bytes(row.sealed), row.id, _ring(), kind="finger"), row.taken_at)
