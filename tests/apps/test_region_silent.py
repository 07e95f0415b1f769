"""A partner that does not answer is asked again by the clock, through the gate, at growing intervals, until an end."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from people import NOW
from region_bench import Node, answering, knows_her
from region_talk import IDENTIFYING, claims, in_act, screened, talking
from stonebridge.accounts.models import Notice, Posting
from stonebridge.domain.actor import Role
from stonebridge.exchange.models import Question
from stonebridge.identification.region.again import ask_due
from stonebridge.identification.region.services import ask_partners
from stonebridge.safeguards.policy import Fact
from stonebridge.site.notice_words import said

SOON = NOW + timedelta(minutes=2)


@pytest.fixture
def asked(clerk, vera, jana):
    """A question of Jana about Amira to a node that is down."""
    person = screened(clerk, vera, origin=Fact.YES)
    talking()
    ask_partners(person.reference, ["rs"], actor=jana, now=NOW, **IDENTIFYING)
    return person


def question() -> Question:
    (put,) = in_act(Question)
    return put


def notices(role: Role = Role.EXAMINER) -> list[str]:
    return [said(each) for each in Notice.objects.filter(role=role, kind="question_stopped")]


def test_a_node_that_is_up_again_is_asked_without_anybody_doing_anything(asked):
    assert question().ask_after is not None
    with answering(Node(knows_her(uuid4()), now=lambda: SOON)) as node:
        talking(node.address)
        ask_due(SOON)
    assert (question().state, question().ask_after, len(node.heard)) == ("hit", None, 1)
    assert node.heard[0].id == question().id


def test_each_try_without_an_answer_waits_twice_as_long(asked):
    pauses, now = [], NOW
    for _ in range(4):
        now = question().ask_after
        ask_due(now)
        pauses.append(question().ask_after - now)
    assert pauses == [timedelta(minutes=each) for each in (4, 8, 16, 32)]


def test_before_its_time_nothing_is_asked(asked):
    ask_due(NOW)
    assert question().tries == 1


def test_after_three_days_it_ends_and_those_of_the_role_are_told(asked):
    ask_due(NOW + timedelta(days=3))
    assert (question().state, question().ask_after) == ("waiting", None)
    assert len(notices()) == 1
    assert asked.reference not in notices()[0]


def test_a_claim_made_meanwhile_ends_it_before_anything_leaves(asked, clerk):
    claims(asked, clerk, now=SOON)
    with answering(Node(knows_her(uuid4()), now=lambda: SOON)) as node:
        talking(node.address)
        ask_due(SOON)
    assert node.heard == []
    assert (question().trouble, question().ask_after, len(notices())) == ("kept_back", None, 1)


def test_where_nobody_in_post_stands_behind_it_the_clock_asks_no_more(asked, jana):
    Posting.objects.using("owner").filter(officer_id=jana.officer_id).update(ends_on=date(2026, 11, 22))
    ask_due(SOON)
    assert (question().trouble, question().ask_after) == ("nobody_in_post", None)
