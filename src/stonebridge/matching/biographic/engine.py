"""The biographic engine: a few immutable shelves, the newest small, and one frozen set of tables.

Whoever is added is found by the next search, which puts the new ones on a shelf; shelves of
like size are joined, so that there are never many. A removed person is hidden at once and
forgotten when their shelf is joined with another.
"""

import hashlib
import itertools
import math
import time
from collections.abc import Iterable, Iterator
from dataclasses import astuple, fields
from uuid import UUID

import numpy as np

from stonebridge.matching.biographic.evidence import DOCUMENT_DIFFERS, DOCUMENT_SAME, DOCUMENT_SAME_NUMBER
from stonebridge.matching.biographic.explanations import Reason, bits_of, explain
from stonebridge.matching.biographic.register import Query
from stonebridge.matching.biographic.scoring import FEATURES
from stonebridge.matching.biographic.searching import APART, HOPELESS
from stonebridge.matching.biographic.shelf import Shelf, stated
from stonebridge.matching.biographic.tables import Tables, count, method
from stonebridge.matching.engine import Comparison, Detail, Found, Hit
from stonebridge.matching.record import Identity, Record

SHOWN_FROM = 4.0  # bits; in a large register more, see ``_floor``
DOCUMENT = FEATURES.index("document")
SPARE_ROWS = 12  # searched for beyond the limit, because a person may take several


class BiographicEngine:
    """Names, birth date, sex, nationality, parents, place and documents, weighed by frozen tables."""

    def __init__(self, tables: bytes) -> None:
        self._tables = Tables(tables)
        self._version = f"biographic-{self._tables.method}/{hashlib.sha256(tables).hexdigest()[:12]}"
        self._shelves: list[Shelf] = []
        self._new: dict[UUID, Record] = {}

    @property
    def version(self) -> str:
        """Digests of the method and of the tables."""
        return self._version

    @property
    def is_current(self) -> bool:
        """Whether the tables were made for the method that this program has; others weigh differently."""
        return self._tables.method == method()

    def add(self, record: Record) -> None:
        """Hold a record, in place of any former one with the same id."""
        self.remove(record.id)
        self._new[record.id] = record

    def remove(self, id: UUID) -> None:
        """Forget a record; an unknown id is no error."""
        if self._new.pop(id, None) is None:
            any(shelf.hide(id) for shelf in self._shelves)

    def search(self, probe: Identity, visible: int, limit: int, budget: float) -> Found:
        """The best of every shelf, each person once; shelves for which no time is left are not searched.

        Whoever has the same document, by issuer and number, is among them however little else agrees.
        """
        ends = time.monotonic() + budget
        self._settle()
        queries = stated(probe)
        numbers = [Query(doc=document) for document in probe.documents]
        best: dict[UUID, Hit] = {}
        sharing: set[UUID] = set()
        searched = 0
        for shelf in self._shelves:
            if searched and time.monotonic() > ends:
                break
            searched += len(shelf)
            for hit in _hits(shelf, queries, visible, limit + SPARE_ROWS):
                if hit.id not in best or hit.score > best[hit.id].score:
                    best[hit.id] = hit
            for record in _bearers(shelf, numbers, visible, limit):
                best[record.id] = hit = self.explain(probe, record)
                if "document.same" in {each.detail.key for each in hit.comparisons}:
                    sharing.add(record.id)
        held = sum(map(len, self._shelves))
        floor = max(self._floor(held), max((hit.score for hit in best.values()), default=0.0) - APART)
        shown = [hit for hit in best.values() if hit.score >= floor or hit.id in sharing]
        kept = sorted(shown, key=lambda hit: (hit.id not in sharing, -hit.score, hit.id))[:limit]
        kept.sort(key=lambda hit: (-hit.score, hit.id))
        return Found(tuple(kept), searched / held if held else 1.0)

    def explain(self, probe: Identity, record: Record) -> Hit:
        """Compare with one record, held or not, as a search does."""
        alone = Shelf([Record(record.id, 1, record.identities)], self._tables)
        hits = _hits(alone, stated(probe), 1, SPARE_ROWS)
        return max(hits, key=lambda hit: hit.score, default=Hit(record.id, 0.0, ()))

    def _floor(self, held: int) -> float:
        return max(SHOWN_FROM, math.log2(held + 1) - HOPELESS)

    def _settle(self) -> None:
        """Put the new ones on a shelf, together with every shelf that is not larger."""
        if not self._new:
            return
        records = list(self._new.values())
        while self._shelves and len(self._shelves[-1]) <= len(records):
            records = [*self._shelves.pop().kept(), *records]
        self._shelves.append(Shelf(records, self._tables))
        self._new = {}


def _hits(shelf: Shelf, queries: list[Query], visible: int, limit: int) -> Iterable[Hit]:
    answers = shelf.search(queries, visible, limit)
    for at, query in enumerate(queries):
        for place in itertools.takewhile(lambda place: answers.row[at, place] >= 0, range(limit)):  # noqa: B023  # at once
            record, row = shelf.owner(int(answers.row[at, place]))
            reasons = [
                _issuer_told(reason)
                for reason in explain(answers.features[at, place], answers.how[at, place], _texts(query), _texts(row))
            ]
            compared = tuple(Comparison(each.feature, each.bits, each.detail) for each in reasons)
            yield Hit(record.id, bits_of(reasons), compared)


def _bearers(shelf: Shelf, numbers: list[Query], visible: int, limit: int) -> Iterator[Record]:
    """Whoever has one of these document numbers."""
    if not numbers:
        return
    answers = shelf.search(numbers, visible, limit)
    for at, place in zip(*np.nonzero(answers.row >= 0), strict=True):
        if answers.features[at, place, DOCUMENT] == DOCUMENT_SAME:
            yield shelf.owner(int(answers.row[at, place]))[0]


def _texts(query: Query) -> dict[str, str]:
    return dict(zip((field.name for field in fields(query)), astuple(query), strict=True))


def _issuer_told(reason: Reason) -> Reason:
    """A document's number alone proves less than number and issuer."""
    level = reason.detail.key
    if level not in ("document.same", "document.similar"):
        return reason
    issuers = [text.rpartition(":")[0] for text in (reason.detail.probe, reason.detail.candidate)]
    if issuers[0] == issuers[1] != "":
        return reason
    if level == "document.same":
        return _changed(reason, min(reason.bits, DOCUMENT_SAME_NUMBER), "document.same_number")
    return _changed(reason, DOCUMENT_DIFFERS, "document.different")


def _changed(reason: Reason, bits: float, key: str) -> Reason:
    return Reason(reason.feature, bits, Detail(key, reason.detail.probe, reason.detail.candidate))


class Biographic:
    """Makes biographic engines and counts their tables."""

    def learn(self, records: Iterable[Record]) -> bytes:
        """Count the register."""
        return count(records)

    def start(self, tables: bytes) -> BiographicEngine:
        """Make an empty engine over frozen tables."""
        return BiographicEngine(tables)
