"""Every profile, in every state of a claim and of what is known of the origin: what may leave for that state, and what never.

Generated over the profiles that the node has wired, so that a new one is asked the same before it is let in, and over what
two records of one identity, and two that may be one, say of claim and origin. What must come out is worked out here
from the rule's own sentence, apart from the gate, the triggers and the function that fills the tables for blind questions.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from random import Random

import pytest
from django.db import DatabaseError, connection, transaction

from people import NOW, TODAY, actor, amira
from region_bench import SERBIA
from rule_cases import SCREENED, World, both_opinions, join, make_link
from stonebridge.domain.actor import Actor, Purpose, Role, clock
from stonebridge.exchange.models import Handle, Outgoing, Question
from stonebridge.exchange.profiles import profiles
from stonebridge.registry.models import Person
from stonebridge.remedies.models import Origin, ProtectionClaim
from stonebridge.remedies.services import record_claim, record_origin
from stonebridge.safeguards import gate, policy
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
            transaction.set_rollback(True)
    except DatabaseError as error:
        if "disclosure_spares_origin" not in str(error):
            raise
        return False
    return True


# Two records


@dataclass(frozen=True, slots=True)
class Said:
    """What the one record of two says, and the other: claim, and whether Serbia is a state of origin."""

    claims: tuple[Claim, Claim]
    origins: tuple[Fact, Fact]

    def may_leave(self, tie: str, besides: frozenset[Claim] = frozenset()) -> bool:
        """Whether anything about the first may go to Serbia, by the rule's sentence; ``besides`` no claim, these do no harm."""
        mine, theirs = self.origins
        harmless = set(self.claims) <= {Claim.NONE, *besides}
        if tie != "one person" and self.claims[0] is Claim.NONE:
            harmless = self.claims[1] is Claim.NONE  # whoever claims nothing beside any claim is in doubt
        if tie == "one person":
            return mine is theirs is Fact.NO or (Fact.YES in self.origins and harmless)
        return {Fact.NO: theirs is not Fact.YES, Fact.UNKNOWN: False, Fact.YES: harmless}[mine]


EVERYTHING = [
    Said((one, other), (here, there)) for one, other in product(Claim, Claim) for here, there in product(Fact, Fact)
]
TRIED = Random(1).sample(EVERYTHING, min(int(os.environ.get("STONEBRIDGE_ATTACK_ROUNDS", "80")), len(EVERYTHING)))
"""Of the 324 that there are, in an order of chance with a seed."""
READMISSION: Mapping[str, object] = {"purpose": Purpose.READMISSION, "basis": "public_task"}


@pytest.fixture(params=["one person", "perhaps one person"])
def tied(request: pytest.FixtureRequest) -> tuple[str, World]:
    """Two records that two officers judged to be of one person, or of which nobody has judged yet."""
    world = World().ready()
    if request.param == "one person":
        join(both_opinions(world), world.second_examiner)
    else:
        with gate.act(Purpose.IDENTIFICATION):
            make_link(world, task=None)
    return request.param, world


def say(world: World, said: Said, second: int) -> None:
    """Put it on record for both, newer than all before."""
    at = NOW + timedelta(seconds=second)
    with gate.act(Purpose.REGISTRATION):
        for person, claim, origin in zip((world.person, world.other), said.claims, said.origins, strict=True):
            ProtectionClaim.objects.create(person_id=person, state=claim, asked_on=TODAY, as_of=at, recorded_at=at)
            Origin.objects.create(
                person_id=person, state="SRB", is_origin=origin, reason="They say so.", recorded_at=at
            )


def heard_of(person: Person, by: Mapping[Action, Actor], row: int) -> dict[str, bool]:
    """Which way would let Serbia learn something of this person: each act, the database's judgement, one of its tables."""
    answers: dict[str, bool] = {action: permitted(action, person, officer) for action, officer in by.items()}
    with gate.act(Purpose.IDENTIFICATION), connection.cursor() as cursor:
        cursor.execute("SELECT may_be_told(%s, 'SRB')", [person.id])
        answers["may_be_told"] = cursor.fetchone()[0]
    made = rows_about(person)[row]
    answers[type(made).__name__] = is_kept(made)
    return answers


ACTS = (Action.ASK_PARTNER, Action.ANSWER_PARTNER, Action.DISCLOSE, Action.CORRECT, Action.ASK_AGAIN)


def wrongly_told(tie: str, world: World) -> set[str]:
    """Every way that told Serbia what must not be told, or kept what may be told."""
    officers = (world.supervisor, SERBIA.actor, world.supervisor, world.clerk, clock("asking"))
    by, person = dict(zip(ACTS, officers, strict=True)), Person(id=world.person)
    wrong: set[str] = set()
    for second, said in enumerate(TRIED):
        say(world, said, second)
        wrong |= {way for way, goes in heard_of(person, by, second % 3).items() if goes != said.may_leave(tie)}
    return wrong


def test_what_any_record_of_an_identity_says_keeps_it_from_a_state_of_origin(tied):
    assert wrongly_told(*tied) == set()


def test_without_the_rule_every_act_is_found_to_tell_and_the_database_still_does_not(tied, monkeypatch):
    judged = policy.reasons_to_refuse
    monkeypatch.setattr(policy, "reasons_to_refuse", lambda *asked: tuple(
        rule for rule in judged(*asked) if rule.name != "nothing_goes_to_a_state_of_origin"))  # fmt: skip
    assert wrongly_told(*tied) == set(ACTS)


def test_readmission_may_speak_to_a_state_of_origin_of_whoever_was_finally_rejected_and_nobody_else(tied):
    tie, world = tied
    worker, wrong = actor(Role.CASE_WORKER), []
    for second, said in enumerate(TRIED):
        say(world, said, second)
        goes = readmission_is_permitted(world, worker)
        if goes != said.may_leave(tie, frozenset({Claim.FINALLY_REJECTED})):
            wrong.append(said)
    assert wrong == []


def readmission_is_permitted(world: World, by: Actor) -> bool:
    with gate.act(Purpose.READMISSION):
        try:
            gate.permit(by, Action.READMISSION_MESSAGE, now=NOW, persons=[world.person], to_state="SRB", **READMISSION)
        except Refused:
            return False
    return True
