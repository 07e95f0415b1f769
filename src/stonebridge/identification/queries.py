"""What may be read of searches, pairs and links: plain values under a permit, whole before the first byte leaves.

Whoever has yet to judge a pair learns nothing of what others said or of the score: not how
many were asked, not what was answered, not what links stand between the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest, Least

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.identification.facts import identity_of, pair_of
from stonebridge.identification.models import Candidate, Judgement, Link, Search, Task
from stonebridge.identification.prints.progress import prints_of
from stonebridge.identification.records import RecordSeen, records_seen
from stonebridge.identification.seen import mark_of
from stonebridge.matching.probability import probabilities
from stonebridge.registry.models import Person
from stonebridge.safeguards import gate
from stonebridge.safeguards.models import Restriction
from stonebridge.safeguards.policy import ROLES_FOR, Action

PURPOSE = Purpose.IDENTIFICATION
Stored = Sequence[dict[str, object]]
NOTICED = -0.5  # bits: what cost less is not named


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pair that waits for this officer. Planted pairs and second opinions look like every other."""

    reference: str
    why: str
    made_at: datetime
    due_at: datetime
    probe: str
    candidate: str


@dataclass(frozen=True, slots=True)
class Given:
    """What an officer has said on a pair."""

    officer: str
    same_person: str
    reasons: tuple[str, ...]
    remark: str
    justified: str
    article: str
    given_at: datetime
    matcher_version: str


@dataclass(frozen=True, slots=True)
class Bench:
    """A pair side by side. ``own``, ``score``, ``chance`` and ``against`` are there once this officer has given an opinion.

    ``chance`` (0 to 1) is that of one person, in a register of so many as there are now. ``against`` are the comparisons
    that cost most, the dearest first.
    """

    reference: str
    why: str
    due_at: datetime
    probe: RecordSeen
    candidate: RecordSeen
    comparisons: Stored
    mark: str
    is_open: bool
    own: Given | None
    score: float | None
    chance: float | None
    against: Stored


@dataclass(frozen=True, slots=True)
class CandidateSeen:
    """A candidate of a search; the score stays out of it, because whoever looks may have to judge."""

    record: RecordSeen
    comparisons: Stored
    rank: int
    task: str
    can_be_put: bool


@dataclass(frozen=True, slots=True)
class SearchSeen:
    """A search and what it found, among whom this purpose may see."""

    reference: str
    state: str
    asked_at: datetime
    answered_at: datetime | None
    trouble: str
    matcher_version: str
    share_searched: float | None
    probe: RecordSeen | None
    candidates: tuple[CandidateSeen, ...]
    prints: tuple[dict[str, str], ...]
    """The pictures of the probe's fingers, as ``prints_of`` tells of them."""


def open_to(actor: Actor) -> QuerySet[Task]:
    """The pairs on which this officer can still give an opinion, most urgent first."""
    theirs = Judgement.objects.filter(officer_reference=actor.reference)
    judged_pair = theirs.alias(
        low=Least("task__probe", "task__candidate"), high=Greatest("task__probe", "task__candidate")
    ).filter(low=OuterRef("low"), high=OuterRef("high"))
    return (
        Task.objects.filter(state="open")
        .alias(low=Least("probe", "candidate"), high=Greatest("probe", "candidate"))
        .exclude(Exists(theirs.filter(task=OuterRef("pk"))))
        .exclude(Q(why="planted") & Exists(judged_pair))
        .order_by("due_at", "made_at", "id")
    )


def queue(*, actor: Actor, basis: str, now: datetime) -> tuple[Waiting, ...]:
    """The pairs that wait for this officer. Row security leaves out whoever is closed.

    Raises:
        Refused: the gate says no.
    """
    with gate.act(PURPOSE):
        gate.permit(actor, Action.JUDGE, purpose=PURPOSE, basis=basis, now=now, subject="queue of pairs")
        return tuple(
            Waiting(task.reference, "review" if task.why == "review" else "search", task.made_at, task.due_at,
                    task.probe.reference, task.candidate.reference)
            for task in open_to(actor).select_related("probe", "candidate")
        )  # fmt: skip


def next_pair(actor: Actor) -> str:
    """The reference of the most urgent pair for this officer; empty when none waits. Tells nothing about anybody."""
    with gate.act(PURPOSE):
        first = open_to(actor).select_related("probe", "candidate").first()
        return first.reference if first else ""


def bench(reference: str, *, actor: Actor, basis: str, now: datetime) -> Bench:
    """A pair side by side, as this officer may see it.

    Raises:
        Refused: the gate says no.
        NotFound: no such pair.
    """
    with gate.act(PURPOSE):
        pair = pair_of(reference)
        permit = gate.permit(actor, Action.READ, purpose=PURPOSE, basis=basis, now=now, persons=pair)
        task = Task.objects.filter(reference=reference).first()
        if task is None:
            raise NotFound("pair", reference)
        seen = records_seen(permit, pair)
        own = task.judgements.filter(officer_reference=actor.reference).first()
        chance = probabilities([task.score], Person.objects.count())[0] if own and task.score is not None else None
        return Bench(
            reference=task.reference, why="review" if task.why == "review" else "search", due_at=task.due_at,
            probe=seen[task.probe_id], candidate=seen[task.candidate_id], comparisons=task.comparisons,
            mark=mark_of(task), is_open=task.state == "open" and _may_judge(actor, task),
            own=given(own) if own else None, score=task.score if own else None, chance=chance,
            against=_dearest(task.comparisons) if own else (),
        )  # fmt: skip


def search_state(reference: str) -> str:
    """Whether a search waits, is answered or failed. Tells nothing about anybody.

    Raises:
        NotFound: no such search.
    """
    with gate.act(PURPOSE):
        state = Search.objects.filter(reference=reference).values_list("state", flat=True).first()
    if state is None:
        raise NotFound("search", reference)
    return str(state)


def latest_search(person: str, purpose: Purpose) -> str:
    """The reference of the last search for the person of this reference. Tells nothing about anybody.

    Raises:
        NotFound: no such person, or nobody has searched for them.
    """
    with gate.act(purpose):
        found = Search.objects.filter(probe__reference=person).order_by("-asked_at", "-id").first()
    if found is None:
        raise NotFound("search for person", person)
    return found.reference


def search_seen(reference: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> SearchSeen:
    """A search with its candidates side by side, for whoever asked and for who judges.

    Raises:
        Refused: the gate says no.
        NotFound: no such search.
    """
    with gate.act(purpose):
        search = Search.objects.filter(reference=reference).first()
        if search is None:
            raise NotFound("search", reference)
        candidates = [each for each in search.candidates.all() if is_open(each.person_id)]
        persons = [search.probe_id, *(each.person_id for each in candidates)]
        permit = gate.permit(actor, Action.READ, purpose=purpose, basis=basis, now=now, persons=persons)
        seen = records_seen(permit, persons)
        return SearchSeen(
            reference=search.reference, state=search.state, asked_at=search.asked_at, answered_at=search.answered_at,
            trouble=search.trouble, matcher_version=search.matcher_version, share_searched=search.share_searched,
            probe=seen.get(search.probe_id),
            candidates=tuple(
                _candidate(search, each, seen[each.person_id], actor) for each in candidates if each.person_id in seen
            ),
            prints=prints_of(permit, search.probe_id),
        )  # fmt: skip


def given(judgement: Judgement) -> Given:
    """An opinion as it may be shown to whoever has given it, and to everybody once the pair is settled."""
    return Given(
        judgement.officer_name, judgement.same_person, tuple(judgement.reasons), judgement.remark, judgement.justified,
        judgement.justified_article, judgement.given_at, judgement.matcher_version,
    )  # fmt: skip


def waits_for(actor: Actor, one: UUID, other: UUID) -> str:
    """The reference of an open pair on which this officer can still give an opinion; empty if there is none.

    While there is one, nothing that links the two is shown to that officer.
    """
    if not ROLES_FOR[Action.JUDGE] & actor.roles:
        return ""
    task = open_to(actor).filter(Q(probe=one, candidate=other) | Q(probe=other, candidate=one)).first()
    return task.reference if task else ""


def _may_judge(actor: Actor, task: Task) -> bool:
    return bool(ROLES_FOR[Action.JUDGE] & actor.roles) and open_to(actor).filter(id=task.id).exists()


def _dearest(comparisons: Stored) -> Stored:
    """The comparisons that speak most against one person, at most three."""
    against = [each for each in comparisons if float(str(each["score"])) <= NOTICED]
    return sorted(against, key=lambda each: float(str(each["score"])))[:3]


def _candidate(search: Search, candidate: Candidate, record: RecordSeen, actor: Actor) -> CandidateSeen:
    first, second = sorted((search.probe_id, candidate.person_id))
    judged = Link.objects.filter(first_id=first, second_id=second, ended_at__isnull=True).exclude(same_person="open")
    waiting = Task.objects.between(first, second).filter(state="open").exists()
    can_be_put = bool(ROLES_FOR[Action.LINK] & actor.roles) and not waiting and not judged.exists()
    return CandidateSeen(record, candidate.comparisons, candidate.rank, waits_for(actor, first, second), can_be_put)


def is_open(person: UUID) -> bool:
    """Whether neither this record nor one linked with it is restricted."""
    identity = identity_of(person)
    return (
        Person.objects.filter(id=person).exists()
        and not Restriction.objects.filter(person_id__in=identity, lifted_at__isnull=True).exists()
    )
