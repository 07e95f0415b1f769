"""All tokens of a register, and for any token its neighbours: those that can be the same name, and how like they are.

A register of a million persons has some ten thousand tokens, so that spelling is compared
once for each pair of tokens and never for each person: persons are then scored by looking
up numbers. Levels of likeness, best first: 0 the same letters, 1 to 4 ever less alike.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.kernels import kernel
from stonebridge.matching.names.growing import longer
from stonebridge.matching.names.letters import LATIN
from stonebridge.matching.names.skeleton import keys_of, skeletons
from stonebridge.matching.names.slipping import SLIPPED, is_slip
from stonebridge.matching.names.spelling import (
    IS_VOWEL,
    LATIN_H,
    Spelling,
    contexts,
    encode,
    likeness_of,
    log_usual,
    spelling_table,
)
from stonebridge.matching.names.tokens import LONGEST, Token

LEVELS = 5
THRESHOLDS = np.array([9.0, 1.9, 1.3, 0.8, 0.35])
"""Least likeness of levels 1 to 4; level 0 is equality."""
FAINT = 1e-5


class Letters(NamedTuple):
    """Tokens as codes, one row each."""

    native: NDArray[np.uint8]
    size: NDArray[np.uint8]
    script: NDArray[np.uint8]
    latin: NDArray[np.uint8]
    length: NDArray[np.uint8]
    native_context: NDArray[np.int16]
    latin_context: NDArray[np.int16]
    native_usual: NDArray[np.float32]
    latin_usual: NDArray[np.float32]  # by the script that it may come from


class Keyed(NamedTuple):
    """Keys of all tokens, sorted, and whose they are."""

    key: NDArray[np.int64]
    token: NDArray[np.int32]


def letters_of(tokens: Sequence[Token]) -> Letters:
    """Codes of tokens, cut at ``LONGEST`` letters."""
    count = len(tokens)
    made = _Codes(
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
    made.latin[made.latin > 26] = 0
    latin_rows = made.script == LATIN
    made.native[latin_rows] = made.latin[latin_rows]
    made.size[latin_rows] = made.length[latin_rows]
    return Letters(*made, *_prepared(made, spelling_table().spellings, IS_VOWEL, LATIN_H))


class _Codes(NamedTuple):
    native: NDArray[np.uint8]
    size: NDArray[np.uint8]
    script: NDArray[np.uint8]
    latin: NDArray[np.uint8]
    length: NDArray[np.uint8]


@kernel
def _prepared(codes: Any, spellings: Any, is_vowel: Any, latin_h: int) -> Any:
    """Contexts of all letters, and how usual each token is among names, in its own and in Latin letters."""
    count = len(codes.size)
    native_context = np.zeros((count, 16), np.int16)
    latin_context = np.zeros((count, 16), np.int16)
    native_usual = np.zeros(count, np.float32)
    latin_usual = np.zeros((count, 4), np.float32)
    for token in range(count):
        script, size, length = np.int64(codes.script[token]), np.int64(codes.size[token]), np.int64(codes.length[token])
        latin = codes.latin[token]
        contexts(codes.native[token], size, script, is_vowel, latin_h, native_context[token])
        contexts(latin, length, np.int64(0), is_vowel, latin_h, latin_context[token])
        latin_usual[token, 0] = log_usual(latin, length, spellings[0].to_latin.usual)
        latin_usual[token, 1] = log_usual(latin, length, spellings[1].to_latin.usual)
        latin_usual[token, 2] = log_usual(latin, length, spellings[2].to_latin.usual)
        latin_usual[token, 3] = log_usual(latin, length, spellings[3].to_latin.usual)
        native = codes.native[token]
        if script == 0:
            native_usual[token] = latin_usual[token, 0]
        elif script == 1:
            native_usual[token] = log_usual(native, size, spellings[1].from_latin.usual)
        elif script == 2:
            native_usual[token] = log_usual(native, size, spellings[2].from_latin.usual)
        else:
            native_usual[token] = log_usual(native, size, spellings[3].from_latin.usual)
    return native_context, latin_context, native_usual, latin_usual


@kernel
def _all_keys(latin: Any, length: Any, groups: Any) -> Any:
    count = len(length)
    keys = np.empty(count * 24 + 256, np.int64)
    owners = np.empty(count * 24 + 256, np.int32)
    written = 0
    own = np.empty(256, np.int64)
    readings = np.empty(16, np.int64)
    for token in range(count):
        skeletons(latin[token], np.int64(length[token]), 0, readings)
        groups[token] = readings[0]
        found = keys_of(latin[token], np.int64(length[token]), 0, own)
        if written + found > len(keys):
            keys, owners = longer(keys), longer(owners)
        for place in range(found):
            keys[written] = own[place]
            owners[written] = token
            written += 1
    return keys[:written], owners[:written]


@kernel
def likeness(one: Any, first: Any, other: Any, second: Any, spellings: Any, faint: float) -> Any:
    """How like two tokens are, by the costs of their scripts; both in Latin readings where neither is Latin."""
    mine, theirs = np.int64(one.script[first]), np.int64(other.script[second])
    native, at, latin, place = one, first, other, second
    script = mine
    if mine == 0:
        native, at, latin, place = other, second, one, first
        script = theirs
    if mine == theirs or (mine != 0 and theirs != 0):
        script = np.int64(0)
    letters, context = native.native[at], native.native_context[at]
    size, usual = np.int64(native.size[at]), np.float64(native.native_usual[at])
    if script == 0:
        letters, context = native.latin[at], native.latin_context[at]
        size, usual = np.int64(native.length[at]), np.float64(native.latin_usual[at, 0])
    spelling = spellings[script]
    word = latin.latin[place]
    length = np.int64(latin.length[place])
    best = -3.0
    for article in range(2 if script and length > 5 and word[1] == 12 and (word[0] == 1 or word[0] == 5) else 1):
        cut = 2 * article
        latin_usual = (
            log_usual(word[cut:], length - cut, spelling.to_latin.usual) if cut else latin.latin_usual[place, script]
        )
        like = likeness_of(
            letters, context, usual, size, word[cut:], latin.latin_context[place, cut:], np.float64(latin_usual),
            length - cut, spelling, faint,
        )  # fmt: skip
        best = max(best, like - 0.1 * article)
    return best


@kernel
def _alike(probe: Any, first: int, last: int, kept: Any, keyed: Any, spellings: Any, faint: float, widths: Any) -> Any:
    """Pairs of a probe from ``first`` to before ``last`` with a token like it, and how like they are.

    ``widths`` says of each probe how to look: 1 narrowly, 2 widely. Where it is empty, the probes are the kept tokens,
    and each looks narrowly among the later ones.
    """
    seen = np.zeros(max(len(kept.size), 1), np.bool_)
    own = np.empty(256, np.int64)
    met = np.empty(len(kept.size), np.int32)
    ats = np.empty(1024, np.int32)
    tokens = np.empty(1024, np.int32)
    likes = np.empty(1024, np.float32)
    written = 0
    for at in range(first, last):
        count = 0
        width = widths[at] if len(widths) else 1
        for place in range(keys_of(probe.latin[at], np.int64(probe.length[at]), width, own)):
            low = np.searchsorted(keyed.key, own[place])
            while low < len(keyed.key) and keyed.key[low] == own[place]:
                token = keyed.token[low]
                low += 1
                if not seen[token] and (len(widths) > 0 or token >= at):
                    seen[token] = True
                    met[count] = token
                    count += 1
        for place in range(count):
            token = np.int64(met[place])
            seen[token] = False
            same = probe.script[at] == kept.script[token] and probe.size[at] == kept.size[token]
            if same:
                for letter in range(probe.size[at]):
                    if probe.native[at, letter] != kept.native[token, letter]:
                        same = False
                        break
            like = 9.0 if same else likeness(probe, at, kept, token, spellings, faint)
            size, length = np.int64(probe.size[at]), np.int64(kept.size[token])
            if (
                like < SLIPPED
                and probe.script[at] == kept.script[token]
                and is_slip(probe.native[at], size, kept.native[token], length)
            ):
                like = SLIPPED
            if like >= 0.35:
                if written == len(ats):
                    ats, tokens, likes = longer(ats), longer(tokens), longer(likes)
                ats[written], tokens[written], likes[written] = at, token, like
                written += 1
    return ats[:written], tokens[:written], likes[:written]


class Weights(NamedTuple):
    """What makes bits of levels, see ``biographic.evidence``."""

    share: NDArray[np.float32]  # of persons who bear each token
    chance: NDArray[np.float64]  # of each level, for one person's name
    smaller: float  # a level's strangers are at least this share of all at it or better
    least: float  # share of a token that nobody bears
    most: float  # bits at most
    origin: NDArray[np.float32]  # persons who bear each token, by origin, then by sex


class Near(NamedTuple):
    """Neighbours of probed tokens, most alike first, the bits of each level, and the groups they fall in."""

    start: NDArray[np.int64]
    token: NDArray[np.int32]
    level: NDArray[np.int8]
    bits: NDArray[np.float32]  # probed token, level
    group_start: NDArray[np.int64]
    group: NDArray[np.int32]
    group_level: NDArray[np.int8]
    origin: NDArray[np.float32]  # probed token, origin and sex: persons who bear it or a close neighbour
    script: NDArray[np.int8]  # of each probed token


@kernel
def _levelled(start: Any, token: Any, like: Any, group: Any, weights: Any, thresholds: Any, most_groups: int) -> Any:
    """The other parts of a ``Near``, from the neighbours of each probe, most alike first."""
    size = len(start) - 1
    group_start = np.zeros(size + 1, np.int64)
    bits = np.zeros((size, 5), np.float32)
    level = np.zeros(len(token), np.int8)
    groups = np.empty(size * most_groups, np.int32)
    group_level = np.empty(size * most_groups, np.int8)
    own = np.zeros(5)
    origin = np.zeros((size, weights.origin.shape[1]), np.float32)
    for at in range(size):
        group_to = group_start[at]
        for each in range(5):
            own[each] = 0.0
        at_level = 0
        for place in range(start[at], start[at + 1]):
            while at_level < 4 and like[place] < thresholds[at_level]:
                at_level += 1
            met = token[place]
            level[place] = at_level
            own[at_level] += weights.share[met]
            if at_level <= 2:
                for each in range(weights.origin.shape[1]):
                    origin[at, each] += weights.origin[met, each]
            known = group_to - group_start[at] >= most_groups
            for earlier in range(group_start[at], group_to):
                if groups[earlier] == group[met]:
                    known = True
                    break
            if not known:
                groups[group_to] = group[met]
                group_level[group_to] = at_level
                group_to += 1
        group_start[at + 1] = group_to
        better = 0.0
        before = weights.most
        for each in range(5):
            better += own[each]
            strangers = max(max(own[each], weights.smaller * better), weights.least)
            before = min(before, np.log2(max(weights.chance[each], 1e-9) / strangers))
            bits[at, each] = before
    return level, bits, group_start, groups[: group_start[size]].copy(), group_level[: group_start[size]].copy(), origin


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

    def scripts(self) -> NDArray[np.int64]:
        """The script of each token, by number."""
        return np.fromiter((token.script for token in self._number), np.int64, len(self._number))

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
        kept: list[Any] = [
            np.concatenate([getattr(self._kept, name), getattr(added, name)]) for name in Letters._fields
        ]
        self._kept = Letters(*kept)
        self.group = np.concatenate([self.group, numbers])
        keys = np.concatenate([self._keyed.key, keys])
        owners = np.concatenate([self._keyed.token, owners + np.int32(first)])
        order = np.argsort(keys, kind="stable")
        self._keyed = Keyed(keys[order], owners[order])

    def near(self, probes: Sequence[Token] | None, weights: Weights, groups: int, threads: int = 1) -> Near:
        """Neighbours of the probes; of every token of the vocabulary, by number, for None.

        A spelling that nobody bears is likelier a slip, and its neighbours are looked for more widely.
        """
        widths = np.array([1 if probe in self._number else 2 for probe in probes or ()], np.int64)
        letters = self._kept if probes is None else letters_of(probes)
        count = len(letters.size)
        parts = 1 if count < 200 else 16 * threads

        def run(part: int) -> Any:
            return _alike(letters, count * part // parts, count * (part + 1) // parts, self._kept, self._keyed,
                          self._spellings, FAINT, widths)  # fmt: skip

        if parts == 1:
            at, token, like = run(0)
        else:
            with ThreadPoolExecutor(threads) as pool:
                at, token, like = (np.concatenate(part) for part in zip(*pool.map(run, range(parts)), strict=True))
        if probes is None:
            later = token != at
            at, token = np.concatenate((at, token[later])), np.concatenate((token, at[later]))
            like = np.concatenate((like, like[later]))
        order = np.lexsort((token, -like, at))
        start = np.zeros(count + 1, np.int64)
        np.cumsum(np.bincount(at, minlength=count), out=start[1:])
        token = token[order]
        level, bits, group_start, group, group_level, origin = _levelled(
            start, token, like[order], self.group, weights, THRESHOLDS, groups
        )
        return Near(start, token, level, bits, group_start, group, group_level, origin, letters.script.astype(np.int8))


def nothing_near(origins: int, room: int) -> Near:
    """Room for neighbours of tokens, none of which is known."""
    number, level = np.zeros(room, np.int32), np.zeros(room, np.int8)
    return Near(
        np.zeros(room, np.int64), number, level, np.zeros((room, LEVELS), np.float32), np.zeros(room, np.int64),
        number.copy(), level.copy(), np.zeros((room, origins), np.float32), level.copy(),
    )  # fmt: skip
