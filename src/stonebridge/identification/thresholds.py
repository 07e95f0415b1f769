"""The numbers by which the node searches and asks officers. Our own choice; a node may be measured against them.

Bits are those of the matcher's score: ten bits say that the agreement is a thousand times likelier between two
records of one person than between two strangers.
"""

from datetime import timedelta

CANDIDATES_KEPT = 20
"""Candidates kept of one search, best first."""

TASK_FROM = 12.0
"""Bits from which a candidate is put to officers, with an open yellow link. A travel document
with the same issuer and number is enough as well. What lies below is shown as a candidate, and any officer who may judge
can put it to judgement."""

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
