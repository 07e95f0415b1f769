"""Why a person's biometrics are taken, in the shape of Regulation (EU) 2024/1358.

A node outside the Union has no access to Eurodac. It records in this shape, so that its
records can be understood and, one day, sent; the times and ages are the Regulation's, and
they bind the node only where its own law says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from stonebridge.domain.cite import cites
from stonebridge.domain.parameters import DatedValue, Parameter, Unit, find


class Category(StrEnum):
    APPLICANT = "applicant"
    ADMISSION_CANDIDATE = "admission_candidate"
    ADMITTED_RESETTLEMENT = "admitted_resettlement"
    ADMISSION_REFUSED = "admission_refused"
    NATIONAL_RESETTLEMENT = "national_resettlement"
    IRREGULAR_CROSSING = "irregular_crossing"
    ILLEGAL_STAY = "illegal_stay"
    DISEMBARKED = "disembarked"
    TEMPORARY_PROTECTION = "temporary_protection"


ARTICLES: dict[Category, str] = {
    Category.APPLICANT: "15",
    Category.ADMISSION_CANDIDATE: "18(1)",
    Category.ADMITTED_RESETTLEMENT: "18(2)(a)",
    Category.ADMISSION_REFUSED: "18(2)(b), (c)",
    Category.NATIONAL_RESETTLEMENT: "20",
    Category.IRREGULAR_CROSSING: "22",
    Category.ILLEGAL_STAY: "23",
    Category.DISEMBARKED: "24",
    Category.TEMPORARY_PROTECTION: "26",
}
"""The article of Regulation (EU) 2024/1358 that defines each category."""


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """What holds for a category on a day.

    ``transmit_within`` is ``None`` where the Regulation sets no time that is known to us.
    ``retention`` of 0 years means: compared, not stored.
    """

    category: Category
    article: str
    minimum_age: DatedValue
    transmit_within: DatedValue | None
    retention: DatedValue

    @property
    def is_stored(self) -> bool:
        return self.retention.value > 0

    @property
    def values(self) -> tuple[DatedValue, ...]:
        """Every value this rule computes with; a screen says so where one is less than verified."""
        return tuple(value for value in (self.minimum_age, self.transmit_within, self.retention) if value)

    def transmit_by(self, since: datetime) -> datetime | None:
        """The last moment to transmit, counted from what ``transmit_within.since`` says; ``None`` without a time."""
        if self.transmit_within is None:
            return None
        number = self.transmit_within.value
        return since + (timedelta(hours=number) if self.transmit_within.unit is Unit.HOURS else timedelta(days=number))

    def keep_until(self, transmitted_on: date) -> date:
        """The last day of retention, counted from the day on which the biometric data were transmitted."""
        year = transmitted_on.year + self.retention.value
        try:
            return transmitted_on.replace(year=year)
        except ValueError:  # 29 February
            return transmitted_on.replace(year=year, day=28)


@cites("eu-2024-1358", "15", "18", "20", "22", "23", "24", "26", "29")
def category_rule(category: Category, parameters: Mapping[str, Parameter], on: date) -> CategoryRule:
    """The values that hold for ``category`` on a day, from the parameters that ``law`` loads.

    Raises ``NoRuleMatched`` before the Regulation applies.
    """
    transmit = parameters.get(f"eurodac.{category}.transmit_within")
    return CategoryRule(
        category,
        ARTICLES[category],
        find(parameters, f"eurodac.{category}.minimum_age").on(on),
        transmit.on(on) if transmit else None,
        find(parameters, f"eurodac.{category}.retention").on(on),
    )
