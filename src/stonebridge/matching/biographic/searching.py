"""Which rows are compared with a probe, and the best of them.

Rows come from four places: the same document number; the same day of birth, and days a
clerk makes of it; two names that both can be the probe's, within years of the birth date
or at any where that is few people; and, only where nothing good was found, one name within
two years. Every row is compared once, and the comparison alone decides.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.biographic.birth import birth_bits, birth_level
from stonebridge.matching.biographic.columns import pair_slot, tokens_at
from stonebridge.matching.biographic.evidence import PLACE_DIFFERS
from stonebridge.matching.biographic.probing import clear, make_probe
from stonebridge.matching.biographic.scoring import compare
from stonebridge.matching.kernels import kernel
from stonebridge.matching.names.growing import longer


class Reach(NamedTuple):
    """How far candidates are looked for. More finds more, and takes longer."""

    slots: int  # names that make pairs: 8 for the probe's own, 10 with its father's
    level: int  # of each of two names that make a pair, and
    together: int  # the sum of the two levels
    anywhere: int  # rows of a pair that are compared at any birth date,
    wide: int  # within ``years_wide``,
    narrow: int  # and within ``years_near``; beyond that within the year
    most: int
    undated: int  # where the probe has no birth date
    birthdays: int  # rows of one day
    years_wide: int
    years_near: int


SEARCH = Reach(10, 4, 4, 48, 500, 800, 3000, 20_000, 4000, 12, 2)
JOIN = Reach(8, 1, 1, 8, 25, 40, 100, 100, 1500, 11, 1)
FIRST_TOGETHER = 2
"""Levels of a pair in the first step; the second step, up to ``together``, is left out where somebody is sure."""
SINGLE_BELOW, SINGLE_BELOW_OF_ONE, SINGLE_ROWS = 0.0, 4.0, 4000
"""Bits above even chances below which single names are tried, the same for a probe with one name, and how many rows of them."""
HOPELESS = 14.0  # bits below even chances: a candidate of less than about 1 in 10,000 is not shown
APART = 24.0  # bits behind the best, at which a candidate is not shown
SURE = 18.0  # bits above even chances, from which no unlikely spellings are tried
AHEAD = 64  # rows whose memory is asked for together


class Answers(NamedTuple):
    """Best rows of each probe; -1 where there are no more."""

    row: NDArray[np.int32]
    bits: NDArray[np.float32]
    features: NDArray[np.float32]
    how: NDArray[np.int8]


def no_answers(probes: int, limit: int) -> Answers:
    """Room for the best ``limit`` rows of each probe."""
    return Answers(
        np.full((probes, limit), -1, np.int32), np.zeros((probes, limit), np.float32),
        np.zeros((probes, limit, 10), np.float32), np.zeros((probes, limit, 10), np.int8),
    )  # fmt: skip


@kernel
def _bisect(rows: Any, low: Any, high: Any, value: Any) -> Any:
    while low < high:
        middle = (low + high) >> 1
        if rows[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def _meet(row: Any, after: Any, seen: Any, met: Any) -> Any:
    """Remember a row that stands after another and was not met before."""
    if row <= after or seen[row]:
        return met
    seen[row] = True
    if met[0] == len(met):
        met = longer(met)
    met[met[0]] = row
    met[0] += 1
    return met


@kernel
def _ask(met: Any, first: Any, columns: Any, births: Any) -> Any:
    """Read the birth dates of the next rows, all at once, so that memory answers all at once; return how many."""
    count = min(AHEAD, met[0] - first)
    for place in range(count):
        births[place] = columns.word[np.int64(columns.start[met[first + place]]) + 1]
    return count


@kernel
def _touches(row: int, columns: Any, probe: Any) -> bool:
    """Whether any name of the row is a neighbour of any name of the probe."""
    for place in range(tokens_at(row, columns), np.int64(columns.start[row + 1])):
        token = columns.word[place]
        for slot in range(probe.names):
            if probe.level[token, slot] > 0:
                return True
    return False


@kernel
def _birthdays(birth: int, out: Any) -> int:
    """Dates that a clerk makes of a full date that is no 1 January; none otherwise. The first is the date itself."""
    day_of_year = birth & 511
    month, day = day_of_year >> 5, day_of_year & 31
    if birth <= 0 or day == 0 or day_of_year == 33:
        return 0
    out[0] = birth
    out[1] = birth - 512
    out[2] = birth + 512
    out[3] = birth - 5120
    out[4] = birth + 5120
    count = 5
    if day <= 12 and day != month:
        out[5] = (birth >> 9 << 9) + day * 32 + month
        count = 6
    return count


@kernel
def _ages(birth: int, out: Any) -> int:
    """The same day two to five years earlier or later: an age is claimed, the birthday kept."""
    day_of_year = birth & 511
    if birth <= 0 or day_of_year & 31 == 0 or day_of_year == 33:
        return 0
    for years in range(2, 6):
        out[2 * years - 4] = birth - 512 * years
        out[2 * years - 3] = birth + 512 * years
    return 8


@kernel
def _named(at: int, probes: Any, near: Any, columns: Any, postings: Any, reach: Any, above: int, together: int,
           after: Any, space: Any, met: Any) -> Any:  # fmt: skip
    """Meet the rows with two names that can be the probe's, whose levels sum to more than ``above``, at most ``together``."""
    mask = len(postings.pair_start) - 2
    year: Any = np.int64(probes.birth[at]) >> 9
    wide_low, wide_high = np.int64(0), np.int64(len(columns.start) - 1)
    near_low, near_high, year_low, year_high = wide_low, wide_high, wide_low, wide_high
    if year:
        days = columns.day_start
        wide_low = np.int64(days[max(0, year - reach.years_wide) * 512])
        wide_high = np.int64(days[min(2112, year + reach.years_wide + 1) * 512])
        near_low = np.int64(days[max(0, year - reach.years_near) * 512])
        near_high = np.int64(days[min(2112, year + reach.years_near + 1) * 512])
        year_low, year_high = np.int64(days[year * 512]), np.int64(days[min(2112, year + 1) * 512])
    lows = np.empty(1024, np.uint32)
    highs = np.empty(1024, np.uint32)
    for slot in range(reach.slots):
        one = probes.near[at, slot]
        if one < 0:
            continue
        for other_slot in range(min(slot, 8)):
            other = probes.near[at, other_slot]
            if other < 0:
                continue
            count = 0
            for place in range(near.group_start[one], near.group_start[one + 1]):
                level = near.group_level[place]
                if level > reach.level:
                    break
                for other_place in range(near.group_start[other], near.group_start[other + 1]):
                    other_level = near.group_level[other_place]
                    if level + other_level > together:
                        break
                    if level + other_level <= above:
                        continue
                    pair = pair_slot(near.group[place], near.group[other_place], mask)
                    lows[count] = postings.pair_start[pair]
                    highs[count] = postings.pair_start[pair + 1]
                    count += 1
            for pair in range(count):
                low, high = np.int64(lows[pair]), np.int64(highs[pair])
                if high - low > reach.anywhere:
                    low = _bisect(postings.pair_row, low, high, wide_low)
                    high = _bisect(postings.pair_row, low, high, wide_high)
                    if high - low > reach.wide and year:
                        low = _bisect(postings.pair_row, low, high, near_low)
                        high = _bisect(postings.pair_row, low, high, near_high)
                        if high - low > reach.narrow:
                            low = _bisect(postings.pair_row, low, high, year_low)
                            high = _bisect(postings.pair_row, low, high, year_high)
                if after >= 0 and high - low > 8:
                    low = _bisect(postings.pair_row, low, high, after + 1)
                for listed in range(low, min(high, low + (reach.most if year else reach.undated))):
                    met = _meet(np.int64(postings.pair_row[listed]), after, space.seen, met)
    return met


@kernel
def _dated(probe: Any, columns: Any, postings: Any, reach: Any, after: Any, space: Any, met: Any, days: Any) -> Any:
    """Meet the rows with the probe's document, and those of its birthdays that share a name with it."""
    if probe.document:
        listed = np.searchsorted(postings.document, probe.document)
        last = min(len(postings.document), listed + 200)
        while listed < last and postings.document[listed] == probe.document:
            met = _meet(np.int64(postings.document_row[listed]), after, space.seen, met)
            listed += 1
    return _born(_birthdays(probe.birth, days), days, probe, columns, reach, after, space, met)


@kernel
def _born(count: int, days: Any, probe: Any, columns: Any, reach: Any, after: Any, space: Any, met: Any) -> Any:
    """Meet the rows of these days that share a name with the probe."""
    for made in range(count):
        low = max(np.int64(columns.day_start[days[made]]), after + 1)
        high = min(np.int64(columns.day_start[days[made] + 1]), low + reach.birthdays)
        for row in range(low, high):
            if _touches(row, columns, probe):
                met = _meet(row, after, space.seen, met)
    return met


@kernel
def search(probes: Any, near: Any, places: Any, columns: Any, postings: Any, shares: Any, visible: Any, mask: int,
           space: Any, answers: Any, first: int, last: int, reach: Any) -> None:  # fmt: skip
    """Answer the probes from ``first`` to before ``last``."""
    features = np.zeros(10, np.float32)
    how = np.zeros(10, np.int8)
    met = np.empty(4096, np.int32)
    days = np.empty(8, np.int64)
    births = np.empty(AHEAD, np.int64)
    limit = answers.row.shape[1]
    best_row = np.empty(limit, np.int32)
    best_bits = np.empty(limit, np.float32)
    even = np.log2(len(columns.start))
    everybody = np.int64(-1)
    for at in range(first, last):
        own = np.zeros(21)
        birth_bits(probes.birth[at], shares.birth, shares.birth_chance, own)
        probe = make_probe(at, probes, near, places, shares, PLACE_DIFFERS, own, space)
        met[0] = 1
        for place in range(limit):
            best_row[place], best_bits[place] = -1, -1e9
        done = 1
        for step in range(3):
            if step == 0:
                met = _dated(probe, columns, postings, reach, everybody, space, met, days)
            if step < 2:
                if step == 1 and best_bits[0] > even + SURE:
                    break
                met = _named(at, probes, near, columns, postings, reach, -1 if step == 0 else FIRST_TOGETHER,
                             FIRST_TOGETHER if step == 0 else reach.together, everybody, space, met)  # fmt: skip
            elif best_bits[0] < even + (SINGLE_BELOW_OF_ONE if probe.names == 1 else SINGLE_BELOW):
                met = _born(_ages(probe.birth, days), days, probe, columns, reach, everybody, space, met)
                met = _single_names(at, probes, near, columns, postings, probe, reach, space, met)
            while done < met[0]:
                asked = _ask(met, done, columns, births)
                for place in range(asked):
                    row = np.int64(met[done + place])
                    if len(visible) and not visible[row] & mask:
                        continue
                    least = max(np.float64(best_bits[limit - 1]), max(best_bits[0] - APART, even - HOPELESS))
                    dates = birth_level(probe.birth, births[place])
                    if probe.birth_bits[dates] + probe.beside <= least:
                        continue
                    bits = compare(row, columns, probe, dates, least, features, how)
                    if bits > least:
                        to = limit - 1
                        while to > 0 and best_bits[to - 1] < bits:
                            best_bits[to] = best_bits[to - 1]
                            best_row[to] = best_row[to - 1]
                            to -= 1
                        best_bits[to] = bits
                        best_row[to] = row
                done += asked
        for place in range(limit):
            answers.row[at, place] = best_row[place]
            answers.bits[at, place] = best_bits[place]
            if best_row[place] >= 0:
                row = np.int64(best_row[place])
                dates = birth_level(probe.birth, np.int64(columns.word[np.int64(columns.start[row]) + 1]))
                compare(row, columns, probe, dates, -1e8, features, how)
                for feature in range(10):
                    answers.features[at, place, feature] = features[feature]
                    answers.how[at, place, feature] = how[feature]
        clear(at, probes, near, places, space, met)


@kernel
def _single_names(at: int, probes: Any, near: Any, columns: Any, postings: Any, probe: Any, reach: Any, space: Any,
                  met: Any) -> Any:  # fmt: skip
    """Meet rows that bear one of the probe's names, rarest name first, until there are enough."""
    year: Any = np.int64(probe.birth) >> 9
    low_row, high_row = np.int64(0), np.int64(len(columns.start) - 1)
    if year:
        low_row = np.int64(columns.day_start[max(0, year - reach.years_near) * 512])
        high_row = np.int64(columns.day_start[min(2112, year + reach.years_near + 1) * 512])
    most = met[0] + SINGLE_ROWS
    tried = 0
    for _ in range(probe.names):
        rarest = -1
        fewest = 1 << 40
        for slot in range(probe.names):
            listed = probes.near[at, slot]
            if (tried >> slot) & 1 or listed < 0:
                continue
            total = 0
            for place in range(near.group_start[listed], near.group_start[listed + 1]):
                group = near.group[place]
                start, end = postings.group_start[group], postings.group_start[group + 1]
                low = _bisect(postings.group_row, start, end, low_row)
                total += _bisect(postings.group_row, low, end, high_row) - low
            if total < fewest:
                fewest = total
                rarest = slot
        if rarest < 0:
            break
        tried |= 1 << rarest
        listed = probes.near[at, rarest]
        for place in range(near.group_start[listed], near.group_start[listed + 1]):
            group = near.group[place]
            start, end = postings.group_start[group], postings.group_start[group + 1]
            low = _bisect(postings.group_row, start, end, low_row)
            high = _bisect(postings.group_row, low, end, high_row)
            for posted in range(low, high):
                if met[0] >= most:
                    return met
                met = _meet(np.int64(postings.group_row[posted]), np.int64(-1), space.seen, met)
    return met


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
        met = _dated(probe, columns, postings, reach, after, space, met, days)
        met = _named(0, probes, near, columns, postings, reach, -1, reach.together, after, space, met)
        done = 1
        while done < met[0]:
            asked = _ask(met, done, columns, births)
            for place in range(asked):
                other = np.int64(met[done + place])
                if incremental and not from_row[row] and not from_row[other]:
                    continue
                dates = birth_level(probe.birth, births[place])
                if probe.birth_bits[dates] + probe.beside <= least:
                    continue
                bits = compare(other, columns, probe, dates, least, features, how)
                if bits >= least:
                    if found == len(one_of):
                        one_of, other_of, bits_of = longer(one_of), longer(other_of), longer(bits_of)
                    one_of[found], other_of[found], bits_of[found] = row, other, bits
                    found += 1
            done += asked
        clear(0, probes, near, places, space, met)
    return one_of[:found], other_of[:found], bits_of[:found]
