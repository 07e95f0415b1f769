"""All tokens of a register, and for any token its neighbours: those that can be the same name, and how like they are.

A register of a million persons has some ten thousand tokens, so that spelling is compared
once for each pair of tokens and never for each person: persons are then scored by looking
up numbers. Levels of likeness, best first: 0 the same letters, 1 to 4 ever less alike.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.kernels import kernel
from stonebridge.matching.names.letters import LATIN
from stonebridge.matching.names.skeleton import keys_of, skeletons
from stonebridge.matching.names.spelling import (
    IS_VOWEL,
    LATIN_H,
    Spelling,
    encode,
    likeness_of,
    spelling_table,
)
from stonebridge.matching.names.tokens import LONGEST, Token

LEVELS = 5
THRESHOLDS = np.array([9.0, 1.9, 1.3, 0.8, 0.35])
"""Least likeness of levels 1 to 4; level 0 is equality."""
NEIGHBOURS = 600
FAINT = 1e-5


class Letters(NamedTuple):
    """Tokens as codes, one row each."""

    native: NDArray[np.uint8]
    size: NDArray[np.uint8]
    script: NDArray[np.uint8]
    latin: NDArray[np.uint8]
    length: NDArray[np.uint8]


class Keyed(NamedTuple):
    """Keys of all tokens, sorted, and whose they are."""

    key: NDArray[np.int64]
    token: NDArray[np.int32]


def letters_of(tokens: Sequence[Token]) -> Letters:
    """Codes of tokens, cut at ``LONGEST`` letters."""
    count = len(tokens)
    made = Letters(
        np.zeros((count, LONGEST + 1), np.uint8), np.zeros(count, np.uint8), np.zeros(count, np.uint8),
        np.zeros((count, LONGEST + 1), np.uint8), np.zeros(count, np.uint8),
    )  # fmt: skip
    for place, token in enumerate(tokens):
        latin = token.latin.encode("ascii", "replace")[:LONGEST]
        made.latin[place, : len(latin)] = np.frombuffer(latin, np.uint8)
        made.length[place] = len(latin)
        made.script[place] = token.script
        if token.script != LATIN:
            native = encode(token.letters[:LONGEST], token.script)
            made.native[place, : len(native)] = native
            made.size[place] = len(native)
    made.latin[made.latin > 0] -= 96
    latin_rows = made.script == LATIN
    made.native[latin_rows] = made.latin[latin_rows]
    made.size[latin_rows] = made.length[latin_rows]
    return made


@kernel
def _all_keys(latin: Any, length: Any, groups: Any) -> Any:
    count = len(length)
    keys = np.empty(count * 24 + 256, np.int64)
    owners = np.empty(count * 24 + 256, np.int32)
    written = 0
    own = np.empty(256, np.int64)
    readings = np.empty(16, np.int64)
    for token in range(count):
        skeletons(latin[token], length[token], 0, readings)
        groups[token] = readings[0]
        found = keys_of(latin[token], length[token], False, own)
        if written + found > len(keys):
            more = np.empty(2 * len(keys) + found, np.int64)
            more[:written] = keys[:written]
            keys = more
            mine = np.empty(len(keys), np.int32)
            mine[:written] = owners[:written]
            owners = mine
        for place in range(found):
            keys[written] = own[place]
            owners[written] = token
            written += 1
    return keys[:written], owners[:written]


@kernel
def likeness(
    one: Any, first: int, other: Any, second: int, spellings: Any, is_vowel: Any, latin_h: int, faint: float
) -> Any:
    """How like two tokens are, by the costs of their scripts; both in Latin readings where neither is Latin."""
    mine = one.script[first]
    theirs = other.script[second]
    if mine == theirs or (mine != 0 and theirs != 0):
        spelling = spellings[0]
        return likeness_of(
            one.latin[first], one.length[first], 0, other.latin[second], other.length[second], spelling, is_vowel,
            latin_h, faint,
        )  # fmt: skip
    if mine == 0:
        native, at, latin, place = other, second, one, first
    else:
        native, at, latin, place = one, first, other, second
    script = native.script[at]
    if script == 1:
        spelling = spellings[1]
    elif script == 2:
        spelling = spellings[2]
    else:
        spelling = spellings[3]
    best = likeness_of(
        native.native[at], native.size[at], script, latin.latin[place], latin.length[place], spelling, is_vowel, latin_h,
        faint,
    )  # fmt: skip
    if (
        latin.length[place] > 5
        and latin.latin[place, 1] == 12
        and (latin.latin[place, 0] == 1 or latin.latin[place, 0] == 5)
    ):
        without = likeness_of(
            native.native[at], native.size[at], script, latin.latin[place, 2:], latin.length[place] - 2, spelling, is_vowel,
            latin_h, faint,
        )  # fmt: skip
        best = max(best, without - 0.1)
    return best


@kernel
def _near(
    probe: Any, at: int, kept: Any, keyed: Any, spellings: Any, is_vowel: Any, latin_h: int, faint: float, seen: Any,
    ids: Any, likes: Any,
) -> int:  # fmt: skip
    """Write the neighbours of one probe token (not sorted); ``seen`` is cleared again before the return."""
    own = np.empty(256, np.int64)
    found = keys_of(probe.latin[at], probe.length[at], True, own)
    met = np.empty(4096, np.int32)
    count = 0
    for place in range(found):
        low = np.searchsorted(keyed.key, own[place])
        while low < len(keyed.key) and keyed.key[low] == own[place]:
            token = keyed.token[low]
            low += 1
            if not seen[token]:
                seen[token] = True
                if count == len(met):
                    more = np.empty(2 * count, np.int32)
                    more[:count] = met
                    met = more
                met[count] = token
                count += 1
    written = 0
    for place in range(count):
        token = met[place]
        seen[token] = False
        same = probe.script[at] == kept.script[token] and probe.size[at] == kept.size[token]
        if same:
            for letter in range(probe.size[at]):
                if probe.native[at, letter] != kept.native[token, letter]:
                    same = False
                    break
        like = 9.0 if same else likeness(probe, at, kept, token, spellings, is_vowel, latin_h, faint)
        if like >= 0.35 and written < len(ids):
            ids[written] = token
            likes[written] = like
            written += 1
    return written


class Vocabulary:
    """Tokens with their numbers, and the keys by which neighbours are found. Grows; numbers never change."""

    def __init__(self) -> None:
        self._number: dict[Token, int] = {}
        self._spellings: tuple[Spelling, ...] = spelling_table().spellings
        self._kept: Letters = letters_of(())
        self._keyed = Keyed(np.zeros(0, np.int64), np.zeros(0, np.int32))
        self.group: NDArray[np.int32] = np.zeros(0, np.int32)
        self._groups: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._number)

    def number(self, token: Token) -> int:
        """The token's number, a new one if it is new. New tokens are found after the next ``index``."""
        return self._number.setdefault(token, len(self._number))

    def known(self, token: Token) -> int:
        """The token's number, or -1."""
        return self._number.get(token, -1)

    def index(self) -> None:
        """Make every token findable."""
        fresh = list(self._number)[len(self._kept.size) :]
        if not fresh:
            return
        added = letters_of(fresh)
        first = len(self._kept.size)
        codes = np.zeros(len(fresh), np.int64)
        keys, owners = _all_keys(added.latin, added.length, codes)
        groups = self._groups
        numbers = np.array([groups.setdefault(code, len(groups)) for code in codes.tolist()], np.int32)
        self._kept = Letters(*(np.concatenate(pair) for pair in zip(self._kept, added, strict=True)))
        self.group = np.concatenate([self.group, numbers])
        keys = np.concatenate([self._keyed.key, keys])
        owners = np.concatenate([self._keyed.token, owners + np.int32(first)])
        order = np.argsort(keys, kind="stable")
        self._keyed = Keyed(keys[order], owners[order])

    def near(self, probes: Iterable[Token]) -> list[tuple[NDArray[np.int32], NDArray[np.float32]]]:
        """For each probe its neighbours, most alike first, and their likeness (9 for the same letters)."""
        probed = list(probes)
        letters = letters_of(probed)
        seen = np.zeros(len(self._kept.size), np.bool_)
        ids = np.empty(1 << 14, np.int32)
        likes = np.empty(1 << 14, np.float32)
        found = []
        for place in range(len(probed)):
            count = _near(
                letters, place, self._kept, self._keyed, self._spellings, IS_VOWEL, LATIN_H, FAINT, seen, ids, likes
            )
            order = np.argsort(-likes[:count], kind="stable")[:NEIGHBOURS]
            found.append((ids[:count][order].copy(), likes[:count][order].copy()))
        return found
