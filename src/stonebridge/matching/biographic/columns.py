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
    """What is compared, row by row."""

    birth: NDArray[np.int32]  # year * 512 + month * 32 + day
    start: NDArray[np.uint32]  # where a row's tokens begin; one more than rows
    token: NDArray[np.int32]
    shape: NDArray[np.uint16]  # given (3 bits), family (3), father (2), mother (2), sex (2: 1 m, 2 f, 3 x)
    nationality: NDArray[np.int16]  # -1: none
    place: NDArray[np.int32]  # -1: none
    document: NDArray[np.uint64]  # 0: none


class Postings(NamedTuple):
    """Rows by pair of skeleton groups, by group, by document, by day."""

    pair_start: NDArray[np.uint32]
    pair_row: NDArray[np.int32]
    group_start: NDArray[np.int64]
    group_row: NDArray[np.int32]
    document: NDArray[np.uint64]
    document_row: NDArray[np.int32]
    year_start: NDArray[np.int64]


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
def assemble(order: Any, texts: Any, text_start: Any, text_token: Any, sex: Any) -> Any:
    """Tokens and shapes of all rows in their order; ``texts`` is given, family, father, mother by text number."""
    rows = len(order)
    start = np.zeros(rows + 1, np.uint32)
    shape = np.zeros(rows, np.uint16)
    total = 0
    for row in range(rows):
        kept = 0
        packed = np.int64(sex[order[row]]) << 10
        for field in range(4):
            text = texts[field, order[row]]
            count = text_start[text + 1] - text_start[text]
            most = 4 if field == 0 else 6 - kept if field == 1 else 2
            count = min(count, most)
            kept += count if field < 2 else 0
            total += count
            packed |= count << (0 if field == 0 else 3 if field == 1 else 6 if field == 2 else 8)
        shape[row] = packed
        start[row + 1] = total
    token = np.empty(total, np.int32)
    at = 0
    for row in range(rows):
        kept = 0
        for field in range(4):
            text = texts[field, order[row]]
            count = text_start[text + 1] - text_start[text]
            most = 4 if field == 0 else 6 - kept if field == 1 else 2
            count = min(count, most)
            kept += count if field < 2 else 0
            for place in range(text_start[text], text_start[text] + count):
                token[at] = text_token[place]
                at += 1
    return start, token, shape


@kernel
def pair_slot(one: int, other: int, mask: int) -> Any:
    """Where a pair of groups is listed; the order of the two does not matter."""
    low = np.uint64(min(one, other))
    high = np.uint64(max(one, other))
    digest = low * np.uint64(0x9E3779B97F4A7C15) + high * np.uint64(0xC2B2AE3D27D4EB4F)
    digest ^= digest >> np.uint64(29)
    digest *= np.uint64(0xBF58476D1CE4E5B9)
    digest ^= digest >> np.uint64(32)
    return np.int64(digest & np.uint64(mask))


@kernel
def _row_groups(row: int, columns: Any, group: Any, out: Any) -> int:
    """The different groups of a row's names and of its father's first name, at most eight."""
    shape = columns.shape[row]
    names = (shape & 7) + ((shape >> 3) & 7) + (1 if (shape >> 6) & 3 else 0)
    count = 0
    for place in range(names):
        this = group[columns.token[columns.start[row] + place]]
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
    for row in range(len(columns.birth)):
        for place in range(_row_groups(row, columns, group, own)):
            start[own[place] + 1] += 1
    for place in range(groups + 1):
        start[place + 1] += start[place]
    rows = np.empty(start[groups], np.int32)
    at = start[:-1].copy()
    for row in range(len(columns.birth)):
        for place in range(_row_groups(row, columns, group, own)):
            rows[at[own[place]]] = row
            at[own[place]] += 1
    return start, rows


@kernel
def post_pairs(columns: Any, group: Any) -> Any:
    """Rows of each pair of groups, in order, by slot."""
    own = np.empty(8, np.int32)
    total = 0
    for row in range(len(columns.birth)):
        count = _row_groups(row, columns, group, own)
        total += count * (count - 1) // 2
    size = 16
    while size * 2 < total:
        size *= 2
    start = np.zeros(size + 1, np.uint32)
    for row in range(len(columns.birth)):
        count = _row_groups(row, columns, group, own)
        for one in range(count):
            for other in range(one):
                start[pair_slot(own[one], own[other], size - 1) + 1] += 1
    for place in range(size):
        start[place + 1] += start[place]
    rows = np.empty(total, np.int32)
    at = start[:-1].copy()
    for row in range(len(columns.birth)):
        count = _row_groups(row, columns, group, own)
        for one in range(count):
            for other in range(one):
                slot = pair_slot(own[one], own[other], size - 1)
                rows[at[slot]] = row
                at[slot] += 1
    return start, rows


def post(columns: Columns, group: NDArray[np.int32], groups: int) -> Postings:
    """All postings of sorted columns."""
    pair_start, pair_row = post_pairs(columns, group)
    group_start, group_row = post_groups(columns, group, groups)
    having = np.flatnonzero(columns.document).astype(np.int32)
    order = np.argsort(columns.document[having], kind="stable")
    years = np.searchsorted(columns.birth, (np.arange(2113) * 512).astype(np.int32)).astype(np.int64)
    return Postings(pair_start, pair_row, group_start, group_row, columns.document[having][order], having[order], years)


@kernel
def count_tokens(columns: Any, tokens: int) -> Any:
    """In how many rows each token is a name, and a parent's name."""
    names = np.zeros(tokens, np.int64)
    parents = np.zeros(tokens, np.int64)
    for row in range(len(columns.birth)):
        shape = columns.shape[row]
        first = np.int64(columns.start[row])
        own = (shape & 7) + ((shape >> 3) & 7)
        for place in range(first, np.int64(columns.start[row + 1])):
            if place < first + own:
                names[columns.token[place]] += 1
            else:
                parents[columns.token[place]] += 1
    return names, parents
