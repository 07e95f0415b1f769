"""The numbers by which the node searches and asks officers. Our own choice; a node may be measured against them.

Bits are those of the matcher's score: ten bits say that the agreement is a thousand times likelier between two
records of one person than between two strangers.
"""

import math
from datetime import timedelta

CANDIDATES_KEPT = 20
"""Candidates kept of one search, best first."""

FALSE_CANDIDATES = 0.02
"""Strangers whom one search may put to officers on average: one in fifty searches."""

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

SECOND_LOOK_SHARE = 0.25
"""Share of pairs where even an exclusion is judged twice, so that being asked second says nothing."""

PLANTED_SHARE = 0.10
"""Share of settled pairs that come back to other officers as a pair whose answer is known."""

SMALL_REGISTER = 200
"""Persons by whom a register counts as larger than it is, because little is known of how its names are spread."""


def task_from(persons: int) -> float:
    """Bits from which a candidate is put to officers, with an open yellow link, in a register of so many persons.

    Of the strangers, at most one in 2 to the power of t reaches t bits (Markov's inequality for a ratio of
    likelihoods), so that ``FALSE_CANDIDATES`` of them do on average. A travel document with the same issuer and number
    is enough as well. What lies below is shown as a candidate, and any officer who may judge can put it to judgement.

    >>> round(task_from(0), 1), round(task_from(1_000_000), 1)
    (13.3, 25.6)
    """
    return math.log2((persons + SMALL_REGISTER) / FALSE_CANDIDATES)
