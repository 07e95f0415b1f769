"""The arrays in which one comparison works, made once and used for as many comparisons as there are.

A quantity is a row, a minutia or a pair of minutiae a column.
"""

from math import cos, pi, sin, tau
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.fingerprint.agreement import Planes
from stonebridge.matching.fingerprint.compiled import Real, compiled
from stonebridge.matching.fingerprint.template import Minutiae
from stonebridge.matching.fingerprint.tuning import CAPACITY

Floats = NDArray[np.float32]
Numbers = NDArray[np.int16]

# Rows of points: places in pixels, directions as cosine and sine; then the outline, a column an axis.
X, Y, C, S, LEAST, MOST = range(6)
# Rows of pairs: the place in each finger, the turn from the first direction to the second; of candidates also
# how many neighbours agree.
AX, AY, BX, BY, TURN_C, TURN_S, AGREED = range(7)
# Rows of spots, where each minutia of the first finger should lie: X, Y, the turn C, S of the skin around it, then
NEAR, COST = 4, 5  # pixels to the nearest matched minutia; how badly its best partner fits

AXES = 8  # directions in which a finger's outline is measured

COSINE = np.array([cos(step * tau / 256) for step in range(256)], dtype=np.float32)
SINE = np.array([sin(step * tau / 256) for step in range(256)], dtype=np.float32)
AXIS_X = np.array([cos(k * pi / AXES) for k in range(AXES)], dtype=np.float32)
AXIS_Y = np.array([sin(k * pi / AXES) for k in range(AXES)], dtype=np.float32)


class Workspace(NamedTuple):
    """What one thread needs."""

    second: Floats  # points
    planes: Planes
    candidates: Numbers  # rows of i, j, agreements
    ends: Floats  # the candidates as pairs
    support: Floats
    used: Numbers
    pairs: Floats
    pairing: Numbers  # columns: the two minutiae of a pair
    sums: Floats  # what the pairs say where each minutia of the first finger should lie
    spots: Floats
    rival: Numbers  # for each minutia of the first finger its best partner, -1: none within reach
    taken: Numbers
    owner: Numbers


def workspace() -> Workspace:
    """A workspace for one thread."""

    def floats(rows: int = 6) -> Floats:
        return np.zeros((rows, CAPACITY), np.float32)

    def numbers() -> Numbers:
        return np.zeros(CAPACITY, np.int16)

    return Workspace(
        second=floats(),
        planes=np.zeros((CAPACITY, 4), np.uint64),
        candidates=np.zeros((CAPACITY, 3), np.int16),
        ends=floats(7),
        support=np.zeros(CAPACITY, np.float32),
        used=numbers(),
        pairs=floats(),
        pairing=np.zeros((2, CAPACITY), np.int16),
        sums=floats(10),
        spots=floats(),
        rival=numbers(),
        taken=numbers(),
        owner=numbers(),
    )


@compiled
def unpack(minutiae: Minutiae, into: Floats) -> None:
    """Spread minutiae into points and measure their outline."""
    count = len(minutiae)
    for i in range(count):
        angle = minutiae[i, 2] & 255
        into[X, i], into[Y, i] = minutiae[i, 0], minutiae[i, 1]
        into[C, i], into[S, i] = COSINE[angle], SINE[angle]
    for k in range(AXES):
        low, high = np.float32(1e9), np.float32(-1e9)
        for i in range(count):
            along = into[X, i] * AXIS_X[k] + into[Y, i] * AXIS_Y[k]
            low, high = min(low, along), max(high, along)
        into[LEAST, k], into[MOST, k] = low, high


@compiled
def put(a: Floats, b: Floats, i: int, j: int, at: int, pairs: Floats) -> None:
    """Make (i, j) the pair ``at``."""
    pairs[AX, at], pairs[AY, at], pairs[BX, at], pairs[BY, at] = a[X, i], a[Y, i], b[X, j], b[Y, j]
    pairs[TURN_C, at] = a[C, i] * b[C, j] + a[S, i] * b[S, j]
    pairs[TURN_S, at] = a[C, i] * b[S, j] - a[S, i] * b[C, j]


@compiled
def inside(x: Real, y: Real, area: Floats) -> bool:
    """Whether a place lies within the outline of a finger's minutiae."""
    for k in range(AXES):
        along = x * AXIS_X[k] + y * AXIS_Y[k]
        if along < area[LEAST, k] or along > area[MOST, k]:
            return False
    return True


def points_of(minutiae: Minutiae) -> Floats:
    """The points of a template."""
    into = np.zeros((6, CAPACITY), np.float32)
    unpack(minutiae, into)
    return into
