"""What an alignment tells: its measures, and the evidence that they add up to."""

from math import log, sqrt

import numpy as np

from stonebridge.matching.fingerprint import weights
from stonebridge.matching.fingerprint.agreement import Planes, agreement
from stonebridge.matching.fingerprint.alignment import motion, tie_of
from stonebridge.matching.fingerprint.compiled import Real, compiled
from stonebridge.matching.fingerprint.points import AX, AY, BX, BY, TURN_C, TURN_S, C, Floats, Numbers, S, X, Y, inside
from stonebridge.matching.fingerprint.template import Minutiae
from stonebridge.matching.fingerprint.tuning import Growth

MEASURES = (
    "pairs", "fit", "distance", "turn", "neighbours", "edges", "alone_first", "alone_second", "share", "quality",
    "alone_quality", "strain", "spread", "surprise", "support", "met",
)  # fmt: skip
F = np.float32


@compiled
def quality_of(packed: int) -> Real:
    """Quality of a minutia, 0 to 1."""
    return F((packed >> 10) & 15) / F(15.0)


@compiled
def measure(
    first: Minutiae, second: Minutiae, a: Floats, b: Floats, planes: Planes, pairs: Floats, pairing: Numbers, held: int,
    spots: Floats, growth: Growth, into: Floats,
) -> None:  # fmt: skip
    """Fill ``into`` with the measures of the pairs that ``grow`` found."""
    na, nb = len(first), len(second)
    into[:] = 0.0
    into[0] = held
    if held < 3:
        return
    c, s, x, y = motion(pairs, held, growth)
    fit = away = turned = neighbours = quality = strain = F(0.0)
    mx = my = xx = yy = xy = F(0.0)
    for p in range(held):
        i, j = pairing[0, p], pairing[1, p]
        dx, dy = pairs[BX, p] - spots[X, i], pairs[BY, p] - spots[Y, i]
        square = dx * dx + dy * dy
        off = F(1.0) - (spots[C, i] * pairs[TURN_C, p] + spots[S, i] * pairs[TURN_S, p])
        away += sqrt(square)
        turned += off
        fit += F(np.exp(-square * F(0.02) - off * F(33.0)))
        neighbours += F(min(agreement(planes, i, j), 7))
        quality += sqrt(quality_of(first[i, 2]) * quality_of(second[j, 2]))
        rx = c * pairs[AX, p] - s * pairs[AY, p] + x - pairs[BX, p]
        ry = s * pairs[AX, p] + c * pairs[AY, p] + y - pairs[BY, p]
        strain += sqrt(rx * rx + ry * ry)
        mx += pairs[AX, p]
        my += pairs[AY, p]
    mx, my = mx / held, my / held
    edges = F(0.0)
    for p in range(held):
        dx, dy = pairs[AX, p] - mx, pairs[AY, p] - my
        xx += dx * dx
        yy += dy * dy
        xy += dx * dy
        for q in range(held):
            edges += F(tie_of(pairs, p, q, growth))
    # minutiae that lie where the other finger was seen
    in_a = in_b = common = F(0.0)
    for n in range(na):
        if inside(spots[X, n], spots[Y, n], b):
            in_a += F(1.0)
            common += F(quality_of(first[n, 2]))
    for k in range(nb):
        dx, dy = b[X, k] - x, b[Y, k] - y
        if inside(c * dx + s * dy, c * dy - s * dx, a):
            in_b += F(1.0)
            common += F(quality_of(second[k, 2]))
    in_a, in_b = max(in_a, F(held)), max(in_b, F(held))
    spread = sqrt(max(xx * yy - xy * xy, F(0.0))) / held
    chance = min(F(0.5), in_b * F(40.0) / (F(12.6) * spread + F(2000.0)))
    share = min(F(held) / in_a, F(0.999))
    surprise = in_a * (share * log(share / chance) + (F(1.0) - share) * log((F(1.0) - share) / (F(1.0) - chance)))
    into[1] = fit
    into[2] = away / held
    into[3] = turned / held
    into[4] = neighbours
    into[5] = edges / F(2 * (held - 1))
    into[6] = in_a - held
    into[7] = in_b - held
    into[8] = held / sqrt(in_a * in_b)
    into[9] = quality
    into[10] = max(common - F(2.0) * quality, F(0.0))
    into[11] = strain / held
    into[12] = sqrt(spread)
    into[13] = surprise if share > chance else -surprise


ROOTED = np.array([MEASURES.index(name) for name in ("pairs", "fit", "neighbours", "edges", "quality")])
CAPPED = np.array([MEASURES.index(name) for name in ("surprise", "fit", "neighbours")])
CAPS = np.array([60.0, 12.0, 40.0], dtype=np.float32)
INPUTS = len(MEASURES) + len(ROOTED) + len(CAPPED)
WEIGHTS = np.array(weights.WEIGHTS, dtype=np.float32)


@compiled
def evidence(measures: Floats) -> Real:
    """Bits of evidence that both are the same finger: above zero for, below against.

    A weighted sum of the measures, of the roots of some and of some up to a cap.
    """
    bits = F(weights.BIAS)
    for k in range(len(MEASURES)):
        bits += WEIGHTS[k] * measures[k]
    for k in range(len(ROOTED)):
        bits += WEIGHTS[len(MEASURES) + k] * sqrt(max(measures[ROOTED[k]], F(0.0)))
    for k in range(len(CAPPED)):
        bits += WEIGHTS[len(MEASURES) + len(ROOTED) + k] * min(measures[CAPPED[k]], CAPS[k])
    return bits
