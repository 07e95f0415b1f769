"""Which minutiae of two fingers lie on each other, although skin stretches and turns.

Seeds are pairs whose neighbours agree, and that agree with other such pairs. From the
best, an alignment grows: where a minutia should lie is told by the pairs around it, the
nearest most, so that each part of a distorted finger follows its own part. A minutia's
own pair has no say in where it should lie.
"""

from math import cos, sqrt

import numpy as np

from stonebridge.matching.fingerprint.agreement import lowest_bit
from stonebridge.matching.fingerprint.compiled import Real, compiled
from stonebridge.matching.fingerprint.points import (
    AX,
    AY,
    BX,
    BY,
    CELL,
    CELLS,
    COST,
    LEAST,
    NEAR,
    TURN_C,
    TURN_S,
    C,
    Floats,
    Masks,
    Numbers,
    S,
    X,
    Y,
    put,
)  # fmt: skip
from stonebridge.matching.fingerprint.tuning import Growth

F = np.float32
U = np.uint64
FIRST_PAIRS = 8
FAR = F(1e9)


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
    off = (long - long_other) / (F(growth.edge_distance) + F(growth.edge_stretch) * long)
    twist = turn_c * turn_c2 + turn_s * turn_s2
    c, s = turn_c + turn_c2, turn_s + turn_s2
    straight = ((c * dx - s * dy) * ex + (s * dx + c * dy) * ey) / (long * long_other * sqrt(c * c + s * s + F(1e-6)))
    wide = F(growth.edge_angle) + F(growth.edge_jitter) / long
    bent = F(2.0) * (F(1.0) - straight) / (wide * wide)
    twisted = F(2.0) * (F(1.0) - twist) / F(growth.edge_turn * growth.edge_turn)
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
def find_support(candidates: Numbers, ends: Floats, count: int, growth: Growth, support: Floats) -> None:
    """The agreement that each candidate finds among all, weighed by their own."""
    for p in range(count):
        total = F(0.0)
        for q in range(count):
            total += F(candidates[q, 2]) * F(tie_of(ends, p, q, growth))
        support[p] = total * F(candidates[p, 2])


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
    held = 0
    best = seed
    while best >= 0 and held < FIRST_PAIRS:
        i, j = candidates[best, 0], candidates[best, 1]
        put(a, b, i, j, held, pairs)
        taken[i], owner[j] = 1, 1
        held += 1
        best, most = -1, F(0.0)
        for q in range(count):
            if worth[q] > most and taken[candidates[q, 0]] < 0 and owner[candidates[q, 1]] < 0:
                best, most = q, worth[q]
    return held


@compiled
def mark_cells(b: Floats, nb: int, growth: Growth, cells: Masks) -> None:
    """For each column and row of the second finger, which of its minutiae lie within reach."""
    cells[:] = U(0)
    reach = F(growth.place_most)
    inverse = F(1.0 / CELL)
    for j in range(nb):
        bit = U(1) << U(j)
        along, up = b[X, j] - b[LEAST, 0], b[Y, j] - b[LEAST, 4]
        for k in range(max(0, int((along - reach) * inverse)), min(CELLS - 1, int((along + reach) * inverse)) + 1):
            cells[0, k] |= bit
        for k in range(max(0, int((up - reach) * inverse)), min(CELLS - 1, int((up + reach) * inverse)) + 1):
            cells[1, k] |= bit


@compiled
def partner(a: Floats, b: Floats, n: int, cells: Masks, off: Real, least: Real, spots: Floats, rival: Numbers) -> None:
    """Find the second finger's minutia that fits minutia ``n`` best where it should lie."""
    x, y = spots[X, n], spots[Y, n]
    best, chosen = FAR, -1
    column, row = int((x - b[LEAST, 0]) * F(1.0 / CELL)), int((y - b[LEAST, 4]) * F(1.0 / CELL))
    if 0 <= column < CELLS and 0 <= row < CELLS:
        mask = cells[0, column] & cells[1, row]
        inverse = F(1.0) / (off * off)
        angular = F(1.0) / (F(1.0) - least)
        c = spots[C, n] * a[C, n] - spots[S, n] * a[S, n]
        s = spots[S, n] * a[C, n] + spots[C, n] * a[S, n]
        while mask:
            k = lowest_bit(mask)
            mask &= mask - U(1)
            dx, dy = b[X, k] - x, b[Y, k] - y
            place = (dx * dx + dy * dy) * inverse
            facing = c * b[C, k] + s * b[S, k]
            cost = place + (F(1.0) - facing) * angular
            if place < F(1.0) and facing > least and cost < best:
                best, chosen = cost, k
    spots[COST, n], rival[n] = best, chosen


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
    a: Floats, b: Floats, na: int, pairs: Floats, held: int, cells: Masks, growth: Growth, spots: Floats, rival: Numbers
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
        partner(a, b, n, cells, off, least, spots, rival)
        if rival[n] >= 0:
            met += F(1.0) - F(0.5) * spots[COST, n]
    return met


@compiled
def predict(a: Floats, n: int, pairs: Floats, pairing: Numbers, held: int, growth: Growth, spots: Floats) -> None:
    """Tell where minutia ``n`` should lie, its own pair left out."""
    x, y = a[X, n], a[Y, n]
    total = sum_ax = sum_ay = sum_bx = sum_by = F(0.0)
    dot = cross = turn_c = turn_s = F(0.0)
    near = FAR
    soft = F(growth.locality * growth.locality)
    for p in range(held):
        ax, ay = pairs[AX, p] - x, pairs[AY, p] - y
        square = ax * ax + ay * ay
        own = pairing[0, p] == n
        near = min(near, FAR if own else square)
        weight = F(1.0) / (square + soft)
        weight = F(0.0) if own else weight * weight
        wax, way = weight * ax, weight * ay
        bx, by = pairs[BX, p], pairs[BY, p]
        total += weight
        sum_ax += wax
        sum_ay += way
        sum_bx += weight * bx
        sum_by += weight * by
        dot += wax * bx + way * by
        cross += wax * by - way * bx
        turn_c += weight * pairs[TURN_C, p]
        turn_s += weight * pairs[TURN_S, p]
    spots[NEAR, n] = sqrt(near)
    if near >= FAR:
        return
    share = F(1.0) / total
    cax, cay, cbx, cby = sum_ax * share, sum_ay * share, sum_bx * share, sum_by * share
    pull = F(growth.inertia * growth.inertia)
    c = dot - total * (cax * cbx + cay * cby) + pull * turn_c
    s = cross - total * (cax * cby - cay * cbx) + pull * turn_s
    size = F(1.0) / (sqrt(c * c + s * s) + F(1e-30))
    c, s = c * size, s * size
    spots[X, n] = cbx - (c * cax - s * cay)
    spots[Y, n] = cby - (s * cax + c * cay)
    spots[C, n], spots[S, n] = c, s


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
    held = 0
    for n in range(na):
        k = rival[n]
        if k >= 0 and owner[k] == n:
            put(a, b, n, k, held, pairs)
            pairing[0, held], pairing[1, held] = n, k
            held += 1
    return held


@compiled
def grow(
    a: Floats, b: Floats, na: int, held: int, cells: Masks, growth: Growth, spots: Floats, rival: Numbers,
    owner: Numbers, pairs: Floats, pairing: Numbers,
) -> int:  # fmt: skip
    """Let the pairs say where every minutia should lie, pair anew, and again until nothing changes."""
    least = F(cos(growth.direction))
    for _ in range(growth.rounds):
        for n in range(na):
            predict(a, n, pairs, pairing, held, growth, spots)
            off = min(F(growth.place) + F(growth.place_stretch) * spots[NEAR, n], F(growth.place_most))
            if spots[NEAR, n] < F(growth.reach):
                partner(a, b, n, cells, off, least, spots, rival)
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
