"""How old someone may be, and what follows where that is in doubt."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stonebridge.domain.cite import cites
from stonebridge.domain.partial_date import PartialDate


@dataclass(frozen=True, slots=True)
class AgeRange:
    """Completed years of age: at least ``youngest``, at most ``oldest``."""

    youngest: int
    oldest: int

    def __str__(self) -> str:
        return str(self.youngest) if self.youngest == self.oldest else f"{self.youngest}–{self.oldest}"


class FingerprintAge(StrEnum):
    """Whether age allows the taking of fingerprints."""

    OLD_ENOUGH = "old_enough"
    TOO_YOUNG = "too_young"
    IN_DOUBT = "in_doubt"

    @property
    def may_take(self) -> bool:
        return self is FingerprintAge.OLD_ENOUGH


def age_on(birth: PartialDate, on: date) -> AgeRange | None:
    """The completed years of age on a day; ``None`` where the birth date says nothing.

    A first of January that nobody confirmed counts as the whole year. A person born on
    29 February completes a year on 1 March of common years.
    """
    known = birth.range()
    if known is None:
        return None
    earliest, latest = known
    return AgeRange(max(0, _completed(min(latest, on), on)), max(0, _completed(earliest, on)))


@cites("eu-2024-1358", "14(1)")
def may_take_fingerprints(age: AgeRange | None, minimum_age: int) -> FingerprintAge:
    """Whether fingerprints may be taken from someone of this age.

    ``minimum_age`` is the category's, see ``eurodac.category``. Doubt about it, and an age
    nobody knows, count as younger: estimate the age and record who did.
    """
    if age is None or age.youngest < minimum_age <= age.oldest:
        return FingerprintAge.IN_DOUBT
    return FingerprintAge.OLD_ENOUGH if age.youngest >= minimum_age else FingerprintAge.TOO_YOUNG


@cites("un-crc-1989", "1", "3(1)")
def is_child(age: AgeRange | None) -> bool:
    """Whether someone is treated as a child: under 18, or possibly so. The doubt is to the child's benefit."""
    return age is None or age.youngest < 18


def _completed(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
