"""One comparison, and many against one probe, from the first count to the evidence of the best alignment."""

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.fingerprint.agreement import best_candidates, count_agreements
from stonebridge.matching.fingerprint.alignment import NOBODY, find_support, first_pairs, grow, lay, settle
from stonebridge.matching.fingerprint.compiled import Real, compiled
from stonebridge.matching.fingerprint.evidence import MEASURES, evidence, measure
from stonebridge.matching.fingerprint.neighbours import Codes, Table
from stonebridge.matching.fingerprint.points import AGREED, COST, Floats, Workspace, put, unpack
from stonebridge.matching.fingerprint.template import Minutiae
from stonebridge.matching.fingerprint.tuning import Growth

F = np.float32


@compiled
def compare(
    first: Minutiae, a: Floats, table: Table, second: Minutiae, codes: Codes, growth: Growth, work: Workspace,
    measures: Floats,
) -> int:  # fmt: skip
    """Align two fingers; answer how many pairs of minutiae ``work.pairing`` holds, and fill the measures.

    Fingers whose pairs find less than ``growth.least_support`` among each other are not aligned: no pairs, measures zero.
    """
    measures[:] = 0.0
    na, nb = len(first), len(second)
    if na < 2 or nb < 2:
        return 0
    b, planes, candidates, ends, support, used, pairs, pairing, sums, spots, rival, taken, owner = work
    unpack(second, b)
    count_agreements(table, codes, planes)
    count = best_candidates(planes, nb, growth.candidates, candidates)
    for p in range(count):
        put(a, b, candidates[p, 0], candidates[p, 1], p, ends)
        ends[AGREED, p] = candidates[p, 2]
        used[p] = 0
    seed = find_support(ends, count, growth, support)
    if seed < 0 or support[seed] < growth.least_support:
        return 0
    best = last = NOBODY
    enough = F(growth.seed_share) * support[seed]
    most: Real = F(-1.0)
    for _ in range(growth.seeds):
        seed = NOBODY
        for p in range(count):
            if not used[p] and (seed < 0 or support[p] > support[seed]):
                seed = p
        if seed < 0 or support[seed] < enough:
            break
        used[seed], last = 1, seed
        held = first_pairs(a, b, candidates, ends, support, count, seed, growth, taken, owner, spots[COST], pairs)
        met = lay(a, b, na, nb, pairs, held, growth, spots, rival)
        if met > most:
            best, most = seed, met
        for p in range(count):
            if rival[candidates[p, 0]] == candidates[p, 1]:
                used[p] = 1
    if best < 0:
        return 0
    if best != last:
        held = first_pairs(a, b, candidates, ends, support, count, best, growth, taken, owner, spots[COST], pairs)
        lay(a, b, na, nb, pairs, held, growth, spots, rival)
    held = settle(a, b, na, spots, rival, owner, pairs, pairing)
    held = grow(a, b, na, nb, held, growth, sums, spots, rival, owner, pairs, pairing)
    measure(first, second, a, b, planes, pairs, pairing, held, spots, growth, measures)
    measures[14] = np.sqrt(support[best])
    measures[15] = most
    return held


@compiled
def score_many(
    first: Minutiae, a: Floats, table: Table, seconds: Minutiae, codes: Codes, starts: NDArray[np.int64],
    chosen: NDArray[np.int64], growth: Growth, work: Workspace, scores: Floats,
) -> None:  # fmt: skip
    """Compare a probe with the chosen templates of a gallery; fill the evidence of each in bits."""
    measures = np.empty(len(MEASURES), np.float32)
    for n in range(len(chosen)):
        start, end = starts[chosen[n]], starts[chosen[n] + 1]
        compare(first, a, table, seconds[start:end], codes[start:end], growth, work, measures)
        scores[n] = evidence(measures)
