"""What the holders of a role must be told, until one of them says that it was seen."""

from datetime import datetime
from uuid import UUID

from stonebridge.accounts.models import Notice
from stonebridge.domain.actor import Actor
from stonebridge.domain.errors import NotFound


def notices_for(actor: Actor) -> list[Notice]:
    """The notices to the actor's roles that nobody has seen yet, the oldest first."""
    return list(Notice.objects.filter(role__in=actor.roles, seen_at__isnull=True).order_by("made_at"))


def mark_seen(notice: UUID, *, actor: Actor, now: datetime) -> None:
    """Note that somebody has seen a notice to a role of theirs, and who.

    Raises:
        NotFound: no such notice waits for a role of this actor.
    """
    seen = Notice.objects.filter(id=notice, role__in=actor.roles, seen_at__isnull=True).update(
        seen_at=now, seen_by_id=actor.officer_id
    )
    if not seen:
        raise NotFound("notice", notice)
