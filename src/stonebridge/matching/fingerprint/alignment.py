"""Which minutiae of two fingers lie on each other, although skin stretches and turns.

Seeds are pairs whose neighbours agree, and that agree with other such pairs. From the
best, an alignment grows: where a minutia should lie is told by the pairs around it, the
nearest most, so that each part of a distorted finger follows its own part. A minutia's
own pair has no say in where it should lie.
"""

from math import cos, sqrt
from typing import cast

import numpy as np

from stonebridge.matching.fingerprint.compiled import Real, compiled
from stonebridge.matching.fingerprint.points import (
    AGREED,
    AX,
    AY,
    BX,
    BY,
    COST,
    NEAR,
    TURN_C,
    TURN_S,
    C,
    Floats,
    Numbers,
    S,
    X,
    Y,
    put,
)  # fmt: skip
from stonebridge.matching.fingerprint.tuning import CAPACITY, Growth

F = np.float32
# A kernel is compiled anew for a bare 0 or -1, so that these bear the type of every other number.
ZERO, NOBODY = cast(int, np.int64(0)), cast(int, np.int64(-1))
FIRST_PAIRS = 8
FAR = F(1e9)
WORD = np.int32
FINE = F(1 << 20)  # steps of a cost
CAPACITY_BITS = CAPACITY.bit_length() - 1
MISSED = WORD(2 * int(FINE) << CAPACITY_BITS)
SUMS = 10
NEAREST = SUMS - 1  # the row of the squared way to the nearest pair


@compiled
def tie(
    ax: Real, ay: Real, bx: Real, by: Real, turn_c: Real, turn_s: Real,
    ax2: Real, ay2: Real, bx2: Real, by2: Real, turn_c2: Real, turn_s2: Real, growth: Growth,
) -> Real:  # fmt: skip
    """How well two pairs agree: the way between them in each finger, and how far each turned. 0 to 1; no branches.

    Both ways are compared after turning the first by the mean turn of the two pairs.
    """
    dx, dy, ex, ey = ax2 - ax, ay2 - ay, bx2 - bx, by2 - by
    square, other = dx * dx + dy * dy + F(1.0), ex * ex + ey * ey + F(1.0)
    long, long_other = sqrt(square), sqrt(other)
    # one division serves both: divisions and roots are what this costs
    wide = F(growth.edge_angle) * long + F(growth.edge_jitter)
    slack = F(growth.edge_distance) + F(growth.edge_stretch) * long
    inverse = F(1.0) / (wide * slack)
    off = (long - long_other) * wide * inverse
    c, s = turn_c + turn_c2, turn_s + turn_s2
    dot = (c * dx - s * dy) * ex + (s * dx + c * dy) * ey
    straight = dot / sqrt(square * other * (c * c + s * s + F(1e-6)))
    narrow = long * slack * inverse
    bent = F(2.0) * (F(1.0) - straight) * narrow * narrow
    twist = turn_c * turn_c2 + turn_s * turn_s2
    twisted = F(2.0 / (growth.edge_turn * growth.edge_turn)) * (F(1.0) - twist)
    apart = max(F(1.0) - off * off, F(0.0)) * max(F(1.0) - bent, F(0.0)) * max(F(1.0) - twisted, F(0.0))
    return F(0.0) if long > F(growth.edge_reach) or long < F(4.0) or long_other < F(4.0) else apart


@compiled
def tie_of(pairs: Floats, p: int, q: int, growth: Growth) -> Real:
    """How well two pairs of a list agree."""
    return tie(
        pairs[AX, p], pairs[AY, p], pairs[BX, p], pairs[BY, p], pairs[TURN_C, p], pairs[TURN_S, p],
        pairs[AX, q], pairs[AY, q], pairs[BX, q], pairs[BY, q], pairs[TURN_C, q], pairs[TURN_S, q], growth,
    )  # fmt: skip


@compiled
def find_support(ends: Floats, count: int, growth: Growth, support: Floats) -> int:
    """The agreement that each candidate finds among all, weighed by their own; answer which finds most, -1: none."""
    for p in range(count):
        total = F(0.0)
        for q in range(count):
            total += ends[AGREED, q] * F(tie_of(ends, p, q, growth))
        support[p] = total * ends[AGREED, p]
    best = NOBODY
    for p in range(count):
        if best < 0 or support[p] > support[best]:
            best = p
    return best


@compiled
def first_pairs(
    a: Floats, b: Floats, candidates: Numbers, ends: Floats, support: Floats, count: int, seed: int, growth: Growth,
    taken: Numbers, owner: Numbers, worth: Floats, pairs: Floats,
) -> int:  # fmt: skip
    """The seed and the candidates that agree with it, the best supported first, each minutia once."""
    owner[:] = -1
    taken[:] = -1
    for q in range(count):
        worth[q] = support[q] * F(tie_of(ends, seed, q, growth))
    held = ZERO
    best = seed
    while best >= 0 and held < FIRST_PAIRS:
        i, j = candidates[best, 0], candidates[best, 1]
        put(a, b, i, j, held, pairs)
        taken[i], owner[j] = 1, 1
        held += 1
        best, most = NOBODY, F(0.0)
        for q in range(count):
            if worth[q] > most and taken[candidates[q, 0]] < 0 and owner[candidates[q, 1]] < 0:
                best, most = q, worth[q]
    return held


@compiled
def partner(a: Floats, b: Floats, n: int, nb: int, off: Real, least: Real, spots: Floats, rival: Numbers) -> None:
    """Find the second finger's minutia that fits minutia ``n`` best where it should lie.

    Every one is asked, without branches, which is quicker than to know which are near.
    """
    x, y = spots[X, n], spots[Y, n]
    inverse = F(1.0) / (off * off)
    angular = F(1.0) / (F(1.0) - least)
    c = spots[C, n] * a[C, n] - spots[S, n] * a[S, n]
    s = spots[S, n] * a[C, n] + spots[C, n] * a[S, n]
    best = MISSED
    for k in range(nb):
        dx, dy = b[X, k] - x, b[Y, k] - y
        place = (dx * dx + dy * dy) * inverse
        facing = c * b[C, k] + s * b[S, k]
        cost = min(place + (F(1.0) - facing) * angular, F(2.0))
        cost += F(2.0) if place >= F(1.0) else F(0.0)
        cost += F(2.0) if facing <= least else F(0.0)
        # the cost in the upper bits and the minutia in the lower six: the least of all names both
        best = WORD(min(best, WORD(WORD(cost * FINE) << CAPACITY_BITS | k)))
    if best < MISSED:
        spots[COST, n], rival[n] = F(best >> CAPACITY_BITS) / FINE, best & (CAPACITY - 1)
    else:
        spots[COST, n], rival[n] = FAR, -1


@compiled
def motion(pairs: Floats, held: int, growth: Growth) -> tuple[Real, Real, Real, Real]:
    """The rigid motion that fits pairs best: cosine and sine of the turn, then the way."""
    cax = cay = cbx = cby = F(0.0)
    for p in range(held):
        cax += pairs[AX, p]
        cay += pairs[AY, p]
        cbx += pairs[BX, p]
        cby += pairs[BY, p]
    share = F(1.0) / F(held)
    cax, cay, cbx, cby = cax * share, cay * share, cbx * share, cby * share
    pull = F(growth.inertia * growth.inertia)
    c = s = F(0.0)
    for p in range(held):
        ax, ay, bx, by = pairs[AX, p] - cax, pairs[AY, p] - cay, pairs[BX, p] - cbx, pairs[BY, p] - cby
        c += ax * bx + ay * by + pull * pairs[TURN_C, p]
        s += ax * by - ay * bx + pull * pairs[TURN_S, p]
    size = F(1.0) / (sqrt(c * c + s * s) + F(1e-9))
    c, s = c * size, s * size
    return c, s, cbx - (c * cax - s * cay), cby - (s * cax + c * cay)


@compiled
def lay(
    a: Floats, b: Floats, na: int, nb: int, pairs: Floats, held: int, growth: Growth, spots: Floats, rival: Numbers
) -> Real:
    """Lay the first finger on the second by one rigid motion; answer how much meets."""
    c, s, x, y = motion(pairs, held, growth)
    least = F(cos(growth.direction))
    off = F(growth.place_most)
    met = F(0.0)
    for n in range(na):
        spots[X, n] = c * a[X, n] - s * a[Y, n] + x
        spots[Y, n] = s * a[X, n] + c * a[Y, n] + y
        spots[C, n], spots[S, n] = c, s
        partner(a, b, n, nb, off, least, spots, rival)
        if rival[n] >= 0:
            met += F(1.0) - F(0.5) * spots[COST, n]
    return met


@compiled
def predict(
    a: Floats, na: int, pairs: Floats, pairing: Numbers, held: int, growth: Growth, sums: Floats, spots: Floats
) -> None:
    """Tell where every minutia of the first finger should lie, its own pair left out.

    ``sums`` holds for each minutia what the pairs say, weighed by how near they are; a row a sum, so that one
    instruction adds a pair to many minutiae.
    """
    sums[:, :na] = F(0.0)
    sums[NEAREST, :na] = FAR
    soft = F(growth.locality * growth.locality)
    for p in range(held):
        ax, ay, bx, by = pairs[AX, p], pairs[AY, p], pairs[BX, p], pairs[BY, p]
        turn_c, turn_s = pairs[TURN_C, p], pairs[TURN_S, p]
        own = pairing[0, p]
        for n in range(na):
            dx, dy = ax - a[X, n], ay - a[Y, n]
            square = FAR if n == own else dx * dx + dy * dy
            sums[NEAREST, n] = min(sums[NEAREST, n], square)
            weight = F(1.0) / (square + soft)
            weight = F(0.0) if n == own else weight * weight
            wax, way = weight * dx, weight * dy
            sums[0, n] += weight
            sums[1, n] += wax
            sums[2, n] += way
            sums[3, n] += weight * bx
            sums[4, n] += weight * by
            sums[5, n] += wax * bx + way * by
            sums[6, n] += wax * by - way * bx
            sums[7, n] += weight * turn_c
            sums[8, n] += weight * turn_s
    pull = F(growth.inertia * growth.inertia)
    for n in range(na):
        total = sums[0, n] + F(1e-30)
        share = F(1.0) / total
        cax, cay, cbx, cby = sums[1, n] * share, sums[2, n] * share, sums[3, n] * share, sums[4, n] * share
        c = (sums[5, n] - total * (cax * cbx + cay * cby)) * share + pull * sums[7, n] * share
        s = (sums[6, n] - total * (cax * cby - cay * cbx)) * share + pull * sums[8, n] * share
        size = F(1.0) / (sqrt(c * c + s * s) + F(1e-9))
        c, s = c * size, s * size
        spots[X, n] = cbx - (c * cax - s * cay)
        spots[Y, n] = cby - (s * cax + c * cay)
        spots[C, n], spots[S, n] = c, s
        spots[NEAR, n] = sqrt(sums[NEAREST, n])


@compiled
def settle(
    a: Floats, b: Floats, na: int, spots: Floats, rival: Numbers, owner: Numbers, pairs: Floats, pairing: Numbers
) -> int:
    """Give each minutia of the second finger to the one that fits it best; list the pairs and answer how many."""
    owner[:] = -1
    for n in range(na):
        k = rival[n]
        if k >= 0 and (owner[k] < 0 or spots[COST, n] < spots[COST, owner[k]]):
            owner[k] = n
    held = ZERO
    for n in range(na):
        k = rival[n]
        if k >= 0 and owner[k] == n:
            put(a, b, n, k, held, pairs)
            pairing[0, held], pairing[1, held] = n, k
            held += 1
    return held


@compiled
def grow(
    a: Floats, b: Floats, na: int, nb: int, held: int, growth: Growth, sums: Floats, spots: Floats,
    rival: Numbers, owner: Numbers, pairs: Floats, pairing: Numbers,
) -> int:  # fmt: skip
    """Let the pairs say where every minutia should lie, pair anew, and again until nothing changes."""
    least = F(cos(growth.direction))
    for _ in range(growth.rounds):
        predict(a, na, pairs, pairing, held, growth, sums, spots)
        for n in range(na):
            off = min(F(growth.place) + F(growth.place_stretch) * spots[NEAR, n], F(growth.place_most))
            if spots[NEAR, n] < F(growth.reach):
                partner(a, b, n, nb, off, least, spots, rival)
            else:
                spots[COST, n], rival[n] = FAR, -1
        kept = 0
        for p in range(held):
            kept += rival[pairing[0, p]] == pairing[1, p]
        before = held
        held = settle(a, b, na, spots, rival, owner, pairs, pairing)
        if held < 3 or (kept == before and held == before):
            break
    return held
