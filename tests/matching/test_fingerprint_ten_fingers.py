"""Several fingers together, and recorded under wrong positions."""

import pytest
from made_fingers import finger, impression, made

from stonebridge.matching.fingerprint.ten_fingers import compare_fingers
from stonebridge.matching.fusion import Evidence, bits_needed, false_candidates_expected

ALL = range(1, 11)
TRUE = {at: made(impression(finger(100 + at), at)) for at in ALL}


def captured(*positions: int, seed: int = 900, person: int = 100):
    return {at: made(impression(finger(person + at), seed + at)) for at in positions}


def test_ten_fingers_of_a_person_say_more_than_one():
    one = compare_fingers(captured(2), {2: TRUE[2]})
    assert compare_fingers(captured(*ALL), TRUE).score > one.score > 0


def test_ten_fingers_of_another_person_speak_against():
    assert compare_fingers(captured(*ALL, person=300), TRUE).score < -20


@pytest.mark.parametrize(
    ("arrangement", "recorded_as"),
    [
        ("as recorded", {at: at for at in ALL}),
        ("hands swapped", {1: 6, 2: 7, 3: 8, 4: 9, 5: 10, 6: 1, 7: 2, 8: 3, 9: 4, 10: 5}),
        ("thumbs swapped", {2: 2, 1: 6, 6: 1}),
        ("slap the wrong way round", {2: 5, 3: 4, 4: 3, 5: 2}),
        ("slap shifted inwards", {2: 3, 3: 4, 4: 5}),
        ("slap shifted outwards", {3: 2, 4: 3, 5: 4}),
    ],
)
def test_fingers_under_wrong_positions_are_found_and_the_mistake_is_named(
    arrangement: str, recorded_as: dict[int, int]
):
    wrong = {recorded_as[at]: template for at, template in captured(*recorded_as).items()}
    found = compare_fingers(wrong, TRUE)
    assert found.arrangement == arrangement
    assert found.score > 15


def test_missing_fingers_speak_neither_for_nor_against():
    assert compare_fingers({}, TRUE).score == pytest.approx(0)
    assert compare_fingers(captured(2, 3), {at: TRUE[at] for at in (7, 8)}).score == pytest.approx(0, abs=0.1)


def test_one_bandaged_finger_does_not_outweigh_three_that_match():
    hand = captured(2, 3, 4) | {5: made(impression(finger(999), 1))}
    found = compare_fingers(hand, TRUE)
    assert found.fingers[5] == pytest.approx(-6)
    assert found.score > 20


def test_bits_of_fingers_and_of_biographic_data_add():
    assert Evidence(fingers=12.5, biographic=3.0).total == 15.5
    assert Evidence(fingers=None, biographic=3.0).total == 3.0


def test_a_larger_gallery_needs_more_bits():
    assert bits_needed(1_000_000, 0.001) == pytest.approx(bits_needed(1_000, 0.001) + 9.966, abs=0.01)
    assert false_candidates_expected(bits_needed(1_000_000, 0.001), 1_000_000) == pytest.approx(0.001)
    assert bits_needed(0, 0.001) == 0
