"""Brings the matcher's gallery up to date with the register.

Business transactions note which persons changed, in ``identification_gallerychange``.
A note's own number says when it was begun, not when it was committed, so a follower
that read by it would miss rows; therefore positions are given here, after commit, by
one sequencer at a time (a PostgreSQL advisory lock), in
``identification_galleryposition``. Then what the register says *now* of each changed
person is sent. The connection must be in autocommit: a position is durable before
the matcher hears of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import psycopg

from stonebridge.domain.errors import WrongState
from stonebridge.identification.matcher.client import MatcherClient
from stonebridge.matching.gallery import Change
from stonebridge.matching.record import Record

LOCK = 0x67616C6C657279  # "gallery": the advisory lock of whoever numbers and sends
BATCH = 200  # changes sent at once; with ten sealed fingers each they fit one frame
LOOKED_FOR, SEEN = 1000, 100  # persons whom ``compare`` looks for at most, and how far down the answers
KEPT = 10_000  # positions kept for a matcher that lags; one further behind is rebuilt


class Register(Protocol):
    """What the feed asks of the register."""

    def ids(self) -> Iterable[UUID]:
        """Every person who may be found, for a rebuild."""

    def load(self, ids: Sequence[UUID]) -> Iterable[Record]:
        """The records of these persons as they are now; whoever is left out may no longer be found."""


def catch_up(connection: "psycopg.Connection[Any]", client: MatcherClient, register: Register) -> int:
    """Number every committed change, send the matcher what it lacks, and answer the position reached.

    Safe to call from several processes at once: they take turns. Rebuilds the gallery from the register if the
    matcher has lost it or lags behind the oldest position kept. Raises ``Unavailable`` if the matcher does not answer.
    """
    with _turn(connection):
        last = _number_changes(connection)
        status = client.status()
        oldest = _one(connection, "SELECT coalesce(min(position), 1) FROM identification_galleryposition")
        if not status.complete or status.position > last or status.position < oldest - 1:
            return _rebuild(client, register, last)
        for since, upto, ids in _batches(connection, status.position):
            client.apply(_changes(register, ids), upto, since=since)
        return last


def rebuild(connection: "psycopg.Connection[Any]", client: MatcherClient, register: Register) -> int:
    """Fill the gallery anew from the register, whatever it holds; answer the position reached."""
    with _turn(connection):
        return _rebuild(client, register, _number_changes(connection))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether searches agree with the register: how many persons each has, how many were looked for, who was not found."""

    on_register: int
    in_gallery: int
    looked_for: int
    not_found: tuple[UUID, ...]

    @property
    def holds(self) -> bool:
        """Nobody is missing and nobody is left over."""
        return self.on_register == self.in_gallery and not self.not_found


def compare(connection: "psycopg.Connection[Any]", client: MatcherClient, register: Register) -> Agreement:
    """Bring the gallery up to date, then look by search for every person, or for ``LOOKED_FOR`` evenly spread ones."""
    position = catch_up(connection, client, register)
    ids = sorted(register.ids())
    chosen = ids[:: max(1, len(ids) // LOOKED_FOR)]
    missing = set(chosen)
    for start in range(0, len(chosen), BATCH):
        for record in register.load(chosen[start : start + BATCH]):
            for identity in record.identities:
                answer = client.search(identity, visible=record.visible, limit=SEEN, budget=10.0, at_least=position)
                missing -= {hit.id for hit in answer.hits if hit.id == record.id}
    return Agreement(len(ids), client.status().records, len(chosen), tuple(sorted(missing)))


def prune(connection: "psycopg.Connection[Any]", keep: int = KEPT) -> int:
    """Delete positions and changes that are more than ``keep`` behind the last; answer how many.

    Needs a role that may delete from both tables.
    """
    with _turn(connection), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH past AS (
                DELETE FROM identification_galleryposition
                WHERE position <= (SELECT max(position) FROM identification_galleryposition) - %s
                RETURNING change_id
            )
            DELETE FROM identification_gallerychange WHERE id IN (SELECT change_id FROM past)
            """,
            [keep],
        )
        return cursor.rowcount


def _rebuild(client: MatcherClient, register: Register, upto: int) -> int:
    client.begin_rebuild()
    batch: list[UUID] = []
    for id in register.ids():
        batch.append(id)
        if len(batch) == BATCH:
            client.apply(_changes(register, batch), 0, since=0)
            batch = []
    client.apply(_changes(register, batch), 0, since=0)
    return client.finish_rebuild(upto).position


def _number_changes(connection: "psycopg.Connection[Any]") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO identification_galleryposition (position, change_id)
            SELECT (SELECT coalesce(max(position), 0) FROM identification_galleryposition)
                   + row_number() OVER (ORDER BY change.id), change.id
            FROM identification_gallerychange AS change
            WHERE NOT EXISTS (SELECT FROM identification_galleryposition AS given WHERE given.change_id = change.id)
            """
        )
    return _one(connection, "SELECT coalesce(max(position), 0) FROM identification_galleryposition")


def _batches(connection: "psycopg.Connection[Any]", since: int) -> Iterator[tuple[int, int, Sequence[UUID]]]:
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT given.position, change.person_id
                FROM identification_galleryposition AS given
                JOIN identification_gallerychange AS change ON change.id = given.change_id
                WHERE given.position > %s ORDER BY given.position LIMIT %s
                """,
                [since, BATCH],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        upto: int = rows[-1][0]
        yield since, upto, list(dict.fromkeys(person for _, person in rows))
        since = upto


def _changes(register: Register, ids: Sequence[UUID]) -> list[Change]:
    records = {record.id: record for record in register.load(ids)}
    return [Change(id, records.get(id)) for id in ids]


def _one(connection: "psycopg.Connection[Any]", query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        (value,) = cursor.fetchone() or (0,)
    return int(value)


@contextmanager
def _turn(connection: "psycopg.Connection[Any]") -> Iterator[None]:
    """Hold the lock of the one sequencer; the server lets it go if this process ends."""
    if connection.info.transaction_status is not psycopg.pq.TransactionStatus.IDLE or not connection.autocommit:
        raise WrongState("the feed's connection", "in a transaction", "autocommit, after the change was committed")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
