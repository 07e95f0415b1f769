"""What may be read of links, of a person's identity, and of how well pairs are judged."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from stonebridge.accounts.models import Officer
from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.domain.links import ROWS
from stonebridge.identification.evidence import stored
from stonebridge.identification.matcher.client import MatcherClient
from stonebridge.identification.models import Judgement, Link, Search, Task
from stonebridge.identification.prints.progress import prints_of
from stonebridge.identification.queries import Given, given, open_to, waits_for
from stonebridge.identification.records import RecordSeen, records_seen
from stonebridge.registry.models import Person
from stonebridge.registry.statements import VISIBLE, record_for_matcher
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import ROLES_FOR, Action

PURPOSE = Purpose.IDENTIFICATION
TELLING = frozenset({"judgement_given", "link_made", "link_withdrawn", "pair_put_to_judgement"})
"""Events that would tell an officer what others have made of a pair."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One link in the line between two records: when, by whom, on what grounds, and how it ended."""

    reference: str
    colour: str
    same_person: str
    rule: str
    article: str
    is_own_rule: bool
    status: str
    evidence: tuple[str, str, str]
    justified: str
    justified_article: str
    justified_by: str
    made_at: datetime
    made_by: str
    officers: tuple[str, ...]
    ended_at: datetime | None
    ended_by: str
    ended_reason: str
    judgements: tuple[Given, ...]

    @property
    def is_in_force(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class LinkSeen:
    """A link with the whole line of statements about its pair, the latest first.

    ``waits`` is the pair that whoever looks has yet to judge; everything else is then left out.
    """

    reference: str
    first: RecordSeen
    second: RecordSeen
    probe: RecordSeen
    """Whose search found the pair: one of the two; ``candidate`` is the other."""
    candidate: RecordSeen
    waits: str
    statements: tuple[Statement, ...]
    comparisons: Sequence[dict[str, object]]
    score: float | None
    matcher_version: str
    may_withdraw: bool
    may_assess: bool


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The explanation computed again by the version of then. ``agrees``: it says the same as what was kept."""

    comparisons: Sequence[dict[str, object]]
    score: float
    agrees: bool


def link_seen(reference: str, *, actor: Actor, basis: str, now: datetime) -> LinkSeen:
    """A link and its history.

    Raises:
        Refused: the gate says no.
        NotFound: no such link.
    """
    with gate.act(PURPOSE):
        link = _found(reference)
        pair = [link.first_id, link.second_id]
        permit = gate.permit(actor, Action.READ, purpose=PURPOSE, basis=basis, now=now, persons=pair)
        seen = records_seen(permit, pair)
        waits, task = waits_for(actor, *pair), link.task
        first, second = (seen[each] for each in pair)
        probe, candidate = (seen[task.probe_id], seen[task.candidate_id]) if task else (first, second)
        if waits:
            return LinkSeen(reference, first, second, probe, candidate, waits, (), (), None, "", False, False)
        line = Link.objects.filter(first_id=pair[0], second_id=pair[1]).order_by("-made_at", "-id")
        statements = _statements(list(line))
        in_force = link.ended_at is None
        return LinkSeen(
            reference=reference, first=first, second=second, probe=probe, candidate=candidate, waits="", statements=statements,
            comparisons=task.comparisons if task else (), score=task.score if task else None,
            matcher_version=task.matcher_version if task else "",
            may_withdraw=in_force and bool(ROLES_FOR[Action.WITHDRAW_LINK] & actor.roles),
            may_assess=in_force and link.same_person != "open" and bool(ROLES_FOR[Action.JUSTIFY] & actor.roles),
        )  # fmt: skip


def recompute(reference: str, *, matcher: MatcherClient, actor: Actor, basis: str, now: datetime) -> Recomputed:
    """Compute the explanation of a link again, by the version of the matcher that found the pair.

    Raises:
        Refused: the gate says no.
        NotFound: no such link, no pair behind it, or the matcher has never kept that version.
        Unavailable: the matcher does not answer.
    """
    with gate.act(PURPOSE):
        link = _found(reference)
        gate.permit(actor, Action.READ, purpose=PURPOSE, basis=basis, now=now, persons=[link.first_id, link.second_id])
        task = link.task
        if task is None or waits_for(actor, link.first_id, link.second_id):
            raise NotFound("explanation of link", reference)
        probe = record_for_matcher(
            Person.objects.prefetch_related("statements__names", "statements__nationalities", "documents").get(
                id=task.probe_id
            )
        )
    hits = [
        matcher.explain(identity, task.candidate_id, visible=VISIBLE[PURPOSE], version=task.matcher_version).hit
        for identity in probe.identities
    ]
    best = max(hits, key=lambda hit: hit.score)
    again = stored(best.comparisons)
    return Recomputed(again, best.score, agrees=again == task.comparisons)


@dataclass(frozen=True, slots=True)
class Examiner:
    """How one officer judged pairs whose answer is known, and how often they agreed with what was decided."""

    name: str
    known_pairs: int
    right: int
    missed: int
    joined_wrongly: int
    open: int
    opinions: int
    agreed: int


def quality(*, actor: Actor, basis: str, now: datetime) -> tuple[Examiner, ...]:
    """Every officer who has judged, by name. A known pair counts only while its link still says so.

    Raises:
        Refused: the gate says no; this is for supervisors.
    """
    with gate.act(PURPOSE):
        gate.permit(actor, Action.READ_QUALITY, purpose=PURPOSE, basis=basis, now=now)
        counts: dict[str, Counter[str]] = {}
        names: dict[str, str] = {}
        closed = Judgement.objects.exclude(task__state="open").select_related("task")
        for judgement in closed.order_by("given_at"):
            names[judgement.officer_reference] = judgement.officer_name
            count = counts.setdefault(judgement.officer_reference, Counter())
            task = judgement.task
            if task.why == "planted":
                if _is_still_known(task):
                    count.update(["known", _hit(judgement.same_person, task.planted_truth)])
            elif task.outcome in ("yes", "no"):
                count["opinions"] += 1
                count["agreed"] += judgement.same_person == task.outcome
        return tuple(
            Examiner(names[each], count["known"], count["right"], count["missed"], count["joined_wrongly"],
                     count["open"], count["opinions"], count["agreed"])
            for each, count in sorted(counts.items(), key=lambda item: names[item[0]])
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PanelLink:
    reference: str
    colour: str
    same_person: str
    other: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class PanelSeen:
    """What a person's page shows of identification. ``pairs`` are those that whoever looks has yet to judge."""

    searches: tuple[tuple[str, str, datetime, int], ...]
    pairs: tuple[str, ...]
    links: tuple[PanelLink, ...]
    identity: tuple[RecordSeen, ...]
    """Every record of the person, with what each holds."""
    may_withdraw: bool
    prints: tuple[dict[str, str], ...]


def panel(permit: Permit, person: UUID) -> PanelSeen:
    """Searches, pairs, links and the identity of a person, under the permit of their page.

    Records outside the identity are not named: the permit does not cover them, and the link's own page asks anew.
    """
    permit.require(permit.action, person=person)
    actor = permit.actor
    links, pairs, shown = [], [], permit.persons
    standing = Link.objects.filter(Q(first_id__in=permit.persons) | Q(second_id__in=permit.persons))
    for link in standing.filter(ended_at__isnull=True).order_by("-made_at"):
        waits = waits_for(actor, link.first_id, link.second_id)
        if waits:
            pairs.append(waits)
            if link.same_person == "yes":
                shown = frozenset({person})  # that the two are one person is what this reader is asked
            continue
        other = link.second_id if link.first_id == person else link.first_id
        links.append(PanelLink(link.reference, link.colour, link.same_person, _reference(permit, other), link.made_at))
    searches = Search.objects.filter(probe_id__in=shown).order_by("-asked_at")[:5]
    return PanelSeen(
        searches=tuple((each.reference, each.state, each.asked_at, each.candidates.count()) for each in searches),
        pairs=tuple(dict.fromkeys(pairs)),
        links=tuple(links),
        identity=tuple(sorted(records_seen(permit, shown).values(), key=lambda record: record.registered_at)),
        may_withdraw=bool(ROLES_FOR[Action.WITHDRAW_LINK] & actor.roles),
        prints=prints_of(permit, person),
    )


def leaves_out(permit: Permit, person: UUID) -> frozenset[str]:
    """What the history does not show to whoever has yet to judge a pair with this person: that others have.

    A file that is handed out is whole.
    """
    permit.require(permit.action, person=person)
    if permit.action is not Action.READ or not ROLES_FOR[Action.JUDGE] & permit.actor.roles:
        return frozenset()
    about = Q(probe_id__in=permit.persons) | Q(candidate_id__in=permit.persons)
    return TELLING if open_to(permit.actor).filter(about).exists() else frozenset()


def _reference(permit: Permit, person: UUID) -> str:
    if person not in permit.persons:
        return ""
    return str(Person.objects.values_list("reference", flat=True).get(id=person))


def _found(reference: str) -> Link:
    link = Link.objects.select_related("task").filter(reference=reference).first()
    if link is None:
        raise NotFound("link", reference)
    return link


def _statements(line: Sequence[Link]) -> tuple[Statement, ...]:
    rows = {row.rule_id: row for row in ROWS}
    people = _names({name for link in line for name in
                     (link.made_by, link.ended_by, link.justified_by, link.officer_one, link.officer_two)})  # fmt: skip
    told: set[UUID] = set()
    found = []
    for link in line:
        row = rows.get(link.colour_rule)
        task = link.task
        opinions: tuple[Given, ...] = ()
        if task is not None and task.state != "open" and link.same_person != "open" and task.id not in told:
            opinions = tuple(given(each) for each in task.judgements.all())
            told.add(task.id)
        found.append(
            Statement(
                reference=link.reference,
                colour=link.colour,
                same_person=link.same_person,
                rule=link.colour_rule,
                article=row.article if row else "",
                is_own_rule=row.own_rule if row else True,
                status=row.status if row else "",
                evidence=(link.evidence_biometrics, link.evidence_identity, link.evidence_document),
                justified=link.justified,
                justified_article=link.justified_article,
                justified_by=people.get(link.justified_by, link.justified_by),
                made_at=link.made_at,
                made_by=people.get(link.made_by, link.made_by),
                officers=tuple(people.get(each, each) for each in (link.officer_one, link.officer_two) if each),
                ended_at=link.ended_at,
                ended_by=people.get(link.ended_by, link.ended_by),
                ended_reason=link.ended_reason,
                judgements=opinions,
            )
        )
    return tuple(found)


def _names(references: set[str]) -> dict[str, str]:
    """The names of officers by their references; machines keep theirs."""
    ids = [each for each in references if each.count("-") == 4]
    return {str(id): name for id, name in Officer.objects.filter(id__in=ids).values_list("id", "full_name")}


def _is_still_known(task: Task) -> bool:
    first, second = sorted((task.probe_id, task.candidate_id))
    return Link.objects.filter(
        first_id=first, second_id=second, ended_at__isnull=True, same_person=task.planted_truth
    ).exists()


def _hit(answer: str, truth: str) -> str:
    if answer == truth:
        return "right"
    if answer not in ("yes", "no"):
        return "open"
    return "missed" if truth == "yes" else "joined_wrongly"
