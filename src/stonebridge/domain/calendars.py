"""Dates in the calendars that people on the route count by.

A date is kept as it was said, in its own calendar; what stands here only says which
days of the Gregorian calendar it can mean. Solar Hijri follows the 33-year rule, which
agrees with the observed new year from 1206 to 1498. Lunar Hijri is tabular, while months
begin by sighting, so that a day means itself and two days either side. Ethiopian is
exact. Bikram Sambat has month lengths that no rule gives: it is kept, not converted.
"""

from datetime import date, timedelta
from enum import StrEnum

from stonebridge.domain.errors import BadInput


class Calendar(StrEnum):
    GREGORIAN = "gregorian"
    SOLAR_HIJRI = "solar_hijri"
    LUNAR_HIJRI = "lunar_hijri"
    ETHIOPIAN = "ethiopian"
    BIKRAM_SAMBAT = "bikram_sambat"


SIGHTING = timedelta(days=2)
"""How far a sighted lunar month may begin from the tabular one."""

YEARS = {
    Calendar.GREGORIAN: (1800, 2200),
    Calendar.SOLAR_HIJRI: (1206, 1498),
    Calendar.LUNAR_HIJRI: (1215, 1620),
    Calendar.ETHIOPIAN: (1793, 2190),
    Calendar.BIKRAM_SAMBAT: (1857, 2250),
}
"""First and last year that is accepted; outside it a year was given in another calendar."""

_MONTHS = {
    Calendar.GREGORIAN: 12,
    Calendar.SOLAR_HIJRI: 12,
    Calendar.LUNAR_HIJRI: 12,
    Calendar.ETHIOPIAN: 13,
    Calendar.BIKRAM_SAMBAT: 12,
}

_NOWRUZ_1379 = date(2000, 3, 20).toordinal()
_LUNAR_EPOCH = 227015  # 16 July 622 in the Julian calendar, as a proleptic Gregorian ordinal
_ETHIOPIAN_EPOCH = 2796  # 29 August 8 in the Julian calendar


def is_leap_solar_hijri(year: int) -> bool:
    """Whether the twelfth month of this Solar Hijri year has 30 days."""
    return (25 * year + 11) % 33 < 8


def _days_in_month(calendar: Calendar, year: int, month: int) -> int:
    match calendar:
        case Calendar.GREGORIAN:
            start = date(year, month, 1)
            return (date(year + month // 12, month % 12 + 1, 1) - start).days
        case Calendar.SOLAR_HIJRI:
            return 31 if month <= 6 else 30 if month <= 11 or is_leap_solar_hijri(year) else 29
        case Calendar.LUNAR_HIJRI:
            return 30  # a month that the table gives 29 days is sighted with 30 often enough
        case Calendar.ETHIOPIAN:
            return 30 if month <= 12 else 6 if year % 4 == 3 else 5
        case Calendar.BIKRAM_SAMBAT:
            return 32


def _ordinal(calendar: Calendar, year: int, month: int, day: int) -> int:
    match calendar:
        case Calendar.SOLAR_HIJRI:
            leaps = (8 * year + 21) // 33 - (8 * 1379 + 21) // 33
            before = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
            return _NOWRUZ_1379 + 365 * (year - 1379) + leaps + before + day - 1
        case Calendar.LUNAR_HIJRI:
            return _LUNAR_EPOCH + 354 * (year - 1) + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2 + day - 1
        case Calendar.ETHIOPIAN:
            return _ETHIOPIAN_EPOCH + 365 * (year - 1) + year // 4 + 30 * (month - 1) + day - 1
        case _:
            return date(year, month, day).toordinal()


def check(calendar: Calendar, year: int, month: int | None, day: int | None, *, field: str, given: str = "") -> None:
    """Refuse a date that its own calendar does not have; the error quotes ``given``, what was typed.

    Raises ``BadInput`` naming ``field``: a year outside ``YEARS``, a month or a day that
    does not exist, or a day without a month.
    """
    first, last = YEARS[calendar]
    shown = given or ".".join(str(part) for part in (day, month, year) if part is not None)
    name = calendar.replace("_", " ")
    if not first <= year <= last:
        raise BadInput(field, shown, f"A {name} year lies between {first} and {last}; check the calendar chosen.")
    if month is None:
        if day is not None:
            raise BadInput(field, shown, "Give the month as well, or the year alone.")
        return
    if not 1 <= month <= _MONTHS[calendar]:
        raise BadInput(
            field, shown, f"The day comes first, then the month: a month is 1 to {_MONTHS[calendar]}. Check the order."
        )
    if day is None:
        return
    days = _days_in_month(calendar, year, month)
    if not 1 <= day <= days:
        raise BadInput(
            field,
            shown,
            f"Month {month} of {year} ({name}) has {days} days. Correct the day, or give month and year alone.",
        )


def to_gregorian(calendar: Calendar, year: int, month: int | None, day: int | None) -> tuple[date, date] | None:
    """The first and the last Gregorian day that this date can mean; ``None`` where no rule converts it.

    The parts must have passed ``check``. A year of another calendar reaches over two
    Gregorian years; a tabular lunar date is widened by ``SIGHTING`` on both sides.
    """
    if calendar is Calendar.BIKRAM_SAMBAT:
        return None
    first_month, last_month = (month, month) if month else (1, _MONTHS[calendar])
    first_day = day or 1
    last_day = day or _days_in_month(calendar, year, last_month)
    earliest = date.fromordinal(_ordinal(calendar, year, first_month, first_day))
    latest = date.fromordinal(_ordinal(calendar, year, last_month, last_day))
    if calendar is Calendar.LUNAR_HIJRI:
        return earliest - SIGHTING, latest + SIGHTING
    return earliest, latest
