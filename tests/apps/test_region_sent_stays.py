"""A message that was received can be neither unsent nor given another receipt, by whoever writes as the application."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from people import NOW
from region_bench import Node, answering
from region_talk import LATER, amended, claims, delivered, given_by_us, in_act, received, screened, talking
from stonebridge.domain.actor import Purpose
from stonebridge.exchange.models import Outgoing
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Claim, Fact

UNSEND = "UPDATE exchange_outgoing SET state = 'waiting', receipt = NULL, received_at = NULL WHERE id = %s"
KEEP = "UPDATE exchange_outgoing SET state = 'kept_back' WHERE id = %s"
REPLACE = "UPDATE exchange_outgoing SET receipt = '{\"status\": 202}' WHERE id = %s"
LATE = "UPDATE exchange_outgoing SET received_at = now() WHERE id = %s"
PRETEND = "UPDATE exchange_outgoing SET state = 'received', receipt = '{}', received_at = now() WHERE id = %s"


def done(statement: str, message: Outgoing) -> bool:
    """Whether the database lets the application do it; undone at once."""
    try:
        with gate.act(Purpose.IDENTIFICATION), connection.cursor() as cursor:
            cursor.execute(statement, [message.id])
            transaction.set_rollback(True)
            return cursor.rowcount == 1
    except DatabaseError as error:
        if "received_stays" not in str(error):
            raise
    return False


@pytest.fixture
def sent(clerk, vera) -> Outgoing:
    """An answer that Serbia has received."""
    with answering(Node(received, now=lambda: LATER)) as node:
        talking(node.address)
        message = given_by_us(screened(clerk, vera), vera)
        delivered(LATER)
    (kept,) = in_act(Outgoing, id=message.id)
    assert kept.state == "received"
    return kept


@pytest.fixture
def kept_back(clerk, vera) -> Outgoing:
    """A correction that stays here: she claims protection now, and comes from there."""
    talking()
    person = screened(clerk, vera, origin=Fact.YES)
    given_by_us(person, vera)
    claims(person, clerk, Claim.PENDING, now=NOW + timedelta(minutes=1))
    amended(person, clerk)
    (kept,) = in_act(Outgoing, profile="correction")
    assert kept.state == "kept_back"
    return kept


@pytest.fixture
def no_wall() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP TRIGGER received_stays ON exchange_outgoing")


@pytest.mark.parametrize("statement", [UNSEND, KEEP, REPLACE, LATE])
def test_what_was_received_stays_received_by_the_receipt_that_came(sent, statement):
    assert not done(statement, sent)


def test_what_was_kept_back_is_not_made_out_to_have_been_received(kept_back):
    assert not done(PRETEND, kept_back)


def test_a_letter_that_was_sent_keeps_on_which_day(clerk, vera):
    talking()
    message = given_by_us(screened(clerk, vera), vera)
    with gate.act(Purpose.IDENTIFICATION):
        Outgoing.objects.filter(id=message.id).update(receipt={"by": "letter", "sent_on": "2026-11-20"})
    assert not done(REPLACE, message)


@pytest.mark.parametrize("statement", [UNSEND, REPLACE, LATE])
def test_without_the_wall_it_would_be_done(sent, no_wall, statement):
    assert done(statement, sent)


def test_the_receipt_of_what_was_sent_is_kept_whole(sent):
    assert {"status", "headers", "body", "request"} == set(sent.receipt)
    assert json.loads(sent.receipt["body"])["body"]["answer"] == "received"
