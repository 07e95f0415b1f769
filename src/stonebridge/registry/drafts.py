"""Registrations as they are being typed: sealed, one officer's own, gone after some days.

The record of the person keeps the draft's identifier, so that handing it in twice makes
one person.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.registry.models import Draft, Person
from stonebridge.registry.registration import Capture
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import Action
from stonebridge.safeguards.sealing import KeyEncryptionKey, KeyRing, seal, unseal

Fields = dict[str, list[str]]
KIND = "draft"
CAPTURES = "draft-captures"


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft as its officer sees it: what was typed on each page. ``saved_at`` is empty before the first save."""

    id: UUID
    pages: Mapping[str, Fields] = field(default_factory=dict)
    captures: tuple[Capture, ...] = ()
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


def keep_captures(id: UUID, captures: Iterable[Capture], *, actor: Actor, basis: str, now: datetime) -> None:
    """Keep decoded images with a draft that was begun; one of the same finger or face takes the former's place.

    Raises:
        Refused: the gate says no.
        NotFound: the officer has no such draft.
    """
    with gate.act(Purpose.REGISTRATION):
        _permit(id, actor, basis, now)
        row = _own(id, actor, now)
        kept = {(each.modality, each.position): each for each in _captures(row)}
        kept |= {(each.modality, each.position): each for each in captures}
        _save_captures(row, tuple(kept[place] for place in sorted(kept)))


def drop_captures(id: UUID, *, actor: Actor, basis: str, now: datetime) -> None:
    """Throw the images of a draft away. Errors as ``keep_captures``."""
    with gate.act(Purpose.REGISTRATION):
        _permit(id, actor, basis, now)
        _save_captures(_own(id, actor, now), ())


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


def _permit(id: UUID, actor: Actor, basis: str, now: datetime) -> Permit:
    return gate.permit(
        actor, Action.REGISTER, purpose=Purpose.REGISTRATION, basis=basis, now=now, subject=f"draft:{id}"
    )


def _own(id: UUID, actor: Actor, now: datetime) -> Draft:
    row = Draft.objects.select_for_update().filter(id=id, officer_reference=actor.reference, expires_at__gt=now).first()
    if row is None:
        raise NotFound("draft", id)
    return row


def _opened(row: Draft) -> OpenDraft:
    pages = json.loads(unseal(bytes(row.sealed), row.id, KeyRing([_key()]), kind=KIND))
    return OpenDraft(row.id, pages, _captures(row), row.saved_at, row.expires_at)


_BYTES = ("content", "minutiae")


def _captures(row: Draft) -> tuple[Capture, ...]:
    sealed = bytes(row.sealed_captures)
    if not sealed:
        return ()
    kept = json.loads(unseal(sealed, row.id, KeyRing([_key()]), kind=CAPTURES))
    return tuple(Capture(**each | {name: base64.b64decode(each.get(name, "")) for name in _BYTES}) for each in kept)


def _save_captures(row: Draft, captures: tuple[Capture, ...]) -> None:
    plain = [
        asdict(each) | {name: base64.b64encode(getattr(each, name)).decode() for name in _BYTES} for each in captures
    ]
    row.sealed_captures = seal(json.dumps(plain).encode(), row.id, _key(), kind=CAPTURES) if plain else b""
    row.save(update_fields=["sealed_captures"])


def _key() -> KeyEncryptionKey:
    return KeyEncryptionKey("draft", settings.DRAFT_KEY)
