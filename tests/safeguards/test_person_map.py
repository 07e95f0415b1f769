import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stonebridge.safeguards.log.person_map import NO_HEAD, Chain, PersonMap, Proof, chain_of, proved_chain

tags = st.integers(0, 40).map(lambda number: hashlib.sha256(bytes([number])).digest())
logs = st.lists(st.tuples(tags, st.binary(min_size=32, max_size=32)), max_size=60)
ONE, TWO, THREE = (bytes([number]) * 32 for number in (1, 2, 3))


def mapped(log: list[tuple[bytes, bytes]]) -> PersonMap:
    made = PersonMap()
    for tag, leaf in log:
        made.add(tag, leaf)
    return made


def test_a_chain_hashes_the_head_before_with_the_leaf():
    first = hashlib.sha256(b"\x02" + NO_HEAD + ONE).digest()
    assert chain_of([ONE, TWO]) == Chain(2, hashlib.sha256(b"\x02" + first + TWO).digest())


@given(logs, tags)
def test_the_map_proves_how_every_tag_stands(log, tag):
    made = mapped(log)
    theirs = [leaf for whose, leaf in log if whose == tag]
    assert proved_chain(tag, made.proof(tag), made.root()) == chain_of(theirs)


@given(logs, tags, tags)
def test_a_proof_for_one_tag_says_nothing_false_of_another(log, tag, other):
    made = mapped(log)
    assert proved_chain(other, made.proof(tag), made.root()) in {None, made[other]}


@given(logs.filter(bool))
def test_a_map_with_an_entry_left_out_has_another_root(log):
    assert mapped(log[:-1]).root() != mapped(log).root()


def test_the_order_in_which_persons_appear_does_not_matter():
    assert mapped([(ONE, THREE), (TWO, THREE)]).root() == mapped([(TWO, THREE), (ONE, THREE)]).root()


def test_the_order_of_the_entries_of_one_person_does_matter():
    assert mapped([(ONE, TWO), (ONE, THREE)]).root() != mapped([(ONE, THREE), (ONE, TWO)]).root()


@pytest.mark.parametrize("size", [0, 1, 3])
def test_a_proof_of_absence_cannot_be_had_by_lying_about_the_size(size):
    made = mapped([(ONE, THREE), (TWO, THREE)])
    honest = made.proof(ONE)
    lie = Proof(size, honest.tree_root, ())
    assert proved_chain(ONE, lie, made.root()) is None


def test_a_present_person_cannot_be_shown_absent_by_neighbours_that_are_none():
    made = mapped([(ONE, THREE), (TWO, THREE), (THREE, THREE)])
    first, last = made.proof(ONE).places[0], made.proof(THREE).places[0]
    lie = Proof(3, made.proof(ONE).tree_root, (first, last))
    assert proved_chain(TWO, lie, made.root()) is None
