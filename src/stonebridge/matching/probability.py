"""From bits of evidence to a chance, given how many persons could have been meant."""

import math
from collections.abc import Sequence

KNOWN_BEFORE = 0.5
"""Chance that a person asked for is in the register at all, before anything is compared."""


def probabilities(bits: Sequence[float], persons: int) -> list[float]:
    """The chance that each candidate is the person: against each other, everybody else, and not being registered.

    Before anything is compared, the person is one of ``persons`` registered with chance
    ``KNOWN_BEFORE``. Two candidates that fit equally well share what there is.

    >>> [round(each, 2) for each in probabilities([30.0, 30.0], 1_000_000)]
    [0.5, 0.5]
    >>> [round(each, 3) for each in probabilities([20.0], 1_000_000)]
    [0.512]
    """
    nobody = math.log2(max(persons, 1) * (1 - KNOWN_BEFORE) / KNOWN_BEFORE)
    highest = max([nobody, *bits])
    weights = [2.0 ** max(each - highest, -1000.0) for each in bits]
    total = sum(weights) + 2.0 ** (nobody - highest)
    return [weight / total for weight in weights]
