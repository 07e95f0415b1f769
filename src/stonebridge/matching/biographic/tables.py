"""What must be known of a register to weigh an agreement: counted, then frozen, and kept for each version.

Tables name no single person: a name, a place or a nationality with fewer than ``FEW`` bearers
is not in them, and a smaller count stands as none. While tables stay the same, nobody who is added,
changed or removed changes the score of two others.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.biographic import evidence
from stonebridge.matching.biographic.birth import read_birth, smoothed
from stonebridge.matching.biographic.probing import Shares
from stonebridge.matching.biographic.register import (
    MOST_NATIONALITIES,
    SEXES,
    Memory,
    Nationalities,
    place_token,
)
from stonebridge.matching.biographic.shares import origins_of, script_shares, sex_shares, shrunk
from stonebridge.matching.names.tokens import Token, tokens
from stonebridge.matching.names.vocabulary import Vocabulary, Weights
from stonebridge.matching.record import Record

FEW = 5  # persons
UNLISTED = 1.5  # persons who bear a name that is not in the tables, for weighing it
METHOD_PARTS = (
    (
        "stonebridge.matching.biographic",
        ("evidence.py", "birth.py", "columns.py", "probing.py", "scoring.py", "shares.py", "tables.py"),
    ),
    (
        "stonebridge.matching.names",
        ("letters.py", "skeleton.py", "slipping.py", "spelling.py", "tokens.py", "vocabulary.py"),
    ),
)


@cache
def method() -> str:
    """A digest of all that turns counts into bits: other numbers, or another way of adding, are another method."""
    digest = hashlib.sha256()
    for room, names in METHOD_PARTS:
        for name in names:
            digest.update((resources.files(room) / name).read_bytes())
    return digest.hexdigest()[:6]


def count(records: Iterable[Record]) -> bytes:
    """Count a register once."""
    persons = 0
    own, parents, of_place = Counter[Token](), Counter[Token](), Counter[Token]()
    pairs, nationalities = Counter[tuple[Token, str]](), Counter[str]()
    sexes, births, sexed = Counter[int](), Counter[int](), Counter[tuple[Token, int]]()
    for record in records:
        persons += 1
        names, kin, states = set[Token](), set[Token](), set[str]()
        for each in record.identities:
            names.update(tokens(each.given), tokens(each.family))
            kin.update(tokens(each.father), tokens(each.mother))
            states.update(each.nationalities)
            place = place_token(each.birth_place) if each.birth_place else None
            if place:
                of_place[place] += 1
            sex = SEXES.get(each.sex, 0)
            sexes[sex] += 1
            sexed.update((name, sex) for name in {*tokens(each.given), *tokens(each.family)} if sex in (1, 2))
            births[max(read_birth(each.birth), 0)] += 1
        own.update(names)
        parents.update(kin)
        nationalities.update(states)
        pairs.update((name, state) for name in names | kin for state in states)
    listed = [token for token in own.keys() | parents.keys() if own[token] + parents[token] >= FEW]
    known = {
        "method": method(), "persons": persons,
        "names": sorted(_spelled(token, own[token] + evidence.PARENT * parents[token]) for token in listed),
        "origins": sorted([*_spelled(name, n), state] for (name, state), n in pairs.items() if n >= FEW),
        "sexed": sorted([*_spelled(name, n), sex] for (name, sex), n in sexed.items() if n >= FEW),
        "places": sorted(_spelled(token, n) for token, n in of_place.items() if n >= FEW),
        "nationalities": sorted([state, n] for state, n in nationalities.items() if n >= FEW),
        "sexes": [sexes[sex] for sex in range(4)],
        "births": _dates(births),
    }  # fmt: skip
    return json.dumps(known, ensure_ascii=False, separators=(",", ":")).encode()


def _spelled(token: Token, number: float) -> list[Any]:
    return [token.script, token.letters, token.latin, round(number, 1)]


def _dates(births: Counter[int]) -> dict[str, list[list[int]]]:
    """Years, years of a 1 January, and days of the year, each with its number of persons."""
    years, januaries, days = Counter[int](), Counter[int](), Counter[int]()
    for birth, number in births.items():
        if birth:
            years[birth >> 9] += number
            if birth & 511 == 33:
                januaries[birth >> 9] += number
            elif birth & 31:
                days[birth & 511] += number
    return {
        name: sorted([value, n] for value, n in counted.items() if n >= FEW)
        for name, counted in (("years", years), ("januaries", januaries), ("days", days))
    }


class Tables:
    """Counts made ready for weighing. Of no bytes, and of another engine's tables, they know nothing of the register."""

    def __init__(self, content: bytes) -> None:
        known = json.loads(content or count(()))
        if "method" not in known:
            known = json.loads(count(())) | {"method": "of another engine"}
        self.method: str = known["method"]
        self.persons: int = known["persons"]
        self.nationalities = Nationalities()
        vocabulary, borne = _listed(known["names"])
        self._scripts = script_shares(vocabulary, borne)
        self._origins(known)
        self.names = self._names(known, vocabulary, borne)
        self.places = self._places(known["places"])

    def _origins(self, known: dict[str, Any]) -> None:
        having = np.zeros(MOST_NATIONALITIES + 1)  # the last is one that nobody has
        for state, number in known["nationalities"]:
            having[self.nationalities.number(state)] = number
        self._origin = origins_of(having[: len(self.nationalities)])
        within = np.zeros((len(having), self._origin.number))
        within[: len(self.nationalities)] = self._origin.within
        years, januaries, days = (
            _spread(known["births"][name], size) for name, size in (("years", 2112), ("januaries", 2112), ("days", 512))
        )
        rows = self.persons + evidence.BACKGROUND
        self.shares = Shares(
            smoothed(years, januaries, days), evidence.BIRTH_CHANCE, sex_shares(np.array(known["sexes"])),
            shrunk(having, int(having.sum()), evidence.NATIONALITY_USUAL).astype(np.float64),
            float(np.log2(evidence.SIBLINGS / rows)), float(np.log2(evidence.TWINS / rows)),
            self._origin.share, within, self._scripts,
        )  # fmt: skip

    def _names(self, known: dict[str, Any], vocabulary: Vocabulary, borne: NDArray[np.float64]) -> Memory:
        by_origin = np.zeros((len(vocabulary), self._origin.number + 2), np.float32)
        for script, letters, latin, number, state in known["origins"]:
            place, nationality = vocabulary.known(Token(script, letters, latin)), self.nationalities.get(state)
            if place >= 0 and nationality is not None:
                by_origin[place, self._origin.of[nationality]] += number
        for script, letters, latin, number, sex in known.get("sexed", ()):
            place = vocabulary.known(Token(script, letters, latin))
            if place >= 0:
                by_origin[place, self._origin.number + sex - 1] += number
        unlisted = UNLISTED / (self.persons + evidence.BACKGROUND)
        share = shrunk(borne, self.persons, evidence.NAME_USUAL)
        return Memory(
            vocabulary,
            Weights(share, evidence.NAME_LEVELS, evidence.LEVEL_LEAST, unlisted, evidence.NAME_MOST, by_origin),
        )

    def _places(self, known: list[list[Any]]) -> Memory:
        vocabulary, born = _listed(known)
        share, nothing = shrunk(born, int(born.sum()), evidence.PLACE_USUAL), np.zeros((len(vocabulary), 1), np.float32)
        unlisted = UNLISTED / (self.persons + evidence.BACKGROUND)
        return Memory(
            vocabulary,
            Weights(share, evidence.PLACE_LEVELS, evidence.LEVEL_LEAST, unlisted, evidence.PLACE_MOST, nothing),
        )


def _listed(rows: list[list[Any]]) -> tuple[Vocabulary, NDArray[np.float64]]:
    vocabulary = Vocabulary()
    for script, letters, latin, _ in rows:
        vocabulary.number(Token(script, letters, latin))
    vocabulary.index()
    return vocabulary, np.array([number for *_, number in rows], np.float64)


def _spread(rows: list[list[int]], size: int) -> NDArray[np.float64]:
    made = np.zeros(size)
    for value, number in rows:
        made[value] = number
    return made
