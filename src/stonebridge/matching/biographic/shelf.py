"""Some records side by side, never changed: they are searched as they lie, and only hidden when they are replaced.

A person takes a row for each statement of identity, and for each nationality and document in
it. What an agreement weighs comes from the tables alone, so it does not matter on which shelf
a record lies.
"""

import itertools
from collections.abc import Iterator, Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.biographic.columns import Columns, days_of, post
from stonebridge.matching.biographic.register import (
    FIELDS,
    MOST_NATIONALITIES,
    Memory,
    Query,
    Texts,
    lay_out,
    prepare,
    workspace,
)
from stonebridge.matching.biographic.scanning import scan
from stonebridge.matching.biographic.searching import SEARCH, Answers, no_answers, search
from stonebridge.matching.biographic.tables import Tables
from stonebridge.matching.names.tokens import Token
from stonebridge.matching.names.vocabulary import Near, Vocabulary
from stonebridge.matching.record import Identity, Record

SCANNED = 64
"""Rows up to which every one is compared: an index would cost more than it saves."""
MOST_ROWS = 12
"""Of one statement of identity."""


def stated(identity: Identity) -> list[Query]:
    """A statement with one nationality and one document at a time."""
    choices = itertools.product(identity.nationalities or ("",), identity.documents or ("",))
    return [
        Query(
            identity.given, identity.family, identity.father, identity.mother, identity.birth, identity.sex, state,
            document, identity.birth_place,
        )
        for state, document in itertools.islice(choices, MOST_ROWS)
    ]  # fmt: skip


class Shelf:
    """Immutable but for ``hide``."""

    def __init__(self, records: Sequence[Record], tables: Tables) -> None:
        self.records = records
        self._tables = tables
        owners: list[int] = []
        rows: list[Query] = []
        for place, record in enumerate(records):
            for identity in record.identities:
                made = stated(identity)
                rows += made
                owners += [place] * len(made)
        texts = Texts()
        texts.add(owners, {field: [getattr(row, field) for row in rows] for field in FIELDS})  # type: ignore[arg-type]
        self._vocabulary, self._places = Vocabulary(), Vocabulary()
        laid = lay_out(texts, self._vocabulary, self._places, tables.nationalities.number)
        self._owner = np.array(owners, np.int32)[laid.order]
        self._variant = _places_within(owners)[laid.order]
        self._visible = np.array([record.visible for record in records], np.int64)[self._owner]
        self._indexed = len(rows) > SCANNED
        days = days_of(laid.birth) if self._indexed else np.zeros(0, np.int32)
        self._columns = Columns(laid.start, laid.word, days)
        if self._indexed:
            groups = int(self._vocabulary.group.max(initial=-1)) + 1
            self._postings = post(self._columns, laid.document[laid.order], self._vocabulary.group, groups)
        self._names = Neighbours(self._vocabulary, tables.names)
        self._place_names = Neighbours(self._places, tables.places)
        self._space = workspace(self._vocabulary, self._places, len(rows))
        keys = np.array([_key(record.id) for record in records], np.uint64)
        self._by_key = np.argsort(keys, kind="stable").astype(np.int32)
        self._keys = keys[self._by_key]

    def __len__(self) -> int:
        return len(self.records)

    def search(self, queries: Sequence[Query], visible: int, limit: int) -> Answers:
        """The best ``limit`` visible rows of each query."""
        known = self._tables.nationalities
        probes, near, places = prepare(queries, self._names, self._place_names, known, MOST_NATIONALITIES)
        answers = no_answers(len(queries), limit)
        if self._indexed:
            search(probes, near, places, self._columns, self._postings, self._tables.shares, self._visible, visible,
                   self._space, answers, 0, len(queries), SEARCH)  # fmt: skip
        else:
            scan(probes, near, places, self._columns, self._tables.shares, self._visible, visible, self._space, answers)
        return answers

    def owner(self, row: int) -> tuple[Record, Query]:
        """Whose row it is, and what it says."""
        record = self.records[self._owner[row]]
        rows = [query for identity in record.identities for query in stated(identity)]
        return record, rows[self._variant[row]]

    def hide(self, id: UUID) -> bool:
        """Never find these rows again; whether any was here and in sight."""
        key = _key(id)
        low, high = (int(np.searchsorted(self._keys, np.uint64(key), side)) for side in ("left", "right"))
        mine = [place for place in self._by_key[low:high].tolist() if self.records[place].id == id]
        if not mine:
            return False
        rows = self._owner == mine[0]
        seen = bool(self._visible[rows].any())
        self._visible[rows] = 0
        return seen

    def kept(self) -> Iterator[Record]:
        """The records that were not hidden."""
        shown = np.zeros(len(self.records), np.bool_)
        shown[self._owner[self._visible != 0]] = True
        return (self.records[place] for place in np.flatnonzero(shown).tolist())


class Neighbours(Memory):
    """Where the neighbours of a token stand on a shelf; what they weigh is the tables' to say."""

    def __init__(self, vocabulary: Vocabulary, weighed: Memory) -> None:
        nothing, origins = np.zeros(len(vocabulary), np.float32), weighed.weights.origin.shape[1]
        origin = np.broadcast_to(np.zeros(origins, np.float32), (len(vocabulary), origins))
        super().__init__(vocabulary, weighed.weights._replace(share=nothing, origin=np.ascontiguousarray(origin)))
        self._weighed = weighed

    def near(self, fresh: Sequence[Token]) -> Near:
        """Places from the shelf, bits and origins from the tables."""
        known = self._weighed.learn(fresh)
        at = [self._weighed.number[token] for token in fresh]
        return super().near(fresh)._replace(bits=known.bits[at], origin=known.origin[at])


def _key(id: UUID) -> int:
    return id.int & (1 << 64) - 1


def _places_within(owners: Sequence[int]) -> NDArray[np.uint8]:
    """For each row, how many rows of the same owner stand before it."""
    within = [place for _, group in itertools.groupby(owners) for place, _ in enumerate(group)]
    return np.minimum(np.array(within, np.int32), 255).astype(np.uint8)
