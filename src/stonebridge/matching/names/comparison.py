"""Two whole names compared with nothing else known: for lists without birth dates, and for measuring the costs."""

from collections.abc import Sequence

import numpy as np

from stonebridge.matching.names.letters import LATIN
from stonebridge.matching.names.spelling import spelling_table
from stonebridge.matching.names.tokens import LONGEST, Token, tokens
from stonebridge.matching.names.vocabulary import letters_of, likeness

SURE = 2.5  # likeness of equal parts
LEFT_OUT = 0.5  # for each part that only one of the two has
LEAST = -2.0


def name_likeness(one: str, other: str) -> float:
    """How well "one name" explains two names in any scripts: about 2 for sure, about 0 undecided, below for chance.

    The order of the parts does not matter, nor whether they are joined.

    >>> name_likeness("Mohammad Karimi", "کریمی محمد") > 1.5
    True
    >>> name_likeness("Mohammad Karimi", "Ahmad Haidari") < 0.5
    True
    """
    first, second = tokens(one), tokens(other)
    if not first or not second:
        return LEAST
    if len(first) > len(second):
        first, second = second, first
    apart = _assigned(first, second)
    if len(first) == len(second) == 1:
        return apart
    return max(apart, float(_likenesses((_one(first),), (_one(second),))[0, 0]) - 0.1)


def _assigned(first: Sequence[Token], second: Sequence[Token]) -> float:
    likes = _likenesses(first, second)
    free = likes.copy()
    total, letters, worst = 0.0, 0, SURE
    for _ in first:
        row, column = np.unravel_index(int(free.argmax()), free.shape)
        weight = len(first[int(row)].latin)
        like = max(float(free[row, column]), LEAST)
        worst = min(worst, like)
        total += like * weight
        letters += weight
        free[row, :] = free[:, column] = -99.0
    return (total / letters + worst) / 2 - LEFT_OUT * (len(second) - len(first)) / len(second)


def _one(parts: Sequence[Token]) -> Token:
    if len({part.script for part in parts}) == 1:
        return Token(
            parts[0].script,
            "".join(part.letters for part in parts)[:LONGEST],
            "".join(part.latin for part in parts)[:LONGEST],
        )
    latin = "".join(part.latin for part in parts)[:LONGEST]
    return Token(LATIN, latin, latin)


def _likenesses(first: Sequence[Token], second: Sequence[Token]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    one, other = letters_of(first), letters_of(second)
    spellings = spelling_table().spellings
    found = np.empty((len(first), len(second)))
    for row, mine in enumerate(first):
        for column, theirs in enumerate(second):
            same = mine.script == theirs.script and mine.letters == theirs.letters
            found[row, column] = SURE if same else min(likeness(one, row, other, column, spellings, 0.0), SURE)
    return found
