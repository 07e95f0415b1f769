"""From the opinions of officers to one verdict.

Joining two identities needs two officers who see neither each other's verdict nor the score.
Second officers also receive some exclusions and planted pairs, so that being asked reveals no
verdict. Disagreement goes to a third, and two of three decide. What does not conclude stays
open: the link stays yellow, and nothing about the persons changes.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from stonebridge.domain.errors import WrongState
from stonebridge.domain.links import SamePerson


class Step(StrEnum):
    NEEDS_FIRST = "needs_first"
    NEEDS_SECOND = "needs_second"
    NEEDS_THIRD = "needs_third"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one officer answered, blind to the others. ``officer`` is the actor's reference."""

    officer: str
    same_person: SamePerson


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes next. ``same_person`` is the verdict once ``DECIDED``, else ``None``."""

    step: Step
    same_person: SamePerson | None = None

    @property
    def concludes(self) -> bool:
        """Whether the verdict says yes or no; otherwise the link stays open."""
        return self.same_person in {SamePerson.YES, SamePerson.NO}


_DOES_NOT_CONCLUDE = frozenset({SamePerson.UNSURE, SamePerson.INSUFFICIENT})


def verdict(opinions: Sequence[Opinion], *, second_always: bool = False) -> Outcome:
    """What the opinions so far, in their order, amount to.

    One opinion: *yes* and *unsure* need a second; *no* and *insufficient* stand alone, unless
    ``second_always`` (a sampled exclusion, a planted pair, a review). Two opinions: the same
    answer decides; two that do not conclude leave it unsure; anything else needs a third.
    Three: two that agree decide; three different answers leave it unsure.

    Raises ``WrongState`` when an officer answers twice or after the decision.
    """
    if len({opinion.officer for opinion in opinions}) < len(opinions):
        raise WrongState("this adjudication", "answered by the same officer before", "another officer")
    outcome = Outcome(Step.NEEDS_FIRST)
    for count in range(1, len(opinions) + 1):
        if outcome.step is Step.DECIDED:
            raise WrongState("this adjudication", "decided", "a new judgement that supersedes it")
        outcome = _after([opinion.same_person for opinion in opinions[:count]], second_always)
    return outcome


def _after(answers: list[SamePerson], second_always: bool) -> Outcome:
    answer, agreeing = Counter(answers).most_common(1)[0]
    match len(answers):
        case 1:
            if second_always or answer in {SamePerson.YES, SamePerson.UNSURE}:
                return Outcome(Step.NEEDS_SECOND)
            return Outcome(Step.DECIDED, answer)
        case 2:
            if agreeing == 2:
                return Outcome(Step.DECIDED, answer)
            if set(answers) == _DOES_NOT_CONCLUDE:
                return Outcome(Step.DECIDED, SamePerson.UNSURE)
            return Outcome(Step.NEEDS_THIRD)
        case _:
            return Outcome(Step.DECIDED, answer if agreeing >= 2 else SamePerson.UNSURE)


class SameReason(StrEnum):
    """Why an officer says: one person. What is met most stands first."""

    SPELLING = "spelling"
    TRANSLITERATION = "transliteration"
    NAME_ORDER = "name_order"
    NAME_PART_MISSING = "name_part_missing"
    NAME_CHANGED_BY_MARRIAGE = "name_changed_by_marriage"
    NAME_CHANGED_OFFICIALLY = "name_changed_officially"
    DATE_PARTS_SWAPPED = "date_parts_swapped"
    DATE_IN_ANOTHER_CALENDAR = "date_in_another_calendar"
    DATE_ESTIMATED_DIFFERENTLY = "date_estimated_differently"
    SAME_FAMILY = "same_family"
    PERSON_CONFIRMS = "person_confirms"
    FALSE_IDENTITY_DECLARED = "false_identity_declared"
    SAME_DOCUMENT = "same_document"
    FACE_AGREES = "face_agrees"
    FINGERPRINTS_AGREE = "fingerprints_agree"
    OTHER = "other"


class DifferentReason(StrEnum):
    """Why an officer says: two persons. What is met most stands first."""

    COMMON_NAME = "common_name"
    RELATIVES = "relatives"
    TWINS = "twins"
    AGE_DIFFERS = "age_differs"
    SEX_DIFFERS = "sex_differs"
    PARENTS_DIFFER = "parents_differ"
    NATIONALITY_DIFFERS = "nationality_differs"
    SEEN_APART = "seen_apart"
    DOCUMENT_SHARED_LAWFULLY = "document_shared_lawfully"
    DOCUMENT_OF_ANOTHER = "document_of_another"
    ENTRY_MIXED_UP = "entry_mixed_up"
    FACE_DIFFERS = "face_differs"
    FINGERPRINTS_DIFFER = "fingerprints_differ"
    OTHER = "other"


class OpenReason(StrEnum):
    """Why an officer cannot say."""

    TOO_LITTLE_DATA = "too_little_data"
    POOR_QUALITY = "poor_quality"
    EVIDENCE_CONTRADICTS_ITSELF = "evidence_contradicts_itself"
    PERSON_MUST_BE_ASKED = "person_must_be_asked"
    OTHER = "other"


def reasons_for(answer: SamePerson) -> tuple[SameReason, ...] | tuple[DifferentReason, ...] | tuple[OpenReason, ...]:
    """The reason codes that may go with this answer."""
    match answer:
        case SamePerson.YES:
            return tuple(SameReason)
        case SamePerson.NO:
            return tuple(DifferentReason)
        case _:
            return tuple(OpenReason)
