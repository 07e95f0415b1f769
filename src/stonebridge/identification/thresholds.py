"""The numbers by which the node searches and asks officers. Our own choice; a node may be measured against them.

Bits are those of the matcher's score: ten bits say that the agreement is a thousand times likelier between two
records of one person than between two strangers.
"""

import math
from datetime import date, timedelta

from django.conf import settings

from stonebridge.domain.actor import Purpose

CANDIDATES_KEPT = 20
"""Candidates kept of one search, best first."""

FALSE_CANDIDATES = 20
"""Wrong persons that 1,000 searches may call likely, at a desk of which ``node.toml`` says nothing."""

TASKS_A_SEARCH = 8
"""Pairs that one search may put to officers, so that a common name does not fill the queue."""

SEARCH_BUDGET = 5.0
"""Seconds that the matcher may take for one statement of identity."""

JUDGE_WITHIN = timedelta(hours=24)
"""From the finding of a pair to when it should be judged."""

REVIEW_AFTER = timedelta(days=7)
"""A pair that could not be decided, or whose link was withdrawn, is looked at again by then."""

RETRY_FROM, RETRY_AT_MOST = timedelta(seconds=2), timedelta(minutes=1)
"""The pause after a search that could not be answered doubles from the first to the second."""

CLOSED_RETRY = timedelta(hours=1)
"""The pause after a search that the gate refused, for example because the record is restricted."""

READ_AGAIN = timedelta(minutes=10)
"""The pause after pictures of fingers could not be read, for example because no reader is installed."""

POOR_QUALITY = 35
"""Quality of a picture of a finger, of 100, below which the desk is advised to take it again."""

FEW_MINUTIAE = 20
"""Minutiae below which likewise: fewer seldom tell one finger from a million others."""

SECOND_LOOK_SHARE = 0.25
"""Share of pairs where even an exclusion is judged twice, so that being asked second says nothing."""

PLANTED_SHARE = 0.10
"""Share of settled pairs that come back to other officers as a pair whose answer is known."""

OVERSTATED = 3.0
"""Bits by which the bound on chance agreement may be lowered: it allows for any evidence whatever.

Measured with 2,000 to 5,000 strangers on invented registers of 1,000, 10,000, 100,000 and 1,000,000 persons: at the
bound less 4 bits no budget from 1 to 500 in 1,000 was exceeded. One bit is kept back, because real people are less kind.
"""

SMALL_REGISTER = 200
"""Persons by whom a register counts as larger than it is, because little is known of how its names are spread."""


def per_thousand(purpose: Purpose, on: date) -> float:
    """Wrong persons that 1,000 searches of this desk may call likely, as ``node.toml`` says for the day."""
    return settings.NODE.false_candidates(purpose, on, FALSE_CANDIDATES)


def bits_from(persons: int, wrong_in_thousand: float) -> float:
    """Bits from which somebody is likely, in a register of so many persons, at a budget of wrong ones.

    Of the strangers, at most one in 2 to the power of t reaches t bits (Markov's inequality for a ratio of likelihoods),
    and in truth far fewer: see ``OVERSTATED``. Where the machine finds somebody likely it puts the pair to officers, with
    an open yellow link. A travel document with the same issuer and number is enough as well. What lies below is shown as
    a candidate, and any officer who may judge can put it to judgement.

    >>> round(bits_from(0, 20), 1), round(bits_from(1_000_000, 20), 1)
    (10.3, 22.6)
    """
    return math.log2(1000 * (persons + SMALL_REGISTER) / wrong_in_thousand) - OVERSTATED
