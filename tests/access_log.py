"""Writing to the access log as the node does, and getting at it as its worst administrator could."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

import psycopg
from django.db import connections, transaction

from stonebridge.domain.actor import Actor, ActorKind
from stonebridge.safeguards.log.append import append
from stonebridge.safeguards.log.entry import Event, Outcome, entry_hash
from stonebridge.safeguards.log.person_map import PersonMap
from stonebridge.safeguards.log.store import ACCESS, LogStore

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CLERK = Actor(ActorKind.OFFICER, "0f8f6f8a-0000-7000-8000-000000000001", "Vesna Ilievska", unit="Tabanovce")
BROKEN = {
    "no right": "REVOKE EXECUTE ON FUNCTION log.append FROM app",
    "no table": "ALTER TABLE log.entry RENAME TO gone",
    "no space": "CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " RAISE EXCEPTION 'no space left' USING ERRCODE = 'disk_full'; END $$;"
    " CREATE TRIGGER disk_is_full BEFORE INSERT ON log.entry FOR EACH ROW EXECUTE FUNCTION disk_is_full()",
    "no queue": "DROP TABLE log.queue",
}  # fmt: skip
"""Statements of a superuser after which nothing can be written to the log."""


def event_about(person: int | None, **changes: object) -> Event:
    """A read by the clerk at noon, unless ``changes`` say otherwise."""
    asked: dict[str, object] = {
        "action": "read", "purpose": "registration", "basis": "6(1)(e)", "outcome": Outcome.PERMITTED, "at": NOON,
        "person": None if person is None else UUID(int=person),
    }  # fmt: skip
    return Event.of(CLERK, **asked | changes)  # type: ignore[arg-type]  # the tests vary single fields by name


def reads(number: int, persons: int = 3) -> list[Event]:
    """So many reads, of ``persons`` persons in turn."""
    return [event_about(place % persons) for place in range(number)]


def write(events: Iterable[Event], *, using: str = "default") -> list[UUID]:
    """Append each event and commit."""
    with transaction.atomic(using=using):
        return [append(event, using=using) for event in events]


def rows_of(statement: str, parameters: Iterable[object] = (), *, store: LogStore = ACCESS) -> list[tuple]:
    """What the owner of the tables sees."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(store.sql(statement), list(parameters))
        return cursor.fetchall()


class Superuser:
    """Somebody with every right on the database, who has switched off what stands in the way. Holds no key."""

    def __init__(self, address: str, store: LogStore = ACCESS) -> None:
        self.store = store
        self.connection = psycopg.connect(address, autocommit=True)
        for table in ("entry", "leaf", "checkpoint", "queue"):
            self.do(f"ALTER TABLE {{{table}}} DISABLE TRIGGER ALL")
        for constraint, table in self.ask(
            "SELECT conname, conrelid::regclass::text FROM pg_constraint WHERE contype IN ('c', 'u')"
            " AND conrelid IN ('{entry}'::regclass, '{leaf}'::regclass)"
        ):
            self.connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")

    def do(self, statement: str, *parameters: object) -> None:
        self.connection.execute(self.store.sql(statement), parameters)

    def ask(self, statement: str, *parameters: object) -> list[tuple]:
        return self.connection.execute(self.store.sql(statement), parameters).fetchall()

    def entry_of(self, number: int) -> UUID:
        """The entry that has this number."""
        return self.ask("SELECT entry_id FROM {leaf} WHERE number = %s", number)[0][0]

    def close_the_gaps(self) -> None:
        """Number, hash and chain all leaves anew in their order, as a careful forger would."""
        chains = PersonMap()
        leaves = self.ask("SELECT entry_id, person_tag, commitment FROM {leaf} ORDER BY number")
        self.do("DELETE FROM {leaf}")
        for number, (entry, tag, commitment) in enumerate(leaves, start=1):
            leaf = entry_hash(tag, commitment)
            self.do(
                "INSERT INTO {leaf} VALUES (%s, %s, %s, %s, %s, %s, %s)",
                number, entry, tag, commitment, leaf, *chains.add(tag, leaf),
            )  # fmt: skip
