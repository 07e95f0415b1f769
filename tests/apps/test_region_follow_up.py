"""After a hit: more is asked for, an officer decides, and only what was decided leaves, once and in order."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from identification_bench import MatcherHere, answered
from people import NOW, actor, amira
from region_bench import AMIRA, SERBIA, Node, answering, joined, knows_her, question, said, signed
from rule_cases import SCREENED
from stonebridge.accounts.models import Notice
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.domain.errors import BadInput, WrongState
from stonebridge.exchange import profiles
from stonebridge.exchange.envelope import Envelope, content_digest
from stonebridge.exchange.models import Incoming, Outgoing, Question
from stonebridge.exchange.outbox import deliver_due
from stonebridge.exchange.profiles import Profile
from stonebridge.identification.region.answering import answer_with
from stonebridge.identification.region.follow_up import (
    FOLLOW_UP,
    FOLLOW_UP_ANSWER,
    POSTPONED,
    ask_for_more,
    decide,
    open_requests,
)
from stonebridge.identification.region.services import ask_partners
from stonebridge.registry.models import Person
from stonebridge.remedies.services import record_claim, record_origin
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.policy import Claim, Fact

ASKING = {"purpose": Purpose.IDENTIFICATION, "basis": "public_task", "now": NOW}
REGISTERING = {"purpose": Purpose.REGISTRATION, "basis": "public_task"}
TALKING = replace(SERBIA, profiles={"person_query": [1], "follow_up": [1], "follow_up_answer": [1]})
WANTED = {"wanted": ["birth", "names"], "reason": "To tell who she is."}


@pytest.fixture(autouse=True)
def profiles_here(matcher: MatcherHere) -> object:
    """Questions go to the matcher of this test."""
    query = Profile("person_query", (1,), lambda asked, to, now: answer_with(matcher, asked, to, now))
    wired = tuple(profiles.profiles().values())
    profiles.register(query, FOLLOW_UP, FOLLOW_UP_ANSWER)
    yield
    profiles.register(*wired)


def known(matcher: MatcherHere, clerk: Actor, vera: Actor, origin: Fact = Fact.NO) -> Person:
    """Amira, who claims nothing, in our gallery."""
    person = amira(clerk, needs=SCREENED)
    record_claim(person.id, Claim.NONE, asked_on=NOW.date(), actor=clerk, now=NOW, **REGISTERING)
    record_origin(person.id, "SRB", origin, reason="She says so.", actor=vera, now=NOW, **REGISTERING)
    answered(matcher)
    return person


def partner_at(address: str = "http://127.0.0.1:9") -> None:
    joined(replace(TALKING, address=address), actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER))


def asked_for_more(handle: str, **changes: object) -> Envelope:
    """The request of rs for names and birth."""
    return question({"handle": handle, **WANTED}, profile="follow_up", **changes)


def request_that_waits() -> Incoming:
    """The only request, made by rs after a hit."""
    said(signed(asked_for_more(said(signed(question()))["handle"])))
    with gate.act(Purpose.IDENTIFICATION):
        (request,) = open_requests()
    return request


def rows(model: type) -> list:
    with gate.act(Purpose.IDENTIFICATION):
        return list(model.objects.all())


def received(asked: Envelope) -> dict[str, str]:
    """A receipt."""
    return {"answer": "received", "digest": content_digest(asked)}


def test_a_request_is_taken_once_and_has_the_same_receipt_however_often_it_comes(matcher, clerk, vera):
    known(matcher, clerk, vera)
    partner_at()
    asked = asked_for_more(said(signed(question()))["handle"])
    assert said(signed(asked)) == said(signed(asked)) == received(asked)
    assert [each.message for each in rows(Incoming)] == [asked.id]


def test_a_receipt_is_given_only_for_what_is_kept(matcher, clerk, vera, monkeypatch):
    known(matcher, clerk, vera)
    partner_at()
    asked = asked_for_more(said(signed(question()))["handle"])
    refused = said(signed(replace(asked, sequence=2)))
    assert refused == {"answer": "refused", "why": "order"}
    assert rows(Incoming) == []


def test_another_message_under_a_number_that_was_taken_is_refused(matcher, clerk, vera):
    known(matcher, clerk, vera)
    partner_at()
    asked = asked_for_more(said(signed(question()))["handle"])
    said(signed(asked))
    forged = replace(asked, body=asked.body | {"wanted": ["documents"]})
    assert said(signed(forged)) == {"answer": "refused", "why": "order"}


def test_a_handle_of_nobody_or_of_another_partner_opens_nothing(matcher, clerk, vera):
    known(matcher, clerk, vera)
    partner_at()
    assert said(signed(asked_for_more(str(uuid4()))))["answer"] == "received"
    assert rows(Incoming) == []


@pytest.mark.parametrize(
    "body",
    [
        {"handle": "x", **WANTED}, {"handle": str(UUID(int=1)), "wanted": ["claim"], "reason": "Curiosity"},
        {"handle": str(UUID(int=1)), "wanted": [], "reason": "x"}, {"handle": str(UUID(int=1)), "wanted": ["sex"], "reason": ""},
        {"handle": str(UUID(int=1)), "wanted": [1], "reason": "x"}, {**WANTED}, {"handle": 1, **WANTED, "claim": True},
    ],
)  # fmt: skip
def test_a_malformed_request_is_not_understood(matcher, clerk, body):
    partner_at()
    assert said(signed(question(body, profile="follow_up")))["why"].startswith("not_understood")


def test_only_the_fields_that_were_asked_for_leave_after_an_officer_decided(matcher, clerk, vera):
    known(matcher, clerk, vera)
    with answering(Node(received)) as node:
        partner_at(node.address)
        request = request_that_waits()
        assert not deliver_due(NOW)
        decide(request.id, True, "The purpose is lawful.", actor=vera, **ASKING)
        assert deliver_due(NOW)
    (heard,) = node.heard
    assert heard.body == {
        "answer": "given", "identities": [{"given": "Amira", "family": "Haddad", "birth": "1994-03-07"}]
    }  # fmt: skip
    assert [each.state for each in rows(Outgoing)] == ["received"]


def test_a_postponement_gives_no_reason_and_no_person(matcher, clerk, vera):
    known(matcher, clerk, vera)
    with answering(Node(received)) as node:
        partner_at(node.address)
        request = request_that_waits()
        decide(request.id, False, "She is in danger there.", actor=vera, **ASKING)
        deliver_due(NOW)
    assert [each.body for each in node.heard] == [POSTPONED]
    assert [each.person_id for each in rows(Outgoing)] == [None]


def test_a_claim_made_after_the_hit_lets_an_officer_only_postpone(matcher, clerk, vera):
    person = known(matcher, clerk, vera, origin=Fact.YES)
    partner_at()
    request = request_that_waits()
    record_claim(person.id, Claim.PENDING, actor=clerk, now=NOW + timedelta(minutes=1), **REGISTERING)
    with pytest.raises(Refused):
        decide(request.id, True, "It seems lawful.", actor=vera, **ASKING)
    decide(request.id, False, "Not now.", actor=vera, **ASKING)
    assert [each.body for each in rows(Outgoing)] == [POSTPONED]


def test_a_claim_made_while_a_message_waits_keeps_it_back_and_data_protection_is_told(matcher, clerk, vera):
    person = known(matcher, clerk, vera, origin=Fact.YES)
    with answering(Node(received)) as node:
        partner_at(node.address)
        request = request_that_waits()
        decide(request.id, True, "The purpose is lawful.", actor=vera, **ASKING)
        record_claim(person.id, Claim.PENDING, actor=clerk, now=NOW + timedelta(minutes=1), **REGISTERING)
        assert not deliver_due(NOW + timedelta(minutes=2))
    assert node.heard == []
    assert [each.state for each in rows(Outgoing)] == ["kept_back"]
    assert Notice.objects.filter(kind="message_kept_back", role=Role.DATA_PROTECTION_OFFICER).count() == 1


def test_a_request_is_decided_once(matcher, clerk, vera):
    known(matcher, clerk, vera)
    partner_at()
    said(signed(asked_for_more(said(signed(question()))["handle"])))
    with gate.act(Purpose.IDENTIFICATION):
        (request,) = open_requests()
    decide(request.id, True, "The purpose is lawful.", actor=vera, **ASKING)
    with pytest.raises(WrongState, match="decided"):
        decide(request.id, False, "On second thoughts.", actor=vera, **ASKING)


def test_an_examiner_decides_no_request(matcher, clerk, vera, jana):
    known(matcher, clerk, vera)
    partner_at()
    said(signed(asked_for_more(said(signed(question()))["handle"])))
    with gate.act(Purpose.IDENTIFICATION):
        (request,) = open_requests()
    with pytest.raises(Refused):
        decide(request.id, True, "I say so.", actor=jana, **ASKING)


def test_more_is_asked_for_once_and_only_after_a_hit(matcher, clerk, vera, jana):
    person = known(matcher, clerk, vera)
    with answering(Node(knows_her(uuid4()))) as node:
        partner_at(node.address)
        ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
        (put,) = rows(Question)
        ask_for_more(put.reference, ["names"], "To tell who she is.", actor=jana, **ASKING)
        with pytest.raises(WrongState, match="followed up"):
            ask_for_more(put.reference, ["names"], "Again.", actor=jana, **ASKING)
    assert [(each.profile, each.body["handle"]) for each in rows(Outgoing)] == [("follow_up", put.handle)]


@pytest.mark.parametrize(("wanted", "reason"), [([], "x"), (["claim"], "x"), (["names"], " "), (["names"], "x" * 301)])
def test_what_nobody_may_ask_for_is_refused_at_home(matcher, clerk, vera, jana, wanted, reason):
    with pytest.raises(BadInput):
        ask_for_more("MK-0000-0000", wanted, reason, actor=jana, **ASKING)


def test_a_message_without_a_true_receipt_is_sent_again_later_and_not_before(matcher, clerk, vera, jana):
    person = known(matcher, clerk, vera)
    answers = {
        "person_query": knows_her(uuid4()),
        "follow_up": lambda asked: {"answer": "received", "digest": "0" * 64},
    }
    with answering(Node(lambda asked: answers[asked.profile](asked))) as node:
        partner_at(node.address)
        ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
        ask_for_more(rows(Question)[0].reference, ["names"], "To tell who she is.", actor=jana, **ASKING)
        assert not deliver_due(NOW)
        assert not deliver_due(NOW + timedelta(seconds=1))
        answers["follow_up"] = received
        node.now = lambda: NOW + timedelta(minutes=1)
        assert deliver_due(NOW + timedelta(minutes=1))
    assert [each.profile for each in node.heard] == ["person_query", "follow_up", "follow_up"]
    assert node.heard[1].id == node.heard[2].id
    assert [each.state for each in rows(Outgoing)] == ["received"]


def test_an_answer_that_nobody_asked_for_is_not_taken(matcher, clerk):
    partner_at()
    unasked = question({"answer": "given", "identities": [AMIRA]}, profile="follow_up_answer")
    assert said(signed(unasked))["answer"] == "received"
    assert rows(Incoming) == []
