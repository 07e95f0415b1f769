"""A register that can be searched: built from texts, asked with texts."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.biographic import evidence
from stonebridge.matching.biographic.birth import birth_shares, read_birth
from stonebridge.matching.biographic.columns import Columns, Postings, assemble, count_tokens, packed_document, post
from stonebridge.matching.biographic.searching import Answers, Near, NearPlaces, Probes, Shares, Workspace, search
from stonebridge.matching.names.letters import words
from stonebridge.matching.names.tokens import Token, tokens
from stonebridge.matching.names.vocabulary import LEVELS, THRESHOLDS, Vocabulary

FIELDS = ("given", "family", "father", "mother", "birth", "sex", "nationality", "doc", "pob")
GROUPS = 28
SEXES = {"m": 1, "f": 2, "x": 3, "male": 1, "female": 2, "1": 1, "2": 2, "w": 2}


class Numbers(dict[str, int]):
    """Texts by number in the order in which they came; reading a text numbers it."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


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


def place_token(text: str) -> Token | None:
    """A place of birth as one token."""
    found = words(text)
    if not found:
        digits = "".join(char for char in text.casefold() if char.isalnum())
        return Token(0, digits, "a") if digits else None
    script = found[0].script
    digits = "".join(char for char in text if char.isdigit())
    return Token(
        script, "".join(word.letters for word in found if word.script == script) + digits,
        "".join(word.latin for word in found if word.script == script),
    )  # fmt: skip


class Register:
    """Persons as columns, with all that a search needs. Built once; see ``append`` for additions."""

    def __init__(self, texts: Texts) -> None:
        self.ids = texts.ids
        self.vocabulary = Vocabulary()
        self.places = Vocabulary()
        self._build(texts)
        self._near: dict[Token, int] = {}
        self._lists: list[tuple[Any, Any, Any, Any]] = []
        self._near_places: dict[Token, int] = {}
        self._place_lists: list[tuple[Any, Any, Any]] = []

    def __len__(self) -> int:
        return len(self.ids)

    def _build(self, texts: Texts) -> None:
        numbers: dict[str, int] = {}
        starts = [0]
        listed: list[int] = []
        number = self.vocabulary.number
        fields = []
        for field in ("given", "family", "father", "mother"):
            own = []
            for text in texts.numbers[field]:
                known = numbers.get(text)
                if known is None:
                    known = numbers[text] = len(numbers)
                    listed.extend([number(token) for token in tokens(text)])
                    starts.append(len(listed))
                own.append(known)
            fields.append(np.array(own, np.int32)[texts.column(field)])
        self.vocabulary.index()
        birth = self._values(texts, "birth", lambda text: max(read_birth(text), 0), np.int32)
        order = np.argsort(birth, kind="stable").astype(np.int32)
        sex = self._values(texts, "sex", lambda text: SEXES.get(text.strip().lower(), 0), np.int8)
        start, token, shape = assemble(
            order, np.stack(fields), np.array(starts, np.int64), np.array(listed, np.int32), sex
        )
        self.nationalities: dict[str, int] = {}
        nationality = self._values(texts, "nationality", self._nationality, np.int16)[order]
        place = self._values(texts, "pob", self._place, np.int32)[order]
        document = self._values(texts, "doc", packed_document, np.uint64)[order]
        self.places.index()
        self.order = order
        self.columns = Columns(birth[order], start, token, shape, nationality, place, document)
        self.postings: Postings = post(
            self.columns, self.vocabulary.group, int(self.vocabulary.group.max(initial=-1)) + 1
        )
        self._count()

    def _values(self, texts: Texts, field: str, read: Any, kind: Any) -> NDArray[Any]:
        return np.array([read(text) for text in texts.numbers[field]], kind)[texts.column(field)]

    def _nationality(self, text: str) -> int:
        code = text.strip().upper()
        return self.nationalities.setdefault(code, len(self.nationalities)) if code else -1

    def _place(self, text: str) -> int:
        token = place_token(text)
        return -1 if token is None else self.places.number(token)

    def _count(self) -> None:
        rows = max(len(self), 1)
        names, parents = count_tokens(self.columns, len(self.vocabulary))
        self.name_share = (names + 0.3 * parents).astype(np.float32) / rows
        places = np.bincount(self.columns.place[self.columns.place >= 0], minlength=len(self.places))
        self.place_share = places / max(places.sum(), 1)
        sexes = np.bincount((self.columns.shape >> 10) & 3, minlength=4)[:4].astype(np.float64) + 1
        sexes[0] = 0
        having = self.columns.nationality[self.columns.nationality >= 0]
        nationalities = (np.bincount(having, minlength=len(self.nationalities)) + 1.0) / (
            len(having) + 1.0 + len(self.nationalities)
        )
        self.shares = Shares(
            birth_shares(self.columns.birth), evidence.BIRTH_CHANCE, sexes / sexes.sum(), nationalities,
            float(np.log2(evidence.SIBLINGS / (rows + 10))), float(np.log2(evidence.TWINS / (rows + 10))),
        )  # fmt: skip

    def _weigh(self, ids: NDArray[np.int32], likes: NDArray[np.float32]) -> tuple[Any, Any, Any, Any]:
        """Levels of neighbours, bits of each level, groups most alike first."""
        levels = (likes[:, None] < THRESHOLDS[None, :]).sum(1).astype(np.int8)
        bits = level_bits(levels, self.name_share[ids], evidence.NAME_LEVELS, 0.5 / (len(self) + 10))
        groups = self.vocabulary.group[ids]
        _, first = np.unique(groups, return_index=True)
        return ids, levels, np.minimum(bits, evidence.NAME_MOST), groups[np.sort(first)[:GROUPS]]

    def _neighbours(self, wanted: Iterable[Token]) -> None:
        fresh = [token for token in dict.fromkeys(wanted) if token not in self._near]
        if not fresh:
            return
        for token, (ids, likes) in zip(fresh, self.vocabulary.near(fresh), strict=True):
            self._near[token] = len(self._lists)
            self._lists.append(self._weigh(ids, likes))

    def _neighbouring_places(self, wanted: Iterable[Token]) -> None:
        fresh = [token for token in dict.fromkeys(wanted) if token not in self._near_places]
        if not fresh:
            return
        for token, (ids, likes) in zip(fresh, self.places.near(fresh), strict=True):
            levels = (likes[:, None] < THRESHOLDS[None, :]).sum(1).astype(np.int8)
            kept = levels < 4
            ids, levels = ids[kept], levels[kept]
            bits = level_bits(levels, self.place_share[ids], evidence.PLACE_LEVELS, 1e-5)
            own = np.concatenate([[evidence.PLACE_DIFFERS], np.minimum(bits, evidence.PLACE_MOST)]).astype(np.float32)
            self._near_places[token] = len(self._place_lists)
            self._place_lists.append((ids, levels, own))

    def prepare(self, queries: Sequence[Query]) -> tuple[Probes, Near, NearPlaces]:
        """Probes of a batch with the neighbours of their names."""
        count = len(queries)
        split = [
            (tokens(query.given)[:4], tokens(query.family), tokens(query.father)[:2], tokens(query.mother)[:2])
            for query in queries
        ]
        places = [place_token(query.pob) if query.pob else None for query in queries]
        self._neighbours(token for fields in split for field in fields for token in field)
        self._neighbouring_places(token for token in places if token)
        probes = Probes(
            np.full((count, 12), -1, np.int32), np.zeros(count, np.int8), np.zeros(count, np.int8), np.zeros(count, np.int8),
            np.zeros(count, np.int8), np.zeros(count, np.int32), np.zeros(count, np.int8), np.full(count, -2, np.int32),
            np.zeros(count, np.uint64), np.full(count, -1, np.int32),
        )  # fmt: skip
        local: dict[int, int] = {}
        local_places: dict[int, int] = {}
        for at, (query, (given, family, father, mother)) in enumerate(zip(queries, split, strict=True)):
            names = (*given, *family)[:8]
            probes.names[at], probes.given[at] = len(names), len(given)
            probes.fathers[at], probes.mothers[at] = len(father), len(mother)
            for slot, token in (*enumerate(names), *enumerate(father, 8), *enumerate(mother, 10)):
                listed = self._near[token]
                probes.near[at, slot] = local.setdefault(listed, len(local))
            probes.birth[at] = max(read_birth(query.birth), 0)
            probes.sex[at] = SEXES.get(query.sex.strip().lower(), 0)
            if code := query.nationality.strip().upper():
                probes.nationality[at] = self.nationalities.get(code, -1)
            probes.document[at] = packed_document(query.doc)
            if (place := places[at]) is not None:
                probes.place[at] = local_places.setdefault(self._near_places[place], len(local_places))
        return (
            probes,
            _near([self._lists[each] for each in local]),
            _near_places([self._place_lists[each] for each in local_places]),
        )

    def search(self, queries: Sequence[Query], limit: int = 10, threads: int = 1) -> Answers:
        """The best rows of each query."""
        probes, near, places = self.prepare(queries)
        count = len(queries)
        answers = Answers(
            np.full((count, limit), -1, np.int32), np.zeros((count, limit), np.float32),
            np.zeros((count, limit, 10), np.float32), np.zeros((count, limit, 10), np.int8), np.zeros(count, np.int32),
        )  # fmt: skip
        nobody = np.zeros(0, np.int64)
        cuts = np.linspace(0, count, threads + 1).astype(int)

        def run(part: int) -> None:
            search(probes, near, places, self.columns, self.postings, self.shares, nobody, -1, self.workspace(), answers,
                   cuts[part], cuts[part + 1])  # fmt: skip

        if threads == 1:
            run(0)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(run, range(threads)))
        return answers

    def workspace(self) -> Workspace:
        """Room for one thread's searches."""
        return Workspace(
            np.zeros((12, max(len(self.vocabulary), 1)), np.int8), np.zeros(max(len(self.places), 1), np.int8),
            np.zeros(max(len(self), 1), np.bool_),
        )  # fmt: skip


def level_bits(
    levels: NDArray[np.int8], shares: NDArray[Any], chances: NDArray[np.float64], least: float
) -> NDArray[np.float32]:
    """Bits of each level: how often one person's name stands at it, over how often a stranger's does."""
    own = np.bincount(levels, weights=shares, minlength=LEVELS)[:LEVELS]
    better = np.cumsum(own)
    strangers = np.maximum(np.maximum(own, evidence.LEVEL_LEAST * better), least)
    bits = np.log2(np.maximum(chances, 1e-9) / strangers)
    result: NDArray[np.float32] = np.minimum.accumulate(bits).astype(np.float32)
    return result


def _near(lists: Sequence[tuple[Any, Any, Any, Any]]) -> Near:
    if not lists:
        return Near(
            np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int8), np.zeros((0, LEVELS), np.float32),
            np.zeros(1, np.int64), np.zeros(0, np.int32),
        )  # fmt: skip
    ids, levels, bits, groups = zip(*lists, strict=True)
    return Near(
        np.cumsum([0, *map(len, ids)]).astype(np.int64), np.concatenate(ids), np.concatenate(levels), np.stack(bits),
        np.cumsum([0, *map(len, groups)]).astype(np.int64), np.concatenate(groups),
    )  # fmt: skip


def _near_places(lists: Sequence[tuple[Any, Any, Any]]) -> NearPlaces:
    if not lists:
        return NearPlaces(
            np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int8), np.zeros((0, LEVELS + 1), np.float32)
        )
    ids, levels, bits = zip(*lists, strict=True)
    return NearPlaces(
        np.cumsum([0, *map(len, ids)]).astype(np.int64), np.concatenate(ids), np.concatenate(levels), np.stack(bits)
    )


__all__ = ["FIELDS", "Query", "Register", "Texts"]
