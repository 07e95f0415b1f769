"""How a name in one script becomes a name in another, or another clerk's spelling: learned costs, letter by letter.

A ``Channel`` gives the probability that each letter of a source word, seen with its
neighbours, is written as no letter, one, two or three letters of the target. The
probability of a whole word is summed over all ways to align the two (a forward pass, see
``learn_spelling``). Divided by the probability that the target word has among names at
all, per letter, it says how much better "the same name" explains the pair than chance.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.kernels import kernel
from stonebridge.matching.names.letters import ARABIC, CYRILLIC, HEBREW, LATIN

ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдђѓежзѕийјкќлљмнњопрстћуфхцчџшщъыьэюя",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهةيوپچژگ",
    "אבגדהוזחטיכלמנסעפצקרשת",
)
"""Letters by script; a letter's code is its place, counted from 1."""

VOWELS = ("aeiouy", "аеиоуыэюяй", "اويى", "אויה")
CONTEXTS = 25
TABLE = "spelling_costs.npz"
UNKNOWN = -3.0
LETTERS = tuple({letter: place for place, letter in enumerate(alphabet, 1)} for alphabet in ALPHABETS)
IS_VOWEL = np.zeros((4, 64), np.bool_)
for _script, _vowels in enumerate(VOWELS):
    for _vowel in _vowels:
        IS_VOWEL[_script, LETTERS[_script].get(_vowel, 0)] = True
IS_VOWEL[:, 0] = False
LATIN_H = LETTERS[LATIN]["h"]


class Channel(NamedTuple):
    """Probabilities of writing a source letter in its context as up to three target letters."""

    row: NDArray[np.int16]  # letter * CONTEXTS + context -> row of ``chance``
    unit: NDArray[np.int16]  # up to three target letters as digits of base 48 -> column, or -1
    chance: NDArray[np.float32]
    usual: NDArray[np.float32]  # log of the chance of a target letter after the two before it


class Spelling(NamedTuple):
    """Both directions between Latin and one script (Latin itself: two spellings)."""

    to_latin: Channel
    from_latin: Channel


@dataclass(frozen=True, slots=True)
class SpellingTable:
    """The learned costs of every script, and the name of their version."""

    spellings: tuple[Spelling, ...]
    version: str


BASE = 48


def encode(letters: str, script: int) -> NDArray[np.uint8]:
    """Codes of the letters; a letter outside the alphabet has code 0 and is compared with nothing."""
    codes = LETTERS[script]
    return np.array([codes.get(letter, 0) for letter in letters], np.uint8)


@kernel
def contexts(word: Any, size: Any, script: Any, is_vowel: Any, latin_h: int, out: Any) -> None:
    """Fill ``out`` with letter * 25 + class of the letter before * 5 + class of the letter after."""
    for place in range(size):
        letter = np.int64(word[place])
        before = 0
        if place:
            other = word[place - 1]
            before = 1 if other == letter else 2 if is_vowel[script, other] else 3
            if script == 0 and other == latin_h:
                before = 4
        after = 0
        if place < size - 1:
            other = word[place + 1]
            after = 1 if other == letter else 2 if is_vowel[script, other] else 3
            if script == 0 and other == latin_h:
                after = 4
        out[place] = letter * 25 + before * 5 + after


@kernel
def log_chance(
    source: Any, size: Any, target: Any, length: Any, channel: Any, faint: float, rows: Any, units: Any
) -> Any:
    """Log of the chance that ``source`` (contexts) is written ``target`` (codes): sum over all alignments.

    Partial alignments below the share ``faint`` of the best one are given up: 0 for none, 1e-5 for speed.
    ``rows`` and ``units`` are room for two rows of the alignment and for the target's units of one to three letters.
    """
    for column in range(length):
        digits: Any = 0
        for step in range(min(3, length - column)):
            digits = digits * 48 + np.int64(target[column + step])
            units[column, step] = channel.unit[digits]
    last, this = rows[0], rows[1]
    for column in range(length + 1):
        last[column] = 0.0
    last[0] = 1.0
    for place in range(size):
        row = channel.chance[channel.row[source[place]]]
        highest = 0.0
        for column in range(length + 1):
            this[column] = 0.0
            highest = max(highest, last[column])
        if highest == 0.0:
            return -100.0
        least = highest * faint
        for column in range(length + 1):
            reached = last[column]
            if reached > least:
                this[column] += reached * row[0]
                for step in range(min(3, length - column)):
                    unit = units[column, step]
                    if unit >= 0:
                        this[column + step + 1] += reached * row[unit]
        last, this = this, last
    if last[length] <= 0.0:
        return -100.0
    return np.log(last[length])


@kernel
def log_usual(target: Any, length: Any, usual: Any) -> Any:
    """Log of the chance of a word among names of its script."""
    total = 0.0
    first = 0
    second = 0
    for place in range(length):
        letter = int(target[place])
        total += usual[first, second, letter]
        first = second
        second = letter
    return total + usual[first, second, 0]


@kernel
def likeness_of(
    native: Any, native_context: Any, native_usual: float, size: Any, latin: Any, latin_context: Any, latin_usual: float,
    length: Any, spelling: Any, faint: float,
) -> Any:  # fmt: skip
    """Mean of both directions, in natural logs per letter; about 2 for a sure pair, below 0 for chance.

    With ``faint`` above 0, a pair that the first direction finds hopeless is not looked at in the other.
    """
    if size == 0 or length == 0:
        return -3.0
    rows = np.empty((2, 24))
    units = np.empty((24, 3), np.int16)
    there = log_chance(native_context, size, latin, length, spelling.to_latin, faint, rows, units) - latin_usual
    if faint > 0.0 and there < 0.0:
        return -3.0
    back = log_chance(latin_context, length, native, size, spelling.from_latin, faint, rows, units) - native_usual
    return (there + back) / (size + length)


@lru_cache(maxsize=1)
def spelling_table() -> SpellingTable:
    """The costs that come with the package (see docs/assurance/spelling-costs.md for their origin)."""
    with (files(__package__) / TABLE).open("rb") as stream, np.load(stream) as stored:
        spellings = tuple(
            Spelling(_channel(stored, f"{script}_to_latin"), _channel(stored, f"latin_to_{script}"))
            for script in (LATIN, CYRILLIC, ARABIC, HEBREW)
        )
        return SpellingTable(spellings, str(stored["version"]))


def _channel(stored: Any, name: str) -> Channel:
    units = stored[f"{name}_units"]
    unit = np.full(BASE**3, -1, np.int16)
    unit[units] = np.arange(len(units))
    chance = np.exp2(stored[f"{name}_chance"].astype(np.float32) / -8.0)
    chance[stored[f"{name}_chance"] == 255] = 0.0
    usual = stored[f"{name}_usual"].astype(np.float32) / -16.0
    return Channel(stored[f"{name}_row"], unit, chance, usual)
