"""A search for a registered person among all others, and what a machine may do with its answer.

A machine names candidates, puts strong ones to officers and ties them with an open yellow
link; it judges nothing. A search is answered once, whole or not at all: whoever is killed in
between leaves it waiting.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import F

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import NoRuleMatched, NotFound, WrongState
from stonebridge.domain.links import TravelDocument, colour
from stonebridge.identification import gallery_feed, thresholds
from stonebridge.identification.evidence import evidence, stored
from stonebridge.identification.facts import identity_of
from stonebridge.identification.fingers import BASIS, MACHINE, PURPOSE, with_fingers
from stonebridge.identification.matcher.client import MatcherClient, SearchAnswer
from stonebridge.identification.models import Candidate, GalleryChange, Link, Search, Task
from stonebridge.identification.services.turns import lock_identities
from stonebridge.matching.engine import Hit
from stonebridge.matching.record import Record
from stonebridge.registry.models import Person
from stonebridge.registry.statements import VISIBLE, MatcherRegister, record_for_matcher
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.history import record
from stonebridge.safeguards.models import Restriction
from stonebridge.safeguards.policy import Action
from stonebridge.safeguards.references import with_new_reference

log = logging.getLogger(__name__)


def note_change(permit: Permit, person: UUID) -> None:
    """Note, in the transaction that changes a person, that the matcher must renew them."""
    permit.require(Action.REGISTER, Action.AMEND, Action.TAKE_BIOMETRICS, Action.RESTRICT, person=person)
    GalleryChange.objects.create(person_id=person, made_at=permit.at)


def request_search(permit: Permit, person: UUID) -> None:
    """Ask, in the transaction that registers or amends a person or takes their fingers, for a search for them among all others."""
    permit.require(Action.REGISTER, Action.AMEND, Action.TAKE_BIOMETRICS, person=person)
    with_new_reference(lambda reference: Search.objects.create(
        reference=reference, probe_id=person, asked_by=permit.actor.reference, asked_at=permit.at
    ))  # fmt: skip


@dataclass(frozen=True, slots=True)
class NodeRegister:
    """The register as the feed reads it at a moment: each read in a transaction for identification, which ends with it."""

    now: datetime

    def ids(self) -> Iterable[UUID]:
        with gate.act(PURPOSE):
            return list(MatcherRegister().ids())

    def load(self, ids: Sequence[UUID]) -> Iterable[Record]:
        with gate.act(PURPOSE):
            found = list(MatcherRegister().load(ids))
        return with_fingers(found, now=self.now)


def keep_up(matcher: MatcherClient, *, now: datetime) -> int:
    """Bring the gallery up to date with the register; the position reached.

    Raises:
        Unavailable: the matcher does not answer.
    """
    connection.ensure_connection()
    return gallery_feed.catch_up(connection.connection, matcher, NodeRegister(now))


def compare_with_register(matcher: MatcherClient, *, now: datetime) -> gallery_feed.Agreement:
    """Whether every person of the register is found by a search for what is on record of them.

    Raises:
        Unavailable: the matcher does not answer.
    """
    connection.ensure_connection()
    return gallery_feed.compare(connection.connection, matcher, NodeRegister(now))


def answer_search(search_id: UUID, *, matcher: MatcherClient, at_least: int, now: datetime) -> bool:
    """Answer a waiting search by what the matcher finds; whether it was still waiting.

    ``at_least`` is the position of the gallery that the answer must have seen.

    Raises:
        Refused: the person is restricted, or another rule closes the record.
        Unavailable: the matcher does not answer; nothing was changed.
    """
    with gate.act(PURPOSE):
        search = Search.objects.filter(id=search_id, state="waiting").first()
        if search is None:
            return False
        gate.permit(MACHINE, Action.SEARCH, purpose=PURPOSE, basis=BASIS, now=now, persons=[search.probe_id])
        person = Person.objects.filter(id=search.probe_id).prefetch_related(
            "statements__names", "statements__nationalities", "documents"
        ).first()  # fmt: skip
        if person is None:
            raise NotFound("person", search.probe_id)
        probe = record_for_matcher(person)
    (probe,) = with_fingers([probe], now=now)
    fingers = probe.identities[0].fingers if probe.identities else ()
    answers = [
        matcher.search(
            identity, visible=VISIBLE[PURPOSE], limit=thresholds.CANDIDATES_KEPT + 1,
            budget=thresholds.SEARCH_BUDGET, at_least=at_least,
        )
        for identity in dict.fromkeys(replace(each, fingers=fingers) for each in probe.identities)
    ]  # fmt: skip
    return _keep_answer(search_id, answers, now=now)


def search_again(search: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> str:
    """Search for the same person once more; the reference of the new search, or of one that waits already.

    Raises:
        Refused: the gate says no.
        NotFound: no such search.
    """
    with gate.act(purpose):
        former = Search.objects.filter(reference=search).first()
        if former is None:
            raise NotFound("search", search)
        lock_identities(former.probe_id)
        permit = gate.permit(actor, Action.SEARCH, purpose=purpose, basis=basis, now=now, persons=[former.probe_id])
        waiting = Search.objects.filter(probe_id=former.probe_id, state="waiting").first()
        if waiting is not None:
            return waiting.reference
        made = with_new_reference(lambda reference: Search.objects.create(
            reference=reference, probe_id=former.probe_id, asked_by=actor.reference, asked_at=now
        ))  # fmt: skip
        record("search_asked", f"search:{made.reference}", person=former.probe_id, permit=permit)
        return made.reference


def ask_about(search: str, person: str, *, actor: Actor, basis: str, now: datetime) -> str:
    """Put a candidate to judgement that the machine did not; the reference of the pair, an open one if there is.

    Both are named by their references.

    Raises:
        Refused: the gate says no.
        NotFound: no such candidate.
        WrongState: the pair is judged already.
    """
    with gate.act(PURPOSE):
        candidate = (
            Candidate.objects.select_related("search")
            .filter(search__reference=search, person__reference=person)
            .first()
        )
        if candidate is None:
            raise NotFound("candidate", person)
        pair = [candidate.search.probe_id, candidate.person_id]
        lock_identities(*pair)
        permit = gate.permit(actor, Action.LINK, purpose=PURPOSE, basis=basis, now=now, persons=pair)
        task = put_to_judgement(candidate.search, candidate, permit)
        task = task or Task.objects.between(*pair).filter(state="open").first()
        if task is None:
            raise WrongState("this pair", "judged already", "a withdrawal of the link before another judgement")
        return task.reference


def postpone(searches: Sequence[UUID], why: str, until: datetime) -> None:
    """Note that these searches could not be answered yet, why, and when to try again."""
    with gate.act(PURPOSE):
        Search.objects.filter(id__in=searches, state="waiting").update(
            attempts=F("attempts") + 1, try_after=until, trouble=why[:200]
        )


def _keep_answer(search_id: UUID, answers: Sequence[SearchAnswer], *, now: datetime) -> bool:
    with gate.act(PURPOSE):
        search = Search.objects.select_for_update().filter(id=search_id, state="waiting").first()
        if search is None:
            return False
        hits = _open(_best(answers), besides=identity_of(search.probe_id))[: thresholds.CANDIDATES_KEPT]
        persons = [search.probe_id, *(hit.id for hit in hits)]
        permit = gate.permit(MACHINE, Action.SEARCH, purpose=PURPOSE, basis=BASIS, now=now, persons=persons)
        search.state, search.answered_at, search.trouble = "answered", now, ""
        search.matcher_version = answers[0].version if answers else ""
        search.position = min((answer.position for answer in answers), default=None)
        search.share_searched = min((answer.share_searched for answer in answers), default=None)
        search.save(update_fields=["state", "answered_at", "trouble", "matcher_version", "position", "share_searched"])
        candidates = Candidate.objects.bulk_create(
            Candidate(search=search, person_id=hit.id, rank=rank, score=hit.score, comparisons=stored(hit.comparisons))
            for rank, hit in enumerate(hits, 1)
        )
        accepted = thresholds.per_thousand(PURPOSE, now.date())
        least = thresholds.bits_from(max((answer.records for answer in answers), default=0), accepted)
        record("search_answered", f"search:{search.reference}", person=search.probe_id, permit=permit,
               detail={"candidates": len(candidates), "matcher_version": search.matcher_version,
                       "likely_from": f"{least:.2f}", "wrong_in_thousand": f"{accepted:g}"})  # fmt: skip
        strong = [each for each in candidates if _is_strong(each, least)][: thresholds.TASKS_A_SEARCH]
        if strong:
            linking = gate.permit(
                MACHINE, Action.LINK, purpose=PURPOSE, basis=BASIS, now=now,
                persons=[search.probe_id, *(each.person_id for each in strong)],
            )  # fmt: skip
            for candidate in strong:
                put_to_judgement(search, candidate, linking)
    return True


def put_to_judgement(search: Search, candidate: Candidate, permit: Permit) -> Task | None:
    """Ask officers about a candidate, and tie the pair with an open yellow link where a rule gives that colour.

    Nothing is done for a pair that is judged or waits already; a waiting pair on which nobody has given an opinion is
    asked anew when a later search says something else.
    """
    permit.require(Action.LINK, person=candidate.person_id)
    first, second = sorted((search.probe_id, candidate.person_id))
    link = Link.objects.filter(first_id=first, second_id=second, ended_at__isnull=True).first()
    if link is not None and link.same_person != "open":
        return None
    waiting = Task.objects.between(first, second).filter(state="open").first()
    if waiting is not None:
        says_something_new = search.asked_at > waiting.made_at and waiting.comparisons != candidate.comparisons
        if not says_something_new or waiting.judgements.exists() or waiting.why != "search":
            return None
        waiting.state, waiting.outcome, waiting.settled_at = "undecided", "replaced", permit.at
        waiting.save(update_fields=["state", "outcome", "settled_at"])
    task = with_new_reference(lambda reference: Task.objects.create(
        reference=reference, probe_id=search.probe_id, candidate_id=candidate.person_id, search=search, why="search",
        score=candidate.score, comparisons=candidate.comparisons, matcher_version=search.matcher_version,
        made_at=permit.at, due_at=permit.at + thresholds.JUDGE_WITHIN,
    ))  # fmt: skip
    for person in (first, second):
        record("pair_put_to_judgement", f"task:{task.reference}", person=person, permit=permit)
    if link is None:
        _tie(task, first, second, permit)
    return task


def _tie(task: Task, first: UUID, second: UUID, permit: Permit) -> None:
    found = evidence(task.comparisons)
    try:
        shown = colour(found, None, automatic=not permit.actor.is_human)
    except NoRuleMatched:
        return  # the two share nothing that makes a link; officers are asked all the same
    link = with_new_reference(lambda reference: Link.objects.create(
        reference=reference, first_id=first, second_id=second, task=task, same_person="open",
        evidence_biometrics=found.biometrics, evidence_identity=found.identity, evidence_document=found.document,
        colour=shown.colour, colour_rule=shown.rule_id, made_at=permit.at, made_by=permit.actor.reference,
    ))  # fmt: skip
    for person in (first, second):
        record("link_made", f"link:{link.reference}", person=person, permit=permit, detail={"colour": shown.colour})


def _is_strong(candidate: Candidate, least: float) -> bool:
    shares_document = evidence(candidate.comparisons).document is TravelDocument.SAME
    return candidate.score >= least or shares_document


def _best(answers: Sequence[SearchAnswer]) -> list[Hit]:
    """Each person found once, by the statement that fits best; best first."""
    best: dict[UUID, Hit] = {}
    for hit in (hit for answer in answers for hit in answer.hits):
        if hit.id not in best or hit.score > best[hit.id].score:
            best[hit.id] = hit
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.id))


def _open(hits: Sequence[Hit], *, besides: frozenset[UUID]) -> list[Hit]:
    """Without the probe's own records, and without whoever is closed to identification, or linked to such a one."""
    on_record = set(Person.objects.filter(id__in=[hit.id for hit in hits]).values_list("id", flat=True))
    return [
        hit
        for hit in hits
        if hit.id in on_record - besides
        and not Restriction.objects.filter(person_id__in=identity_of(hit.id), lifted_at__isnull=True).exists()
    ]
