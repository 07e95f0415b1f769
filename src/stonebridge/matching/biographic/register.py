"""A register that can be searched: built from texts, asked with texts."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.biographic import evidence
from stonebridge.matching.biographic.birth import birth_shares, read_birth
from stonebridge.matching.biographic.columns import (
    Columns,
    Postings,
    assemble,
    count_tokens,
    days_of,
    packed_document,
    post,
)
from stonebridge.matching.biographic.probing import Probes, Shares, Workspace
from stonebridge.matching.biographic.searching import JOIN, SEARCH, Answers, join, no_answers, search
from stonebridge.matching.biographic.shares import origins_of, script_shares, sex_shares, shrunk
from stonebridge.matching.names.letters import words
from stonebridge.matching.names.tokens import Token, tokens
from stonebridge.matching.names.vocabulary import Near, Vocabulary, Weights, nothing_near

FIELDS = ("given", "family", "father", "mother", "birth", "sex", "nationality", "doc", "pob")
GROUPS = 28
MOST_NATIONALITIES = 1000  # a column with more holds something else
SEXES = {"m": 1, "f": 2, "x": 3, "male": 1, "female": 2, "1": 1, "2": 2, "w": 2}


class Numbers(dict[str, int]):
    """Texts by number in the order in which they came; reading a text numbers it."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


class Nationalities(dict[str, int]):
    """Nationalities by number, in the order in which they came."""

    def number(self, text: str) -> int:
        """The number of a nationality, a new one if it is new; -1 for none, and where there are too many."""
        code = text.strip().upper()
        if not code or (code not in self and len(self) >= MOST_NATIONALITIES):
            return -1
        return self.setdefault(code, len(self))


class Texts:
    """Rows as they are read: one column of text numbers a field, equal texts kept once."""

    def __init__(self) -> None:
        self.numbers = {field: Numbers() for field in FIELDS}
        for each in self.numbers.values():
            each[""]
        self.ids: list[str] = []
        self._columns: dict[str, list[NDArray[np.int32]]] = {field: [] for field in FIELDS}

    def add(self, ids: Sequence[str], columns: Mapping[str, Sequence[str]]) -> None:
        """Add rows, column by column; a missing column is empty."""
        self.ids.extend(ids)
        for field in FIELDS:
            values = columns.get(field)
            numbers = self.numbers[field]
            made = (
                np.zeros(len(ids), np.int32)
                if values is None
                else np.fromiter(map(numbers.__getitem__, values), np.int32, len(ids))
            )
            self._columns[field].append(made)

    def column(self, field: str) -> NDArray[np.int32]:
        """Text numbers of a field, row by row."""
        parts = self._columns[field]
        if len(parts) > 1:
            self._columns[field] = parts = [np.concatenate(parts)]
        return parts[0] if parts else np.zeros(0, np.int32)


@dataclass(frozen=True, slots=True)
class Query:
    """What is known of a person who is looked for. Every field may be empty."""

    given: str = ""
    family: str = ""
    father: str = ""
    mother: str = ""
    birth: str = ""
    sex: str = ""
    nationality: str = ""
    doc: str = ""
    pob: str = ""


class Pairs(NamedTuple):
    """Two rows each, as places in ``ids``, and their bits."""

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    bits: NDArray[np.float32]


def workspace(names: Vocabulary, places: Vocabulary, rows: int) -> Workspace:
    """Clean arrays for one thread's searches."""
    return Workspace(
        np.zeros((max(len(names), 1), 16), np.int8), np.zeros(max(len(places), 1), np.int8),
        np.zeros(max(rows, 1), np.bool_),
    )  # fmt: skip


def _probes(count: int) -> Probes:
    return Probes(
        np.full((count, 12), -1, np.int32), np.zeros(count, np.int8), np.zeros(count, np.int8), np.zeros(count, np.int8),
        np.zeros(count, np.int8), np.zeros(count, np.int32), np.zeros(count, np.int8), np.full(count, -2, np.int32),
        np.zeros(count, np.uint64), np.full(count, -1, np.int32),
    )  # fmt: skip


def place_token(text: str) -> Token | None:
    """A place of birth as one token. One with digits, a code or a district, is like no other but itself."""
    if any(char.isdigit() for char in text):
        key = "".join(char for char in text.casefold() if char.isalnum())
        letters = "".join(chr(97 + byte % 26) for byte in hashlib.sha256(key.encode()).digest()[:12])
        return Token(0, letters, letters)
    found = words(text)
    if not found:
        return None
    script = found[0].script
    own = [word for word in found if word.script == script]
    return Token(script, "".join(word.letters for word in own), "".join(word.latin for word in own))


class Laid(NamedTuple):
    """Rows as words, sorted by birth date, and what is counted of them, in the order in which they came."""

    order: NDArray[np.int32]
    start: NDArray[np.uint32]
    word: NDArray[np.uint32]
    birth: NDArray[np.int32]
    sex: NDArray[np.int8]
    nationality: NDArray[np.int16]
    place: NDArray[np.int32]
    document: NDArray[np.uint64]


def lay_out(texts: Texts, vocabulary: Vocabulary, places: Vocabulary, nationality_of: Callable[[str], int]) -> Laid:
    """Rows as words, with every name and place numbered and made findable."""
    numbers: dict[str, int] = {}
    starts = [0]
    listed: list[int] = []
    fields = []
    for field in ("given", "family", "father", "mother"):
        own = []
        for text in texts.numbers[field]:
            known = numbers.get(text)
            if known is None:
                known = numbers[text] = len(numbers)
                listed.extend([vocabulary.number(token) for token in tokens(text)])
                starts.append(len(listed))
            own.append(known)
        fields.append(np.array(own, np.int32)[texts.column(field)])
    vocabulary.index()

    def values(field: str, read: Callable[[str], int], kind: Any) -> NDArray[Any]:
        return np.array([read(text) for text in texts.numbers[field]], kind)[texts.column(field)]

    def place_of(text: str) -> int:
        token = place_token(text)
        return -1 if token is None else places.number(token)

    birth = values("birth", lambda text: max(read_birth(text), 0), np.int32)
    order = np.argsort(birth, kind="stable").astype(np.int32)
    sex = values("sex", lambda text: SEXES.get(text.strip().lower(), 0), np.int8)
    nationality = values("nationality", nationality_of, np.int16)
    place = values("pob", place_of, np.int32)
    document = values("doc", packed_document, np.uint64)
    places.index()
    start, word = assemble(
        order, np.stack(fields), np.array(starts, np.int64), np.array(listed, np.int32), birth, sex, nationality, place,
        document,
    )  # fmt: skip
    return Laid(order, start, word, birth, sex, nationality, place, document)


class Register:
    """Persons as columns, with all that a search needs. Built once; the node's shelves grow (``shelf.py``)."""

    def __init__(self, texts: Texts) -> None:
        self.ids = texts.ids
        self.vocabulary = Vocabulary()
        self.places = Vocabulary()
        self._build(texts)
        self._names = Memory(self.vocabulary, Weights(
            self.name_share, evidence.NAME_LEVELS, evidence.LEVEL_LEAST, 0.5 / (len(self) + evidence.BACKGROUND), evidence.NAME_MOST,
            self._by_origin,
        ))  # fmt: skip
        self._places = Memory(self.places, Weights(
            self.place_share, evidence.PLACE_LEVELS, evidence.LEVEL_LEAST, 1e-5, evidence.PLACE_MOST,
            np.zeros((len(self.places), 1), np.float32),
        ))  # fmt: skip
        self._spaces: list[Workspace] = []

    def __len__(self) -> int:
        return len(self.ids)

    def _build(self, texts: Texts) -> None:
        self.nationalities = Nationalities()
        laid = lay_out(texts, self.vocabulary, self.places, self.nationalities.number)
        self.order = laid.order
        self.columns = Columns(laid.start, laid.word, days_of(laid.birth))
        groups = int(self.vocabulary.group.max(initial=-1)) + 1
        self.postings: Postings = post(self.columns, laid.document[laid.order], self.vocabulary.group, groups)
        self._count(laid.birth, laid.sex, laid.nationality, laid.place)

    def _count(
        self, birth: NDArray[np.int32], sex: NDArray[np.int8], nationality: NDArray[np.int16], place: NDArray[np.int32]
    ) -> None:
        rows = max(len(self), 1)
        nationalities = np.bincount(nationality[nationality >= 0], minlength=len(self.nationalities))
        origins = origins_of(nationalities)
        origin = np.concatenate(([-1], origins.of))
        names, parents, self._by_origin = count_tokens(self.columns, len(self.vocabulary), origin, origins.number)
        borne = names + evidence.PARENT * parents
        self.name_share = shrunk(borne, rows, evidence.NAME_USUAL)
        places = np.bincount(place[place >= 0], minlength=len(self.places))
        self.place_share = shrunk(places, int(places.sum()), evidence.PLACE_USUAL)
        self.shares = Shares(
            birth_shares(birth), evidence.BIRTH_CHANCE, sex_shares(np.bincount(sex, minlength=4)[:4]),
            shrunk(nationalities, int(nationalities.sum()), evidence.NATIONALITY_USUAL).astype(np.float64),
            float(np.log2(evidence.SIBLINGS / (rows + 10))), float(np.log2(evidence.TWINS / (rows + 10))),
            origins.share, origins.within, script_shares(self.vocabulary, borne),
        )  # fmt: skip

    def search(self, queries: Sequence[Query], limit: int = 10) -> Answers:
        """The best rows of each query."""
        probes, near, places = prepare(queries, self._names, self._places, self.nationalities)
        answers = no_answers(len(queries), limit)
        nobody = np.zeros(0, np.int64)
        with self._borrowed() as space:
            search(probes, near, places, self.columns, self.postings, self.shares, nobody, -1, space, answers,
                   0, len(queries), SEARCH)  # fmt: skip
        return answers

    def pairs(self, least: float, threads: int = 1, new: NDArray[np.bool_] | None = None) -> Pairs:
        """Every pair of rows that may be one person, at ``least`` bits or more, as places in ``ids``.

        With ``new`` (by place in ``ids``), pairs of two rows that are not new are left out.
        """
        near = self.vocabulary.near(None, self._names.weights, GROUPS, threads)
        places = self.places.near(None, self._places.weights, GROUPS, threads)
        fresh = np.zeros(0, np.bool_) if new is None else new[self.order]
        cuts = np.linspace(0, len(self), 16 * threads + 1).astype(int)

        def run(part: int) -> Any:
            with self._borrowed() as space:
                return join(_probes(1), near, places, self.columns, self.postings, self.shares, space, least,
                            cuts[part], cuts[part + 1], fresh, JOIN)  # fmt: skip

        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(run, range(len(cuts) - 1)))
        first, second, bits = (np.concatenate(column) for column in zip(*parts, strict=True))
        return Pairs(self.order[first], self.order[second], bits)

    @contextmanager
    def _borrowed(self) -> Iterator[Workspace]:
        """Room for one thread's searches, clean before and after."""
        try:
            space = self._spaces.pop()
        except IndexError:
            space = workspace(self.vocabulary, self.places, len(self))
        yield space
        self._spaces.append(space)


def prepare(
    queries: Sequence[Query], names: "Memory", place_names: "Memory", nationalities: Nationalities, unknown: int = -1
) -> tuple[Probes, Near, Near]:
    """Probes of a batch with the neighbours of their names. ``unknown`` stands for a nationality without a number."""
    count = len(queries)
    split = [
        (tokens(query.given)[:4], tokens(query.family), tokens(query.father)[:2], tokens(query.mother)[:2])
        for query in queries
    ]
    places = [place_token(query.pob) if query.pob else None for query in queries]
    near = names.learn(token for fields in split for field in fields for token in field)
    near_places = place_names.learn(token for token in places if token)
    probes = _probes(count)
    number, place_number = names.number, place_names.number
    for at, (query, (given, family, father, mother)) in enumerate(zip(queries, split, strict=True)):
        parts = (*given, *family)[:8]
        probes.names[at], probes.given[at] = len(parts), len(given)
        probes.fathers[at], probes.mothers[at] = len(father), len(mother)
        for slot, token in (*enumerate(parts), *enumerate(father, 8), *enumerate(mother, 10)):
            probes.near[at, slot] = number[token]
        probes.birth[at] = max(read_birth(query.birth), 0)
        probes.sex[at] = SEXES.get(query.sex.strip().lower(), 0)
        if code := query.nationality.strip().upper():
            probes.nationality[at] = nationalities.get(code, unknown)
        probes.document[at] = packed_document(query.doc)
        if (place := places[at]) is not None:
            probes.place[at] = place_number[place]
    return probes, near, near_places


class Memory:
    """Neighbours of the tokens that were asked for before: the same names come again and again."""

    MOST = 200_000

    def __init__(self, vocabulary: Vocabulary, weights: Weights) -> None:
        self._vocabulary, self.weights = vocabulary, weights
        self._forget()

    def _forget(self) -> None:
        self.number: dict[Token, int] = {}
        self._room = nothing_near(self.weights.origin.shape[1], 1 << 10)
        self._sizes = [1 if name in ("start", "group_start") else 0 for name in Near._fields]

    def near(self, fresh: Sequence[Token]) -> Near:
        """The neighbours of tokens that were not asked for before."""
        return self._vocabulary.near(fresh, self.weights, GROUPS)

    def learn(self, wanted: Iterable[Token]) -> Near:
        """The neighbours of all remembered tokens, in the order of ``number``, after those of new ones were found."""
        if len(self.number) > self.MOST:
            self._forget()
        fresh = [token for token in dict.fromkeys(wanted) if token not in self.number]
        if fresh:
            self._keep(self.near(fresh))
            for token in fresh:
                self.number[token] = len(self.number)
        room: list[NDArray[Any]] = list(self._room)
        return Near(*(part[:size] for part, size in zip(room, self._sizes, strict=True)))

    def _keep(self, more: Near) -> None:
        kept: list[NDArray[Any]] = []
        added: list[NDArray[Any]] = list(more)
        room: list[NDArray[Any]] = list(self._room)
        for place, start in ((0, more.start), (4, more.group_start)):
            added[place] = start[1:] + room[place][self._sizes[place] - 1]
        for place, part in enumerate(room):
            size = self._sizes[place] + len(added[place])
            longer = np.concatenate((part, np.zeros((size, *part.shape[1:]), part.dtype))) if size > len(part) else part
            longer[self._sizes[place] : size] = added[place]
            self._sizes[place] = size
            kept.append(longer)
        self._room = Near(*kept)
