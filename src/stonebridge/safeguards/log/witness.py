"""What an outside witness does with an exported log, and what it says when something is wrong.

It recomputes every leaf, every person's chain, the map and the roots, and compares them with
the checkpoint that came along and with all that it holds from before. It needs no database, no
key of the node and no trust in it: only the log's public key and its own folder.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from stonebridge.domain.errors import BadInput
from stonebridge.safeguards.log import merkle
from stonebridge.safeguards.log.checkpoint import Checkpoint, TreeHead
from stonebridge.safeguards.log.entry import HASH_SIZE, Event, entry_hash, person_tag
from stonebridge.safeguards.log.export import Row
from stonebridge.safeguards.log.person_map import Chain, PersonMap

MOST_COMPARED = 200_000
"""So many entries that differ from those held are looked at to tell what was done; beyond, the first of them do."""


class Tampering(StrEnum):
    """Kinds of tampering, as far as the bytes tell them apart."""

    ALTERED = "altered"
    DELETED = "deleted"
    INSERTED = "inserted"
    REORDERED = "reordered"
    CUT = "cut"
    REWRITTEN = "rewritten"
    NOT_MAPPED = "not mapped"
    ROLLED_BACK = "rolled back"
    MISCHARGED = "charged to another person"
    NOT_NUMBERED = "not numbered"
    FORKED = "two histories"


class Finding(NamedTuple):
    """One thing that is wrong. ``number`` is the entry where it shows, counted from 1; None for the log as a whole."""

    kind: Tampering
    number: int | None
    text: str

    def __str__(self) -> str:
        where = "the log" if self.number is None else f"entry {self.number}"
        return f"{where}: {self.kind}: {self.text}"


@dataclass(frozen=True, slots=True)
class Held:
    """What a witness holds: every checkpoint it was given, by size, and the leaf hashes it saw up to the last check."""

    checkpoints: Sequence[Checkpoint] = ()
    leaves: bytes = b""
    protection_leaves: bytes = b""

    def leaf(self, index: int) -> bytes:
        return self.leaves[HASH_SIZE * index : HASH_SIZE * (index + 1)]

    @property
    def size(self) -> int:
        """How many leaf hashes are held."""
        return len(self.leaves) // HASH_SIZE


@dataclass(slots=True)
class Report:
    """What was found, and the leaf hashes of what was read, for the witness to keep."""

    findings: list[Finding] = field(default_factory=list)
    leaves: bytearray = field(default_factory=bytearray)

    @property
    def is_clean(self) -> bool:
        return not self.findings

    def add(self, kind: Tampering, number: int | None, text: str) -> None:
        self.findings.append(Finding(kind, number, text))


def examine(
    rows: Iterable[Row], checkpoint: Checkpoint, held: Held, *, protection: Sequence[bytes] | None = None,
    ends_open: bool = False,
) -> Report:  # fmt: skip
    """Compare the log with its own ``checkpoint`` and with what is ``held``.

    ``protection`` are the leaf hashes of the protection log, if that is to be compared too.
    ``ends_open`` says that entries may follow which are not signed yet.
    """
    report = Report()
    heads = sorted(
        {(c.head, c.origin) for c in (*held.checkpoints, checkpoint)}, key=lambda pair: (pair[0].size, pair[0].root)
    )
    for (older, _), (newer, _) in pairwise(heads):
        if older.size == newer.size and older != newer:
            report.add(
                Tampering.FORKED, None, f"two checkpoints of {newer.size} entries differ, both signed by the log"
            )
    foreign = sorted({origin for _, origin in heads if origin != checkpoint.origin})
    if foreign:
        report.add(Tampering.FORKED, None, f"the log calls itself {checkpoint.origin}; held is {', '.join(foreign)}")
    _Reading(report, held, [head for head, _ in heads], checkpoint.head.size).read(rows)
    if len(report.leaves) > HASH_SIZE * checkpoint.head.size and not ends_open:
        text = f"the log goes on after the {checkpoint.head.size} entries of its checkpoint"
        report.add(Tampering.INSERTED, checkpoint.head.size + 1, text)
    if checkpoint.protection is not None and protection is not None:
        _examine_protection(report, checkpoint.protection, protection, held)
    return report


def charged_wrongly(entries: Iterable[tuple[int, bytes, bytes]], key: bytes) -> list[Finding]:
    """Entries, as (number, tag, event), whose tag is not that of the person whom the event names.

    This alone needs the data-protection ``key`` and the events: the data-protection officer does it.
    """
    findings = []
    for number, tag, event in entries:
        try:
            person = Event.from_bytes(event).person
        except BadInput as error:
            findings.append(Finding(Tampering.ALTERED, number, f"it holds no event: {error}"))
            continue
        if person_tag(key, person) != tag:
            findings.append(Finding(Tampering.MISCHARGED, number, "its tag is not that of the person it is about"))
    return findings


class _Reading:
    """One pass over the rows, in which everything is recomputed."""

    def __init__(self, report: Report, held: Held, heads: Sequence[TreeHead], size: int) -> None:
        self._report, self._held, self._size = report, held, size
        self._heads = list(heads)
        self._frontier = merkle.Frontier()
        self._map = PersonMap()
        self._spoiled: set[bytes] = set()
        self._differing: list[tuple[int, bytes]] = []
        self._unlocated: list[Finding] = []
        self._map_roots = {head.size for head in heads if head.size == size}
        older = [head.size for head in heads if head.size < size]
        if older:
            self._map_roots.add(max(older))

    def read(self, rows: Iterable[Row]) -> None:
        self._compare_heads()
        number = 0
        for row in rows:
            number = self._check_number(number, row.number)
            leaf = entry_hash(row.tag, row.commitment)
            self._report.leaves += leaf
            self._frontier.append(leaf)
            index = row.number - 1
            if index < self._held.size and leaf != self._held.leaf(index) and len(self._differing) < MOST_COMPARED:
                self._differing.append((index, leaf))
            self._check_chain(row, leaf)
            if self._heads and self._heads[0].size <= self._frontier.size:
                self._compare_heads()
        self._explain_differences()
        for head in self._heads:
            if head.size > max(number, self._frontier.size):
                text = f"the log ends at entry {number}; a signed checkpoint has {head.size} entries"
                self._report.add(Tampering.CUT, number + 1, text)
                break
        if self._report.is_clean:
            self._report.findings.extend(self._unlocated)

    def _check_number(self, last: int, number: int) -> int:
        if number > last + 1:
            which = f"entries {last + 1} to {number - 1} are missing" if number > last + 2 else "it is missing"
            self._report.add(Tampering.DELETED, last + 1, which)
        elif number <= last:
            self._report.add(Tampering.REORDERED, number, f"it comes after entry {last}")
        return max(number, last)

    def _compare_heads(self) -> None:
        """Compare the roots with every head of this size."""
        while self._heads and self._heads[0].size == self._frontier.size:
            head = self._heads.pop(0)
            whose = "its checkpoint" if head.size == self._size else f"the checkpoint held of {head.size} entries"
            if self._frontier.root() != head.root:
                text = f"the first {head.size} entries are not those of {whose}"
                self._unlocated.append(Finding(Tampering.REWRITTEN, None, text))
            elif head.size in self._map_roots and self._map.root() != head.persons:
                text = (
                    f"{whose} commits to other chains of persons than the entries give: an entry is left out,"
                    " or charged to another person"
                )
                self._unlocated.append(Finding(Tampering.NOT_MAPPED, None, text))

    def _check_chain(self, row: Row, leaf: bytes) -> None:
        before = self._map[row.tag]
        chain = self._map.add(row.tag, leaf)
        told = Chain(row.length, row.head)
        if told == chain or row.tag in self._spoiled:
            return
        self._spoiled.add(row.tag)
        other = self._grown_instead(told, leaf)
        if other is not None:
            self._spoiled.add(other)
            text = f"the node counts it in the chain of {other.hex()[:16]}, not of {row.tag.hex()[:16]}"
            self._report.add(Tampering.MISCHARGED, row.number, text)
        elif told == before:
            text = f"it is left out of the chain of {row.tag.hex()[:16]}, which stays at {before.length}"
            self._report.add(Tampering.NOT_MAPPED, row.number, text)
        elif told.length < chain.length:
            text = f"the node calls it number {told.length} of {row.tag.hex()[:16]}; it is number {chain.length}"
            self._report.add(Tampering.ROLLED_BACK, row.number, text)
        else:
            text = f"the chain of {row.tag.hex()[:16]} does not lead to what the node says (number {told.length})"
            self._report.add(Tampering.ALTERED, row.number, text)

    def _grown_instead(self, told: Chain, leaf: bytes) -> bytes | None:
        """Whose chain the node lengthened, if it was another's."""
        return next(
            (
                tag
                for tag in self._map
                if self._map[tag].length == told.length - 1 and self._map[tag].grown(leaf) == told
            ),
            None,
        )

    def _explain_differences(self) -> None:
        """Say what was done to entries that differ from the leaves held."""
        if not self._differing:
            return
        held, found = self._held, {leaf for _, leaf in self._differing}
        index, leaf = self._differing[0]
        if held.leaf(index) not in found and leaf == held.leaf(index + 1):
            self._report.add(Tampering.DELETED, index + 1, "it was held and is gone; those after it moved up")
            return
        known = {held.leaf(at): at for at in range(held.size)}
        if leaf not in known and len(self._differing) > 1 and self._differing[1][1] == held.leaf(index):
            self._report.add(Tampering.INSERTED, index + 1, "it was not held; those after it moved down")
            return
        for index, leaf in self._differing:
            if leaf in known:
                self._report.add(Tampering.REORDERED, index + 1, f"it was held as entry {known[leaf] + 1}")
            else:
                self._report.add(Tampering.ALTERED, index + 1, "it is not the entry that was held")


def _examine_protection(report: Report, now: TreeHead, leaves: Sequence[bytes], held: Held) -> None:
    """Compare the leaf hashes of the protection log with every head of it that is known."""
    heads = [now, *(checkpoint.protection for checkpoint in held.checkpoints if checkpoint.protection is not None)]
    frontier = merkle.Frontier()
    roots = {0: frontier.root()}
    wanted = {head.size for head in heads}
    for leaf in leaves:
        frontier.append(leaf)
        if frontier.size in wanted:
            roots[frontier.size] = frontier.root()
    for head in heads:
        if head.size not in roots:
            text = f"the protection log ends at entry {len(leaves)}; a signed checkpoint has {head.size}"
            report.add(Tampering.CUT, None, text)
            return
        if roots[head.size] != head.root:
            text = f"the first {head.size} entries of the protection log are not those of a signed checkpoint"
            report.add(Tampering.REWRITTEN, None, text)
            return
    if len(leaves) > now.size:
        report.add(Tampering.INSERTED, None, "the protection log is longer than its checkpoint says")
