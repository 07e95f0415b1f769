"""Counting, for a coded minutia and all minutiae of a probe at once, how many neighbours agree.

Each look into the probe's table gives a mask with one bit a minutia of the probe. The
masks are added as columns of bits: four words hold the counts of all sixty-four.
"""

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.fingerprint.compiled import compiled
from stonebridge.matching.fingerprint.neighbours import Codes, Table
from stonebridge.matching.fingerprint.tuning import NEIGHBOURS

Planes = NDArray[np.uint64]  # a row a coded minutia: the ones, twos, fours and eights of its counts
U = np.uint64
MOST_AGREEMENTS = NEIGHBOURS

# The lowest bit of a word, times a de Bruijn number, has its position in the upper six bits.
DE_BRUIJN = 0x03F79D71B4CB0A89
_POSITIONS = np.zeros(64, np.uint8)
for _bit in range(64):
    _POSITIONS[(DE_BRUIJN << _bit & 0xFFFFFFFFFFFFFFFF) >> 58] = _bit


@compiled
def lowest_bit(mask: np.uint64) -> int:
    """The position of the lowest bit that is set."""
    return int(_POSITIONS[((mask & (~mask + U(1))) * U(DE_BRUIJN)) >> U(58)])


@compiled
def ones_in(mask: np.uint64) -> np.uint64:
    """How many bits are set; the compiler knows this pattern and makes one instruction of it."""
    mask = mask - ((mask >> U(1)) & U(0x5555555555555555))
    mask = (mask & U(0x3333333333333333)) + ((mask >> U(2)) & U(0x3333333333333333))
    mask = (mask + (mask >> U(4))) & U(0x0F0F0F0F0F0F0F0F)
    return (mask * U(0x0101010101010101)) >> U(56)


@compiled
def count_agreements(table: Table, codes: Codes, planes: Planes) -> None:
    """Fill the counts of every coded minutia."""
    for j in range(codes.shape[0]):
        ones, twos, fours, eights = U(0), U(0), U(0), U(0)
        for k in range(codes.shape[1]):
            mask = table[codes[j, k]]
            carry = ones & mask
            ones ^= mask
            more = twos & carry
            twos ^= carry
            eights |= fours & more
            fours ^= more
        planes[j, 0], planes[j, 1], planes[j, 2], planes[j, 3] = ones, twos, fours, eights


@compiled
def agreement(planes: Planes, i: int, j: int) -> int:
    """How many neighbours of minutia ``i`` of the probe and coded minutia ``j`` agree."""
    at, one = U(i), U(1)
    low = ((planes[j, 0] >> at) & one) + ((planes[j, 1] >> at) & one) * U(2)
    return int(low + ((planes[j, 2] >> at) & one) * U(4) + ((planes[j, 3] >> at) & one) * U(8))


@compiled
def best_candidates(planes: Planes, count: int, most: int, pairs: NDArray[np.int16]) -> int:
    """List the pairs whose neighbours agree best, as rows of i, j, agreements; answer how many."""
    held = 0
    for level in range(MOST_AGREEMENTS, 0, -1):
        for j in range(count):
            mask = planes[j, 0] if level & 1 else ~planes[j, 0]
            mask &= planes[j, 1] if level & 2 else ~planes[j, 1]
            mask &= planes[j, 2] if level & 4 else ~planes[j, 2]
            mask &= planes[j, 3] if level & 8 else ~planes[j, 3]
            while mask:
                if held == most:
                    return held
                i = lowest_bit(mask)
                mask &= mask - U(1)
                pairs[held, 0], pairs[held, 1], pairs[held, 2] = i, j, level
                held += 1
    return held
