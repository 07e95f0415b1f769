from itertools import product

import pytest

from stonebridge.domain.adjudication import (
    DifferentReason,
    OpenReason,
    Opinion,
    Outcome,
    SameReason,
    Step,
    reasons_for,
    verdict,
)
from stonebridge.domain.errors import WrongState
from stonebridge.domain.links import SamePerson

Y, N, U, I = SamePerson.YES, SamePerson.NO, SamePerson.UNSURE, SamePerson.INSUFFICIENT  # noqa: E741 - a table of initials
SECOND, THIRD = Outcome(Step.NEEDS_SECOND), Outcome(Step.NEEDS_THIRD)


def opinions(*answers: SamePerson) -> list[Opinion]:
    return [Opinion(f"officer-{number}", answer) for number, answer in enumerate(answers)]


def decided(answer: SamePerson) -> Outcome:
    return Outcome(Step.DECIDED, answer)


def test_without_an_opinion_the_first_is_awaited():
    assert verdict([]) == Outcome(Step.NEEDS_FIRST)


@pytest.mark.parametrize(
    ("answer", "alone", "reviewed"),
    [(Y, SECOND, SECOND), (U, SECOND, SECOND), (N, decided(N), SECOND), (I, decided(I), SECOND)],
)
def test_one_opinion(answer: SamePerson, alone: Outcome, reviewed: Outcome):
    assert verdict(opinions(answer)) == alone
    assert verdict(opinions(answer), second_always=True) == reviewed


TWO = {
    (Y, Y): decided(Y), (Y, N): THIRD, (Y, U): THIRD, (Y, I): THIRD,
    (N, Y): THIRD, (N, N): decided(N), (N, U): THIRD, (N, I): THIRD,
    (U, Y): THIRD, (U, N): THIRD, (U, U): decided(U), (U, I): decided(U),
    (I, Y): THIRD, (I, N): THIRD, (I, U): decided(U), (I, I): decided(I),
}  # fmt: skip


@pytest.mark.parametrize("answers", [*product(SamePerson, repeat=2)])
def test_two_opinions(answers: tuple[SamePerson, SamePerson]):
    assert verdict(opinions(*answers), second_always=True) == TWO[answers]


DISAGREED = [pair for pair, outcome in TWO.items() if outcome == THIRD]
THREE = {
    frozenset({Y, N}): {Y: Y, N: N, U: U, I: U},
    frozenset({Y, U}): {Y: Y, N: U, U: U, I: U},
    frozenset({Y, I}): {Y: Y, N: U, U: U, I: I},
    frozenset({N, U}): {Y: U, N: N, U: U, I: U},
    frozenset({N, I}): {Y: U, N: N, U: U, I: I},
}


@pytest.mark.parametrize("third", SamePerson)
@pytest.mark.parametrize("two", DISAGREED)
def test_two_of_three_decide(two: tuple[SamePerson, SamePerson], third: SamePerson):
    assert verdict(opinions(*two, third), second_always=True) == decided(THREE[frozenset(two)][third])


@pytest.mark.parametrize("answers", [*product(SamePerson, repeat=3)])
def test_nobody_joins_two_identities_alone(answers: tuple[SamePerson, ...]):
    joined = [outcome for outcome in _reached(answers) if outcome == decided(Y)]
    assert not joined or answers.count(Y) >= 2


def _reached(answers: tuple[SamePerson, ...]) -> list[Outcome]:
    try:
        return [verdict(opinions(*answers), second_always=True)]
    except WrongState:
        return [verdict(opinions(*answers[:2]), second_always=True)]


def test_an_officer_is_not_asked_twice():
    with pytest.raises(WrongState, match="another officer"):
        verdict([Opinion("a", Y), Opinion("a", Y)])


def test_nothing_is_added_after_the_decision():
    with pytest.raises(WrongState, match="supersedes"):
        verdict(opinions(Y, Y, N))


def test_an_outcome_that_does_not_conclude_leaves_the_link_open():
    assert [decided(answer).concludes for answer in (Y, N, U, I)] == [True, True, False, False]


@pytest.mark.parametrize(("answer", "codes"), [(Y, SameReason), (N, DifferentReason), (U, OpenReason), (I, OpenReason)])
def test_each_answer_has_its_own_reasons(answer: SamePerson, codes):
    assert reasons_for(answer) == tuple(codes)
