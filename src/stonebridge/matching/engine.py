"""What every engine that compares persons can do, and the shape of its answers.

A score is counted in bits of evidence: the sum of its comparisons, and each
comparison brings the sentence that an officer reads. An engine is made from
frozen tables (frequencies, costs); under one version of the tables, adding or
hiding a person changes no other person's score.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from stonebridge.matching.record import Identity, Record


@dataclass(frozen=True, slots=True)
class Detail:
    """The sentence's key (see ``sentences.py``) and the two values that it speaks of."""

    key: str
    probe: str
    candidate: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One feature compared. ``score`` is in bits: above zero speaks for the same person, below against."""

    feature: str
    score: float
    detail: Detail


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate. ``score`` is the sum of the comparisons, in bits; it is not a judgement."""

    id: UUID
    score: float
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, best first, and the share (0 to 1) of the proposed candidates that the budget allowed to compare."""

    hits: tuple[Hit, ...]
    share_searched: float


class Engine(Protocol):
    """Compares a probe with many records. Not safe for several threads at once: the gallery takes turns."""

    @property
    def version(self) -> str:
        """Name of the method and of its tables; stored with every judgement."""

    @property
    def is_current(self) -> bool:
        """Whether these tables belong to the method of this program; else they must be learnt anew."""

    def add(self, record: Record) -> None:
        """Hold a record, in place of any former one with the same id."""

    def remove(self, id: UUID) -> None:
        """Forget a record; an unknown id is no error."""

    def search(self, probe: Identity, visible: int, limit: int, budget: float) -> Found:
        """Find at most ``limit`` candidates among the records that share a bit with ``visible``.

        ``budget`` is in seconds. The mask is applied before scoring.
        """

    def explain(self, probe: Identity, record: Record) -> Hit:
        """Compare with one record, held or not. The same bits and sentences as in a search."""


class EngineKind(Protocol):
    """Makes engines. ``tables`` are bytes that the gallery keeps, sealed, one for each version."""

    def learn(self, records: Iterable[Record]) -> bytes:
        """Count what the comparisons need to know of the register, as tables that name no single person."""

    def start(self, tables: bytes) -> Engine:
        """Make an empty engine. Empty tables are allowed: nothing is known of the register yet."""
