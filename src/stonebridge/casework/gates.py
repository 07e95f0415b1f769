"""What keeps an exit shut: each guard asked of the whole identity, with three answers, and only *open* opens.

A guard is answered by facts of the node, by a finding of an officer, or by both. Rooms that know a fact register it as
a source; a guard without one is a matter of findings. What a finding opens shuts again by itself on its day.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stonebridge.casework.models import Case, Finding
from stonebridge.domain.process import Exit, Guard, Process
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import Action


class Opening(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    UNKNOWN = "unknown"


class Found(StrEnum):
    """What an officer can find. *Not applicable* is a state of its own: there is no child, no family."""

    NO_OBSTACLE = "no_obstacle"
    OBSTACLE = "obstacle"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a guard is asked of: the case, every record of the identity, those behind an open link, and the day."""

    case: Case
    records: frozenset[UUID]
    beside: frozenset[UUID]
    today: date


@dataclass(frozen=True, slots=True)
class Source:
    """Facts that answer a guard, with a sentence. ``alone``: no finding is needed beside an open answer."""

    answer: Callable[[Asked], tuple[Opening, Promise]]
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Gate:
    """A guard as it stands now: the answer, why, and the finding it rests on."""

    guard: Guard
    opening: Opening
    why: Promise
    finding: Finding | None = None


NOT_APPLICABLE_TO = frozenset({"child", "family", "consent"})
"""Guards that some persons have no part in; the others always need an answer."""
_sources: Mapping[str, Source] = {}


def register(sources: Mapping[str, Source]) -> None:
    """Set the sources by guard. Called once, when the node starts."""
    global _sources  # one table a process, set at start
    _sources = sources


def gates(permit: Permit, asked: Asked, process: Process, exit: Exit | None = None) -> tuple[Gate, ...]:
    """Every guard of the process, or those of one exit, as they stand.

    Raises:
        NotPermitted: the permit does not cover the person.
    """
    permit.require(Action.WORK_CASE, person=asked.case.person_id)
    named = exit.guards if exit else tuple(each.id for each in process.guards)
    made = Finding.objects.filter(case__person_id__in=asked.records | asked.beside, guard__in=named)
    latest = {(each.guard, each.case_id): each for each in made.select_related("case").order_by("found_at", "id")}
    return tuple(
        _stands(process.guard(id), asked, {of: each for (guard, of), each in latest.items() if guard == id})
        for id in named
    )


def _stands(guard: Guard, asked: Asked, latest: Mapping[UUID, Finding]) -> Gate:
    """``latest``: what each case of the identity, and of those behind an open link, last found on the guard."""
    source, finding = _sources.get(guard.id), latest.get(asked.case.id)
    if source is not None:
        opening, why = source.answer(asked)
        if opening is not Opening.OPEN or source.alone:
            return Gate(guard, opening, why)
    opening, why = _found(finding, asked.today)
    if opening is Opening.OPEN and finding and any(_contradicts(each, finding) for each in latest.values()):
        opening, why = (
            Opening.UNKNOWN,
            _("Another case of this person, or of somebody who may be the same, says otherwise."),
        )
    return Gate(guard, opening, why, finding)


def _contradicts(other: Finding, own: Finding) -> bool:
    """Whether what another case found keeps this one. An ended case finds nothing anew: there, the later one counts."""
    return other.answer in {Found.OBSTACLE, Found.UNKNOWN} and (
        other.case.ended_at is None or other.found_at > own.found_at
    )


def _found(finding: Finding | None, today: date) -> tuple[Opening, Promise]:
    if finding is None or finding.answer == Found.UNKNOWN:
        return Opening.UNKNOWN, _("Nobody has found out yet. Unknown is not no.")
    if finding.answer == Found.OBSTACLE:
        return Opening.SHUT, _("An officer found that this stands in the way.")
    if finding.expires_on is None or finding.expires_on < today:
        return Opening.UNKNOWN, _("What was found is too old. Find out anew.")
    if finding.answer == Found.NOT_APPLICABLE:
        return Opening.OPEN, _("An officer found that it does not apply.")
    return Opening.OPEN, _("An officer found nothing in the way.")
