"""The one sequencer: numbers committed entries, makes their leaves and chains, and signs checkpoints.

Entries wait in a queue that they enter in their own transaction, so none is missed whatever the
order of commits, and none is numbered that was rolled back. At the start everything is recomputed
from the leaves and compared with the last checkpoints of the database and of the witnesses: a log
that was changed is never signed again.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event as Stop
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.backends.utils import CursorWrapper

from stonebridge.domain.errors import Tampered, Unavailable
from stonebridge.safeguards.log import holder
from stonebridge.safeguards.log.checkpoint import Checkpoint, TreeHead, open_checkpoint
from stonebridge.safeguards.log.entry import entry_hash
from stonebridge.safeguards.log.merkle import Frontier
from stonebridge.safeguards.log.person_map import Chain, PersonMap
from stonebridge.safeguards.log.store import ACCESS, PROTECTION, SEQUENCER_ALIAS, STORES, LogStore

CHECKPOINT_EVERY = timedelta(seconds=55)
"""With the pause between two steps, no entry waits longer than 60 seconds for its checkpoint."""
CHECKPOINT_AFTER = 1000
"""So many new entries are signed at once, without waiting."""
BATCH = 5000
PAUSE = 1.0
"""Seconds between two looks at an empty queue."""

logger = logging.getLogger(__name__)


class Sequencer:
    """Numbers and signs both logs. One works at a time; another that is started waits its turn."""

    def __init__(self) -> None:
        self._tails: dict[str, _Tail] = {}
        self._all_delivered = False

    def step(self, now: datetime) -> int:
        """Number what waits, sign what is due, deliver what is signed; how many entries were numbered.

        Raises:
            Tampered: the log is not what it was. Nothing is numbered or signed.
        """
        with self._forgetting_on_failure():
            numbered = sum(self._number(store) for store in STORES)
            self._sign(now, at_once=False)
        self._deliver()
        return numbered

    def checkpoint(self, now: datetime) -> None:
        """Number all that waits, and sign and deliver it now.

        Raises:
            Tampered: the log is not what it was. Nothing is numbered or signed.
        """
        with self._forgetting_on_failure():
            while sum(self._number(store) for store in STORES):
                continue
            self._sign(now, at_once=True)
        self._deliver()

    def _number(self, store: LogStore) -> int:
        with transaction.atomic(using=SEQUENCER_ALIAS), connections[SEQUENCER_ALIAS].cursor() as cursor:
            if not _is_our_turn(store, cursor):
                return 0
            tail = self._tail(store, cursor)
            cursor.execute(
                store.sql(
                    "WITH next AS (SELECT arrived FROM {queue} JOIN {entry} AS entry ON entry.id = entry_id"
                    " ORDER BY arrived LIMIT %s),"
                    " taken AS (DELETE FROM {queue} WHERE arrived IN (SELECT arrived FROM next)"
                    " RETURNING arrived, entry_id)"
                    " SELECT entry.id, entry.person_tag, entry.commitment FROM taken"
                    " JOIN {entry} AS entry ON entry.id = taken.entry_id ORDER BY taken.arrived"
                ),
                [BATCH],
            )
            taken = cursor.fetchall()
            if taken:
                tail.write(taken, cursor)
        return len(taken)

    def _sign(self, now: datetime, *, at_once: bool) -> None:
        with transaction.atomic(using=SEQUENCER_ALIAS), connections[SEQUENCER_ALIAS].cursor() as cursor:
            if not all(_is_our_turn(store, cursor) for store in STORES):
                return
            access, protection = (self._tail(store, cursor) for store in STORES)
            last, signed_at = _last_checkpoint(ACCESS, cursor)
            signed = (last.head.size, 0 if last.protection is None else last.protection.size)
            new = access.frontier.size - signed[0] + protection.frontier.size - signed[1]
            is_due = at_once or new >= CHECKPOINT_AFTER or signed_at is None or now - signed_at >= CHECKPOINT_EVERY
            if new == 0 or not is_due:
                return
            theirs = protection.head()
            if theirs.size != signed[1]:
                _write_checkpoint(PROTECTION, Checkpoint(PROTECTION.origin, theirs), now, cursor)
            _write_checkpoint(ACCESS, Checkpoint(ACCESS.origin, access.head(), theirs), now, cursor)
        self._all_delivered = False

    def _tail(self, store: LogStore, cursor: CursorWrapper) -> "_Tail":
        """The end of the log as it is now; read from the beginning the first time."""
        tail = self._tails.get(store.name)
        if tail is None:
            key = store.signing_key.verifier()
            signed = [_last_checkpoint(store, cursor)[0]]
            for folder in settings.WITNESS_FOLDERS:
                signed += holder.last_delivered(Path(folder), store.name, key)
            tail = _Tail(store, [checkpoint.head for checkpoint in signed])
        tail.follow(cursor)
        self._tails[store.name] = tail
        return tail

    def _deliver(self) -> None:
        """Bring every witness what it does not have yet. A witness that cannot be reached is tried again."""
        if self._all_delivered:
            return
        self._all_delivered = True
        for store in STORES:
            for folder in settings.WITNESS_FOLDERS:
                try:
                    _deliver_to(Path(folder), store)
                except Unavailable as error:
                    logger.warning("%s", error)
                    self._all_delivered = False

    @contextmanager
    def _forgetting_on_failure(self) -> Iterator[None]:
        """What memory holds may be ahead of what was committed: read it anew next time."""
        try:
            yield
        except BaseException:
            self._tails.clear()
            raise


def run(stop: Stop, clock: Callable[[], datetime]) -> None:
    """Number and sign until ``stop`` is set; the worker's part in the access log.

    Raises:
        Tampered: the log is not what it was. An officer must look before anything is signed again.
    """
    sequencer = Sequencer()
    while not stop.is_set():
        try:
            numbered = sequencer.step(clock())
        except DatabaseError as error:
            logger.warning("the access log waits for its database: %s", error)
            connections[SEQUENCER_ALIAS].close()
            numbered = 0
        if numbered < BATCH:
            stop.wait(PAUSE)


class _Tail:
    """The end of one log in memory: enough to number the next entry and to sign what there is."""

    def __init__(self, store: LogStore, signed: Iterable[TreeHead]) -> None:
        self.store = store
        self.frontier = Frontier()
        self.map = PersonMap()
        self._signed: dict[int, set[bytes]] = {}
        for head in signed:
            self._signed.setdefault(head.size, set()).add(head.root)

    def head(self) -> TreeHead:
        return TreeHead(self.frontier.size, self.frontier.root(), self.map.root())

    def follow(self, cursor: CursorWrapper) -> None:
        """Read the leaves that are not known yet; check each, and the roots that were signed.

        Raises:
            Tampered: a leaf is not what its entry and its person's chain make it, or is gone.
        """
        rows: list[tuple[Any, ...]] | None = None
        while rows is None or len(rows) == BATCH:
            cursor.execute(
                self.store.sql(
                    "SELECT number, person_tag, commitment, leaf_hash, person_length, person_head FROM {leaf}"
                    " WHERE number > %s ORDER BY number LIMIT %s"
                ),
                [self.frontier.size, BATCH],
            )
            rows = cursor.fetchall()
            for number, tag, commitment, leaf_hash, length, head in rows:
                made, chain = self._grow(bytes(tag), bytes(commitment))
                told = Chain(length, bytes(head))
                if (number, bytes(leaf_hash), told) != (self.frontier.size, made, chain):
                    raise self._tampered(f"entry {self.frontier.size} is not what it was made of")
                if self._signed.pop(number, {root := self.frontier.root()}) != {root}:
                    raise self._tampered(f"its first {number} entries are not those that were signed")
        self._signed.pop(0, None)
        if self._signed:
            raise self._tampered(f"it ends at entry {self.frontier.size}, but {max(self._signed)} entries were signed")

    def write(self, entries: list[tuple[Any, ...]], cursor: CursorWrapper) -> None:
        """Number ``entries``, as (identifier, tag, commitment), and write their leaves."""
        into = self.store.sql(
            "COPY {leaf} (number, entry_id, person_tag, commitment, leaf_hash, person_length, person_head) FROM STDIN"
        )
        with connections[SEQUENCER_ALIAS].wrap_database_errors, cursor.copy(into) as copy:
            for entry_id, tag, commitment in entries:
                leaf, chain = self._grow(bytes(tag), bytes(commitment))
                copy.write_row((self.frontier.size, entry_id, tag, commitment, leaf, chain.length, chain.head))

    def _grow(self, tag: bytes, commitment: bytes) -> tuple[bytes, Chain]:
        leaf = entry_hash(tag, commitment)
        self.frontier.append(leaf)
        return leaf, self.map.add(tag, leaf)

    def _tampered(self, detail: str) -> Tampered:
        return Tampered(f"the log {self.store.origin}", f"{detail}; see: stonebridge log verify")


def _is_our_turn(store: LogStore, cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [store.lock])
    return bool(cursor.fetchone()[0])


def _last_checkpoint(store: LogStore, cursor: CursorWrapper) -> tuple[Checkpoint, datetime | None]:
    """The last checkpoint in the database, verified, and when it was signed; that of an empty log before the first."""
    cursor.execute(store.sql("SELECT note, signed_at FROM {checkpoint} ORDER BY id DESC LIMIT 1"))
    row = cursor.fetchone()
    if row is None:
        return Checkpoint(store.origin, TreeHead(0, Frontier().root(), PersonMap().root())), None
    return open_checkpoint(bytes(row[0]), store.signing_key.verifier()), row[1]


def _write_checkpoint(store: LogStore, checkpoint: Checkpoint, now: datetime, cursor: CursorWrapper) -> None:
    note = store.signing_key.sign(checkpoint.to_text()).to_bytes()
    cursor.execute(
        store.sql("INSERT INTO {checkpoint} (size, root, persons_root, note, signed_at) VALUES (%s, %s, %s, %s, %s)"),
        [*checkpoint.head, note, now],
    )


def _deliver_to(folder: Path, store: LogStore) -> None:
    with connections[SEQUENCER_ALIAS].cursor() as cursor:
        cursor.execute(
            store.sql("SELECT id, note FROM {checkpoint} WHERE id > %s ORDER BY id"),
            [holder.last_number(folder, store.name)],
        )
        for number, note in cursor.fetchall():
            holder.deliver(folder, store.name, number, bytes(note))
