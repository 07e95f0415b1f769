"""The neighbours of each minutia as small codes, and the table that finds who agrees with a code.

A code holds a neighbour's distance, its bearing seen along the minutia's own direction,
and its direction relative to that: nothing of it changes when the finger is moved or
turned. The table of a probe has for each code a mask with a bit for every minutia of
the probe that has such a neighbour, within ``Reach``.
"""

from math import atan2, sqrt, tau

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.fingerprint.compiled import compiled
from stonebridge.matching.fingerprint.template import Minutiae
from stonebridge.matching.fingerprint.tuning import (
    BEARING_BINS,
    CAPACITY,
    CODES,
    DIRECTION_BINS,
    DISTANCE_BINS,
    DISTANCE_EDGES,
    NO_CODE,
    PROBE_NEIGHBOURS,
    Reach,
)

Codes = NDArray[np.uint16]
Table = NDArray[np.uint64]

EDGES = np.array(DISTANCE_EDGES, dtype=np.float32)
STEP = tau / 256


@compiled
def nearest(minutiae: Minutiae, wanted: int, found: NDArray[np.int16]) -> None:
    """Fill row i of ``found`` with the minutiae nearest to i within the distances that are coded; -1: no more."""
    count = len(minutiae)
    least, most = EDGES[0] ** 2, EDGES[-1] ** 2
    distances = np.empty(wanted, np.float32)
    for i in range(count):
        held = 0
        for j in range(count):
            dx, dy = float(minutiae[j, 0] - minutiae[i, 0]), float(minutiae[j, 1] - minutiae[i, 1])
            square = np.float32(dx * dx + dy * dy)
            if square < least or square >= most or (held == wanted and square >= distances[held - 1]):
                continue
            at = held if held < wanted else wanted - 1
            while at > 0 and distances[at - 1] > square:
                distances[at], found[i, at] = distances[at - 1], found[i, at - 1]
                at -= 1
            distances[at], found[i, at] = square, j
            if held < wanted:
                held += 1
        for k in range(held, wanted):
            found[i, k] = -1


@compiled
def encode(minutiae: Minutiae, found: NDArray[np.int16], codes: Codes) -> None:
    """Fill ``codes`` with the code of each neighbour in ``found``."""
    for i in range(len(minutiae)):
        for k in range(codes.shape[1]):
            j = found[i, k]
            codes[i, k] = NO_CODE
            if j >= 0:
                dx, dy = float(minutiae[j, 0] - minutiae[i, 0]), float(minutiae[j, 1] - minutiae[i, 1])
                ring = 0
                while ring < DISTANCE_BINS - 1 and EDGES[ring + 1] <= sqrt(dx * dx + dy * dy):
                    ring += 1
                bearing = (atan2(dy, dx) / STEP - (minutiae[i, 2] & 255)) % 256.0
                turn = ((minutiae[j, 2] & 255) - (minutiae[i, 2] & 255) + 256 // DIRECTION_BINS // 2) % 256
                sector = int(bearing * BEARING_BINS / 256 + 0.5) % BEARING_BINS
                codes[i, k] = (ring * BEARING_BINS + sector) * DIRECTION_BINS + turn * DIRECTION_BINS // 256


@compiled
def fill_table(minutiae: Minutiae, found: NDArray[np.int16], reach: Reach, table: Table) -> None:
    """Set the bit of each minutia in every code that one of its neighbours agrees with."""
    table[:] = np.uint64(0)
    for i in range(len(minutiae)):
        bit = np.uint64(1) << np.uint64(i)
        for k in range(found.shape[1]):
            j = found[i, k]
            if j < 0:
                continue
            dx, dy = float(minutiae[j, 0] - minutiae[i, 0]), float(minutiae[j, 1] - minutiae[i, 1])
            distance = sqrt(dx * dx + dy * dy)
            off = reach.distance + reach.stretch * distance
            sector = (atan2(dy, dx) / STEP - (minutiae[i, 2] & 255)) * BEARING_BINS / 256
            wide = (reach.bearing + reach.jitter / distance) * BEARING_BINS / tau + 0.5
            turn = float((minutiae[j, 2] & 255) - (minutiae[i, 2] & 255)) * DIRECTION_BINS / 256
            slack = reach.direction * DIRECTION_BINS / tau + 0.5
            for ring in range(DISTANCE_BINS):
                if EDGES[ring] > distance + off or EDGES[ring + 1] < distance - off:
                    continue
                for s in range(int(np.ceil(sector - wide)), int(np.floor(sector + wide)) + 1):
                    base = (ring * BEARING_BINS + s % BEARING_BINS) * DIRECTION_BINS
                    for t in range(int(np.ceil(turn - slack)), int(np.floor(turn + slack)) + 1):
                        table[base + t % DIRECTION_BINS] |= bit


@compiled
def encode_all(minutiae: Minutiae, starts: NDArray[np.int64], codes: Codes) -> None:
    """Fill the codes of templates that lie side by side."""
    found = np.empty((CAPACITY, codes.shape[1]), np.int16)
    for n in range(len(starts) - 1):
        own = minutiae[starts[n] : starts[n + 1]]
        nearest(own, codes.shape[1], found)
        encode(own, found, codes[starts[n] : starts[n + 1]])


def probe_table(minutiae: Minutiae, reach: Reach) -> Table:
    """The table of a probe; its last entry, for absent neighbours, is empty."""
    found = np.full((len(minutiae), PROBE_NEIGHBOURS), -1, np.int16)
    nearest(minutiae, PROBE_NEIGHBOURS, found)
    table = np.zeros(CODES + 1, np.uint64)
    fill_table(minutiae, found, reach, table)
    return table
