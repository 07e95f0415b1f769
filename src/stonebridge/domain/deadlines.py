"""Time limits of law, with every reading of a text that leaves something open.

A limit has two dates. *Act by* is the earliest last day that any recorded value and any reading gives: who
acts by then is in time whatever the text turns out to say. *Rely on from* is the day after the latest: only
from then on may anybody say that the other side was late or silent, and only on values that were verified.

The day of the event is not counted. Where no text says whether a limit that ends on a day without work rolls
over, or whose holidays count, both are read. Limits in days are dates, not hours: summer time changes nothing.
"""

import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import product

from stonebridge.domain.errors import BadInput, NoRuleMatched
from stonebridge.domain.parameters import DatedValue, Unit

_WEEKEND = (5, 6)
_LONGEST = 10_000
_ONE_DAY = timedelta(days=1)


class Silence(StrEnum):
    """What follows where nobody answers in time."""

    DEEMED_AGREED = "deemed_agreed"
    DEEMED_REFUSED = "deemed_refused"


@dataclass(frozen=True, slots=True)
class Holidays:
    """The days without work of one state, weekends apart. ``years`` says for which years they are known.

    ``uncertain`` are those of the days that hang on the sighting of the moon: they are read as free and as not free.
    """

    state: str
    days: frozenset[date]
    years: frozenset[int]
    uncertain: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which a clock may have stood still, both included: for example while a supplement was awaited."""

    first: date
    last: date
    reason: str

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadInput(
                "pause", f"{self.first} to {self.last}", "A pause ends on or after the day on which it begins."
            )


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to count one value: what it gives, and what was assumed to get there."""

    value: DatedValue
    starts_on: date
    last_day: date
    unit: Unit
    holidays_of: tuple[str, ...] = ()
    rolls_over: bool = False
    extended_by: DatedValue | None = None
    extended_in: Unit | None = None
    paused_days: int = 0

    @property
    def arithmetic(self) -> str:
        """For the clock panel: ``2026-11-21 + 10 calendar days = 2026-12-01``."""
        whose = f" of {' and '.join(self.holidays_of)}" if self.holidays_of else ""
        parts = [f"{self.starts_on} + {self.value.value} {self.unit.replace('_', ' ')}"]
        if self.extended_by and self.extended_in:
            parts.append(f"+ {self.extended_by.value} {self.extended_in.replace('_', ' ')}")
        if self.paused_days:
            parts.append(f"+ {self.paused_days} days of pause")
        if self.rolls_over:
            parts.append(f"to the next working day{whose}")
        elif self.holidays_of:
            parts.append(f"by the holidays{whose}")
        return f"{' '.join(parts)} = {self.last_day}"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A limit in all its readings. ``holidays_known``: those of both sides, for every year that it touches."""

    question: str
    readings: tuple[Reading, ...]
    holidays_known: bool

    @property
    def act_by(self) -> date:
        """The last day on which acting is in time under every reading."""
        return min(reading.last_day for reading in self.readings)

    @property
    def rely_on_from(self) -> date | None:
        """The first day after every reading's last; None while holidays of either side are unknown."""
        if not self.holidays_known:
            return None
        return max(reading.last_day for reading in self.readings) + _ONE_DAY

    @property
    def is_founded(self) -> bool:
        """Whether every value behind it was verified: only then does it found lateness, silence, expiry or transfer."""
        return all(each.is_verified for each in self.values)

    @property
    def values(self) -> tuple[DatedValue, ...]:
        """Every value that was counted, each once."""
        used = [r.value for r in self.readings] + [r.extended_by for r in self.readings if r.extended_by]
        return tuple(dict.fromkeys(used))

    @property
    def on_silence(self) -> Silence | None:
        """What silence means, where the values that say something say the same."""
        said = {value.on_silence for value in self.values if value.on_silence}
        return Silence(said.pop()) if len(said) == 1 else None

    def is_late(self, on: date) -> bool:
        """Whether acting on a day is late beyond doubt: after every reading, on verified values."""
        return self.is_founded and self.rely_on_from is not None and on >= self.rely_on_from

    def silence(self, on: date) -> Silence | None:
        """What may be relied on, on a day on which nobody has answered; None where nothing may be."""
        return self.on_silence if self.is_late(on) else None

    def share_used(self, on: date) -> float:
        """How much of the time to *act by* has passed, 0 to 1, for the escalation at 50, 80 and 100 per cent."""
        start = min(reading.starts_on for reading in self.readings)
        whole = (self.act_by - start).days
        return 1.0 if whole <= 0 else min(1.0, max(0.0, (on - start).days / whole))


def deadline(
    question: str, values: Sequence[DatedValue], starts: Iterable[date], *, sides: Sequence[Holidays],
    extensions: Sequence[DatedValue] = (), pauses: Sequence[Pause] = (),
) -> Deadline:  # fmt: skip
    """Count every value from every possible start, in every reading.

    Args:
        question: the parameter's identifier.
        values: all that may apply, the agreement's and its protocol's: each is counted.
        starts: the day of the event; several where the event itself has no certain day.
        sides: the days without work of both states.
        extensions: values of an extension that was asked for with reasons. An extension that is not verified
            moves *rely on from* alone.
        pauses: days on which the clock may have stood still. No text on file says that it does, so that they move
            *rely on from* alone.

    Raises:
        NoRuleMatched: no value applies.
    """
    readings = tuple(
        reading
        for value in values
        for start in sorted(set(starts))
        for extension in _with_and_without(value, extensions)
        for reading in _readings(value, start, sides, extension, pauses)
    )
    if not readings:
        raise NoRuleMatched(question, "this agreement: nothing is on file, so that no date is certain")
    touched = set(range(min(r.starts_on for r in readings).year, max(r.last_day for r in readings).year + 1))
    known = len(sides) > 1 and all(touched <= each.years for each in sides)
    return Deadline(question, readings, known)


def _with_and_without(value: DatedValue, extensions: Sequence[DatedValue]) -> tuple[DatedValue | None, ...]:
    """The extension that the value's own instrument gives, and none at all unless it is certain."""
    own = tuple(each for each in extensions if each.instrument == value.instrument)
    return own if own and all(each.is_verified for each in own) else (None, *own)


def _readings(
    value: DatedValue, start: date, sides: Sequence[Holidays], extension: DatedValue | None, pauses: Sequence[Pause]
) -> Iterator[Reading]:
    for unit, more in product(_units(value), _units(extension) if extension else (None,)):
        for calendars in _calendars(sides) if Unit.WORKING_DAYS in (unit, more) else ((),):
            end = _after(start, value.value, unit, calendars)
            if extension and more:
                end = _after(end, extension.value, more, calendars)
            paused = 0
            for pause in sorted(pauses, key=lambda each: each.first):
                paused += _days_within(pause, start, end + timedelta(days=paused))
            for pause_days in sorted({0, paused}):
                last = end + timedelta(days=pause_days)
                yield Reading(value, start, last, unit, _states(calendars), False, extension, more, pause_days)
                for around in _calendars(sides):
                    if (rolled := _next_working_day(last, around)) != last:
                        yield Reading(value, start, rolled, unit, _states(around), True, extension, more, pause_days)


def _states(calendars: tuple[Holidays, ...]) -> tuple[str, ...]:
    return tuple(each.state for each in calendars)


def _units(value: DatedValue) -> tuple[Unit, ...]:
    """The unit, and the other kind of days where the unit itself was not read."""
    if "unit" in value.recalled and value.unit in (Unit.CALENDAR_DAYS, Unit.WORKING_DAYS):
        return Unit.CALENDAR_DAYS, Unit.WORKING_DAYS
    return (value.unit,)


def _calendars(sides: Sequence[Holidays]) -> tuple[tuple[Holidays, ...], ...]:
    """Whose holidays may count: each side's alone, and both sides' together; with and without uncertain days."""
    certain = tuple(replace(side, days=side.days - side.uncertain) for side in sides)
    variants = dict.fromkeys((tuple(sides), certain))
    groups = [group for each in variants for group in (*((side,) for side in each), each)]
    return tuple(dict.fromkeys(groups)) or ((),)


def _after(start: date, number: int, unit: Unit, calendars: tuple[Holidays, ...]) -> date:
    match unit:
        case Unit.CALENDAR_DAYS:
            return start + timedelta(days=number)
        case Unit.WORKING_DAYS:
            day = start
            for _ in range(number):
                day = _next_working_day(day + _ONE_DAY, calendars)
            return day
        case Unit.MONTHS:
            return _months_later(start, number)
        case Unit.YEARS:
            return _months_later(start, 12 * number)
    raise NoRuleMatched("how to count a time limit", f"the unit {unit.value}")


def _months_later(start: date, months: int) -> date:
    """The same day of the month, or the month's last day where it has none such."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def _next_working_day(day: date, calendars: tuple[Holidays, ...]) -> date:
    for _ in range(_LONGEST):
        if day.weekday() not in _WEEKEND and not any(day in each.days for each in calendars):
            return day
        day += _ONE_DAY
    raise BadInput("holidays", [each.state for each in calendars], "Every day is a holiday; correct the list.")


def _days_within(pause: Pause, start: date, end: date) -> int:
    """Days of a pause that fall into the running time; the day of the event itself is not counted."""
    first, last = max(pause.first, start + _ONE_DAY), min(pause.last, end)
    return max(0, (last - first).days + 1)
