"""Pairs of rows of one register that may be one person: each row asks those after it."""

from typing import Any

import numpy as np

from stonebridge.matching.biographic.birth import birth_bits, birth_level
from stonebridge.matching.biographic.evidence import PLACE_DIFFERS
from stonebridge.matching.biographic.probing import clear, make_probe
from stonebridge.matching.biographic.scoring import beside_names, compare, of_names
from stonebridge.matching.biographic.searching import AHEAD, Reach, ask, dated, named
from stonebridge.matching.kernels import kernel
from stonebridge.matching.names.growing import longer

JOIN = Reach(8, 1, 1, 8, 25, 40, 100, 100, 1500, 11, 1)


@kernel
def _row_probe(row: int, columns: Any, probes: Any) -> None:
    """Make a row the only probe of ``probes``; its tokens and place are their own numbers in ``Near``."""
    start = np.int64(columns.start[row])
    packed = np.int64(columns.word[start])
    given, family, fathers, mothers = packed & 7, (packed >> 3) & 7, (packed >> 6) & 3, (packed >> 8) & 3
    probes.names[0], probes.given[0] = given + family, given
    probes.fathers[0], probes.mothers[0] = fathers, mothers
    probes.birth[0] = columns.word[start + 1]
    probes.sex[0] = (packed >> 10) & 3
    probes.nationality[0] = (packed >> 14) - 1 if packed >> 14 else -2
    after = start + 2
    probes.place[0] = -1
    if (packed >> 12) & 1:
        probes.place[0] = columns.word[after]
        after += 1
    probes.document[0] = 0
    if (packed >> 13) & 1:
        probes.document[0] = np.uint64(columns.word[after]) | np.uint64(columns.word[after + 1]) << np.uint64(32)
        after += 2
    for slot in range(12):
        probes.near[0, slot] = -1
    for name in range(given + family):
        probes.near[0, name] = columns.word[after + name]
    after += given + family
    for name in range(fathers):
        probes.near[0, 8 + name] = columns.word[after + name]
    for name in range(mothers):
        probes.near[0, 10 + name] = columns.word[after + fathers + name]


@kernel
def join(probes: Any, near: Any, places: Any, columns: Any, postings: Any, shares: Any, space: Any, least: float,
         first: int, last: int, from_row: Any, reach: Any) -> Any:  # fmt: skip
    """Pairs of a row from ``first`` to before ``last`` with a later row, at ``least`` bits or more.

    Where ``from_row`` is not empty, it says which rows are new: pairs of two old rows are left out.
    """
    features = np.zeros(10, np.float32)
    how = np.zeros(10, np.int8)
    met = np.empty(4096, np.int32)
    days = np.empty(8, np.int64)
    births = np.empty(AHEAD, np.int64)
    one_of = np.empty(1 << 16, np.int32)
    other_of = np.empty(1 << 16, np.int32)
    bits_of = np.empty(1 << 16, np.float32)
    found = 0
    incremental = len(from_row) > 0
    own = np.zeros(21)
    born = np.int64(-1)
    for row in range(first, last):
        _row_probe(row, columns, probes)
        if probes.birth[0] != born:  # rows stand by birth date, so that its bits serve many
            born = np.int64(probes.birth[0])
            birth_bits(probes.birth[0], shares.birth, shares.birth_chance, own)
        probe = make_probe(0, probes, near, places, shares, PLACE_DIFFERS, own, space)
        met[0] = 1
        after = np.int64(row)
        met = dated(probe, columns, postings, reach, after, space, met, days)
        met = named(0, probes, near, columns, postings, reach, -1, reach.together, after, space, met)
        done = 1
        while done < met[0]:
            asked = ask(met, done, columns, births)
            for place in range(asked):
                other = np.int64(met[done + place])
                if incremental and not from_row[row] and not from_row[other]:
                    continue
                dates = birth_level(probe.birth, births[place])
                if probe.birth_bits[dates] + probe.beside <= least:
                    continue
                beside = beside_names(other, columns, probe, dates)
                if beside + probe.most <= least or beside + of_names(other, columns, probe) <= least:
                    continue
                bits = compare(other, columns, probe, dates, features, how)
                if bits >= least:
                    if found == len(one_of):
                        one_of, other_of, bits_of = longer(one_of), longer(other_of), longer(bits_of)
                    one_of[found], other_of[found], bits_of[found] = row, other, bits
                    found += 1
            done += asked
        clear(0, probes, near, places, space, met)
    return one_of[:found], other_of[:found], bits_of[:found]
