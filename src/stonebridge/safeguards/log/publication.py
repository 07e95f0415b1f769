"""Handing the log out to a witness: its leaves up to the last checkpoint."""

from collections.abc import Iterator
from pathlib import Path

from django.db import connections, transaction

from stonebridge.domain.errors import WrongState
from stonebridge.safeguards.log import export
from stonebridge.safeguards.log.checkpoint import Checkpoint, Note
from stonebridge.safeguards.log.export import Export, Row
from stonebridge.safeguards.log.store import PROTECTION, SEQUENCER_ALIAS, LogStore

BATCH = 5000


def publish(store: LogStore, path: Path) -> int:
    """Write the log up to its last checkpoint to ``path``; how many entries that is.

    Raises:
        WrongState: nothing is signed yet.
    """
    with transaction.atomic(using=SEQUENCER_ALIAS):
        note = _last_note(store)
        checkpoint = Checkpoint.from_text(Note.from_bytes(note).text)
        protection = [] if checkpoint.protection is None else _leaves(PROTECTION, checkpoint.protection.size)
        rows = _rows(store, checkpoint.head.size)
        with path.open("w", encoding="ascii", newline="\n") as file:
            export.write(Export(note, protection, _count(store, checkpoint.head.size), rows), file)
    return checkpoint.head.size


def _last_note(store: LogStore) -> bytes:
    with connections[SEQUENCER_ALIAS].cursor() as cursor:
        cursor.execute(store.sql("SELECT note FROM {checkpoint} ORDER BY id DESC LIMIT 1"))
        row = cursor.fetchone()
    if row is None:
        raise WrongState(f"the log {store.origin}", "not signed yet", "a checkpoint; run: stonebridge log sign")
    return bytes(row[0])


def _count(store: LogStore, size: int) -> int:
    with connections[SEQUENCER_ALIAS].cursor() as cursor:
        cursor.execute(store.sql("SELECT count(*) FROM {leaf} WHERE number <= %s"), [size])
        return int(cursor.fetchone()[0])


def _leaves(store: LogStore, size: int) -> list[bytes]:
    with connections[SEQUENCER_ALIAS].cursor() as cursor:
        cursor.execute(store.sql("SELECT leaf_hash FROM {leaf} WHERE number <= %s ORDER BY number"), [size])
        return [bytes(leaf) for (leaf,) in cursor.fetchall()]


def _rows(store: LogStore, size: int) -> Iterator[Row]:
    last = 0
    with connections[SEQUENCER_ALIAS].cursor() as cursor:
        while True:
            cursor.execute(
                store.sql(
                    "SELECT number, person_tag, commitment, person_length, person_head FROM {leaf}"
                    " WHERE number > %s AND number <= %s ORDER BY number LIMIT %s"
                ),
                [last, size, BATCH],
            )
            batch = cursor.fetchall()
            for number, tag, inner, length, head in batch:
                yield Row(number, bytes(tag), bytes(inner), length, bytes(head))
            if len(batch) < BATCH:
                return
            last = batch[-1][0]
