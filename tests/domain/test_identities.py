from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stonebridge.domain.identities import (
    Link,
    contradictions,
    identities,
    identity_of,
    joins_needs_second,
    open_neighbours,
)
from stonebridge.domain.links import SamePerson

A, B, C, D = (UUID(int=n) for n in range(1, 5))
YES, NO = SamePerson.YES, SamePerson.NO


def test_a_record_without_links_is_an_identity_of_its_own():
    assert identities([A, B], []) == (frozenset({A}), frozenset({B}))


def test_an_identity_reaches_over_several_links():
    assert identity_of(A, [Link(A, B, YES), Link(C, B, YES)]) == {A, B, C}


@pytest.mark.parametrize("answer", [None, NO, SamePerson.UNSURE, SamePerson.INSUFFICIENT])
def test_only_the_answer_yes_joins(answer: SamePerson | None):
    assert identity_of(A, [Link(A, B, answer)]) == {A}


def test_withdrawing_a_link_gives_back_the_identities_before_it():
    before = [Link(A, B, YES), Link(C, D, YES)]
    wrong = Link(B, C, YES)
    assert identities([A, B, C, D], [*before, wrong]) == (frozenset({A, B, C, D}),)
    assert identities([A, B, C, D], before) == (frozenset({A, B}), frozenset({C, D}))


@pytest.mark.parametrize("answer", [None, SamePerson.UNSURE, SamePerson.INSUFFICIENT])
def test_an_open_link_makes_a_neighbour_of_the_whole_identity(answer: SamePerson | None):
    links = [Link(A, B, YES), Link(C, B, answer), Link(D, A, NO)]
    assert open_neighbours(identity_of(A, links), links) == {C}


def test_a_judgement_of_two_persons_inside_one_identity_is_found():
    links = [Link(A, B, YES), Link(B, C, YES), Link(A, C, NO)]
    assert contradictions(identity_of(A, links), links) == (links[2],)


def test_joining_two_identities_needs_a_second_officer():
    assert joins_needs_second(A, C, [Link(A, B, YES)])


def test_a_link_inside_one_identity_joins_nothing():
    assert not joins_needs_second(A, C, [Link(A, B, YES), Link(B, C, YES)])


pairs = st.tuples(st.integers(1, 8), st.integers(1, 8), st.sampled_from([None, *SamePerson]))


@given(st.lists(pairs, max_size=15), st.randoms())
@settings(deadline=None, max_examples=150)
def test_the_order_of_links_does_not_matter(drawn, shuffler):
    records = [UUID(int=n) for n in range(1, 9)]
    links = [Link(UUID(int=a), UUID(int=b), answer) for a, b, answer in drawn]
    shuffled = shuffler.sample(links, len(links))
    assert identities(records, links) == identities(records, shuffled)
    assert sorted(record for each in identities(records, links) for record in each) == records
