"""Who waits for whom: whatever changes a pair locks both identities first, in the order of their records."""

from collections.abc import Iterable
from uuid import UUID

from stonebridge.identification.facts import identity_of
from stonebridge.registry.facts import lock
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.history import record


def lock_identities(*persons: UUID) -> None:
    """Lock every record that stands for one of these persons, as the gate will do again."""
    lock(frozenset().union(*(identity_of(person) for person in persons)))


def note(
    event: str, subject: str, persons: Iterable[UUID], permit: Permit, detail: dict[str, str | int | bool | None]
) -> None:
    """Record an event in the history of each person."""
    for person in persons:
        record(event, subject, person=person, permit=permit, detail=detail)
