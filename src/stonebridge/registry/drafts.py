"""Registrations as they are being typed: sealed, one officer's own, gone after some days.

The record of the person keeps the draft's identifier, so that handing it in twice makes
one person.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.registry.models import Draft, Person
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import Action
from stonebridge.safeguards.sealing import KeyEncryptionKey, KeyRing, seal, unseal

Fields = dict[str, list[str]]
KIND = "draft"


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft as its officer sees it: what was typed on each page. ``saved_at`` is empty before the first save."""

    id: UUID
    pages: Mapping[str, Fields] = field(default_factory=dict)
    saved_at: datetime | None = None
    expires_at: datetime | None = None


def open_draft(id: UUID, *, actor: Actor, basis: str, now: datetime) -> OpenDraft:
    """The officer's own draft.

    Raises:
        Refused: the gate says no.
        NotFound: there is none, it has expired, or it is somebody else's: the three look the same.
    """
    with gate.act(Purpose.REGISTRATION):
        _permit(id, actor, basis, now)
        row = Draft.objects.filter(id=id, officer_reference=actor.reference, expires_at__gt=now).first()
        if row is None:
            raise NotFound("draft", id)
        return _opened(row)


def keep_page(id: UUID, page: str, fields: Fields, *, actor: Actor, basis: str, now: datetime) -> OpenDraft:
    """Keep one page of a draft as it was typed, faults and all; the first page kept begins the draft.

    Raises:
        Refused: the gate says no.
        NotFound: the draft has expired, is somebody else's, or was handed in already.
    """
    with gate.act(Purpose.REGISTRATION):
        _permit(id, actor, basis, now)
        row = Draft.objects.select_for_update().filter(id=id).first()
        if row is None and Person.objects.filter(draft=id).exists():
            raise NotFound("draft", id)
        if row is not None and (row.officer_reference != actor.reference or row.expires_at <= now):
            raise NotFound("draft", id)
        pages = dict(_opened(row).pages) if row else {}
        pages[page] = fields
        if row is None:
            row = Draft(id=id, officer_reference=actor.reference, started_at=now)
        row.sealed = seal(json.dumps(pages).encode(), id, _key(), kind=KIND)
        row.version, row.saved_at = row.version + 1, now
        row.expires_at = now + timedelta(days=settings.DRAFT_DAYS)
        row.save()
        return _opened(row)


def discard(id: UUID, *, actor: Actor, basis: str, now: datetime) -> None:
    """Throw a draft away.

    Raises:
        Refused: the gate says no.
        NotFound: the officer has no such draft.
    """
    with gate.act(Purpose.REGISTRATION):
        _permit(id, actor, basis, now)
        thrown, _ = Draft.objects.filter(id=id, officer_reference=actor.reference).delete()
        if not thrown:
            raise NotFound("draft", id)


def own_drafts(*, actor: Actor, basis: str, now: datetime) -> tuple[OpenDraft, ...]:
    """The officer's drafts, the latest first; those that have expired are forgotten now.

    Raises:
        Refused: the gate says no.
    """
    with gate.act(Purpose.REGISTRATION):
        gate.permit(actor, Action.REGISTER, purpose=Purpose.REGISTRATION, basis=basis, now=now, subject="drafts")
        Draft.objects.filter(officer_reference=actor.reference, expires_at__lte=now).delete()
        rows = Draft.objects.filter(officer_reference=actor.reference).order_by("-saved_at")
        return tuple(_opened(row) for row in rows)


def forget_expired(now: datetime) -> int:
    """Delete every draft that has expired; how many there were. Work of the clock."""
    gone, _ = Draft.objects.filter(expires_at__lte=now).delete()
    return gone


def _permit(id: UUID, actor: Actor, basis: str, now: datetime) -> Permit:
    return gate.permit(
        actor, Action.REGISTER, purpose=Purpose.REGISTRATION, basis=basis, now=now, subject=f"draft:{id}"
    )


def _opened(row: Draft) -> OpenDraft:
    pages = json.loads(unseal(bytes(row.sealed), row.id, KeyRing([_key()]), kind=KIND))
    return OpenDraft(row.id, pages, row.saved_at, row.expires_at)


def _key() -> KeyEncryptionKey:
    return KeyEncryptionKey("draft", settings.DRAFT_KEY)
