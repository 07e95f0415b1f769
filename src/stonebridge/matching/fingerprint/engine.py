"""Fingers beside biographic data: an engine around another, whose evidence in bits adds up.

Whoever the fingers propose is found even where nothing else agrees. Without fingers in the
gallery no kernel is loaded, and without fingers in the probe the other engine answers alone.
"""

import hashlib
import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.engine import Comparison, Detail, Engine, EngineKind, Found, Hit
from stonebridge.matching.fingerprint import tuning, weights
from stonebridge.matching.fingerprint.finger_text import fingers_of
from stonebridge.matching.fingerprint.template import Template
from stonebridge.matching.record import Identity, Record

SEARCHED = 2  # fingers of a probe that propose candidates: those of most minutiae
SAME, DIFFERENT = 12.0, -4.0  # bits from which fingers are called the same, and up to which different
AGREES = 3.0  # bits from which one finger is said to agree
OTHER_DATA = -4.0  # bits: what differs otherwise counts no more against a person whose fingers speak for them
MARK = b"fingers-"
METHOD = hashlib.sha256(
    repr((weights.WEIGHTS, weights.BIAS, tuning.REACH, tuning.GROWTH, SAME, DIFFERENT, OTHER_DATA)).encode()
).hexdigest()[:12]

Hand = Mapping[int, Template]


@dataclass
class _Shelf:
    """Persons with fingers, side by side. Whoever is removed is hidden until the shelf is made anew."""

    records: list[Record]

    def __post_init__(self) -> None:
        from stonebridge.matching.fingerprint.search import Fingers

        self.hands: dict[UUID, Hand] = {each.id: fingers_of(each.identities) for each in self.records}
        self.fingers = Fingers(template for each in self.records for template in self.hands[each.id].values())
        self.owners = [each.id for each in self.records for _ in self.hands[each.id]]
        self.masks: NDArray[np.int64] = np.array(
            [each.visible for each in self.records for _ in self.hands[each.id]], dtype=np.int64
        )

    def __len__(self) -> int:
        return len(self.records)

    def hide(self, id: UUID) -> None:
        self.masks[[at for at, owner in enumerate(self.owners) if owner == id]] = 0
        self.records = [each for each in self.records if each.id != id]

    def search(self, template: Template, visible: int, limit: int) -> set[UUID]:
        found = self.fingers.search(template, limit, (self.masks & visible) != 0)
        return {self.owners[each.place] for each in found if each.score > 0}


class FingerEngine:
    """Adds the evidence of fingers to what ``beside`` finds, and finds by fingers alone."""

    def __init__(self, beside: Engine, method: str) -> None:
        self._beside, self._method = beside, method
        self._held: dict[UUID, Record] = {}
        self._shelves: list[_Shelf] = []
        self._new: dict[UUID, Record] = {}

    @property
    def version(self) -> str:
        """Both methods, and the other's tables."""
        return f"{self._beside.version}+fingers-{self._method}"

    @property
    def is_current(self) -> bool:
        """Whether the tables belong to both methods of this program."""
        return self._method == METHOD and self._beside.is_current

    def add(self, record: Record) -> None:
        """Hold a record, in place of any former one with the same id."""
        self.remove(record.id)
        self._beside.add(record)
        if any(each.fingers for each in record.identities):
            self._held[record.id] = self._new[record.id] = record

    def remove(self, id: UUID) -> None:
        """Forget a record; an unknown id is no error."""
        self._beside.remove(id)
        if self._held.pop(id, None) and not self._new.pop(id, None):
            for shelf in self._shelves:
                if id in shelf.hands:
                    shelf.hide(id)

    def search(self, probe: Identity, visible: int, limit: int, budget: float) -> Found:
        """The best by either kind of evidence or both; the budget is the other engine's."""
        found = self._beside.search(probe, visible, limit, budget)
        hand = fingers_of([probe])
        if not hand:
            return found
        hits = {hit.id: hit for hit in found.hits}
        for id in self._proposed(hand, visible, limit):
            if id not in hits:
                hits[id] = self._beside.explain(probe, self._held[id])
        told = [self._with_fingers(hit, hand, self._held.get(hit.id)) for hit in hits.values()]
        return replace(found, hits=tuple(sorted(told, key=lambda hit: (-hit.score, hit.id))[:limit]))

    def explain(self, probe: Identity, record: Record) -> Hit:
        """Compare with one record, held or not, as a search does."""
        return self._with_fingers(self._beside.explain(probe, record), fingers_of([probe]), record)

    def _proposed(self, hand: Hand, visible: int, limit: int) -> set[UUID]:
        if self._new:
            records = list(self._new.values())
            while self._shelves and len(self._shelves[-1]) <= len(records):
                records = [*self._shelves.pop().records, *records]
            self._shelves.append(_Shelf(records))
            self._new = {}
        best = heapq.nlargest(SEARCHED, hand.values(), key=len)
        return set().union(*(shelf.search(each, visible, limit) for shelf in self._shelves for each in best))

    def _with_fingers(self, hit: Hit, hand: Hand, record: Record | None) -> Hit:
        other = fingers_of(record.identities) if hand and record else {}
        if not other:
            return hit
        from stonebridge.matching.fingerprint.ten_fingers import compare_fingers

        fused = compare_fingers(hand, other)
        level = "same" if fused.score >= SAME else "different" if fused.score <= DIFFERENT else "unclear"
        agree = sum(bits >= AGREES for bits in fused.fingers.values())
        bits = round(fused.score, 2)
        told = [Comparison("fingers", bits, Detail(f"fingers.{level}", str(agree), str(len(fused.fingers))))]
        relief = round(min(max(0.0, OTHER_DATA - hit.score), max(0.0, bits)), 2)
        if relief:
            told.append(Comparison("other_data", relief, Detail("other_data.given", "", "")))
        return Hit(hit.id, round(hit.score + bits + relief, 2), (*told, *hit.comparisons))


class WithFingers:
    """Makes such engines around those of another kind, and marks its tables with the method for fingers."""

    def __init__(self, beside: EngineKind) -> None:
        self._beside = beside

    def learn(self, records: Iterable[Record]) -> bytes:
        """What the other engine learns."""
        return MARK + METHOD.encode() + b"\n" + self._beside.learn(records)

    def start(self, tables: bytes) -> FingerEngine:
        """Make an empty engine. Tables from before there were fingers belong to no method for them."""
        if not tables:
            return FingerEngine(self._beside.start(b""), METHOD)
        method, _, others = (
            tables.removeprefix(MARK).partition(b"\n") if tables.startswith(MARK) else (b"", b"", tables)
        )
        return FingerEngine(self._beside.start(others), method.decode())
