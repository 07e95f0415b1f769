from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stonebridge.domain.calendars import Calendar
from stonebridge.domain.errors import BadInput
from stonebridge.domain.partial_date import Precision, parse_birth_date, parse_partial_date, partial_date, unknown_date

TODAY = date(2026, 11, 24)


def birth(text: str, calendar: Calendar = Calendar.GREGORIAN, day_confirmed: bool = False):
    return parse_birth_date(text, today=TODAY, calendar=calendar, day_confirmed=day_confirmed)


@pytest.mark.parametrize(
    ("text", "precision", "matcher"),
    [
        ("1990", Precision.YEAR, "1990"),
        ("1990 година", Precision.YEAR, "1990"),
        ("3.1990", Precision.MONTH, "1990-03"),
        ("03/1990", Precision.MONTH, "1990-03"),
        ("1990-03", Precision.MONTH, "1990-03"),
        ("март 1990", Precision.MONTH, "1990-03"),
        ("07.03.1990", Precision.DAY, "1990-03-07"),
        ("7. 3. 1990.", Precision.DAY, "1990-03-07"),
        ("7/3/1990", Precision.DAY, "1990-03-07"),
        ("7 март 1990", Precision.DAY, "1990-03-07"),
        ("7 March 1990", Precision.DAY, "1990-03-07"),
        ("7th Mar 1990", Precision.DAY, "1990-03-07"),
        ("7 mars 1990", Precision.DAY, "1990-03-07"),
        ("1990-03-07", Precision.DAY, "1990-03-07"),
        ("٠٧.٠٣.١٩٩٠", Precision.DAY, "1990-03-07"),
    ],
)
def test_a_date_is_read_as_officers_type_it(text: str, precision: Precision, matcher: str):
    parsed = birth(text)
    assert (parsed.precision, parsed.as_matcher_text()) == (precision, matcher)


def test_the_text_as_spoken_is_kept_unchanged():
    assert birth(" 7 март 1990 ").text == " 7 март 1990 "


def test_a_year_can_mean_any_of_its_days():
    assert birth("1990").range() == (date(1990, 1, 1), date(1990, 12, 31))


def test_the_first_of_january_is_not_evidence_of_a_day():
    parsed = birth("1.1.1990")
    assert parsed.stands_for_the_year
    assert parsed.as_matcher_text() == "1990"
    assert parsed.range() == (date(1990, 1, 1), date(1990, 12, 31))


def test_the_first_of_january_counts_once_somebody_confirmed_the_day():
    parsed = birth("1.1.1990", day_confirmed=True)
    assert not parsed.stands_for_the_year
    assert parsed.as_matcher_text() == "1990-01-01"


def test_a_first_of_january_that_came_through_another_calendar_is_no_evidence_either():
    assert birth("11.10.1378", Calendar.SOLAR_HIJRI).as_matcher_text() == "2000"


def test_the_first_day_of_the_solar_hijri_year_stands_for_its_year():
    parsed = birth("1 Hamal 1370", Calendar.SOLAR_HIJRI)
    assert parsed.stands_for_the_year
    assert parsed.range() == (date(1991, 3, 21), date(1992, 3, 20))
    assert parsed.as_matcher_text() == "1991"


def test_a_solar_hijri_year_reaches_over_two_gregorian_years():
    assert birth("1370", Calendar.SOLAR_HIJRI).range() == (date(1991, 3, 21), date(1992, 3, 20))


def test_a_lunar_hijri_day_is_no_more_precise_than_its_month():
    parsed = birth("15.6.1410", Calendar.LUNAR_HIJRI)
    assert parsed.range() == (date(1990, 1, 11), date(1990, 1, 15))
    assert parsed.as_matcher_text() == "1990-01"


def test_a_bikram_sambat_date_is_kept_but_not_converted():
    parsed = birth("15 Baisakh 2047", Calendar.BIKRAM_SAMBAT)
    assert parsed.needs_conversion_table
    assert parsed.range() is None
    assert parsed.as_matcher_text() == ""
    assert (parsed.year, parsed.month, parsed.day) == (2047, 1, 15)


def test_an_exact_age_means_the_year_before_the_last_birthday():
    parsed = birth("30 years")
    assert parsed.precision is Precision.ESTIMATED_AGE
    assert parsed.range() == (date(1995, 11, 25), date(1996, 11, 24))
    assert parsed.as_matcher_text() == "1996"


@pytest.mark.parametrize("text", ["about 30", "околу 30", "~30", "oko 30 godina", "rreth 30", "about 30 years old"])
def test_an_age_said_with_about_is_wider_and_no_evidence_of_a_year(text: str):
    parsed = birth(text)
    assert parsed.range() == (date(1992, 11, 25), date(1999, 11, 24))
    assert parsed.as_matcher_text() == ""


def test_a_newborn_is_not_born_in_the_future():
    parsed = birth("about 0")
    assert parsed.range() == (date(2024, 11, 25), TODAY)


@pytest.mark.parametrize("typed", ["31.2.1990", "31. 02. 1990", "31 February 1990", "1990-02-31", "٣١.٠٢.١٩٩٠"])
def test_an_error_quotes_what_was_typed(typed):
    with pytest.raises(BadInput) as refused:
        birth(typed)
    assert refused.value.value == typed


def test_an_unknown_date_says_nothing():
    assert unknown_date("не знам").as_matcher_text() == ""


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("31.02.1990", "has 28 days"),
        ("29.02.1900", "has 28 days"),
        ("03/25/1990", "day comes first"),
        ("0.1990", "a month is 1 to 12"),
        ("25.11.2026", "after today"),
        ("2027", "after today"),
        ("1894", "older than 130"),
        ("1370", "between 1800 and 2200"),
        ("07.03.90", "four digits"),
        ("30", "about 30"),
        ("about 131", "between 0 and 130"),
        ("7 Smarch 1990", "no month"),
        ("7 Hamal 1990", "no month"),
        ("", "Give a year"),
        ("yesterday", "Give a year"),
        ("7.3.1990; drop", "Give a year"),
        ("²0²0", "Give a year"),
        ("9" * 5000, "Give a year"),
    ],
)
def test_what_cannot_be_a_birth_date_is_refused_with_field_value_and_remedy(text: str, remedy: str):
    with pytest.raises(BadInput, match=remedy) as refused:
        birth(text)
    assert refused.value.field == "birth_date"


def test_someone_may_be_born_today():
    assert birth("24.11.2026").earliest == TODAY


def test_someone_of_130_years_is_believed():
    assert birth("24.11.1896").as_matcher_text() == "1896-11-24"


def test_a_date_that_is_not_a_birth_may_lie_ahead():
    assert parse_partial_date("2031", field="expires_on").year == 2031


def test_parts_make_the_same_date_as_text():
    assert partial_date(1990, 3, 7, text="7.3.1990") == birth("7.3.1990")


def test_a_day_without_a_month_is_refused():
    with pytest.raises(BadInput, match="month as well"):
        partial_date(1990, None, 7)


@given(st.text(max_size=30), st.sampled_from(Calendar))
@settings(deadline=None, max_examples=300)
def test_any_text_is_read_or_refused_and_never_crashes(text: str, calendar: Calendar):
    try:
        parsed = birth(text, calendar)
    except BadInput:
        return
    assert parsed.text == text


@given(st.dates(date(1897, 1, 1), TODAY))
@settings(deadline=None, max_examples=200)
def test_every_confirmed_day_is_read_back(day: date):
    assert birth(f"{day.day}.{day.month}.{day.year}", day_confirmed=True).as_matcher_text() == day.isoformat()
