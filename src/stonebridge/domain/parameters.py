"""Values of law as the rules use them: dated, cited, and marked with how far they were checked.

A value is never edited; a changed rule is a new dated value. What is not ``VERIFIED`` warns,
and founds neither silence nor lateness, expiry or transfer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stonebridge.domain.errors import NoRuleMatched


class Status(StrEnum):
    """How far a statement of law has been checked, best first."""

    VERIFIED = "verified"
    """Read in the official journal or gazette; the sentence is quoted in the review sheet."""
    SECONDARY = "secondary"
    """Read elsewhere."""
    RECALLED = "recalled"
    """General knowledge, not yet checked against a text."""
    PLACEHOLDER = "placeholder"
    """Not known: the node must set it before it relies on it."""


class Unit(StrEnum):
    HOURS = "hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"
    YEARS_OF_AGE = "years_of_age"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law, treaty, standard or agreement. ``published`` says where its official text stands."""

    id: str
    title: str
    short: str
    published: str
    status: Status
    note: str = ""


@dataclass(frozen=True, slots=True)
class DatedValue:
    """One value from one article, from one day on.

    ``since`` says what a time counts from, ``on_silence`` what follows where nobody acts in time (empty: the
    text that was read says nothing). ``recalled`` names those of ``unit``, ``since``, ``silence`` and ``in_force``
    that were checked less far than the number.
    """

    instrument: str
    article: str
    in_force: date
    value: int
    unit: Unit
    status: Status
    source: str
    since: str = ""
    recalled: tuple[str, ...] = ()
    on_silence: str = ""

    @property
    def is_verified(self) -> bool:
        return self.status is Status.VERIFIED and not self.recalled

    def __str__(self) -> str:
        return f"{self.value} {self.unit.replace('_', ' ')} ({self.instrument} Art. {self.article})"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A question that law answers with a number, and every answer it has given."""

    id: str
    title: str
    values: tuple[DatedValue, ...]

    def on(self, day: date, instrument: str | None = None) -> DatedValue:
        """The value in force on ``day``. Name the instrument where several answer.

        Raises ``NoRuleMatched`` where none is in force, and where several instruments answer.
        """
        known = [v for v in self.values if v.in_force <= day and instrument in {None, v.instrument}]
        if not known:
            raise NoRuleMatched(self.id, f"{day.isoformat()}" + (f" under {instrument}" if instrument else ""))
        if len({value.instrument for value in known}) > 1:
            raise NoRuleMatched(self.id, f"{day.isoformat()} without naming the instrument")
        return max(known, key=lambda value: value.in_force)


def find(parameters: Mapping[str, Parameter], parameter_id: str) -> Parameter:
    """The parameter by its identifier; raises ``NoRuleMatched`` where the law's folder has none."""
    if parameter_id not in parameters:
        raise NoRuleMatched(parameter_id, "the values in law/")
    return parameters[parameter_id]
