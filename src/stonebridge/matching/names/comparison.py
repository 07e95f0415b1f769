"""Two whole names compared with nothing else known: for lists without birth dates, and for measuring the costs."""

from collections.abc import Iterator, Sequence

import numpy as np

from stonebridge.matching.names.letters import LATIN, words
from stonebridge.matching.names.spelling import spelling_table
from stonebridge.matching.names.tokens import LONGEST, Token, tokens
from stonebridge.matching.names.vocabulary import letters_of, likeness

SURE = 2.5  # likeness of equal parts
LEFT_OUT = 0.8  # for each part that only one of the two has
JOINED = 0.1  # for two parts that are one in the other name
SLIP = 2.5  # likeness lost by slips of the hand, times their share of the letters
INITIAL_DIFFERS, INITIAL_FITS = 0.8, 0.3
LEAST = -2.0


def name_likeness(one: str, other: str) -> float:
    """How well "one name" explains two names in any scripts: about 2 for sure, about 0 undecided, below for chance.

    The order of the parts does not matter, nor whether they are joined; a mean by letters, so
    that long names are not liker for being long, and held down by the part that fits worst.
    An initial speaks for or against the parts that are left over.

    >>> name_likeness("Mohammad Karimi", "کریمی محمد") > 1.5
    True
    >>> name_likeness("Mohammad Karimi", "Ahmad Haidari") < 0.5
    True
    >>> name_likeness("Taha Yassin Ramadan Mosuli", "Taha Yassin Ramadan Tikriti") < 0.5
    True
    """
    first, second = sorted((tokens(one), tokens(other)), key=lambda parts: (len(parts), [part.latin for part in parts]))
    if not first or not second:
        return LEAST
    best = _assigned(first, second, _initials(one), _initials(other))
    for mine, theirs in ((first, second), (second, first)):
        if len(mine) <= len(theirs) + 1:
            for joined in _joinings(theirs, is_cut=any(len(part.latin) == LONGEST for part in mine)):
                pair = sorted((mine, joined), key=len)
                best = max(best, _assigned(pair[0], pair[1], _initials(one), _initials(other)) - JOINED)
    return best


def _assigned(first: Sequence[Token], second: Sequence[Token], initials: set[str], others: set[str]) -> float:
    """Parts given to each other, the likest first; ``second`` has as many or more."""
    likes = _likenesses(first, second)
    free = likes.copy()
    left = set(range(len(second)))
    total, letters, worst = 0.0, 0, SURE
    for _ in first:
        row, column = np.unravel_index(int(free.argmax()), free.shape)
        weight = len(first[int(row)].latin) + len(second[int(column)].latin)
        like = max(float(free[row, column]), LEAST)
        worst = min(worst, like)
        total += like * weight
        letters += weight
        left.discard(int(column))
        free[row, :] = free[:, column] = -99.0
    spare = {second[place].latin[0] for place in left}
    judged = 0.0
    for mine, theirs in ((initials, others), (others, initials)):
        if mine and (theirs or spare):
            judged += INITIAL_FITS * len(spare) / len(second) if mine & (theirs | spare) else -INITIAL_DIFFERS / 2
    return (total / letters + worst) / 2 - LEFT_OUT * len(left) / len(second) + min(judged, LEFT_OUT * len(left))


def _initials(name: str) -> set[str]:
    """Single letters that stand for a name, where it has other parts."""
    found = words(name)
    letters = {word.latin for word in found if len(word.letters) == 1 and len(word.latin) == 1}
    return letters if len(letters) < len(found) else set()


def _joinings(parts: Sequence[Token], *, is_cut: bool) -> Iterator[tuple[Token, ...]]:
    """The parts with two neighbours as one, and with all as one; not cut off unless the other name is cut too."""
    if len(parts) > 1:
        for place in range(len(parts) - 1):
            yield from _with_one(parts, place, place + 2, is_cut=is_cut)
        if len(parts) > 2:
            yield from _with_one(parts, 0, len(parts), is_cut=is_cut)


def _with_one(parts: Sequence[Token], start: int, end: int, *, is_cut: bool) -> Iterator[tuple[Token, ...]]:
    together = parts[start:end]
    latin = "".join(part.latin for part in together)
    if len(latin) > LONGEST and not is_cut:
        return
    same = len({part.script for part in together}) == 1
    letters = "".join(part.letters for part in together) if same else latin
    made = Token(together[0].script if same else LATIN, letters[:LONGEST], latin[:LONGEST])
    yield (*parts[:start], made, *parts[end:])


def _likenesses(first: Sequence[Token], second: Sequence[Token]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    one, other = letters_of(first), letters_of(second)
    spellings = spelling_table().spellings
    found = np.empty((len(first), len(second)))
    for row, mine in enumerate(first):
        for column, theirs in enumerate(second):
            found[row, column] = min(likeness(one, row, other, column, spellings, 0.0), SURE)
            if mine.script == theirs.script:
                longest = max(len(mine.letters), len(theirs.letters))
                slipped = SURE - SURE * SLIP * slips(mine.letters, theirs.letters) / longest
                found[row, column] = max(found[row, column], slipped)
    return found


def slips(one: str, other: str) -> int:
    """Letters left out, added or exchanged, and neighbours out of order, that make one text the other.

    >>> slips("schloz", "scholz"), slips("karim", "karim"), slips("nadar", "nadal")
    (1, 0, 1)
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        this = [row]
        for column, second in enumerate(other, 1):
            least = min(last[column] + 1, this[-1] + 1, last[column - 1] + (letter != second))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == second:
                least = min(least, before[column - 2] + 1)
            this.append(least)
        before, last = last, this
    return last[-1]
