"""Reading the log, for the data-protection officer and for the person concerned.

The database answers only in a transaction that has itself logged this reading: ask the gate for
a permit to read the log first, about the same person.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connections

from stonebridge.domain.errors import BadInput
from stonebridge.safeguards.log.entry import Event, first_id, person_tag
from stonebridge.safeguards.log.store import ACCESS, LogStore


class Logged(NamedTuple):
    """An entry as it is shown. ``number`` is None until it is numbered.

    ``event`` is None after erasure, and when the bytes are no event: verification tells which.
    """

    number: int | None
    id: UUID
    event: Event | None


def entries_about(person: UUID, *, store: LogStore = ACCESS, using: str = "default") -> list[Logged]:
    """Every entry about ``person``, earliest first.

    Raises:
        DatabaseError: this transaction has not logged that it reads the log about this person.
    """
    return _read(store, using, "SELECT * FROM {entries_about}(%s)", [person_tag(store.tag_key, person)])


def entries_between(
    since: datetime, until: datetime, *, actor: str = "", most: int = 500, store: LogStore = ACCESS,
    using: str = "default",
) -> list[Logged]:  # fmt: skip
    """At most ``most`` entries of what happened from ``since`` to before ``until``, latest first; of one ``actor`` if named.

    Raises:
        DatabaseError: this transaction has not logged that it reads the log.
    """
    return _read(
        store, using, "SELECT * FROM {entries_between}(%s, %s, %s, %s)", [first_id(since), first_id(until), actor, most]
    )


def _read(store: LogStore, using: str, statement: str, parameters: Sequence[bytes | UUID | str | int]) -> list[Logged]:
    with connections[using].cursor() as cursor:
        cursor.execute(store.sql(statement), parameters)
        return [
            Logged(number, entry_id, None if event is None else _event(bytes(event)))
            for number, entry_id, event in cursor.fetchall()
        ]


def _event(data: bytes) -> Event | None:
    """One false entry must not hide all the others."""
    try:
        return Event.from_bytes(data)
    except BadInput:
        return None
