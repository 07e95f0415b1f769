"""Towards a state of origin silence tells nothing: receipts and *postponed* are the same whatever the cause, and corrections stay.

The last tests take a safeguard away, and see that the other holds, and that without both a correction would leave.
"""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections

from people import NOW
from races import race
from region_bench import Node, answering, question, sent, signed
from region_talk import (
    IDENTIFYING,
    LATER,
    amended,
    claims,
    delivered,
    given_by_us,
    given_to_us,
    in_act,
    received,
    screened,
    talking,
)
from stonebridge.exchange.envelope import ANSWER_SIZES, content_digest, from_bytes
from stonebridge.exchange.models import Incoming, Outgoing
from stonebridge.identification.region.follow_up import decide
from stonebridge.registry.models import Person
from stonebridge.safeguards import gate, policy
from stonebridge.safeguards.policy import Claim, Fact

SOON, LATEST = NOW + timedelta(minutes=1), LATER + timedelta(minutes=5)
RULE = "nothing_goes_to_a_state_of_origin"
CAUSES = [(Claim.NONE, Fact.NO), *((claim, Fact.YES) for claim in Claim)]


@pytest.mark.parametrize(("claim", "origin"), CAUSES)
def test_the_receipt_of_a_correction_is_the_same_whatever_is_known_of_the_person(clerk, vera, claim, origin):
    person = screened(clerk, vera, origin=origin)
    talking()
    given = given_to_us(person)
    claims(person, clerk, claim, now=SOON)
    body = {"of": str(given.message), "revision": 1, "kind": "amended", "identities": [], "changed": []}
    word = question(body, profile="correction", version=2)
    answer = sent(signed(word))
    said = from_bytes(answer.body, ANSWER_SIZES)
    assert (answer.status_code, len(answer.body)) == (202, min(ANSWER_SIZES))
    assert (said.body, said.role, said.case) == (
        {"answer": "received", "digest": content_digest(word)}, "", "RS-1",
    )  # fmt: skip


@pytest.mark.parametrize(("claim", "origin"), CAUSES)
def test_postponed_is_the_same_in_bytes_whatever_the_cause(clerk, vera, claim, origin):
    person = screened(clerk, vera, origin=origin)
    claims(person, clerk, claim, now=SOON)
    asked = {"handle": str(uuid4()), "wanted": ["names"], "reason": "To tell who she is."}
    with answering(Node(received, now=lambda: LATER)) as node:
        talking(node.address)
        with gate.act(IDENTIFYING["purpose"]):
            row = Incoming.objects.create(
                sender="rs", message=uuid4(), person_id=person.id, conversation=uuid4(), sequence=1, profile="follow_up",
                purpose="identification", basis="public_task", role="examiner", case="RS-1", body=asked, digest="00" * 32,
                evidence={}, received_at=NOW,
            )  # fmt: skip
        decide(row.id, False, "A reason that stays.", actor=vera, now=LATER, **IDENTIFYING)
        delivered(LATER)
    (heard,) = node.heard
    told = {name: getattr(heard, name) for name in ("profile", "version", "purpose", "basis", "role", "case", "body")}
    assert json.dumps(told, sort_keys=True) == (
        '{"basis": "public_task", "body": {"answer": "postponed", "identities": []}, "case": "RS-1", '
        '"profile": "follow_up_answer", "purpose": "identification", "role": "supervisor", "version": 1}'
    )


def given_and_claimed(clerk, vera) -> Person:
    """Somebody whose data Serbia was given before she claimed protection from it."""
    person = screened(clerk, vera, origin=Fact.YES)
    given_by_us(person, vera)
    claims(person, clerk, now=SOON)
    return person


@pytest.fixture
def no_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gate forgets the rule."""
    judged = policy.reasons_to_refuse
    monkeypatch.setattr(
        policy, "reasons_to_refuse", lambda *asked: tuple(rule for rule in judged(*asked) if rule.name != RULE)
    )


def no_wall() -> None:
    """The database judges no message any more."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP TRIGGER disclosure_is_open ON exchange_outgoing")


def test_without_the_rule_the_database_keeps_a_correction_back(clerk, vera, no_rule):
    talking()
    person = given_and_claimed(clerk, vera)
    with pytest.raises(DatabaseError, match="disclosure_spares_origin"):
        amended(person, clerk)


def test_without_the_wall_the_gate_keeps_it_back(clerk, vera):
    talking()
    person = given_and_claimed(clerk, vera)
    no_wall()
    amended(person, clerk)
    assert [each.state for each in in_act(Outgoing, profile="correction")] == ["kept_back"]


def heard_in_a_race(clerk, vera) -> list[str]:
    """What Serbia hears when a claim and an amendment are made at once, and the outbox is emptied afterwards."""
    with answering(Node(received, now=lambda: LATEST)) as node:
        talking(node.address)
        person = screened(clerk, vera, origin=Fact.YES)
        given_by_us(person, vera)
        delivered(LATEST)
        race(lambda turn: claims(person, clerk), lambda turn: amended(person, clerk))
        delivered(LATEST)
    return [each.profile for each in node.heard]


@pytest.mark.attack
def test_a_claim_that_races_with_a_correction_keeps_it_here_whoever_is_first(clerk, vera):
    assert [heard_in_a_race(clerk, vera) for _ in range(3)] == [["follow_up_answer"]] * 3


@pytest.mark.attack
def test_the_same_race_shows_the_correction_once_both_safeguards_are_gone(clerk, vera, no_rule):
    no_wall()
    assert heard_in_a_race(clerk, vera) == ["follow_up_answer", "correction"]
