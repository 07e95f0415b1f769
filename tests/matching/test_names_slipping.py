"""One slip of the hand makes another word, and no more than one."""

import numpy as np
import pytest

from stonebridge.matching.names.slipping import is_slip


def _slipped(one: str, other: str) -> bool:
    first, second = (np.frombuffer(word.encode(), np.uint8) for word in (one, other))
    return bool(is_slip(first, len(first), second, len(second)) and is_slip(second, len(second), first, len(first)))


@pytest.mark.parametrize("other", ["hourseyn", "housyn", "houzeyn", "houesyn", "ouseyn", "houseynx", "ohuseyn"])
def test_a_letter_added_left_out_or_exchanged_or_two_in_the_other_order_is_a_slip(other: str) -> None:
    assert _slipped("houseyn", other)


@pytest.mark.parametrize("other", ["houseyn", "hourseyt", "nyesuoh", "huoesyn", "houseynab"])
def test_an_equal_word_and_one_with_two_slips_are_none(other: str) -> None:
    assert not _slipped("houseyn", other)


def test_short_words_differ_by_a_letter_too_often() -> None:
    assert not _slipped("amin", "amir")
