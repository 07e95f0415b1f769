"""The register as columns, one row a person, sorted by birth date, with the postings that propose candidates.

Sorted by birth date, the people of one day, or of a year, stand side by side; every
posting list is therefore sorted by birth date too, and "this pair of names, born within
two years" is a slice found by bisection.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.kernels import kernel

NAMES, PARENT = 6, 2
"""Tokens kept of given and family name together (at most 4 given), and of each parent."""


class Columns(NamedTuple):
    """What is compared. A row's words lie together, so that a comparison touches one or two lines of memory.

    Word 0: given names (3 bits), family names (3), father's (2), mother's (2), sex (2: 1 m, 2 f,
    3 x), whether a place (1) and a document (1) follow, nationality + 1 (16). Word 1: birth date
    as year * 512 + month * 32 + day. Then the place, the document in two words, and the tokens.
    """

    start: NDArray[np.uint32]  # where a row's words begin; one more than rows
    word: NDArray[np.uint32]
    day_start: NDArray[np.int32]  # first row of each birth date, by its number


DAYS = 2112 * 512


class Postings(NamedTuple):
    """Rows by pair of skeleton groups, by group, by document, by day."""

    pair_start: NDArray[np.uint32]
    pair_row: NDArray[np.int32]
    group_start: NDArray[np.int64]
    group_row: NDArray[np.int32]
    document: NDArray[np.uint64]
    document_row: NDArray[np.int32]


def packed_document(text: str) -> int:
    """The letters and digits of a document's number, the last ten of them, six bits each; 0 for none.

    >>> packed_document("ab-12 3") == packed_document("AB123")
    True
    """
    number = text.rpartition(":")[2]
    value = 0
    for char in number.upper():
        if "0" <= char <= "9":
            value = value << 6 | (ord(char) - 47)
        elif "A" <= char <= "Z":
            value = value << 6 | (ord(char) - 54)
    return value & (1 << 60) - 1


@kernel
def _counts(row: int, texts: Any, text_start: Any, out: Any) -> None:
    """How many tokens of each field are kept."""
    for field in range(4):
        text = texts[field, row]
        most = 4 if field == 0 else 6 - out[0] if field == 1 else 2
        out[field] = min(text_start[text + 1] - text_start[text], most)


@kernel
def assemble(
    order: Any, texts: Any, text_start: Any, text_token: Any, birth: Any, sex: Any, nationality: Any, place: Any,
    document: Any,
) -> Any:  # fmt: skip
    """The words of all rows in their order; ``texts`` is given, family, father, mother by text number."""
    rows = len(order)
    start = np.zeros(rows + 1, np.uint32)
    count = np.zeros(4, np.int64)
    total = 0
    for at in range(rows):
        row = order[at]
        _counts(row, texts, text_start, count)
        total += 2 + count.sum() + (1 if place[row] >= 0 else 0) + (2 if document[row] else 0)
        start[at + 1] = total
    word = np.empty(total, np.uint32)
    for at in range(rows):
        row = order[at]
        _counts(row, texts, text_start, count)
        to = np.int64(start[at])
        packed = count[0] | count[1] << 3 | count[2] << 6 | count[3] << 8 | np.int64(sex[row]) << 10
        packed |= (np.int64(nationality[row]) + 1) << 14
        word[to + 1] = birth[row]
        after = to + 2
        if place[row] >= 0:
            packed |= 1 << 12
            word[after] = place[row]
            after += 1
        if document[row]:
            packed |= 1 << 13
            word[after] = document[row] & np.uint64(0xFFFFFFFF)
            word[after + 1] = document[row] >> np.uint64(32)
            after += 2
        word[to] = packed
        for field in range(4):
            first = text_start[texts[field, row]]
            for listed in range(first, first + count[field]):
                word[after] = text_token[listed]
                after += 1
    return start, word


def days_of(birth: NDArray[np.int32]) -> NDArray[np.int32]:
    """First row of each birth date among rows sorted by it, and one past the last."""
    first = np.zeros(DAYS + 1, np.int32)
    np.cumsum(np.bincount(birth, minlength=DAYS), out=first[1:])
    return first


@kernel
def tokens_at(row: int, columns: Any) -> Any:
    """Where a row's tokens begin."""
    start = np.int64(columns.start[row])
    packed = columns.word[start]
    return start + 2 + np.int64((packed >> 12) & 1) + 2 * np.int64((packed >> 13) & 1)


@kernel
def pair_slot(one: int, other: int, mask: int) -> Any:
    """Where a pair of groups is listed; the order of the two does not matter."""
    digest = np.int64(min(one, other)) * 0x9E3779B1 + np.int64(max(one, other)) * 0x85EBCA77
    digest = ((digest ^ (digest >> 32)) & 0xFFFFFFFF) * 0x7FEB352D
    return (digest ^ (digest >> 29)) & mask


@kernel
def _row_groups(row: int, columns: Any, group: Any, out: Any) -> int:
    """The different groups of a row's names and of its father's first name, at most eight."""
    packed = np.int64(columns.word[columns.start[row]])
    names = (packed & 7) + ((packed >> 3) & 7) + (1 if (packed >> 6) & 3 else 0)
    first = tokens_at(row, columns)
    count = 0
    for place in range(names):
        this = group[columns.word[first + place]]
        known = False
        for earlier in range(count):
            if out[earlier] == this:
                known = True
        if not known and count < 8:
            out[count] = this
            count += 1
    return count


@kernel
def post_groups(columns: Any, group: Any, groups: int) -> Any:
    """Rows of each group, in order."""
    start = np.zeros(groups + 2, np.int64)
    own = np.empty(8, np.int32)
    for row in range(len(columns.start) - 1):
        for place in range(_row_groups(row, columns, group, own)):
            start[own[place] + 1] += 1
    for place in range(groups + 1):
        start[place + 1] += start[place]
    rows = np.empty(start[groups], np.int32)
    at = start[:-1].copy()
    for row in range(len(columns.start) - 1):
        for place in range(_row_groups(row, columns, group, own)):
            rows[at[own[place]]] = row
            at[own[place]] += 1
    return start, rows


@kernel
def post_pairs(columns: Any, group: Any) -> Any:
    """Rows of each pair of groups, in order, by slot."""
    own = np.empty(8, np.int32)
    total = 0
    for row in range(len(columns.start) - 1):
        count = _row_groups(row, columns, group, own)
        total += count * (count - 1) // 2
    size = 16
    while size * 2 < total:
        size *= 2
    start = np.zeros(size + 1, np.uint32)
    for row in range(len(columns.start) - 1):
        count = _row_groups(row, columns, group, own)
        for one in range(count):
            for other in range(one):
                start[pair_slot(own[one], own[other], size - 1) + 1] += 1
    for place in range(size):
        start[place + 1] += start[place]
    rows = np.empty(total, np.int32)
    at = start[:-1].copy()
    for row in range(len(columns.start) - 1):
        count = _row_groups(row, columns, group, own)
        for one in range(count):
            for other in range(one):
                slot = pair_slot(own[one], own[other], size - 1)
                rows[at[slot]] = row
                at[slot] += 1
    return start, rows


def post(columns: Columns, document: NDArray[np.uint64], group: NDArray[np.int32], groups: int) -> Postings:
    """All postings of sorted columns."""
    pair_start, pair_row = post_pairs(columns, group)
    group_start, group_row = post_groups(columns, group, groups)
    having = np.flatnonzero(document).astype(np.int32)
    order = np.argsort(document[having], kind="stable")
    return Postings(pair_start, pair_row, group_start, group_row, document[having][order], having[order])


@kernel
def count_tokens(columns: Any, tokens: int, origin: Any, origins: int) -> Any:
    """In how many rows each token is a name, and a parent's name; and the rows of each token by origin, then by sex.

    ``origin`` says which origin a nationality is, by nationality + 1. Rows by sex, male and female, are of own names alone.
    """
    names = np.zeros(tokens, np.int64)
    parents = np.zeros(tokens, np.int64)
    by_origin = np.zeros((tokens, origins + 2), np.float32)
    for row in range(len(columns.start) - 1):
        packed = np.int64(columns.word[columns.start[row]])
        first = tokens_at(row, columns)
        own = (packed & 7) + ((packed >> 3) & 7)
        where = origin[packed >> 14]
        sex = (packed >> 10) & 3
        for place in range(first, np.int64(columns.start[row + 1])):
            if place < first + own:
                names[columns.word[place]] += 1
                if sex == 1 or sex == 2:
                    by_origin[columns.word[place], origins + sex - 1] += 1
            else:
                parents[columns.word[place]] += 1
            if where >= 0:
                by_origin[columns.word[place], where] += 1
    return names, parents, by_origin
