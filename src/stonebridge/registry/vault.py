"""What leaves the vault: on the vault's own connection, under a permit of its own, logged as such.

A portrait is opened for whoever may look at it. Templates of fingers leave as they are sealed, for the matcher alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.registry.models import BiometricRecord
from stonebridge.registry.registration import TEMPLATE
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Action
from stonebridge.safeguards.sealing import KeyEncryptionKey, KeyRing, unseal


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
        ring = KeyRing([KeyEncryptionKey(settings.VAULT_KEY_NAME, settings.VAULT_KEY)])
        return Picture(row.media, unseal(bytes(row.sealed), row.id, ring, kind="face"), row.taken_at)


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
