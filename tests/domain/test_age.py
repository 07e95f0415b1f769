from datetime import date

import pytest

from stonebridge.domain.age import AgeRange, FingerprintAge, age_on, is_child, may_take_fingerprints
from stonebridge.domain.partial_date import parse_birth_date, unknown_date

TODAY = date(2026, 11, 24)


def age(text: str, on: date = TODAY) -> AgeRange | None:
    return age_on(parse_birth_date(text, today=TODAY), on)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24.11.2020", AgeRange(6, 6)),
        ("25.11.2020", AgeRange(5, 5)),
        ("2020", AgeRange(5, 6)),
        ("11.2020", AgeRange(5, 6)),
        ("1.1.2020", AgeRange(5, 6)),
        ("2026", AgeRange(0, 0)),
        ("17 years", AgeRange(17, 17)),
        ("about 17", AgeRange(15, 19)),
    ],
)
def test_age_is_a_range_as_wide_as_what_is_known(text: str, expected: AgeRange):
    assert age(text) == expected


def test_an_unknown_birth_date_gives_no_age():
    assert age_on(unknown_date(), TODAY) is None


def test_a_person_born_on_29_february_completes_the_year_on_1_march():
    assert age("29.2.2004", on=date(2022, 2, 28)) == AgeRange(17, 17)
    assert age("29.2.2004", on=date(2022, 3, 1)) == AgeRange(18, 18)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24.11.2020", FingerprintAge.OLD_ENOUGH),
        ("25.11.2020", FingerprintAge.TOO_YOUNG),
        ("2020", FingerprintAge.IN_DOUBT),
        ("1.1.2020", FingerprintAge.IN_DOUBT),
        ("about 6", FingerprintAge.IN_DOUBT),
    ],
)
def test_fingerprints_are_taken_from_six_years_and_doubt_counts_as_younger(text: str, expected: FingerprintAge):
    assert may_take_fingerprints(age(text), 6) is expected


def test_without_any_age_no_fingerprints_are_taken():
    assert not may_take_fingerprints(None, 6).may_take


@pytest.mark.parametrize(
    ("text", "child"),
    [("25.11.2008", True), ("24.11.2008", False), ("2008", True), ("about 19", True), ("about 21", False)],
)
def test_whoever_may_be_under_eighteen_is_a_child(text: str, child: bool):
    assert is_child(age(text)) is child


def test_whoever_has_no_known_age_is_treated_as_a_child():
    assert is_child(None)
