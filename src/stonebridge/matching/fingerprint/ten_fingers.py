"""Several fingers of a person together, also where somebody recorded them under wrong positions.

Each finger of the probe is compared with every finger of the candidate. The evidence is
then summed for the positions as recorded, and for the mistakes that desks make: hands
swapped, a slap shifted by one finger, a slap laid the wrong way round. A mistake costs
bits, as it is rarer than none. What is missing on either side speaks neither for nor
against; what does not fit speaks against, but a finger can speak against no more than
its limit, since it may be bandaged, scarred or badly taken.

Fingers of one capture are not independent: the limits keep one bad capture from
deciding alone. No tenprint data was at hand, so neither costs nor limits are measured.
"""

from collections.abc import Mapping
from math import log2
from typing import NamedTuple

from stonebridge.matching.fingerprint.comparison import Probe, Shelf, score_both_ways
from stonebridge.matching.fingerprint.points import workspace
from stonebridge.matching.fingerprint.template import Template

POSITIONS = range(1, 11)  # right thumb to little finger, left thumb to little finger (ISO/IEC 19794-2)
AGAINST, FOR = -6.0, 30.0  # bits that one finger can say at most

Arrangement = Mapping[int, int]  # position in the probe -> position in the candidate


class Fused(NamedTuple):
    """Bits of evidence for the same person, the arrangement that fits best, and the bits of each finger in it."""

    score: float
    arrangement: str
    fingers: dict[int, float]


def _shifted(by: int) -> dict[int, int]:
    """The four fingers beside each thumb, one place along."""
    moved = {1: 1, 6: 6}
    for hand in (0, 5):
        moved |= {hand + at: hand + at + by for at in (2, 3, 4, 5) if 2 <= at + by <= 5}
    return moved


# Name, arrangement, cost in bits: guesses, see above.
ARRANGEMENTS: tuple[tuple[str, Arrangement, float], ...] = (
    ("as recorded", {at: at for at in POSITIONS}, 0.0),
    ("hands swapped", {at: (at + 4) % 10 + 1 for at in POSITIONS}, 7.0),
    ("thumbs swapped", {**{at: at for at in POSITIONS}, 1: 6, 6: 1}, 7.0),
    ("slap shifted outwards", _shifted(1), 9.0),
    ("slap shifted inwards", _shifted(-1), 9.0),
    (
        "slap the wrong way round",
        {1: 1, 6: 6, **{at: 7 - at for at in (2, 3, 4, 5)}, **{at: 17 - at for at in (7, 8, 9, 10)}},
        9.0,
    ),
)


def compare_fingers(probe: Mapping[int, Template], candidate: Mapping[int, Template]) -> Fused:
    """Compare the fingers of two persons, by position from 1 to 10."""
    positions = sorted(candidate)
    shelf, work = Shelf.of(candidate[at] for at in positions), workspace()
    bits: dict[tuple[int, int], float] = {}
    for at, template in probe.items():
        found = score_both_ways(Probe(template), shelf, range(len(positions)), work)
        bits |= {(at, other): float(value) for other, value in zip(positions, found, strict=True)}
    return fuse(bits)


def fuse(bits: Mapping[tuple[int, int], float]) -> Fused:
    """Sum the evidence of pairs of positions over the arrangement that fits best.

    The score adds what all arrangements leave possible, so that a mistake that was looked for is paid for.
    """
    told = []
    for name, arrangement, cost in ARRANGEMENTS:
        fingers = {
            at: min(max(bits[at, other], AGAINST), FOR) for at, other in arrangement.items() if (at, other) in bits
        }
        told.append(Fused(sum(fingers.values()) - cost, name, fingers))
    best = max(told, key=lambda each: each.score)
    weight = sum(2.0 ** (each.score - best.score) for each in told)
    total = sum(2.0**-cost for _, _, cost in ARRANGEMENTS)
    return best._replace(score=best.score + log2(weight) - log2(total))
