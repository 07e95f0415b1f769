"""Time limits and values of law as the terminal gives them, with the holidays of real calendars."""

import pytest

from stonebridge.law.agreements import agreements
from stonebridge.law.holidays import holidays_of
from stonebridge.site.command import main

FRENCH = ["deadlines", "--agreement", "EU-RS", "--requesting", "FR", "--received"]


def test_every_date_comes_with_its_article_and_its_arithmetic(capsys: pytest.CaptureFixture[str]):
    assert main(["deadlines", "--agreement", "EU-RS", "--received", "2026-11-21"]) == 0
    said = capsys.readouterr().out
    assert "act by        Tue 01 Dec 2026" in said
    assert "eu-rs-readmission-2007, Article 10(2): 10 calendar days, secondary" in said
    assert "2026-11-21 + 10 calendar days = 2026-12-01" in said
    assert "its protocol and its holidays are not counted" in said


def test_what_is_not_verified_is_said_to_found_nothing(capsys: pytest.CaptureFixture[str]):
    """Monday 23 Nov + 10 = Thursday 3 Dec is the latest reading; neither state is free then, so rely from the 4th."""
    main([*FRENCH, "2026-11-23"])
    said = capsys.readouterr().out
    assert "act by        Mon 30 Nov 2026" in said
    assert "rely on from  Fri 04 Dec 2026, once an officer has confirmed the values" in said


def test_the_accelerated_procedure_counts_the_holidays_of_the_new_year(capsys: pytest.CaptureFixture[str]):
    """30 Dec 2026 + 2: Friday 1 Jan 2027 by the calendar. Working days: 31 Dec, then 1 Jan is free in both and 2 and
    3 Jan are a weekend, so Monday 4 Jan; rely from the 5th. (In Serbia 2 January is free too, a Saturday.)"""
    main([*FRENCH, "2026-12-30", "--procedure", "accelerated"])
    said = capsys.readouterr().out
    assert "act by        Fri 01 Jan 2027" in said
    assert "rely on from  Tue 05 Jan 2027" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--agreement", "MK-RS", "--received", "2026-11-21"], "on file: EU-AL"),
        (["--agreement", "EU-RS", "--received", "2026-11-21", "--requesting", "MK"], "Parties of EU-RS are"),
        (
            ["--agreement", "EU-AL", "--received", "2026-11-21", "--procedure", "accelerated"],
            "reply_within_accelerated",
        ),
        (["--agreement", "EU-MK", "--received", "2026-11-21", "--extended"], "extension of the time to answer"),
    ],
)
def test_what_has_no_answer_says_so_and_ends_with_two(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
):
    assert main(["deadlines", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_date_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["deadlines", "--agreement", "EU-RS", "--received", "21.11.2026"])
    assert "write it as 2026-11-21" in capsys.readouterr().err


def test_the_law_is_shown_by_instrument_and_by_parameter(capsys: pytest.CaptureFixture[str]):
    assert main(["law", "show", "eu-al-readmission-2005"]) == 0
    assert "14 calendar days" in capsys.readouterr().out
    assert main(["law", "show", "readmission.reply_within"]) == 0
    assert capsys.readouterr().out.count("Time to answer") == 6


def test_without_a_name_the_instruments_are_listed(capsys: pytest.CaptureFixture[str]):
    assert main(["law", "show"]) == 0
    assert "fr-rs-readmission-protocol" in capsys.readouterr().out


def test_a_name_that_is_nothing_is_refused(capsys: pytest.CaptureFixture[str]):
    assert main(["law", "show", "nonsense"]) == 2
    assert "nonsense" in capsys.readouterr().err


@pytest.mark.parametrize("partner", sorted({each.partner for each in agreements()}))
def test_the_holidays_of_every_partner_are_known(partner: str):
    assert holidays_of(partner, [2026]).days


def test_a_state_without_a_calendar_has_no_known_year():
    assert holidays_of("XX", [2026]).years == frozenset()


def test_days_that_hang_on_the_moon_are_marked_as_uncertain():
    known = holidays_of("MK", [2027])
    assert known.uncertain
    assert known.uncertain < known.days


@pytest.mark.parametrize("dates", [["9999-12-31"], ["2026-11-21", "--agreed", "2026-11-20"],
                                   ["2026-11-21", "--agreed", "2026-11-25", "--transferred", "2026-11-24"]])  # fmt: skip
def test_days_that_no_application_can_have_are_refused_by_name(dates: list[str], capsys: pytest.CaptureFixture[str]):
    assert main(["deadlines", "--agreement", "EU-RS", "--received", *dates]) == 2
    assert dates[-1] in capsys.readouterr().err
