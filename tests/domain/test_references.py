import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stonebridge.domain.errors import BadInput
from stonebridge.domain.references import ALPHABET, new_reference, parse_reference

SOME = new_reference("mk", choose=random.Random(7).choice)


def test_a_reference_names_its_node_and_reads_in_groups_of_four():
    assert SOME[:3] == "MK-"
    assert [len(part) for part in SOME.split("-")] == [2, 4, 4]


def test_a_reference_is_read_back_as_it_was_made():
    assert parse_reference(SOME) == SOME


def test_case_spaces_and_missing_dashes_are_forgiven():
    assert parse_reference(" " + SOME.lower().replace("-", " ") + " ") == SOME


def test_the_letter_o_is_read_as_the_digit_zero():
    zeros = new_reference("mk", choose=lambda alphabet: "0")
    assert parse_reference(zeros[:-1].replace("0", "O") + zeros[-1]) == zeros


def test_letters_of_a_cyrillic_keyboard_that_look_alike_are_read():
    ones = new_reference("mk", choose=lambda alphabet: "K")
    assert parse_reference(ones[:3] + ones[3:-1].replace("K", "К") + ones[-1]) == ones


def test_the_alphabet_spells_no_words():
    assert not set("AEIOUY") & set(ALPHABET)


@given(st.integers(0, 2**32), st.integers(0, 7), st.integers(1, len(ALPHABET) - 1))
@settings(deadline=None, max_examples=200)
def test_every_single_wrong_character_is_found(seed: int, place: int, shift: int):
    good = new_reference("mk", choose=random.Random(seed).choice).replace("-", "")
    at = place + 2
    wrong = ALPHABET[(ALPHABET.index(good[at]) + shift) % len(ALPHABET)]
    with pytest.raises(BadInput, match="wrong or two are swapped"):
        parse_reference(good[:at] + wrong + good[at + 1 :])


def test_two_swapped_characters_are_found():
    with pytest.raises(BadInput, match="swapped"):
        parse_reference(SOME[:3] + SOME[4] + SOME[3] + SOME[5:])


def test_a_reference_of_one_node_is_not_one_of_another():
    with pytest.raises(BadInput):
        parse_reference("RS" + SOME[2:])


@pytest.mark.parametrize(
    "text", ["", "MK", "7F2K-93TD", "МК-7F2K-93TD", "MK-7F2K-93TD-1", "MK-7U2K-93TD", "x" * 10_000]
)
def test_what_is_no_reference_is_refused_with_a_remedy(text: str):
    with pytest.raises(BadInput, match="looks like") as refused:
        parse_reference(text, field="person")
    assert refused.value.field == "person"
