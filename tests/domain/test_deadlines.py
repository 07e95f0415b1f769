"""Readmission's time limits, each worked out by hand in the comment beside it."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stonebridge.domain.agreements import Agreement, Clocks, Procedure, choose
from stonebridge.domain.deadlines import Deadline, Holidays, Pause, Silence, deadline
from stonebridge.domain.errors import BadInput, NoRuleMatched
from stonebridge.domain.parameters import DatedValue, Status, Unit
from stonebridge.law.agreements import agreement, agreements
from stonebridge.law.load import parameters

YEARS = frozenset(range(2020, 2032))
# Invented days: what is tested is the counting, not anybody's calendar.
PLAIN = (Holidays("AA", frozenset(), YEARS), Holidays("BB", frozenset(), YEARS))


def free(state: str, *days: date) -> Holidays:
    return Holidays(state, frozenset(days), YEARS)


def clocks(id: str, counterpart: str | None = None, sides: tuple[Holidays, ...] = PLAIN) -> Clocks:
    return Clocks(agreement(id), counterpart, parameters(), sides)


def value(number: int, unit: Unit = Unit.CALENDAR_DAYS, *, status: Status = Status.VERIFIED, recalled: tuple[str, ...] = (),
          silence: str = "deemed_agreed") -> DatedValue:  # fmt: skip
    return DatedValue(
        "an-agreement", "10(2)", date(2008, 1, 1), number, unit, status, "a test", "receipt", recalled, silence
    )


def limit(number: int, unit: Unit = Unit.CALENDAR_DAYS, *, start: date, sides: Sequence[Holidays] = PLAIN) -> Deadline:
    return deadline("readmission.reply_within", [value(number, unit)], [start], sides=sides)


def dates(counted: Deadline) -> tuple[str, str]:
    return counted.act_by.isoformat(), str(counted.rely_on_from)


def test_albania_answers_within_fourteen_calendar_days_and_silence_agrees():
    """Saturday 21 Nov + 14 = Saturday 5 Dec. If it rolls over: Monday 7 Dec; so rely from 8 Dec."""
    counted = clocks("EU-AL").reply(date(2026, 11, 21))
    assert dates(counted) == ("2026-12-05", "2026-12-08")
    assert counted.on_silence is Silence.DEEMED_AGREED


def test_serbia_answers_within_ten_calendar_days():
    """21 Nov + 10: nine days to 30 Nov, one more is Tuesday 1 Dec, a working day; rely from 2 Dec."""
    counted = clocks("EU-RS").reply(date(2026, 11, 21))
    assert dates(counted) == ("2026-12-01", "2026-12-02")
    assert counted.values[0].article == "10(2)"


def test_serbias_extension_moves_only_what_may_be_relied_on():
    """21 Nov + 10 = 1 Dec stays the day to act by, because the 6 days are not verified.

    1 Dec + 6 = Monday 7 Dec; rely from 8 Dec.
    """
    assert dates(clocks("EU-RS").reply(date(2026, 11, 21), extended=True)) == ("2026-12-01", "2026-12-08")


def test_serbias_accelerated_two_days_are_read_as_calendar_and_as_working_days():
    """Friday 20 Nov + 2 calendar days = Sunday 22, rolled over Monday 23; 2 working days = Tuesday 24; rely from 25."""
    assert dates(clocks("EU-RS").reply(date(2026, 11, 20), Procedure.ACCELERATED)) == ("2026-11-22", "2026-11-25")


def test_montenegro_answers_within_twelve_days_whose_kind_is_not_certain():
    """Saturday 21 Nov + 12 = Thursday 3 Dec. Twelve working days: 23-27 Nov are 5, 30 Nov-4 Dec are 10, 7 and 8 Dec
    are 12; rely from 9 Dec."""
    assert dates(clocks("EU-ME").reply(date(2026, 11, 21))) == ("2026-12-03", "2026-12-09")


def test_bosnia_and_herzegovina_answers_within_ten_days_whose_kind_is_not_certain():
    """Saturday 21 Nov + 10 = Tuesday 1 Dec. Ten working days end on Friday 4 Dec; rely from 5 Dec."""
    assert dates(clocks("EU-BA").reply(date(2026, 11, 21))) == ("2026-12-01", "2026-12-05")


def test_north_macedonia_is_recalled_and_warns_all_the_same():
    """Saturday 21 Nov + 14 = Saturday 5 Dec, rolled over Monday 7 Dec; rely from 8 Dec."""
    counted = clocks("EU-MK").reply(date(2026, 11, 21))
    assert dates(counted) == ("2026-12-05", "2026-12-08")
    assert counted.values[0].status is Status.RECALLED


def test_the_french_protocol_with_serbia_is_counted_beside_the_agreement():
    """Monday 23 Nov + 7 calendar days (protocol) = Monday 30 Nov. The agreement: + 10 = Thursday 3 Dec.

    Seven working days of the protocol: 24-27 Nov are 4, 30 Nov-2 Dec are 7, so Wednesday 2 Dec. Latest 3 Dec; rely
    from 4 Dec.
    """
    counted = clocks("EU-RS", "FR").reply(date(2026, 11, 23))
    assert dates(counted) == ("2026-11-30", "2026-12-04")
    assert {each.instrument for each in counted.values} == {"eu-rs-readmission-2007", "fr-rs-readmission-protocol"}


def test_another_member_state_has_no_part_in_the_french_protocol():
    assert dates(clocks("EU-RS", "DE").reply(date(2026, 11, 23))) == ("2026-12-03", "2026-12-04")


def test_working_days_skip_the_holidays_of_either_side_and_of_both():
    """Three working days from Monday 2 March: AA is free on the 3rd, BB on the 5th.

    By AA: 4, 5, 6 March. By BB: 3, 4, 6 March. By both: 4, 6, 9 March. Earliest 6 March, latest 9; rely from 10.
    """
    sides = free("AA", date(2026, 3, 3)), free("BB", date(2026, 3, 5))
    counted = limit(3, Unit.WORKING_DAYS, start=date(2026, 3, 2), sides=sides)
    assert dates(counted) == ("2026-03-06", "2026-03-10")


def test_a_holiday_that_hangs_on_the_moon_is_read_as_free_and_as_not_free():
    """Two working days from Monday 2 March: 3 and 4 March. If the 3rd is free in AA: 4 and 5 March; rely from the 6th."""
    moon = frozenset({date(2026, 3, 3)})
    counted = limit(2, Unit.WORKING_DAYS, start=date(2026, 3, 2), sides=(Holidays("AA", moon, YEARS, moon), free("BB")))
    assert dates(counted) == ("2026-03-04", "2026-03-06")
    alone = limit(2, Unit.WORKING_DAYS, start=date(2026, 3, 2), sides=(Holidays("AA", moon, YEARS, moon),))
    assert alone.act_by == date(2026, 3, 4)


def test_a_last_day_on_a_holiday_is_read_with_and_without_rolling_over():
    """2 March + 3 = Thursday 5 March, free in BB alone. With BB's holidays it rolls to Friday 6; rely from 7."""
    counted = limit(3, start=date(2026, 3, 2), sides=(free("AA"), free("BB", date(2026, 3, 5))))
    assert dates(counted) == ("2026-03-05", "2026-03-07")


def test_three_months_from_the_end_of_november_end_with_february():
    """30 Nov 2026 + 3 months would be 30 Feb 2027: the month's last day is Sunday 28 Feb; rolled over Monday 1 March."""
    assert dates(clocks("EU-RS").transfer([date(2026, 11, 30)])) == ("2027-02-28", "2027-03-02")


def test_three_months_end_on_the_leap_day_where_there_is_one():
    """30 Nov 2027 + 3 months: 2028 has 29 Feb, a Tuesday; rely from 1 March."""
    assert dates(clocks("EU-RS").transfer([date(2027, 11, 30)])) == ("2028-02-29", "2028-03-01")


def test_one_year_from_a_leap_day_ends_on_the_28th():
    """29 Feb 2028 + 1 year: 2029 has no 29 Feb, so Wednesday 28 Feb; rely from 1 March."""
    assert dates(clocks("EU-RS").application(date(2028, 2, 29))) == ("2029-02-28", "2029-03-01")


def test_a_night_of_summer_time_changes_no_date():
    """Clocks change on Sunday 29 March 2026: 27 March + 3 = Monday 30 March; rely from 31."""
    assert dates(limit(3, start=date(2026, 3, 27))) == ("2026-03-30", "2026-03-31")


def test_a_transfer_after_silence_counts_from_every_day_on_which_silence_may_have_agreed():
    """Albania: 5 Dec + 3 months = Friday 5 March 2027; 7 Dec + 3 months = Sunday 7 March, rolled over the 8th."""
    reply = clocks("EU-AL").reply(date(2026, 11, 21))
    assert dates(clocks("EU-AL").transfer(each.last_day for each in reply.readings)) == ("2027-03-05", "2027-03-09")


def test_readmission_in_error_is_claimed_within_three_months_of_the_transfer():
    """Albania, Art 12: Tuesday 1 Dec 2026 + 3 months = Monday 1 March 2027; rely from 2 March."""
    assert dates(clocks("EU-AL").error(date(2026, 12, 1))) == ("2027-03-01", "2027-03-02")


def test_a_pause_moves_only_what_may_be_relied_on():
    """2 March + 10 = Thursday 12 March. Four days of pause, 5 to 8 March: Monday 16 March; rely from 17."""
    pauses = [Pause(date(2026, 3, 5), date(2026, 3, 8), "supplement awaited")]
    counted = deadline("reply", [value(10)], [date(2026, 3, 2)], sides=PLAIN, pauses=pauses)
    assert dates(counted) == ("2026-03-12", "2026-03-17")


def test_a_verified_extension_moves_both_dates():
    """2 March + 10 + 6 = Wednesday 18 March; rely from 19."""
    counted = deadline("reply", [value(10)], [date(2026, 3, 2)], sides=PLAIN, extensions=[value(6)])
    assert dates(counted) == ("2026-03-18", "2026-03-19")


def test_an_unverified_value_founds_neither_silence_nor_lateness():
    counted = clocks("EU-RS").reply(date(2026, 11, 21))
    assert (counted.is_founded, counted.is_late(date(2030, 1, 1)), counted.silence(date(2030, 1, 1))) == (
        False,
        False,
        None,
    )


def test_a_verified_value_founds_silence_from_the_day_after_every_reading():
    counted = limit(10, start=date(2026, 11, 21))
    assert counted.silence(date(2026, 12, 1)) is None
    assert counted.silence(date(2026, 12, 2)) is Silence.DEEMED_AGREED


def test_a_value_whose_silence_was_not_read_founds_none():
    counted = deadline("reply", [value(10, recalled=("silence",))], [date(2026, 11, 21)], sides=PLAIN)
    assert counted.silence(date(2027, 1, 1)) is None


@pytest.mark.parametrize("sides", [(), (PLAIN[0],), (PLAIN[0], Holidays("BB", frozenset(), frozenset({2025})))])
def test_without_the_holidays_of_both_sides_nothing_may_be_relied_on(sides: tuple[Holidays, ...]):
    counted = limit(10, start=date(2026, 11, 21), sides=sides)
    assert (counted.act_by, counted.rely_on_from) == (date(2026, 12, 1), None)


@pytest.mark.parametrize(("on", "share"), [(20, 0.0), (21, 0.0), (26, 0.5), (29, 0.8), (30, 0.9)])
def test_the_share_of_time_used_drives_the_escalation(on: int, share: float):
    assert limit(10, start=date(2026, 11, 21)).share_used(date(2026, 11, on)) == share


def test_after_the_last_day_all_of_the_time_is_used():
    assert limit(10, start=date(2026, 11, 21)).share_used(date(2027, 1, 1)) == 1.0


def test_every_reading_shows_its_arithmetic():
    assert limit(10, start=date(2026, 11, 21)).readings[0].arithmetic == "2026-11-21 + 10 calendar days = 2026-12-01"


def test_what_is_not_on_file_is_an_error_and_never_a_default():
    with pytest.raises(NoRuleMatched, match="reply_within_accelerated"):
        clocks("EU-AL").reply(date(2026, 11, 21), Procedure.ACCELERATED)
    with pytest.raises(NoRuleMatched, match="extension"):
        clocks("EU-MK").reply(date(2026, 11, 21), extended=True)


@pytest.mark.parametrize("id", ["CH-XK", "FR-XK"])
def test_an_agreement_whose_articles_were_not_read_gives_no_date(id: str):
    with pytest.raises(NoRuleMatched, match="reply_within"):
        clocks(id).reply(date(2026, 11, 21))


def test_the_accelerated_procedure_is_not_extended():
    with pytest.raises(NoRuleMatched, match="accelerated"):
        clocks("EU-RS").reply(date(2026, 11, 21), Procedure.ACCELERATED, extended=True)


def test_a_value_is_not_applied_before_it_was_in_force():
    with pytest.raises(NoRuleMatched):
        clocks("EU-RS").reply(date(2007, 12, 31))


def test_a_pause_that_ends_before_it_begins_is_refused():
    with pytest.raises(BadInput, match="pause"):
        Pause(date(2026, 3, 5), date(2026, 3, 4), "mistyped")


def test_a_calendar_without_working_days_is_refused():
    never = Holidays("AA", frozenset(date.fromordinal(n) for n in range(739_000, 751_000)), YEARS)
    with pytest.raises(BadInput, match="holidays"):
        limit(2, Unit.WORKING_DAYS, start=date(2026, 1, 5), sides=(never, PLAIN[1]))


@pytest.mark.parametrize(
    ("asks", "asked", "id"),
    [("FR", "RS", "EU-RS"), ("RS", "FR", "EU-RS"), ("DE", "AL", "EU-AL"), ("FR", "XK", "FR-XK")],
)
def test_the_agreement_is_chosen_both_ways_and_says_why(asks: str, asked: str, id: str):
    choice = choose(agreements(), asks, asked)
    assert (choice.agreement.id, "one of its parties" in choice.why) == (id, True)


@pytest.mark.parametrize(("asks", "asked"), [("MK", "RS"), ("DK", "RS"), ("DE", "XK")])
def test_where_no_agreement_is_on_file_that_is_said(asks: str, asked: str):
    with pytest.raises(NoRuleMatched, match="no agreement on file"):
        choose(agreements(), asks, asked)


def test_two_agreements_between_the_same_states_are_not_chosen_between():
    twice = [Agreement("one", "x", ("FR",), "RS"), Agreement("two", "x", ("FR",), "RS")]
    with pytest.raises(NoRuleMatched, match="one, two"):
        choose(twice, "FR", "RS")


@given(
    st.dates(date(2021, 1, 1), date(2030, 1, 1)), st.integers(1, 90), st.sampled_from([Unit.CALENDAR_DAYS, Unit.WORKING_DAYS]),
    st.sets(st.dates(date(2021, 1, 1), date(2030, 12, 31)), max_size=40),
)  # fmt: skip
def test_a_limit_ends_after_it_began_and_both_sides_compute_the_same(
    start: date, number: int, unit: Unit, days: set[date]
):
    ours, theirs = free("AA", *days), free("BB")
    there, back = (limit(number, unit, start=start, sides=sides) for sides in ((ours, theirs), (theirs, ours)))
    assert start < there.act_by
    assert there.rely_on_from is not None
    assert there.act_by < there.rely_on_from
    assert dates(there) == dates(back)


def test_an_extension_whose_kind_of_days_is_not_certain_shows_each_reading():
    counted = deadline(
        "reply", [value(7)], [date(2026, 3, 2)], sides=PLAIN, extensions=[value(4, recalled=("unit",))]
    )  # fmt: skip
    shown = {reading.arithmetic.partition(" by ")[0] for reading in counted.readings}
    assert "2026-03-02 + 7 calendar days + 4 calendar days = 2026-03-13" in {r.arithmetic for r in counted.readings}
    assert "2026-03-02 + 7 calendar days + 4 working days" in shown
