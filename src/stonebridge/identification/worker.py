"""What the worker does for identification: the gallery follows the register, and waiting searches are answered."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import connections
from django.db.models import Exists, Max, OuterRef, Q

from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import StonebridgeError
from stonebridge.identification import gallery_feed, thresholds
from stonebridge.identification.matcher import node
from stonebridge.identification.matcher.client import MatcherClient
from stonebridge.identification.models import FingerPicture, Search
from stonebridge.identification.services import answer_search, keep_up, postpone
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused

log = logging.getLogger(__name__)
AT_ONCE = 50  # searches answered in one call


def answer_due(now: datetime, *, matcher: MatcherClient | None = None) -> int:
    """Bring the gallery up to date and answer the searches that are due; how many were answered.

    Safe to repeat, to run in several processes and to kill. What cannot be answered waits, each time longer, until the
    matcher answers again; it is never lost and never answered twice.
    """
    matcher = matcher or node.client()
    due = _due(now)
    try:
        position = keep_up(matcher, now=now)
    except StonebridgeError as error:
        log.warning("the gallery does not follow the register: %s", error)
        _later(due, error, now)
        return 0
    answered = 0
    for search in due:
        try:
            answered += answer_search(search, matcher=matcher, at_least=position, now=now)
        except Refused as refusal:
            postpone([search], f"refused by {', '.join(rule.name for rule in refusal.reasons)}",
                     now + thresholds.CLOSED_RETRY)  # fmt: skip
        except StonebridgeError as error:
            log.warning("a search is not answered yet: %s", error.code)
            _later([search], error, now)
    return answered


def forget_positions(keep: int = gallery_feed.KEPT) -> int:
    """Delete the order of changes that every matcher has long followed, as the role ``retention``; how many.

    A matcher further behind than ``keep`` positions is rebuilt from the register.
    """
    connections["retention"].ensure_connection()
    return gallery_feed.prune(connections["retention"].connection, keep)


def waits(now: datetime) -> bool:
    """Whether a search is due."""
    return bool(_due(now))


def _due(now: datetime) -> list[UUID]:
    """The searches to answer now; one for a person whose fingers are still to be read waits for that."""
    with gate.act(Purpose.IDENTIFICATION):
        due = Search.objects.filter(Q(try_after__isnull=True) | Q(try_after__lte=now), state="waiting")
        unread = FingerPicture.objects.filter(person_id=OuterRef("probe_id"), state="waiting", attempts=0)
        due = due.exclude(Exists(unread))
        return list(due.order_by("asked_at", "id").values_list("id", flat=True)[:AT_ONCE])


def _later(searches: list[UUID], error: StonebridgeError, now: datetime) -> None:
    with gate.act(Purpose.IDENTIFICATION):
        tried = Search.objects.filter(id__in=searches).aggregate(most=Max("attempts"))["most"] or 0
    pause = min(thresholds.RETRY_FROM * 2 ** min(tried, 10), thresholds.RETRY_AT_MOST)
    postpone(searches, str(error), now + pause)
