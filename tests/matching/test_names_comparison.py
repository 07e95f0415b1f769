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


@pytest.mark.parametrize(
    ("one", "other"),
    [("Nikolai Patr ushev", "Nikolai Patrushev"), ("Olaf Schloz", "Olaf Scholz"), ("ბარაკ ობამა", "Barack Obama"),
     ("Բարակ Օբամա", "Barack Obama"), ("MOHAMMAD HASNI ZARKARI", "Zarkari Mohammadhasni")],
)  # fmt: skip
def test_blanks_slips_and_scripts_leave_a_name_the_same(one, other):
    assert name_likeness(one, other) > 1.0
    assert name_likeness(one, other) == pytest.approx(name_likeness(other, one))


@pytest.mark.parametrize(
    ("one", "other"),
    [("IBRAHIM HASSAN TALI AL-OTAIBI", "IBRAHIM HASSAN TALI AL-ASIRI"), ("Ali Saddam Rawi", "Ali Saddam Tikriti")],
)
def test_three_common_parts_do_not_outweigh_one_that_differs(one, other):
    assert name_likeness(one, other) < 0.8


def test_an_initial_speaks_against_another_initial():
    assert (
        name_likeness("William G. Frost", "William W. Frost")
        < name_likeness("William G. Frost", "William G. Frost") - 0.5
    )
