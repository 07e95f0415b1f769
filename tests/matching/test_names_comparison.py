import doctest

import pytest

from stonebridge.matching.biographic import birth, clusters, columns, explanations
from stonebridge.matching.names import comparison, letters, tokens
from stonebridge.matching.names.comparison import name_likeness


@pytest.mark.parametrize("module", [comparison, letters, tokens, birth, clusters, columns, explanations])
def test_the_examples_of_the_library_are_true(module):
    assert doctest.testmod(module).failed == 0


def test_the_order_of_parts_does_not_matter():
    assert name_likeness("Ali Hassan", "Hassan Ali") == pytest.approx(name_likeness("Ali Hassan", "Ali Hassan"))


def test_comparing_is_the_same_in_both_directions():
    assert name_likeness("Yusuf", "يوسف") == pytest.approx(name_likeness("يوسف", "Yusuf"))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Rexhepi", "Recep"), ("Đorđević", "Ђорђевић"), ("Qasim", "Kasem"), ("Hoxha", "Hodža"), ("Шахин", "Şahin")],
)
def test_spellings_of_one_name_are_more_alike_than_another_name(one, other):
    assert name_likeness(one, other) > name_likeness(one, "Mustafa") + 0.8
