"""The bench at a terminal: the same gate, and no more told than on the screens."""

import re

import pytest

from identification_bench import answered, found_pair, judge, link_of
from people import amira, on_record
from sign_ins import sign_in_at_a_terminal
from stonebridge.domain.actor import Role
from stonebridge.identification.models import Judgement
from stonebridge.site.command import main

pytestmark = pytest.mark.usefixtures("nothing_is_drawn", "own_state_folder")


def said(capsys, *arguments: str, status: int = 0) -> str:
    assert main(list(arguments)) == status
    heard = capsys.readouterr()
    return heard.out + heard.err


def test_candidates_are_told_with_a_sentence_each_and_no_score(matcher, clerk, capsys):
    one, other, task = found_pair(matcher, clerk)
    sign_in_at_a_terminal(Role.EXAMINER)
    heard = said(capsys, "person", "candidates", other.reference)
    assert one.reference in heard
    assert f"pair {task.reference} waits for you" in heard
    assert "The date of birth is the same" in heard
    assert "bits" not in heard


def test_a_search_under_way_answers_no(clerk, capsys):
    person = amira(clerk)
    sign_in_at_a_terminal(Role.EXAMINER)
    assert "under way" in said(capsys, "person", "candidates", person.reference, status=1)


def test_a_pair_is_listed_shown_and_judged_by_the_mark_that_was_shown(matcher, clerk, capsys):
    *_, task = found_pair(matcher, clerk)
    sign_in_at_a_terminal(Role.EXAMINER)
    assert task.reference in said(capsys, "task", "list")
    shown = said(capsys, "task", "show", task.reference)
    assert "bits" not in shown
    mark = re.search(r"Mark: (\w+)", shown)[1]
    said(capsys, "task", "judge", task.reference, "no", "--seen", mark, "--reason", "common_name")
    assert on_record(Judgement).get().same_person == "no"
    assert "bits" in said(capsys, "task", "show", task.reference)


def test_without_the_mark_nothing_is_judged(matcher, clerk, capsys):
    *_, task = found_pair(matcher, clerk)
    sign_in_at_a_terminal(Role.EXAMINER)
    heard = said(
        capsys, "task", "judge", task.reference, "no", "--seen", "guessed", "--reason", "common_name", status=2
    )
    assert "another look" in heard
    assert not on_record(Judgement).exists()


def test_a_reason_that_does_not_fit_names_those_that_do(matcher, clerk, capsys):
    *_, task = found_pair(matcher, clerk)
    sign_in_at_a_terminal(Role.EXAMINER)
    heard = said(capsys, "task", "judge", task.reference, "no", "--seen", "x", "--reason", "spelling", status=2)
    assert "common_name, relatives, twins" in heard


def test_a_clerk_judges_nothing_at_a_terminal(matcher, clerk, capsys):
    found_pair(matcher, clerk)
    sign_in_at_a_terminal(Role.REGISTRATION_CLERK)
    assert "the_role_may_do_this" in said(capsys, "task", "list", status=2)


def test_nobody_works_without_signing_in(matcher, clerk, capsys):
    *_, task = found_pair(matcher, clerk)
    assert "stonebridge sign-in" in said(capsys, "task", "show", task.reference, status=2)


def test_a_supervisor_shows_assesses_and_withdraws_a_link(matcher, clerk, jana, petar, capsys):
    one, other, task = found_pair(matcher, clerk, newcomer={"given": "Ameera", "family": "Hadad"})
    judge(task, jana, "yes")
    judge(task, petar, "yes")
    sign_in_at_a_terminal(Role.SUPERVISOR)
    reference = link_of(one.id, other.id).reference
    assert "Jana Ilieva, Petar Kostov" in said(capsys, "link", "show", reference)
    heard = said(capsys, "link", "justify", reference, "no", "--article", "32(1)(d)", "--reason", "On purpose.")
    assert "is red now" in heard
    red = link_of(one.id, other.id).reference
    said(capsys, "link", "withdraw", red, "--reason", "Two sisters.")
    assert link_of(one.id, other.id).same_person == "open"
    assert "waits for your opinion" in said(capsys, "link", "show", red, status=1)


def test_an_examiner_is_shown_no_link_of_a_pair_that_waits_for_them(matcher, clerk, capsys):
    one, other, task = found_pair(matcher, clerk)
    answered(matcher)
    sign_in_at_a_terminal(Role.EXAMINER)
    heard = said(capsys, "link", "show", link_of(one.id, other.id).reference, status=1)
    assert task.reference in heard
    assert "yellow" not in heard


@pytest.mark.parametrize("act", [["task", "show"], ["link", "show"], ["person", "candidates"]])
def test_what_is_no_reference_is_said(act, capsys):
    sign_in_at_a_terminal(Role.SUPERVISOR)
    assert "A reference looks like" in said(capsys, *act, "nonsense", status=2)
