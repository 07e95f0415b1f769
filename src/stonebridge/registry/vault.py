"""Looking at what the vault keeps: on the vault's own connection, under a permit of its own, logged as such."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.registry.models import BiometricRecord
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
