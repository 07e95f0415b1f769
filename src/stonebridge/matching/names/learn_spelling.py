"""Learn the costs of spelling from public lists of the same names in two scripts.

``python -m stonebridge.matching.names.learn_spelling FOLDER --out FILE`` reads lists from
``FOLDER`` (see ``SOURCES``) and writes the table. Expectation-maximisation: a pass forward
and a pass back give the expected count of each letter written each way, the counts give
new chances. A letter's contexts share what they have too few examples of.
"""

import argparse
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.kernels import kernel
from stonebridge.matching.names.letters import ARABIC, CYRILLIC, HEBREW, LATIN, words
from stonebridge.matching.names.spelling import ALPHABETS, BASE, CONTEXTS, IS_VOWEL, LATIN_H, contexts, encode

SOURCES: dict[int, tuple[tuple[str, int, int], ...]] = {
    ARABIC: (("wd_arabic_80.tsv", 0, 1), ("google_ar2en-train.txt", 1, 0)),
    CYRILLIC: (("wd_russian_80.tsv", 0, 1),),
    HEBREW: (("wd_hebrew_80.tsv", 0, 1),),
}
"""File, column of the Latin name, column of the native name; columns are parted by tabs."""

ROUNDS = 10
SHARED = 40.0  # examples: a context with fewer leans on its letter's other contexts
SLIP = 0.004  # chance that any letter is dropped or mistyped
RULES = {
    CYRILLIC: "ђ=d,dj,gj,dz ѓ=gj,g,dj,g ѕ=dz,z ј=j,y,i ќ=kj,k,c,q,ch љ=lj,l њ=nj,n ћ=c,ch,q,tj џ=dz,dj,xh,j,c,dzh ж=z,zh,j х=h,kh"
    " ч=c,ch,q ш=s,sh,sch ц=c,ts,ch",
    ARABIC: "پ=p,b چ=ch,c,tch,j ژ=zh,j,z گ=g,k,j ق=q,k,g,gh ج=j,dj,g,c,xh,dz,sch ش=sh,ch,s,sch خ=kh,h,ch,x غ=gh,g,q"
    " ح=h و=v,w,u,o,ou,oo,ow ي=i,y,e,ee,ei,j ذ=z,dh,d ث=s,th ض=z,d,dh ظ=z,dh ع=a,e,i,o,u,aa ة=a,ah,e,eh,t ه=h,eh,ah,e,a",
    HEBREW: "",
    LATIN: "",
}  # fmt: skip
"""Ways of writing that the lists show too seldom: letters of the region, Persian, and documents' romanisations."""


@kernel
def _count(source: Any, target: Any, chance: Any, counts: Any, unit: Any, row: Any, weight: float) -> float:
    size = len(source)
    length = len(target)
    ahead = np.zeros((size + 1, length + 1))
    behind = np.zeros((size + 1, length + 1))
    ahead[0, 0] = 1.0
    for place in range(size):
        chances = chance[row[source[place]]]
        for column in range(length + 1):
            reached = ahead[place, column]
            if reached > 0.0:
                ahead[place + 1, column] += reached * chances[0]
                digits = 0
                for step in range(1, 4):
                    if column + step > length:
                        break
                    digits = digits * 48 + target[column + step - 1]
                    if unit[digits] >= 0:
                        ahead[place + 1, column + step] += reached * chances[unit[digits]]
    total = ahead[size, length]
    if total <= 0.0:
        return -100.0
    behind[size, length] = 1.0
    for place in range(size - 1, -1, -1):
        at = row[source[place]]
        for column in range(length + 1):
            reached = ahead[place, column]
            value = chance[at, 0] * behind[place + 1, column]
            summed = value
            counts[at, 0] += weight * reached * value / total
            digits = 0
            for step in range(1, 4):
                if column + step > length:
                    break
                digits = digits * 48 + target[column + step - 1]
                if unit[digits] >= 0:
                    value = chance[at, unit[digits]] * behind[place + 1, column + step]
                    summed += value
                    counts[at, unit[digits]] += weight * reached * value / total
            behind[place, column] = summed
    return float(np.log(total))


@kernel
def _round(
    sources: Any, starts: Any, targets: Any, ends: Any, weights: Any, chance: Any, counts: Any, unit: Any, row: Any
) -> float:
    total = 0.0
    for pair in range(len(weights)):
        total += _count(
            sources[starts[pair] : starts[pair + 1]], targets[ends[pair] : ends[pair + 1]], chance, counts, unit, row,
            weights[pair],
        )  # fmt: skip
    return total


Pair = tuple[str, str, float]


def learn_channel(pairs: Sequence[Pair], source: int, target: int) -> dict[str, NDArray[Any]]:
    """Learn to write words of script ``source`` in script ``target`` from (source, target, weight)."""
    coded = [(_contexts(first, source), encode(second, target), weight) for first, second, weight in pairs]
    coded = [
        each for each in coded if len(each[0]) and len(each[1]) and each[0].min() >= CONTEXTS and each[1].min() > 0
    ]
    units = _frequent_units([second for _, second, _ in coded], target)
    unit = np.full(BASE**3, -1, np.int16)
    unit[units] = np.arange(len(units))
    seen = np.unique(np.concatenate([first for first, _, _ in coded]))
    letters = len(ALPHABETS[source]) + 1
    row = np.repeat(np.arange(letters), CONTEXTS).astype(np.int16)  # unseen context: the letter's own row
    row[seen] = letters + np.arange(len(seen))
    letter_of = np.concatenate([np.arange(letters), seen // CONTEXTS])
    rules = _rules(source, target, letters, unit, len(units))
    single = len(ALPHABETS[target]) + 1
    chance = np.full((len(letter_of), len(units)), 1e-6)
    chance[:, 0] = 0.1
    chance[:, 1:single] = 0.03
    chance[:, single:] = 2e-4
    chance += rules[letter_of]
    sources, starts = _joined([first for first, _, _ in coded])
    targets, ends = _joined([second for _, second, _ in coded])
    weights = np.array([weight for *_, weight in coded])
    for _ in range(ROUNDS):
        counts = np.zeros_like(chance)
        _round(sources, starts, targets, ends, weights, chance, counts, unit, row)
        base = np.full((letters, len(units)), 1e-7) + rules
        base[:, :single] += 0.02
        np.add.at(base, letter_of, counts)
        base /= base.sum(1, keepdims=True)
        chance = counts + SHARED * base[letter_of]
        chance /= chance.sum(1, keepdims=True)
    slip = np.zeros(len(units))
    slip[0] = 0.4
    slip[1:single] = 0.6 / (single - 1)
    chance = (1 - SLIP) * chance + SLIP * slip
    coarse = np.clip(np.round(-8 * np.log2(np.maximum(chance, 1e-12))), 0, 254)
    coarse[chance < 2e-5] = 255
    usual = _usual([second for _, second, _ in coded], len(ALPHABETS[target]) + 1)
    return {
        "units": units.astype(np.int32), "row": row, "chance": coarse.astype(np.uint8),
        "usual": np.clip(np.round(-16 * usual), 0, 255).astype(np.uint8),
    }  # fmt: skip


def _contexts(word: str, script: int) -> NDArray[np.int32]:
    codes = encode(word[:20], script)
    out = np.zeros(len(codes), np.int32)
    contexts(codes, len(codes), script, IS_VOWEL, LATIN_H, out)
    return out


def _joined(arrays: Sequence[NDArray[Any]]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    return np.concatenate(arrays), np.cumsum([0, *map(len, arrays)]).astype(np.int64)


def _frequent_units(targets: Sequence[NDArray[np.uint8]], target: int) -> NDArray[np.int64]:
    """Nothing, every letter, every pair that occurs, and the 500 most frequent triples."""
    singles = np.arange(len(ALPHABETS[target]) + 1)
    pairs: dict[int, int] = defaultdict(int)
    triples: dict[int, int] = defaultdict(int)
    for word in targets:
        letters = [int(letter) for letter in word]
        for first, second in pairwise(letters):
            pairs[first * BASE + second] += 1
        for first, second, third in zip(letters, letters[1:], letters[2:], strict=False):
            triples[(first * BASE + second) * BASE + third] += 1
    often = sorted(triples, key=lambda each: (-triples[each], each))[: 500 if target == LATIN else 0]
    return np.concatenate([singles, sorted(pairs), often]).astype(np.int64)


def _rules(source: int, target: int, letters: int, unit: NDArray[np.int16], units: int) -> NDArray[np.float64]:
    known = np.zeros((letters, units))
    native = source if target == LATIN else target
    for rule in RULES[native].split():
        letter, _, spellings = rule.partition("=")
        for spelling in spellings.split(","):
            first, second = (letter, spelling) if target == LATIN else (spelling[0], letter)
            digits = 0
            for code in encode(second, target):
                digits = digits * BASE + int(code)
            if len(second) <= 3 and unit[digits] >= 0:
                known[encode(first, source)[0], unit[digits]] += 3.0 / (spellings.count(",") + 1)
    return known


def _usual(targets: Sequence[NDArray[np.uint8]], size: int) -> NDArray[np.float64]:
    """Natural log of the chance of a letter after two others, smoothed by the shorter contexts."""
    counts = np.zeros((size, size, size))
    for word in targets:
        first = second = 0
        for letter in [*map(int, word), 0]:
            counts[first, second, letter] += 1
            first, second = second, letter
    twos = counts.sum(0)
    ones = twos.sum(0) + 1
    ones /= ones.sum()
    twos = (twos + 20 * ones) / (twos.sum(1, keepdims=True) + 20)
    result: NDArray[np.float64] = np.log((counts + 15 * twos) / (counts.sum(2, keepdims=True) + 15))
    return result


def read_pairs(folder: Path, script: int, without: frozenset[tuple[str, str]] = frozenset()) -> list[tuple[str, str]]:
    """(native, Latin) words of one script, without the pairs (Latin, native) that a test needs unseen."""
    found = []
    for name, latin_column, native_column in SOURCES[script]:
        for line in (folder / name).read_text("utf-8").splitlines():
            columns = line.split("\t")
            if len(columns) < 2:
                continue
            latin, native = columns[latin_column], columns[native_column].replace(" ", "")
            if (latin, native) in without:
                continue
            first = "".join(word.letters for word in words(native) if word.script == script)
            second = "".join(word.latin for word in words(latin) if word.script == LATIN)
            if script == ARABIC and first.startswith("ال") and len(first) > 4 and second[:2] not in ("al", "el"):
                first = first[2:]
            if first and second and len(second) <= 3 * len(first) and max(len(first), len(second)) < 20:
                found.append((first, second))
    return found


def latin_pairs(native_pairs: Iterable[tuple[str, str]]) -> list[Pair]:
    """Latin spellings of one native word, two by two; each word counts once, and far-off readings not at all."""
    spellings: dict[str, set[str]] = defaultdict(set)
    for native, latin in native_pairs:
        spellings[native].add(latin)
    found: list[Pair] = []
    for several in spellings.values():
        if len(several) < 2:
            continue
        alike = [pair for pair in combinations(sorted(several)[:12], 2) if _alike(*pair)]
        for first, second in alike:
            weight = min(1.0, 3.0 / len(alike))
            found += [(first, second, weight), (second, first, weight)]
        found += [(one, one, 0.7) for one in several]
    return found


def _alike(first: str, second: str) -> bool:
    shared = sum(min(first.count(letter), second.count(letter)) for letter in set(first))
    return 2 * shared >= 0.6 * (len(first) + len(second))


def learn(folder: Path, without: frozenset[tuple[str, str]] = frozenset()) -> dict[str, NDArray[Any]]:
    """The whole table, as it is stored."""
    table: dict[str, NDArray[Any]] = {}
    latin: list[Pair] = []
    for script in (CYRILLIC, ARABIC, HEBREW):
        native = read_pairs(folder, script, without)
        if script != HEBREW:
            latin += latin_pairs(native)
        there = [(first, second, 1.0) for first, second in native]
        back = [(second, first, 1.0) for first, second in native]
        _store(table, f"{script}_to_latin", learn_channel(there, script, LATIN))
        _store(table, f"latin_to_{script}", learn_channel(back, LATIN, script))
    channel = learn_channel(latin, LATIN, LATIN)
    _store(table, f"{LATIN}_to_latin", channel)
    _store(table, f"latin_to_{LATIN}", channel)
    digest = hashlib.sha256(b"".join(table[name].tobytes() for name in sorted(table))).hexdigest()[:12]
    table["version"] = np.array(f"spelling-1/{digest}")
    return table


def _store(table: dict[str, NDArray[Any]], name: str, channel: dict[str, NDArray[Any]]) -> None:
    table.update({f"{name}_{part}": values for part, values in channel.items()})


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args(arguments)
    np.savez_compressed(given.out, **learn(given.folder))  # type: ignore[arg-type]  # numpy's stub wants allow_pickle apart


if __name__ == "__main__":
    main()
