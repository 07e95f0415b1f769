"""The records that can be found: encrypted on disk, searched in memory, at a known position.

A folder holds immutable segments, a journal of the changes since, the tables of each
version of the engine, and a manifest that names them all. A change counts once the
manifest that covers it is in place: it is switched by renaming, so after a crash the
gallery stands before or after a change, never between. What the manifest names must
be there whole; bytes beyond it are the rest of a change that was never acknowledged,
and are forgotten. Merging writes new segments without what was removed or replaced
and deletes the old files.

An old folder put back whole is not noticed here: its position is lower, and the feed
brings it up to date again.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from stonebridge.domain.errors import NotFound, Tampered, Unavailable, WrongState
from stonebridge.matching.engine import Engine, EngineKind, Found, Hit
from stonebridge.matching.record import Identity, Record
from stonebridge.matching.sealed_files import Seal, sync_folder, write_whole
from stonebridge.matching.stored_record import record_from_json, record_to_json

CHUNK_RECORDS = 200
SEGMENT_RECORDS = 50_000
MERGE_FROM = 256  # changes in the journal; more in a large gallery, see ``_merge_is_due``
LEARN_FROM = 50  # records; then whenever the gallery has doubled
PART = "the gallery"
BEING_REBUILT = "It is being rebuilt from the register; try again in a minute."


@dataclass(frozen=True, slots=True)
class Change:
    """What is true of a person now: a record, or None once nobody may find them."""

    id: UUID
    record: Record | None


@dataclass(frozen=True, slots=True)
class File:
    """A file that the manifest names, its whole length in bytes, and how many records or changes it holds."""

    name: str
    length: int
    holds: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the gallery consists of."""

    position: int
    complete: bool  # false from the start of a rebuild to its end
    version: str
    learned: int  # records of which the current tables know
    journal: File
    segments: tuple[File, ...] = ()
    tables: dict[str, File] = field(default_factory=dict)

    def files(self) -> set[str]:
        """The name of every file that belongs to the gallery."""
        return {self.journal.name, *(file.name for file in (*self.segments, *self.tables.values()))}


class Gallery:
    """The one writer of a gallery's folder. Not safe for several threads at once."""

    _manifest: Manifest
    _journal: Seal
    _engine: Engine
    _records: dict[UUID, Record]
    _held_in: dict[str, set[UUID]]  # which records each segment holds
    _delta: set[UUID]  # changed since the segments were written
    _frames: int  # frames in the journal

    def __init__(self, folder: Path, key: bytes, kind: EngineKind) -> None:
        """Open or begin the gallery in ``folder``; ``key`` is 32 bytes and is kept nowhere.

        Raises ``Unavailable`` if another process has it open, ``Tampered`` if a file is missing or is not what was
        written (the caller may then call ``set_aside`` and rebuild).
        """
        self._folder, self._key, self._kind = folder, key, kind
        self.trouble = ""  # why the last merge failed, for the self-check; searches and changes go on
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = (folder / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise Unavailable(PART, f"Another process has {folder} open; stop it first.") from None
        try:
            self._load()
        except BaseException:
            self._lock.close()
            raise

    def close(self) -> None:
        """Let another process open the gallery. Nothing is pending: every change was durable when acknowledged."""
        self._lock.close()

    @property
    def position(self) -> int:
        """The last change that is in the gallery."""
        return self._manifest.position

    @property
    def complete(self) -> bool:
        """Whether every person up to the position is here; not so during a rebuild."""
        return self._manifest.complete

    @property
    def version(self) -> str:
        """The version of the engine and its tables, stored with each judgement."""
        return self._manifest.version

    @property
    def holds_fingers(self) -> bool:
        """Whether anybody here has fingers."""
        return any(one.fingers for record in self._records.values() for one in record.identities)

    @property
    def _is_current(self) -> bool:
        return self._engine.is_current and self._engine.version == self.version  # empty tables name no method

    def __len__(self) -> int:
        return len(self._records)

    def apply(self, changes: Sequence[Change], upto: int, *, since: int) -> int:
        """Take in the changes after position ``since`` up to ``upto``; answer the position reached.

        Idempotent: changes that are already in are no error. Raises ``WrongState`` if the gallery is behind ``since``,
        because some changes would be missed, and ``Unavailable`` if they cannot be written; both leave it as it was.
        """
        if self.complete and upto <= self.position:
            return self.position
        if since > self.position:
            raise WrongState(PART, f"at position {self.position}", f"position {since}; send the changes from there")
        journal = self._manifest.journal
        stored = [{"id": str(each.id), "record": each.record and record_to_json(each.record)} for each in changes]
        frame = self._journal.close(self._frames, json.dumps(stored, ensure_ascii=False).encode())
        try:
            with (self._folder / journal.name).open("r+b") as file:
                file.truncate(journal.length)
                file.seek(journal.length)
                file.write(frame)
                file.flush()
                os.fsync(file.fileno())
            grown = File(journal.name, journal.length + len(frame), journal.holds + len(changes))
            self._switch(replace(self._manifest, position=max(upto, self.position), journal=grown))
        except OSError as error:
            raise _no_room(error) from error
        self._frames += 1
        for change in changes:
            self._take(change)
        if self._merge_is_due():
            self._try_to_merge()
        return self.position

    def search(self, probe: Identity, visible: int, limit: int, budget: float) -> Found:
        """Find candidates among the visible records. Raises ``Unavailable`` during a rebuild."""
        if not self.complete:
            raise Unavailable(PART, BEING_REBUILT)
        return self._engine.search(probe, visible, limit, budget)

    def explain(self, probe: Identity, id: UUID, visible: int, version: str = "") -> Hit:
        """Compare with one visible record, by the current tables or those of an earlier ``version``.

        Raises ``NotFound`` for a record that is not there or not visible, and for a version that was never kept here or
        whose method this program no longer has.
        """
        record = self._records.get(id)
        if record is None or not record.visible & visible:
            raise NotFound("record", id)
        if version in ("", self.version):
            return self._engine.explain(probe, record)
        earlier = self._kind.start(self._table(version)) if version in self._manifest.tables else None
        if earlier is None or earlier.version != version or not earlier.is_current:
            raise NotFound("version of the matcher", version)
        return earlier.explain(probe, record)

    def check(self) -> None:
        """Read and open every file of the gallery again. Raises ``Tampered`` naming the first that is not whole."""
        for file in (*self._manifest.segments, self._manifest.journal, *self._manifest.tables.values()):
            for _ in self._read(file.name.partition("-")[0], file)[1]:
                pass

    def merge(self) -> None:
        """Write the journal into new segments, without what was removed or replaced, and delete the old files.

        Raises ``Unavailable`` if the disk refuses; the gallery is then as it was.
        """
        kept = tuple(
            file for file in self._manifest.segments
            if file.holds >= SEGMENT_RECORDS // 2 and not self._held_in[file.name] & self._delta
        )  # fmt: skip
        elsewhere = set[UUID]().union(*(self._held_in[file.name] for file in kept))
        loose = [record for id, record in self._records.items() if id not in elsewhere]
        learns = len(self) >= max(LEARN_FROM, 2 * self._manifest.learned) or not self._is_current
        tables, version, engine = dict(self._manifest.tables), self.version, self._engine
        held_in = {file.name: self._held_in[file.name] for file in kept}
        try:
            segments = list(kept)
            for some in _batches(loose, SEGMENT_RECORDS):
                chunks = (_encode(records) for records in _batches(some, CHUNK_RECORDS))
                _, file = self._write("segment", chunks, len(some))
                segments.append(file)
                held_in[file.name] = {record.id for record in some}
            if learns:
                engine, table = self._learn()
                version, tables[engine.version] = engine.version, table
            journal_seal, journal = self._write("journal", (), 0)
            self._switch(
                replace(
                    self._manifest, version=version, learned=len(self) if learns else self._manifest.learned,
                    journal=journal, segments=tuple(segments), tables=tables,
                )
            )  # fmt: skip
        except OSError as error:
            self._clean()
            raise _no_room(error) from error
        self._journal, self._frames, self._delta, self._held_in = journal_seal, 0, set(), held_in
        self._engine = engine
        self._clean()

    def begin_rebuild(self) -> None:
        """Forget every record; until ``finish_rebuild`` nothing can be searched. Fill with ``apply`` up to 0."""
        try:
            journal_seal, journal = self._write("journal", (), 0)
            self._switch(replace(self._manifest, position=0, complete=False, journal=journal, segments=()))
        except OSError as error:
            self._clean()
            raise _no_room(error) from error
        self._clean()
        self._journal = journal_seal
        self._begin_empty(self._kind.start(self._table(self.version)))

    def finish_rebuild(self, upto: int) -> int:
        """Declare that every person is here as of position ``upto``; answer it."""
        if self.complete:
            raise WrongState(PART, "complete", "a rebuild that was begun")
        self.merge()
        try:
            self._switch(replace(self._manifest, position=upto, complete=True))
        except OSError as error:
            raise _no_room(error) from error
        return upto

    def _load(self) -> None:
        manifest = self._folder / "manifest"
        if not manifest.exists():
            if any(self._folder.glob("segment-*")):
                raise Tampered("manifest", "it is missing; rebuild the gallery from the register")
            self._begin()
            return
        content = manifest.read_bytes()
        chunks = list(Seal.of(self._key, "manifest", content, "manifest").open(content, "manifest"))
        if len(chunks) != 1:
            raise Tampered("manifest", "it is cut or prolonged; rebuild the gallery from the register")
        self._manifest = _manifest_from_json(json.loads(chunks[0]))
        self._begin_empty(self._kind.start(self._table(self.version)))
        for file in self._manifest.segments:
            _, pieces = self._read("segment", file)
            records = [record_from_json(each) for piece in pieces for each in json.loads(piece)]
            self._held_in[file.name] = {record.id for record in records}
            for record in records:
                self._records[record.id] = record
                self._engine.add(record)
        self._journal, frames = self._read("journal", self._manifest.journal)
        for frame in frames:
            self._frames += 1
            for stored in json.loads(frame):
                record = stored["record"] and record_from_json(stored["record"])
                self._take(Change(UUID(stored["id"]), record or None))
        self._clean()
        if not self._is_current:
            self._try_to_merge()

    def _begin(self) -> None:
        engine = self._kind.start(b"")
        try:
            _, table = self._write("table", (b"",), 0)
            self._journal, journal = self._write("journal", (), 0)
            self._switch(Manifest(0, True, engine.version, 0, journal, (), {engine.version: table}))
        except OSError as error:
            raise _no_room(error) from error
        self._begin_empty(engine)
        self._clean()

    def _begin_empty(self, engine: Engine) -> None:
        self._engine = engine
        self._records, self._held_in, self._delta, self._frames = {}, {}, set(), 0

    def _take(self, change: Change) -> None:
        self._delta.add(change.id)
        if change.record is None:
            self._records.pop(change.id, None)
            self._engine.remove(change.id)
        else:
            self._records[change.id] = change.record
            self._engine.add(change.record)

    def _merge_is_due(self) -> bool:
        return self._manifest.journal.holds >= max(MERGE_FROM, len(self) // 4)

    def _try_to_merge(self) -> None:
        try:
            self.merge()
            self.trouble = ""
        except Unavailable as error:
            self.trouble = str(error)

    def _learn(self) -> tuple[Engine, File]:
        tables = self._kind.learn(self._records.values())
        engine = self._kind.start(tables)
        for record in self._records.values():
            engine.add(record)
        return engine, self._write("table", (tables,), len(self))[1]

    def _table(self, version: str) -> bytes:
        _, pieces = self._read("table", self._manifest.tables[version])
        return b"".join(pieces)

    def _write(self, kind: str, pieces: Iterable[bytes], holds: int) -> tuple[Seal, File]:
        seal = Seal.new(self._key, kind)
        name = f"{kind}-{seal.identifier.hex()}"
        sealed = (seal.close(number, piece) for number, piece in enumerate(pieces))
        return seal, File(name, write_whole(self._folder / name, _after(seal.header, sealed)), holds)

    def _read(self, kind: str, file: File) -> tuple[Seal, Iterator[bytes]]:
        try:
            content = (self._folder / file.name).read_bytes()
        except FileNotFoundError:
            raise Tampered(file.name, "it is missing; rebuild the gallery from the register") from None
        if len(content) < file.length or (len(content) > file.length and kind != "journal"):
            raise Tampered(file.name, f"{len(content)} bytes, not {file.length}; rebuild the gallery from the register")
        seal = Seal.of(self._key, kind, content, file.name)
        if file.name != f"{kind}-{seal.identifier.hex()}":
            raise Tampered(file.name, "another file stands in its place; rebuild the gallery from the register")
        return seal, seal.open(content[: file.length], file.name)

    def _switch(self, manifest: Manifest) -> None:
        seal = Seal.new(self._key, "manifest")
        write_whole(self._folder / "manifest", (seal.header, seal.close(0, json.dumps(asdict(manifest)).encode())))
        self._manifest = manifest

    def _clean(self) -> None:
        """Delete what the manifest does not name: the past, and the rest of what was not finished."""
        keep = {*self._manifest.files(), "manifest", "lock"}
        for path in self._folder.iterdir():
            if path.name not in keep:
                path.unlink()
        sync_folder(self._folder)


def set_aside(folder: Path) -> Path:
    """Keep a damaged gallery beside its place, still encrypted, for the administrator; only the latest is kept."""
    aside = folder.with_name(folder.name + ".damaged")
    if aside.exists():
        for path in aside.iterdir():
            path.unlink()
        aside.rmdir()
    folder.rename(aside)
    sync_folder(folder.parent)
    return aside


def _encode(records: Sequence[Record]) -> bytes:
    return json.dumps([record_to_json(record) for record in records], ensure_ascii=False).encode()


def _batches(records: Sequence[Record], size: int) -> Iterator[Sequence[Record]]:
    return (records[start : start + size] for start in range(0, len(records), size))


def _after(header: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    yield header
    yield from pieces


def _manifest_from_json(value: dict[str, Any]) -> Manifest:
    """Read what ``_switch`` wrote; it was authenticated, so its shape is known."""
    return Manifest(
        **value
        | {
            "journal": File(**value["journal"]),
            "segments": tuple(File(**file) for file in value["segments"]),
            "tables": {version: File(**file) for version, file in value["tables"].items()},
        }
    )


def _no_room(error: OSError) -> Unavailable:
    return Unavailable(PART, f"Its disk refuses ({error.strerror}); free some space. Nothing was changed.")
