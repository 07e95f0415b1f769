"""A partner whose keys are in other hands: no more bits than its quota until it is revoked, and none afterwards."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections

from identification_bench import MatcherHere, answered
from people import NOW, actor, amira
from region_bench import AMIRA, SERBIA, joined, question, said, sent, signed
from rule_cases import SCREENED
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.exchange import partners, profiles
from stonebridge.exchange.envelope import Envelope, from_bytes
from stonebridge.exchange.models import Handle, Incoming
from stonebridge.exchange.partners import Partner
from stonebridge.exchange.profiles import Profile
from stonebridge.exchange.transports.signatures import Request
from stonebridge.identification.region.answering import answer_with
from stonebridge.remedies.services import record_claim, record_origin
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Claim, Fact

pytestmark = pytest.mark.attack
WIRED = profiles.profiles()
"""Every profile that this node knows, so that one added later is tried as well."""
PURPOSES = ["border_check", "identification", "readmission"]
QUOTA = 6
REGISTERING = {"purpose": Purpose.REGISTRATION, "basis": "public_task", "now": NOW}


@pytest.fixture(autouse=True)
def known(matcher: MatcherHere, clerk: Actor, vera: Actor) -> Iterator[None]:
    """Amira is known, rs may ask about her, and questions go one by one to the matcher of this test."""
    one_by_one = threading.Lock()

    def answer(asked: Envelope, partner: Partner, now: datetime) -> dict[str, Any]:
        with one_by_one:
            return answer_with(matcher, asked, partner, now)

    profiles.register(*(WIRED | {"person_query": Profile("person_query", (1,), answer)}).values())
    person = amira(clerk, needs=SCREENED)
    record_claim(person.id, Claim.NONE, asked_on=NOW.date(), actor=clerk, **REGISTERING)
    record_origin(person.id, "SRB", Fact.NO, reason="She never lived there.", actor=vera, **REGISTERING)
    answered(matcher)
    partner_with(QUOTA)
    yield
    profiles.register(*WIRED.values())


def partner_with(quota: int, **changes: Any) -> None:
    versions = {name: list(each.versions) for name, each in WIRED.items()}
    listed = replace(SERBIA, profiles=versions, purposes=PURPOSES, quota=quota, **changes)
    joined(listed, actor(Role.ADMINISTRATOR, f"Ada {uuid4()}"), actor(Role.DATA_PROTECTION_OFFICER, f"Dona {uuid4()}"))


def revoke() -> None:
    partners.revoke("rs", "Its key was stolen.", actor=actor(Role.ADMINISTRATOR, "Stefan"),
                    purpose=Purpose.ADMINISTRATION, basis="public_task", now=NOW)  # fmt: skip


def asked(profile: str, purpose: str, body: dict[str, Any] | None = None) -> Request:
    """A message of any profile that the thief signs with the stolen key."""
    return signed(question(body, profile=profile, version=WIRED[profile].versions[0], purpose=Purpose(purpose)))


def at_once(requests: list[Request]) -> list[tuple[int, bytes]]:
    """What the node says to requests on eight connections."""

    def one(request: Request) -> tuple[int, bytes]:
        try:
            response = sent(request)
            return response.status_code, response.body
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(one, requests))


def bits(answers: list[tuple[int, bytes]]) -> list[dict[str, Any]]:
    """The answers that tell something: all but refusals."""
    told = [from_bytes(body).body for _, body in answers if body]
    return [each for each in told if each["answer"] != "refused"]


def everything(body: dict[str, Any] | None = None) -> list[Request]:
    return [asked(profile, purpose, body) for profile in WIRED for purpose in PURPOSES]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_many_connections_at_once_learn_no_more_than_the_quota(purpose: str):
    answers = at_once([asked("person_query", purpose) for _ in range(3 * QUOTA)])
    assert len(bits(answers)) == QUOTA
    assert [from_bytes(body).body["why"] for status, body in answers if status == 409] == ["quota"] * 2 * QUOTA


def test_all_profiles_of_a_purpose_share_one_quota():
    flood = [asked(profile, "identification") for profile in WIRED for _ in range(QUOTA)]
    assert len(bits(at_once([*flood, *flood]))) <= QUOTA
    assert said(asked("person_query", "identification"))["why"] == "quota"


def test_a_replay_of_an_answer_that_was_given_opens_nothing():
    request = asked("person_query", "identification")
    first = bits(at_once([request]))
    again = at_once([request] * 8)
    assert [each["answer"] for each in first] == ["hit"]
    assert bits(again) == []


@pytest.mark.parametrize("profile", WIRED)
@pytest.mark.parametrize("purpose", [*PURPOSES, "statistics", "data_protection"])
def test_after_it_is_revoked_no_profile_and_no_purpose_gets_a_byte(profile: str, purpose: str):
    revoke()
    response = sent(asked(profile, purpose))
    assert (response.status_code, response.body, response.headers.get("Signature")) == (401, b"", None)


def test_after_it_is_revoked_many_connections_get_nothing_either():
    revoke()
    assert set(at_once(everything() * 3)) == {(401, b"")}


def test_a_handle_given_before_opens_nothing_after():
    handle = said(asked("person_query", "identification"))["handle"]
    revoke()
    more = {"handle": handle, "wanted": ["names"], "reason": "Give me her name."}
    assert sent(asked("follow_up", "identification", more)).body == b""
    with gate.act(Purpose.IDENTIFICATION):
        assert Incoming.objects.count() == 0


def test_a_handle_given_before_opens_nothing_to_the_old_key_when_the_partner_comes_back_with_another():
    handle = said(asked("person_query", "identification"))["handle"]
    revoke()
    partner_with(QUOTA, key="ab" * 32)
    more = {"handle": handle, "wanted": ["names"], "reason": "Give me her name."}
    assert sent(asked("follow_up", "identification", more)).body == b""


@pytest.mark.parametrize("purpose", ["border_check", "readmission"])
def test_a_handle_of_one_purpose_opens_nothing_for_another(purpose: str):
    handle = said(asked("person_query", "identification"))["handle"]
    more = {"handle": handle, "wanted": ["names"], "reason": "Give me her name."}
    assert said(asked("follow_up", purpose, more))["answer"] == "received"
    with gate.act(Purpose.IDENTIFICATION):
        assert not Incoming.objects.exists()


def test_a_number_used_under_one_purpose_is_refused_under_another():
    handle = said(asked("person_query", "identification"))["handle"]
    other = said(asked("person_query", "border_check"))["handle"]
    more = question({"handle": handle, "wanted": ["names"], "reason": "Her name."}, profile="follow_up")
    again = replace(more, purpose=Purpose.BORDER_CHECK, body=more.body | {"handle": other})
    assert said(signed(more))["answer"] == "received"
    assert said(signed(again)) == {"answer": "refused", "why": "order"}


def answered_after(between: Callable[[], None], matcher: MatcherHere) -> tuple[int, bytes]:
    """What a question gets that is being answered while ``between`` happens."""
    begun, go_on = threading.Event(), threading.Event()

    def slowly(asked: Envelope, partner: Partner, now: datetime) -> dict[str, Any]:
        answer = answer_with(matcher, asked, partner, now)
        begun.set()
        go_on.wait(10)
        return answer

    profiles.register(Profile("person_query", (1,), slowly))
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(at_once, [asked("person_query", "identification")])
        assert begun.wait(10)
        between()
        go_on.set()
        return waiting.result()[0]


def test_a_question_being_answered_while_it_is_revoked_gets_nothing(matcher: MatcherHere):
    assert answered_after(revoke, matcher) == (401, b"")


def test_a_question_being_answered_while_its_key_is_exchanged_gets_nothing(matcher: MatcherHere):
    assert answered_after(lambda: partner_with(QUOTA, key="ab" * 32), matcher) == (401, b"")


def test_a_question_being_answered_while_nothing_happens_is_answered(matcher: MatcherHere):
    status, _ = answered_after(lambda: None, matcher)
    assert status == 200


def test_no_more_handles_are_given_than_questions_were_answered():
    nobody = {"identities": [AMIRA | {"given": "Zoran", "family": "Petrov", "birth": "1960-01-02"}]}
    told = bits(at_once([*everything(), *everything(nobody)]))
    with gate.act(Purpose.IDENTIFICATION):
        given = Handle.objects.count()
    assert given == len([each for each in told if each["answer"] == "hit"])
