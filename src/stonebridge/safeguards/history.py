"""The history: one typed entry for every change of state, and only with a permit."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.models import HistoryEntry


def record(
    event: str, subject: str, *, person: UUID | None, permit: Permit, happened_at: datetime | None = None,
    detail: Mapping[str, str | int | bool | None] | None = None,
) -> None:  # fmt: skip
    """Note that ``event`` happened to ``subject`` (kind:reference), under ``permit``.

    ``happened_at`` is the moment in the world when it differs from the moment of recording.

    Raises:
        NotPermitted: the permit does not cover the person, or its transaction is over.
    """
    permit.require(permit.action, person=person)
    HistoryEntry.objects.create(
        person_id=person,
        event=event,
        subject=subject,
        happened_at=happened_at or permit.at,
        recorded_at=permit.at,
        actor_kind=permit.actor.kind,
        actor_reference=permit.actor.reference,
        actor_name=permit.actor.name,
        purpose=permit.purpose,
        basis=permit.basis,
        detail=dict(detail or {}),
    )
