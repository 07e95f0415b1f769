"""Errors of the domain reach the officer in the catalogue's sentences, whatever the values in them."""

import re

import pytest

from people import TODAY
from stonebridge.domain.calendars import Calendar
from stonebridge.domain.errors import BadInput, NotFound
from stonebridge.domain.names import clean_name
from stonebridge.domain.partial_date import parse_birth_date
from stonebridge.domain.references import parse_reference
from stonebridge.ui.wording import REMEDIES, in_words, remedy_of


def sentence_of(error: BadInput) -> str:
    """The sentence of the catalogue that the remedy fits."""
    fitting = [each for each in REMEDIES if re.fullmatch(re.sub(r"%\\\(\w+\\\)s", ".+", re.escape(each)), error.remedy)]
    assert fitting, error.remedy
    return fitting[0]


@pytest.mark.parametrize("name", ["A" * 201, " ", "a\u0301\u0301\u0301\u0301\u0301", "Amira 2", "Ami\u202era", "🙂"])
def test_what_is_wrong_with_a_name_is_a_sentence_of_the_catalogue(name):
    with pytest.raises(BadInput) as error:
        clean_name(name, field="given")
    assert sentence_of(error.value)


@pytest.mark.parametrize(
    ("text", "calendar"),
    [("1.1.2031", "gregorian"), ("1.1.1880", "gregorian"), ("31.2.1990", "gregorian"), ("1.13.1990", "gregorian"),
     ("1990", "solar_hijri"), ("30", "gregorian"), ("7.3.94", "gregorian"), ("yesterday", "gregorian"),
     ("7 Foober 1990", "gregorian"), ("about 140", "gregorian")],
)  # fmt: skip
def test_what_is_wrong_with_a_birth_date_is_a_sentence_of_the_catalogue(text, calendar):
    with pytest.raises(BadInput) as error:
        parse_birth_date(text, today=TODAY, calendar=Calendar(calendar))
    assert sentence_of(error.value)


@pytest.mark.parametrize("text", ["nonsense", "MK-7F2K-93TE"])
def test_what_is_wrong_with_a_reference_is_a_sentence_of_the_catalogue(text):
    with pytest.raises(BadInput) as error:
        parse_reference(text)
    assert sentence_of(error.value)


def test_the_values_in_a_remedy_stay_as_they_were():
    error = BadInput(
        "birth", "31.2.1990", "Month 2 of 1990 (gregorian) has 28 days. Correct the day, or give month and year alone."
    )
    assert remedy_of(error) == "Month 2 of 1990 (Gregorian) has 28 days. Correct the day, or give month and year alone."


def test_a_remedy_that_no_sentence_fits_is_shown_as_it_is():
    assert remedy_of(BadInput("x", "y", "Do 100 % of it.")) == "Do 100 % of it."


def test_nothing_found_says_the_reference_and_what_to_do():
    assert in_words(NotFound("person", "MK-0")) == "Nothing by the reference MK-0 is known to you. Check it, or search."
