"""Evidence of different kinds together, in bits.

Fingers and biographic data are taken as independent given the person: somebody who
has another's name does not thereby have their ridges. What does not hold for the parts
of one kind (a name and its spelling, two fingers of one capture) is dealt with inside
that kind.
"""

from math import log2
from typing import NamedTuple


class Evidence(NamedTuple):
    """Bits for the same person, of each kind; None: nothing of that kind was compared."""

    fingers: float | None
    biographic: float | None

    @property
    def total(self) -> float:
        """All bits together."""
        return (self.fingers or 0.0) + (self.biographic or 0.0)


def false_candidates_expected(bits: float, gallery: int) -> float:
    """How many of a gallery's persons would reach ``bits`` although they are somebody else, at most.

    Evidence of b bits or more comes by chance at most once in two to the b comparisons, whatever the
    persons are, if the bits are well calibrated.
    """
    return float(gallery * min(1.0, 2.0**-bits))


def bits_needed(gallery: int, false_candidates: float) -> float:
    """The bits from which a search of ``gallery`` persons lets at most so many others through."""
    return max(0.0, log2(gallery / false_candidates)) if gallery else 0.0
