from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stonebridge.domain.calendars import YEARS, Calendar, check, is_leap_solar_hijri, to_gregorian
from stonebridge.domain.errors import BadInput
from stonebridge.domain.month_names import MONTH_NAMES

SOLAR, LUNAR, ETHIOPIAN, NEPAL = (
    Calendar.SOLAR_HIJRI,
    Calendar.LUNAR_HIJRI,
    Calendar.ETHIOPIAN,
    Calendar.BIKRAM_SAMBAT,
)


@pytest.mark.parametrize(
    ("calendar", "year", "month", "day", "expected"),
    [
        (SOLAR, 1378, 10, 11, date(2000, 1, 1)),
        (SOLAR, 1379, 1, 1, date(2000, 3, 20)),
        (SOLAR, 1403, 12, 30, date(2025, 3, 20)),
        (SOLAR, 1405, 9, 3, date(2026, 11, 24)),
        (ETHIOPIAN, 1992, 1, 1, date(1999, 9, 12)),
        (ETHIOPIAN, 1983, 1, 1, date(1990, 9, 11)),
        (ETHIOPIAN, 2015, 13, 6, date(2023, 9, 11)),
    ],
)
def test_a_day_of_another_calendar_is_one_gregorian_day(calendar, year, month, day, expected):
    assert to_gregorian(calendar, year, month, day) == (expected, expected)


@pytest.mark.parametrize(
    ("year", "month", "day", "sighted"),
    [
        (1410, 6, 15, date(1990, 1, 12)),
        (1445, 9, 1, date(2024, 3, 11)),
        (1400, 1, 1, date(1979, 11, 20)),
        (1420, 9, 1, date(1999, 12, 9)),
    ],
)
def test_a_lunar_day_lies_within_two_days_of_the_table(year: int, month: int, day: int, sighted: date):
    found = to_gregorian(LUNAR, year, month, day)
    assert found is not None
    assert found[0] <= sighted <= found[1]
    assert (found[1] - found[0]).days == 4


def test_bikram_sambat_is_not_converted():
    assert to_gregorian(NEPAL, 2057, 1, 1) is None


def test_a_year_of_another_calendar_reaches_over_two_gregorian_years():
    assert to_gregorian(SOLAR, 1370, None, None) == (date(1991, 3, 21), date(1992, 3, 20))
    assert to_gregorian(ETHIOPIAN, 1992, None, None) == (date(1999, 9, 12), date(2000, 9, 10))


def test_the_leap_years_around_today_are_those_of_the_printed_calendars():
    assert [year for year in range(1395, 1410) if is_leap_solar_hijri(year)] == [1395, 1399, 1403, 1408]


@pytest.mark.parametrize(
    ("calendar", "year", "month", "day"),
    [(SOLAR, 1404, 12, 30), (SOLAR, 1404, 7, 31), (ETHIOPIAN, 2016, 13, 6), (NEPAL, 2057, 1, 33), (LUNAR, 1410, 1, 31)],
)
def test_a_day_that_its_calendar_does_not_have_is_refused(calendar: Calendar, year: int, month: int, day: int):
    with pytest.raises(BadInput, match=f"has {day - 1} days"):
        check(calendar, year, month, day, field="birth_date")


@given(st.integers(1207, 1497), st.integers(1, 12))
@settings(deadline=None, max_examples=200)
def test_solar_hijri_months_follow_each_other_without_gap(year: int, month: int):
    this = to_gregorian(SOLAR, year, month, None)
    following = to_gregorian(SOLAR, year + month // 12, month % 12 + 1, None)
    assert this is not None
    assert following is not None
    assert (following[0] - this[1]).days == 1


@given(st.integers(1794, 2189))
@settings(deadline=None, max_examples=100)
def test_ethiopian_years_follow_each_other_without_gap(year: int):
    this, following = to_gregorian(ETHIOPIAN, year, None, None), to_gregorian(ETHIOPIAN, year + 1, None, None)
    assert this is not None
    assert following is not None
    assert (following[0] - this[1]).days == 1


@pytest.mark.parametrize("calendar", Calendar)
def test_every_month_of_every_calendar_has_a_name(calendar: Calendar):
    months = 13 if calendar is ETHIOPIAN else 12
    assert set(MONTH_NAMES[calendar].values()) == set(range(1, months + 1))


@pytest.mark.parametrize("calendar", Calendar)
def test_every_calendar_says_which_years_it_covers(calendar: Calendar):
    assert calendar in YEARS
