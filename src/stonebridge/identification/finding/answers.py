"""Somebody is looked for by what is known of them: any of the fields of a statement, in any script.

The matcher finds who resembles them; the register, who fits exactly what it has no index for. Nothing is kept
of what was asked; every person shown is in the access log. While an officer types, a page that has somebody
already is only told so: a person is read, and logged, once a page. A sitting shows only so many, so that typing
neither floods the log nor leafs through the register.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import NotFound, Unavailable
from stonebridge.domain.links import TravelDocument
from stonebridge.identification import thresholds
from stonebridge.identification.evidence import evidence, stored
from stonebridge.identification.matcher.client import MatcherClient
from stonebridge.identification.queries import Stored, is_open
from stonebridge.identification.records import RecordSeen, records_seen
from stonebridge.matching.engine import Hit
from stonebridge.matching.record import Identity
from stonebridge.registry.by_fields import Known, who_fits
from stonebridge.registry.statements import VISIBLE
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Action

SHOWN = 20
TYPED_SHOWN = 5
BUDGET, TYPED_BUDGET = 5.0, 0.5
"""Seconds that the matcher may take."""
WHILE_TYPING = "typing"
SITTING = timedelta(minutes=10)
MOST_ASKED, MOST_SHOWN = 80, 40
"""Of one sitting: questions while typing, and persons whom they may show."""
SHORTEST_TYPED = 3
"""Letters or digits from which something is looked for while it is typed."""


@dataclass(frozen=True, slots=True)
class SomebodyFound:
    """A record that resembles or fits what was asked. ``likely``: as much agrees as this desk's threshold asks."""

    record: RecordSeen
    comparisons: Stored
    likely: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """Whom a search found, the likeliest first.

    ``more``: others fit as well. ``share_searched`` is None, and nobody is likely, where the matcher did not answer.
    ``false_candidates`` are the wrong persons whom a search of this desk calls likely on average.
    """

    found: tuple[SomebodyFound, ...]
    more: bool
    share_searched: float | None
    false_candidates: float


@dataclass(frozen=True, slots=True)
class Sitting:
    """What typing has shown to one officer for one purpose since it began. Kept in the session, and ends with it.

    ``page`` names the page whose browser has what ``shown`` names, identifiers to references; another page has nothing
    yet. ``asked`` and ``count`` go on over pages.
    """

    purpose: str
    basis: str
    began: float
    page: str
    shown: Mapping[str, str] = field(default_factory=dict)
    asked: int = 0
    count: int = 0

    @classmethod
    def going_on(cls, kept: object, *, page: str, purpose: Purpose, basis: str, now: datetime) -> "Sitting":
        """The sitting of a session, or a new one: after a while, and for another purpose or basis."""
        if isinstance(kept, dict):
            former = cls(**kept)
            age = now.timestamp() - former.began
            if (former.purpose, former.basis) == (purpose, basis) and 0 <= age < SITTING.total_seconds():
                return former if former.page == page else replace(former, page=page, shown={})
        return cls(purpose.value, basis, now.timestamp(), page)

    @property
    def is_over(self) -> bool:
        """Whether typing shows nothing more, until the officer searches or some minutes pass."""
        return self.asked >= MOST_ASKED or self.count >= MOST_SHOWN


@dataclass(frozen=True, slots=True)
class Typed:
    """Somebody whom typing finds: a record that the page does not have yet, or None for one that it has."""

    reference: str
    record: RecordSeen | None


def find(known: Known, *, matcher: MatcherClient, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> Answer:
    """Whoever may be meant. Each record shown is in the access log.

    Raises:
        Refused: the gate says no.
    """
    with gate.act(purpose):
        gate.permit(actor, Action.SEARCH, purpose=purpose, basis=basis, now=now)
        fitting = who_fits(known)
    per_thousand = thresholds.per_thousand(purpose, now.date())
    hits, share, least = _compared(known, fitting.ids, VISIBLE[purpose], per_thousand, matcher)
    best = hits[:SHOWN]
    with gate.act(purpose):
        seen = _opened([hit.id for hit in best], "", actor=actor, purpose=purpose, basis=basis, now=now)
        found = tuple(
            SomebodyFound(seen[hit.id], stored(hit.comparisons), _is_likely(hit, least))
            for hit in best
            if hit.id in seen
        )
    return Answer(found, fitting.more or len(hits) > SHOWN, share, per_thousand / 1000)


def find_while_typing(
    known: Known, sitting: Sitting, *, matcher: MatcherClient, actor: Actor, purpose: Purpose, basis: str, now: datetime
) -> tuple[tuple[Typed, ...], Sitting]:
    """A few who may be meant, and the sitting after it. Whoever the page does not have yet is read, and logged.

    The words of names may be unfinished.

    Raises:
        Refused: the gate says no.
    """
    if sitting.is_over or _typed_letters(known) < SHORTEST_TYPED:
        return (), sitting
    with gate.act(purpose):
        gate.permit(actor, Action.SEARCH, purpose=purpose, basis=basis, now=now, subject=WHILE_TYPING)
        fitting = who_fits(known, unfinished=True)
    try:
        answer = matcher.search(
            known.identity(), visible=VISIBLE[purpose], limit=TYPED_SHOWN, budget=TYPED_BUDGET, at_least=0
        )
        resembling = [hit.id for hit in answer.hits]
    except Unavailable:
        resembling = []
    wanted = list(dict.fromkeys([*resembling, *fitting.ids]))[:TYPED_SHOWN]
    with gate.act(purpose):
        there = {id: sitting.shown[str(id)] for id in wanted if str(id) in sitting.shown and is_open(id)}
        new = [id for id in wanted if str(id) not in sitting.shown]
        seen = _opened(new, WHILE_TYPING, actor=actor, purpose=purpose, basis=basis, now=now)
    found = [
        Typed(there[id], None) if id in there else Typed(seen[id].reference, seen[id])
        for id in wanted if id in there or id in seen
    ]  # fmt: skip
    shown = {**sitting.shown, **{str(id): record.reference for id, record in seen.items()}}
    return tuple(found), replace(sitting, asked=sitting.asked + 1, shown=shown, count=sitting.count + len(seen))


def _compared(
    known: Known, fitting: Sequence[UUID], visible: int, per_thousand: float, matcher: MatcherClient
) -> tuple[list[Hit], float | None, float]:
    """Whoever resembles and whoever fits, best first; the share searched; bits from which somebody is likely."""
    if known.is_empty:
        return [], 1.0, math.inf
    probe = known.identity()
    try:
        answer = matcher.search(probe, visible=visible, limit=SHOWN, budget=BUDGET, at_least=0)
        hits = {hit.id: hit for hit in answer.hits}
        for id in fitting:
            if id not in hits:
                hits[id] = _compared_with(probe, id, visible, matcher)
    except Unavailable:
        return [Hit(id, 0.0, ()) for id in fitting], None, math.inf
    best = sorted(hits.values(), key=lambda hit: -hit.score)
    return best, answer.share_searched, thresholds.bits_from(answer.records, per_thousand)


def _compared_with(probe: Identity, id: UUID, visible: int, matcher: MatcherClient) -> Hit:
    """The comparison with one; of somebody registered a moment ago there is none yet."""
    try:
        return matcher.explain(probe, id, visible=visible).hit
    except NotFound:
        return Hit(id, 0.0, ())


def _opened(
    ids: Sequence[UUID], subject: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime
) -> dict[UUID, RecordSeen]:
    """The records of those who are open to this purpose, each in the access log."""
    opened = [id for id in ids if is_open(id)]
    if not opened:
        return {}
    permit = gate.permit(actor, Action.SEARCH, purpose=purpose, basis=basis, now=now, persons=opened, subject=subject)
    return records_seen(permit, opened)


def _is_likely(hit: Hit, least: float) -> bool:
    return hit.score >= least or evidence(stored(hit.comparisons)).document is TravelDocument.SAME


def _typed_letters(known: Known) -> int:
    words = (known.given, known.family, known.father, known.mother, known.document, known.birth_place)
    longest = max(sum(char.isalnum() for char in word) for word in words)
    return max(longest, SHORTEST_TYPED if known.birth and known.birth.range() else 0)
