"""Every profile, in every state of a claim and of what is known of the origin: what may leave for that state, and what never.

Generated over the profiles that the node has wired, so that a new one is asked the same before it is let in.
"""

from itertools import product

import pytest
from django.db import DatabaseError, connection

from people import NOW, amira
from region_bench import SERBIA
from rule_cases import SCREENED
from stonebridge.domain.actor import Actor, Purpose
from stonebridge.exchange.models import Handle, Outgoing, Question
from stonebridge.exchange.profiles import profiles
from stonebridge.registry.models import Person
from stonebridge.remedies.services import record_claim, record_origin
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.policy import Action, Claim, Fact

CASES = list(product(Claim, (Fact.YES, Fact.NO, Fact.UNKNOWN)))
MAY_LEAVE = {(claim, Fact.NO) for claim in Claim} | {(Claim.NONE, Fact.YES)}
SAID_BY = {"person_query": (Action.ASK_PARTNER, Action.ANSWER_PARTNER), "follow_up": (Action.ASK_PARTNER,),
           "blind_query": (Action.ASK_PARTNER, Action.ANSWER_PARTNER),
           "blind_table": (Action.ASK_PARTNER, Action.ANSWER_PARTNER),
           "follow_up_answer": (Action.DISCLOSE,), "greeting": (), "partner_revoked": (), "checkpoint": (),
           "correction": (Action.CORRECT,), "link_withdrawn": (Action.CORRECT,),
           "acknowledgement": (Action.ASK_PARTNER,)}  # fmt: skip
"""Under which acts each profile leaves this node, by asking and by answering; none where it is of nodes alone."""


def somebody(clerk: Actor, vera: Actor, claim: Claim, origin: Fact) -> Person:
    """A person with this claim, of whom this is known about Serbia."""
    person = amira(clerk, needs=SCREENED)
    shared = {"purpose": Purpose.REGISTRATION, "basis": "public_task", "now": NOW}
    record_claim(person.id, claim, asked_on=NOW.date(), actor=clerk, **shared)
    record_origin(person.id, "SRB", origin, reason="She says so.", actor=vera, **shared)
    return person


def permitted(action: Action, person: Person, by: Actor) -> bool:
    """Whether the gate lets ``action`` tell Serbia anything of this person."""
    with gate.act(Purpose.IDENTIFICATION):
        try:
            gate.permit(by, action, purpose=Purpose.IDENTIFICATION, basis="public_task", now=NOW, persons=[person.id],
                        to_state="SRB")  # fmt: skip
        except Refused:
            return False
    return True


def test_every_profile_says_under_which_acts_it_leaves_the_node():
    assert set(SAID_BY) == set(profiles())


@pytest.mark.parametrize(("claim", "origin"), CASES)
def test_the_gate_lets_no_profile_tell_a_state_of_origin(clerk, vera, claim: Claim, origin: Fact):
    person = somebody(clerk, vera, claim, origin)
    by = {Action.ASK_PARTNER: vera, Action.ANSWER_PARTNER: SERBIA.actor, Action.DISCLOSE: vera,
          Action.CORRECT: clerk}  # fmt: skip
    acts = {act for profile in profiles() for act in SAID_BY[profile]}
    answers = {act: permitted(act, person, by[act]) for act in acts}
    assert answers == dict.fromkeys(acts, (claim, origin) in MAY_LEAVE)


@pytest.mark.parametrize(("claim", "origin"), CASES)
def test_no_table_for_blind_questions_holds_whom_the_gate_would_not_tell_of(clerk, vera, claim: Claim, origin: Fact):
    person = somebody(clerk, vera, claim, origin)
    with gate.act(Purpose.IDENTIFICATION), connection.cursor() as cursor:
        cursor.execute("SELECT may_be_told(%s, 'SRB')", [person.id])
        assert cursor.fetchone() == ((claim, origin) in MAY_LEAVE,)


def rows_about(person: Person) -> tuple[Question, Handle, Outgoing]:
    """One row of each table by which something leaves."""
    to = {"partner": "rs", "to_state": "SRB", "person_id": person.id, "purpose": "identification"}
    said = {"profile": "x", "basis": "public_task", "role": "examiner"}
    return (
        Question(reference="MK-0000-0000", asked_at=NOW, asked_by="x", **to, **said),
        Handle(question=person.id, made_at=NOW, expires_at=NOW.replace(year=2027), **to),
        Outgoing(conversation=person.id, sequence=1, version=1, body={}, made_at=NOW, made_by="x", **to, **said),
    )


@pytest.mark.parametrize(("claim", "origin"), CASES)
def test_the_database_lets_no_table_tell_a_state_of_origin(clerk, vera, claim: Claim, origin: Fact):
    person = somebody(clerk, vera, claim, origin)
    kept = [is_kept(row) for row in rows_about(person)]
    assert kept == [(claim, origin) in MAY_LEAVE] * 3


def is_kept(row: Question | Handle | Outgoing) -> bool:
    """Whether the database takes this row; where it does not, it says that it spares a state of origin."""
    try:
        with gate.act(Purpose.IDENTIFICATION):
            row.save(force_insert=True)
    except DatabaseError as error:
        if "disclosure_spares_origin" not in str(error):
            raise
        return False
    return True
