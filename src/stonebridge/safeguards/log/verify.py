"""What a node can find wrong with its own logs: entries against leaves, leaves against all that was signed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connections, transaction

from stonebridge.domain.errors import BadInput, StonebridgeError
from stonebridge.safeguards.log import erasure, holder
from stonebridge.safeguards.log.checkpoint import Checkpoint, TreeHead, open_checkpoint
from stonebridge.safeguards.log.entry import Event, commitment, entry_hash, person_tag
from stonebridge.safeguards.log.export import Row
from stonebridge.safeguards.log.merkle import EMPTY_ROOT
from stonebridge.safeguards.log.person_map import PersonMap
from stonebridge.safeguards.log.store import ACCESS, PROTECTION, LogStore
from stonebridge.safeguards.log.witness import Finding, Held, Tampering, examine

BATCH = 5000
LAST_CHECKPOINTS = 1440
"""So many checkpoints of the node's own table are compared; witnesses hold the older ones."""


def verify(store: LogStore, held: Iterable[Checkpoint] = ()) -> tuple[int, list[Finding]]:
    """Recompute the whole log; how many entries it has, and everything that is wrong.

    ``held`` are checkpoints from outside. Those in the folders of the witnesses are added.
    """
    check = _Check(store)
    known = [*held, *_delivered(store)]
    if store is PROTECTION:
        known += protection_part(_delivered(ACCESS))
    with transaction.atomic(using=store.reader):
        signed = check.signed_checkpoints()
        last = signed[-1] if signed else Checkpoint(store.origin, TreeHead(0, EMPTY_ROOT, PersonMap().root()))
        report = examine(check.rows(), last, Held([*known, *signed]), ends_open=True)
        check.find_unnumbered()
    check.compare_erasures()
    return check.size, [*check.findings, *report.findings]


def protection_part(checkpoints: Iterable[Checkpoint]) -> list[Checkpoint]:
    """What checkpoints of the access log say of the protection log."""
    return [Checkpoint(PROTECTION.origin, c.protection) for c in checkpoints if c.protection is not None]


def _delivered(store: LogStore) -> list[Checkpoint]:
    key = store.signing_key.verifier()
    folders = map(Path, settings.WITNESS_FOLDERS)
    return [checkpoint for folder in folders for checkpoint in holder.held(folder, store.name, key).checkpoints]


class _Check:
    """One verification: reads the leaves with their entries, and notes what does not fit."""

    def __init__(self, store: LogStore) -> None:
        self.store = store
        self.size = 0
        self.findings: list[Finding] = []
        self._key = store.tag_key
        self._erased: dict[UUID, list[UUID]] = defaultdict(list)
        self._erasures: dict[UUID, dict[str, str]] = {}

    def signed_checkpoints(self) -> list[Checkpoint]:
        """The last checkpoints of the node's own table, oldest first, and findings for those that are false."""
        with connections[self.store.reader].cursor() as cursor:
            cursor.execute(
                self.store.sql("SELECT id, size, root, persons_root, note FROM {checkpoint} ORDER BY id DESC LIMIT %s"),
                [LAST_CHECKPOINTS],
            )
            rows = cursor.fetchall()
        checkpoints = []
        for number, size, root, persons, note in reversed(rows):
            try:
                checkpoint = open_checkpoint(bytes(note), self.store.signing_key.verifier())
            except StonebridgeError as error:
                self.findings.append(Finding(Tampering.ALTERED, None, f"checkpoint {number} is false: {error}"))
                continue
            if checkpoint.head != TreeHead(size, bytes(root), bytes(persons)):
                self.findings.append(Finding(Tampering.ALTERED, None, f"checkpoint {number} is not what its note says"))
            checkpoints.append(checkpoint)
        return checkpoints

    def rows(self) -> Iterator[Row]:
        """The leaves in order, each compared with its entry."""
        statement = self.store.sql(
            "SELECT number, leaf.person_tag, leaf.commitment, person_length, person_head, leaf_hash, entry_id,"
            " entry.person_tag, entry.commitment, salt, event, erasure_id"
            " FROM {leaf} AS leaf LEFT JOIN {entry} AS entry ON entry.id = entry_id WHERE number > %s"
            " ORDER BY number LIMIT %s"
        )
        last = 0
        with connections[self.store.reader].cursor() as cursor:
            while True:
                cursor.execute(statement, [last, BATCH])
                batch = cursor.fetchall()
                for number, tag, inner, length, head, leaf, *entry in batch:
                    row = Row(number, bytes(tag), bytes(inner), length, bytes(head))
                    self._compare(row, bytes(leaf), *entry)
                    yield row
                if len(batch) < BATCH:
                    return
                last = batch[-1][0]

    def _compare(
        self, row: Row, leaf: bytes, entry_id: UUID, tag: bytes | None, inner: bytes | None, salt: bytes | None,
        event: bytes | None, erasure_id: UUID | None,
    ) -> None:  # fmt: skip
        self.size += 1
        if leaf != entry_hash(row.tag, row.commitment):
            self._add(Tampering.ALTERED, row.number, "its leaf is not the hash of what it is made of")
        if tag is None or inner is None:
            self._add(Tampering.DELETED, row.number, f"its leaf is there, but entry {entry_id} is gone")
            return
        if bytes(tag) != row.tag:
            self._add(Tampering.MISCHARGED, row.number, "the entry is charged to another person than its leaf")
        if bytes(inner) != row.commitment:
            self._add(Tampering.ALTERED, row.number, "the entry commits to something else than its leaf")
        if erasure_id is not None:
            self._erased[erasure_id].append(entry_id)
        if salt is None or event is None:
            if erasure_id is None:
                self._add(Tampering.ALTERED, row.number, "it was emptied without a record of its erasure")
            return
        if commitment(bytes(salt), bytes(event)) != row.commitment:
            self._add(Tampering.ALTERED, row.number, "the event is not the one that its leaf commits to")
            return
        self._read(row, bytes(event), entry_id)

    def _read(self, row: Row, data: bytes, entry_id: UUID) -> None:
        try:
            event = Event.from_bytes(data)
        except BadInput as error:
            self._add(Tampering.ALTERED, row.number, f"it holds no event: {error}")
            return
        if event.id != entry_id:
            self._add(Tampering.ALTERED, row.number, f"the entry {entry_id} holds the event {event.id}")
        if person_tag(self._key, event.person) != row.tag:
            self._add(Tampering.MISCHARGED, row.number, "its tag is not that of the person it is about")
        if event.action == erasure.ACTION:
            self._erasures[event.id] = dict(event.detail)

    def find_unnumbered(self) -> None:
        """Entries that wait in no queue and have no number, and numbers that wait for no entry."""
        with connections[self.store.reader].cursor() as cursor:
            cursor.execute(
                self.store.sql(
                    "SELECT id FROM {entry} AS entry WHERE NOT EXISTS (SELECT FROM {leaf} WHERE entry_id = entry.id)"
                    " AND NOT EXISTS (SELECT FROM {queue} WHERE entry_id = entry.id) LIMIT 100"
                )
            )
            for (entry,) in cursor.fetchall():
                self._add(Tampering.NOT_NUMBERED, None, f"entry {entry} has no number and waits for none")
            cursor.execute(
                self.store.sql(
                    "SELECT entry_id FROM {queue} WHERE NOT EXISTS (SELECT FROM {entry} WHERE id = entry_id) LIMIT 100"
                )
            )
            for (entry,) in cursor.fetchall():
                self._add(Tampering.DELETED, None, f"entry {entry} waits for a number, but is gone")
            cursor.execute(
                self.store.sql("SELECT event FROM {queue} JOIN {entry} AS entry ON entry.id = entry_id"
                               " WHERE event IS NOT NULL AND convert_from(event, 'UTF8')::jsonb ->> 'action' = %s"),
                [erasure.ACTION],
            )  # fmt: skip
            self._note_waiting_erasures(bytes(event) for (event,) in cursor.fetchall())

    def _note_waiting_erasures(self, events: Iterable[bytes]) -> None:
        """An erasure is on record from the moment it commits, also before it has its number."""
        for data in events:
            try:
                event = Event.from_bytes(data)
            except BadInput:
                continue
            self._erasures[event.id] = dict(event.detail)

    def compare_erasures(self) -> None:
        """Each emptied entry must be one of those that the record of its erasure names."""
        for erasure_id, entries in self._erased.items():
            if self._erasures.get(erasure_id) != erasure.described(entries):
                text = f"{len(entries)} entries were emptied that no record of an erasure names ({erasure_id})"
                self._add(Tampering.ALTERED, None, text)

    def _add(self, kind: Tampering, number: int | None, text: str) -> None:
        self.findings.append(Finding(kind, number, text))
