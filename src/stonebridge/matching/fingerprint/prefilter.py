"""The first look at a whole gallery: how much of each template finds neighbours that agree with the probe's.

Eight codes a minutia are added as columns of bits (carry-save), so that one pass of
some sixty machine instructions counts the agreements of a gallery's minutia with all
of the probe's. There are no branches to mispredict.
"""

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.fingerprint.agreement import U, ones_in
from stonebridge.matching.fingerprint.compiled import compiled
from stonebridge.matching.fingerprint.neighbours import Codes, Table
from stonebridge.matching.fingerprint.tuning import FILTER_MINUTIAE

Counts = NDArray[np.int32]


@compiled
def count_all(
    table: Table, codes: Codes, starts: NDArray[np.int64], visible: NDArray[np.bool_], first: int, last: int,
    counts: Counts,
) -> None:  # fmt: skip
    """For the templates from ``first`` up to ``last``: pairs of minutiae of which five or more neighbours agree.

    Those of which six or more do count twice. A template that is not visible gets -1 and is not looked at.
    """
    for n in range(first, last):
        if not visible[n]:
            counts[n] = -1
            continue
        total = U(0)
        for j in range(starts[n], min(starts[n + 1], starts[n] + FILTER_MINUTIAE)):
            a, b, c, d = table[codes[j, 0]], table[codes[j, 1]], table[codes[j, 2]], table[codes[j, 3]]
            e, f, g, h = table[codes[j, 4]], table[codes[j, 5]], table[codes[j, 6]], table[codes[j, 7]]
            odd = a ^ b
            one, two = odd ^ c, (a & b) | (odd & c)
            odd = d ^ e
            one_b, two_b = odd ^ f, (d & e) | (odd & f)
            odd = one ^ one_b
            one_c, two_c = odd ^ g, (one & one_b) | (odd & g)
            ones, two_d = one_c ^ h, one_c & h
            odd = two ^ two_b
            pair, four = odd ^ two_c, (two & two_b) | (odd & two_c)
            twos, four_b = pair ^ two_d, pair & two_d
            fours, eights = four | four_b, four & four_b
            six = (fours & twos) | eights
            total += ones_in(six | (fours & ones)) + ones_in(six)
        counts[n] = np.int32(total)


def best_of(counts: Counts, wanted: int) -> NDArray[np.int64]:
    """The places of the ``wanted`` highest counts, or somewhat fewer or more where counts are equal."""
    tally = np.bincount(np.maximum(counts, 0))
    from_above = np.cumsum(tally[::-1])[::-1]
    least = int(np.argmin(np.abs(from_above - wanted)))
    chosen = np.flatnonzero(counts >= least)
    return chosen if len(chosen) <= 2 * wanted else chosen[: 2 * wanted]
