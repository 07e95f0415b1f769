"""Appeals and court orders on the page of a case: those of every record of the identity, and what each does to it."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from stonebridge.casework.models import Case
from stonebridge.casework.parts import Part
from stonebridge.remedies.labels import BRINGERS, EFFECTS_OF_REMEDIES, KINDS, OUTCOMES
from stonebridge.remedies.models import Remedy
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import ROLES_FOR, Action, Fact


@dataclass(frozen=True, slots=True)
class RemedyRow:
    """One appeal or court order in words. ``outcome`` is empty while it runs."""

    reference: str
    kind: Promise
    brought_by: Promise
    before: str
    number: str
    against: str
    lodged_on: date
    effect: Promise
    colour: str
    why: str
    ended_on: date | None
    outcome: Promise | None
    ending: str


@dataclass(frozen=True, slots=True)
class RemedyPart:
    """Plain values for ``remedies/_case.html``."""

    case: str
    purpose: str
    rows: tuple[RemedyRow, ...]
    may_record: bool
    may_end: bool


def build(permit: Permit, case: Case) -> RemedyPart:
    """What is on file, those that run first.

    Raises:
        NotPermitted: the permit does not cover the person.
    """
    permit.require(Action.WORK_CASE, person=case.person_id)
    found = Remedy.objects.filter(person_id__in=permit.persons)
    return RemedyPart(
        case=case.reference,
        purpose=case.purpose,
        rows=tuple(_row(each) for each in sorted(found, key=lambda each: each.ended_on is not None)),
        may_record=bool(ROLES_FOR[Action.RECORD_REMEDY] & permit.actor.roles),
        may_end=bool(ROLES_FOR[Action.END_REMEDY] & permit.actor.roles),
    )


def _row(remedy: Remedy) -> RemedyRow:
    effect, colour = EFFECTS_OF_REMEDIES[Fact(remedy.suspends)]
    return RemedyRow(
        remedy.reference, KINDS[remedy.kind], BRINGERS[remedy.brought_by], remedy.before, remedy.number, remedy.against,
        remedy.lodged_on, effect, colour, remedy.why, remedy.ended_on,
        OUTCOMES[remedy.outcome] if remedy.outcome else None, remedy.ending,
    )  # fmt: skip


PART = Part("remedies/_case.html", build)
