"""Dates no more precise than what is known.

A birth date keeps the text as spoken, its calendar and its precision; the Gregorian days
it can mean are a range beside it. 1 January is not evidence: where nobody confirmed that
it is known to the day, it means the year alone.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from stonebridge.domain import calendars
from stonebridge.domain.calendars import Calendar
from stonebridge.domain.errors import BadInput
from stonebridge.domain.month_names import MONTH_NAMES

OLDEST = 130
"""Years of age above which a birth date is taken for a slip."""


class Precision(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ESTIMATED_AGE = "estimated_age"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as given, and what it can mean.

    ``year``, ``month`` and ``day`` are in ``calendar``; all three are ``None`` for an
    estimated age and for an unknown date. ``earliest`` and ``latest`` are the first and the
    last Gregorian day it can mean, both ``None`` where that is unknown or cannot be
    converted. ``day_confirmed`` says that an officer asked whether the day itself is known.
    """

    text: str
    precision: Precision
    calendar: Calendar = Calendar.GREGORIAN
    year: int | None = None
    month: int | None = None
    day: int | None = None
    earliest: date | None = None
    latest: date | None = None
    day_confirmed: bool = False

    @property
    def stands_for_the_year(self) -> bool:
        """Whether this is a first day of a year that nobody confirmed: it says no more than the year."""
        if self.precision is not Precision.DAY or self.day_confirmed:
            return False
        first_of_own_year = (self.month, self.day) == (1, 1)
        return first_of_own_year or (
            self.is_exact and self.earliest is not None and self.earliest.timetuple().tm_yday == 1
        )

    @property
    def is_exact(self) -> bool:
        """Whether it means one Gregorian day."""
        return self.earliest is not None and self.earliest == self.latest

    @property
    def needs_conversion_table(self) -> bool:
        """Whether the calendar cannot be converted, so that only the original speaks."""
        return self.calendar is Calendar.BIKRAM_SAMBAT and self.precision is not Precision.UNKNOWN

    def range(self) -> tuple[date, date] | None:
        """The first and last day it can mean, widened to the whole year where the day stands for the year."""
        if self.earliest is None or self.latest is None:
            return None
        if not self.stands_for_the_year:
            return self.earliest, self.latest
        if self.earliest.timetuple().tm_yday == 1:
            return self.earliest, date(self.earliest.year, 12, 31)
        whole = calendars.to_gregorian(self.calendar, self.year or 0, None, None)
        return whole or (self.earliest, self.latest)

    def as_matcher_text(self) -> str:
        """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` in the Gregorian calendar, never more than is known.

        A range over two Gregorian years (a year of another calendar, an exact age) gives the
        year that holds more of it; a wider one, and an unknown date, give the empty text.
        """
        known = self.range()
        if known is None:
            return ""
        first, last = known
        if first == last:
            return first.isoformat()
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.year:04}-{first.month:02}"
        if last.year - first.year > 1:
            return ""
        middle = first + (last - first) / 2
        return f"{middle.year:04}"


def unknown_date(text: str = "") -> PartialDate:
    """Nothing is known; ``text`` is what was said."""
    return PartialDate(text=text, precision=Precision.UNKNOWN)


def partial_date(
    year: int,
    month: int | None = None,
    day: int | None = None,
    *,
    calendar: Calendar = Calendar.GREGORIAN,
    text: str = "",
    day_confirmed: bool = False,
    field: str = "date",
) -> PartialDate:
    """Build a date from its parts. Raises ``BadInput`` for a date that its calendar does not have."""
    calendars.check(calendar, year, month, day, field=field, given=text)
    earliest, latest = calendars.to_gregorian(calendar, year, month, day) or (None, None)
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    shown = text or "-".join(f"{part:02}" for part in (year, month, day) if part is not None)
    return PartialDate(shown, precision, calendar, year, month, day, earliest, latest, day_confirmed and bool(day))


_ISO = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_DAY_FIRST = re.compile(r"(?:(\d{1,2})[\s./-]+)?(\d{1,2})[\s./-]+(\d{4})\.?")
_NAMED = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?[\s./-]+)?([^\W\d][^\d,]*?)[\s,./-]+(\d{4})\.?")
_TWO_DIGIT_YEAR = re.compile(r"\d{1,2}[\s./-]+\d{1,2}[\s./-]+\d{2}")
_YEAR_MARKS = re.compile(r"\s*(?:г\.?|год\.?|година|godina|y\.?)$", re.IGNORECASE)


def parse_partial_date(
    text: str, *, calendar: Calendar = Calendar.GREGORIAN, day_confirmed: bool = False, field: str = "date"
) -> PartialDate:
    """Read a date as an officer types it, in ``calendar``.

    Understands ``1990``, ``3.1990``, ``07.03.1990``, ``7 March 1990`` (month names of the
    calendar), ``1990-03-07`` and the digits of any script. Raises ``BadInput`` otherwise.
    """
    given = _cleaned(text)
    if found := _ISO.fullmatch(given):
        year, month, day = found.groups()
        return partial_date(
            int(year),
            _number(month),
            _number(day),
            calendar=calendar,
            text=text,
            day_confirmed=day_confirmed,
            field=field,
        )
    if found := _DAY_FIRST.fullmatch(given):
        day, month, year = found.groups()
        return partial_date(
            int(year), int(month), _number(day), calendar=calendar, text=text, day_confirmed=day_confirmed, field=field
        )
    if found := _NAMED.fullmatch(given):
        day, name, year = found.groups()
        number = MONTH_NAMES[calendar].get(name.strip(" .").casefold())
        if number is None:
            raise BadInput(
                field, text, f"{name!r} is no month of the {calendar.replace('_', ' ')} calendar. Give it as a number."
            )
        return partial_date(
            int(year), number, _number(day), calendar=calendar, text=text, day_confirmed=day_confirmed, field=field
        )
    if _TWO_DIGIT_YEAR.fullmatch(given):
        raise BadInput(field, text, "Give the year with four digits, for example 07.03.1990.")
    raise BadInput(field, text, "Give a year (1990), month and year (3.1990) or day, month and year (07.03.1990).")


_ABOUT = (
    r"about|around|approximately|approx\.?|circa|ca\.?|c\.|~|околу|отприлика|приближно|oko|otprilike|rreth|afërsisht"
)
_YEARS_OLD = r"years? old|years?|yrs?|y\.?o\.?|години|годишен|годишна|год\.?|година|godina|god\.?|vjeç|vjeçare?|vite"
_AGE = re.compile(rf"(?:age[d:]?\s*)?({_ABOUT})?\s*(\d{{1,3}})\s*({_YEARS_OLD})?", re.IGNORECASE)


def parse_birth_date(
    text: str,
    *,
    today: date,
    calendar: Calendar = Calendar.GREGORIAN,
    day_confirmed: bool = False,
    field: str = "birth_date",
) -> PartialDate:
    """Read a birth date or an age claim, as said on ``today``.

    ``about 30``, ``30 years`` and ``околу 30`` are ages; a bare ``30`` is refused, because
    it could be either. Raises ``BadInput`` also for a birth in the future and for an age
    above ``OLDEST``.
    """
    given = _cleaned(text)
    if (found := _AGE.fullmatch(given)) and (found[1] or found[3]):
        return estimated_age(int(found[2]), today=today, about=bool(found[1]), text=text, field=field)
    if re.fullmatch(r"\d{1,3}", given):
        raise BadInput(field, text, "For an age write 'about 30' or '30 years'; for a year give four digits.")
    parsed = parse_partial_date(text, calendar=calendar, day_confirmed=day_confirmed, field=field)
    if parsed.earliest is None or parsed.latest is None:
        return parsed
    if parsed.earliest > today:
        raise BadInput(field, text, f"This lies after today, {today.isoformat()}. Check the year and the calendar.")
    if _years_before(today, OLDEST + 1) >= parsed.latest:
        raise BadInput(field, text, f"This makes the person older than {OLDEST}. Check the year and the calendar.")
    return parsed


def estimated_age(
    years: int, *, today: date, about: bool = True, text: str = "", field: str = "birth_date"
) -> PartialDate:
    """A birth date known only by the age claimed or estimated on ``today``.

    An exact claim means the year before the last birthday. ``about`` widens it on both sides
    by a tenth of the age, at least one year; that width is our own rule, not law.
    """
    if not 0 <= years <= OLDEST:
        raise BadInput(field, text or years, f"An age lies between 0 and {OLDEST} years.")
    width = max(1, round(years / 10)) if about else 0
    return PartialDate(
        text=text or f"{'about ' if about else ''}{years} years",
        precision=Precision.ESTIMATED_AGE,
        earliest=_years_before(today, years + 1 + width) + timedelta(days=1),
        latest=min(_years_before(today, years - width), today),
    )


def _years_before(day: date, years: int) -> date:
    """The same day that many years earlier; 29 February falls back to the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _cleaned(text: str) -> str:
    digits = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)
    return _YEAR_MARKS.sub("", " ".join(digits.split()))


def _number(text: str | None) -> int | None:
    return int(text) if text else None
