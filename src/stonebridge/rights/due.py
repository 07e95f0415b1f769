"""Whose time is over, by the days that the node keeps what it collected for each purpose.

A list, and a notice that there is one: nobody is erased by the clock. Two officers erase, one by
one, and what a safeguard keeps says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from stonebridge.accounts.models import Notice
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.registry.models import Person
from stonebridge.rights.services import PURPOSE, is_kept
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Action

KIND = "retention_due"
MOST = 200
"""So many are listed at once, the oldest first."""


@dataclass(frozen=True, slots=True)
class Due:
    """A record whose days are over. ``is_kept``: a safeguard keeps it, and it is not erased while it does."""

    reference: str
    registered_at: datetime
    due_at: datetime
    is_kept: bool


def list_due(*, actor: Actor, basis: str, now: datetime) -> Sequence[Due]:
    """The records whose days are over, the longest first. Logged for each of them.

    Raises:
        Refused: the gate says no.
    """
    with gate.act(PURPOSE):
        rows = list(_due(now).order_by("registered_at", "id")[:MOST])
        gate.permit(
            actor, Action.ERASE, purpose=PURPOSE, basis=basis, now=now, persons={row.id for row in rows},
            subject="list of what is due",
        )  # fmt: skip
        return [
            Due(row.reference, row.registered_at, row.registered_at + _days()[row.collected_for], _kept(row.id))
            for row in rows
        ]


def tell_of_due(now: datetime) -> bool:
    """Leave data protection a notice when somebody's days are over, unless one waits that nobody has seen.

    The notice tells how many, and nothing about anybody. Answers False: nothing more waits.
    """
    with gate.act(PURPOSE):
        count = _due(now).count()
        waits = Notice.objects.filter(role=Role.DATA_PROTECTION_OFFICER, kind=KIND, seen_at__isnull=True).exists()
        if count and not waits:
            Notice.objects.create(
                role=Role.DATA_PROTECTION_OFFICER, kind=KIND, made_at=now,
                named={"count": count},
            )  # fmt: skip
    return False


def _days() -> Mapping[str, timedelta]:
    kept: Mapping[Purpose, int] = settings.NODE.retention
    return {purpose.value: timedelta(days=days) for purpose, days in kept.items()}


def _due(now: datetime) -> QuerySet[Person]:
    over = Q(pk__in=[])
    for purpose, days in _days().items():
        over |= Q(collected_for=purpose, registered_at__lte=now - days)
    return Person.objects.filter(over)


def _kept(person: UUID) -> bool:
    return is_kept(frozenset({person}))
