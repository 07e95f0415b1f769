"""Nodes greet one another: silence is noticed, and a test of the connection says what is wrong."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from people import NOW, actor
from region_bench import SERBIA, Node, answering, joined, knows_nobody, question, said, sent, signed
from stonebridge.domain.actor import Purpose, Role
from stonebridge.exchange import receiving
from stonebridge.exchange.contacts import contacts
from stonebridge.exchange.diagnosis import Trouble, check_partner, diagnose
from stonebridge.exchange.envelope import Envelope
from stonebridge.exchange.greeting import EVERY, greet_due
from stonebridge.exchange.models import Received
from stonebridge.exchange.partners import Partner
from stonebridge.exchange.witnessing import TRIED_EVERY
from stonebridge.exchange.words import WRONG, in_words
from stonebridge.safeguards.gate import Refused

GREETED = {
    "answer": "greeting", "clock": NOW.isoformat(), "profiles": {"person_query": [1]}, "purposes": ["identification"],
    "listed": ["person_query"],
}  # fmt: skip


def greets(**changes: Any) -> Node:
    """A partner that answers a greeting, with some of it changed."""
    return Node(lambda asked: GREETED | changes)


def serbia(**changes: Any) -> Partner:
    return joined(
        replace(SERBIA, **changes), actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER, "Liridona")
    )


def troubles(node: Node, **changes: Any) -> list[Trouble]:
    with answering(node):
        return [each.trouble for each in diagnose(replace(SERBIA, address=node.address, **changes), NOW)]


@contextmanager
def serving(status: int, body: bytes = b"", **headers: str) -> Iterator[str]:
    """Something at an address that signs nothing."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name that the server looks for
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def found_at(address: str) -> list[Trouble]:
    return [each.trouble for each in diagnose(replace(SERBIA, address=address), NOW)]


def test_this_node_answers_a_greeting_with_its_versions_and_purposes_and_nobody_in_it():
    serbia()
    told = said(signed(question({}, profile="greeting", purpose=Purpose.ADMINISTRATION)))
    assert (told["answer"], told["purposes"], told["listed"]) == ("greeting", ["identification"], ["person_query"])
    assert told["profiles"]["person_query"] == [1]
    assert set(told) == {"answer", "clock", "profiles", "purposes", "listed"}


def test_a_stranger_is_not_greeted_back():
    assert sent(signed(question({}, profile="greeting", purpose=Purpose.ADMINISTRATION))).status_code == 401


@pytest.mark.parametrize("purpose", [Purpose.IDENTIFICATION, Purpose.REFERRAL])
def test_what_is_of_nodes_alone_passes_for_no_other_purpose(purpose: Purpose):
    serbia()
    asked = question({}, profile="greeting", purpose=purpose)
    assert said(signed(asked)) == {"answer": "refused", "why": "purpose"}


def test_the_purpose_of_nodes_opens_no_question_about_a_person():
    serbia()
    assert said(signed(question(purpose=Purpose.ADMINISTRATION))) == {"answer": "refused", "why": "purpose"}


def greeted() -> dict[str, Any]:
    return said(signed(question({}, profile="greeting", purpose=Purpose.ADMINISTRATION)))


def test_greetings_have_a_quota_of_their_own(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(receiving, "UNCOUNTED", 2)
    serbia(quota=1)
    told = [greeted() for _ in range(3)]
    assert [each["answer"] for each in told] == ["greeting", "greeting", "refused"]
    assert Received.objects.count() == 3


def test_a_small_quota_for_persons_keeps_no_checkpoint_back():
    assert timedelta(hours=1) / TRIED_EVERY + timedelta(hours=1) / EVERY < receiving.UNCOUNTED / 2


def test_a_test_of_the_connection_finds_nothing_when_all_is_well():
    assert troubles(greets()) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"clock": (NOW + timedelta(seconds=20)).isoformat()}, [Trouble.CLOCK_NEARLY]),
        ({"profiles": {"person_query": [1, 2]}}, [Trouble.ITS_VERSIONS]),
        ({"profiles": {"person_query": [2]}}, [Trouble.NO_COMMON_VERSION]),
        ({"profiles": {}}, [Trouble.NO_COMMON_VERSION]),
        ({"listed": []}, [Trouble.NOT_LISTED]),
        ({"purposes": ["readmission"]}, [Trouble.PURPOSES]),
        ({"profiles": [1]}, [Trouble.NOT_UNDERSTOOD]),
        ({"clock": "noon"}, [Trouble.NOT_UNDERSTOOD]),
        ({"clock": "2026-11-23T10:00:00"}, [Trouble.NOT_UNDERSTOOD]),
        ({"purposes": [1]}, [Trouble.NOT_UNDERSTOOD]),
        ({"answer": "hello"}, [Trouble.NOT_UNDERSTOOD]),
        ({"answer": "refused", "why": "profile"}, [Trouble.OLDER]),
        ({"answer": "refused", "why": "quota"}, [Trouble.REFUSED]),
    ],
)  # fmt: skip
def test_what_its_greeting_says_otherwise_than_our_list_is_named(changes, expected):
    assert troubles(greets(**changes)) == expected


def test_another_key_is_told_from_another_time():
    assert troubles(replace(greets(), key=b"x" * 32)) == [Trouble.ITS_KEY]
    assert troubles(replace(greets(), now=lambda: NOW + timedelta(hours=1))) == [Trouble.CLOCK]


def test_a_node_that_does_not_know_us_and_one_whose_clock_differs_are_told_apart():
    with serving(401, Date="Mon, 23 Nov 2026 10:00:05 GMT") as address:
        assert found_at(address) == [Trouble.OUR_KEY]
    with serving(401, Date="Mon, 23 Nov 2026 11:00:00 GMT") as address:
        assert found_at(address) == [Trouble.CLOCK]
    with serving(401) as address:
        assert found_at(address) == [Trouble.OUR_KEY]


def test_something_else_at_the_address_is_no_node():
    with serving(404, b"<h1>Not found</h1>") as address:
        assert found_at(address) == [Trouble.NO_NODE]


@pytest.mark.parametrize(
    ("address", "expected"),
    [("http://127.0.0.1:1", Trouble.UNREACHABLE), ("http://node.invalid", Trouble.NAME)],
)  # fmt: skip
def test_an_address_that_cannot_be_reached_is_named(address: str, expected: Trouble):
    assert found_at(address) == [expected]


def test_a_server_without_tls_at_an_address_with_it_is_named():
    with serving(200) as address:
        assert found_at(address.replace("http://", "https://")) == [Trouble.TLS]


def test_every_trouble_has_words_and_a_remedy():
    assert set(WRONG) == set(Trouble)
    with answering(replace(greets(), key=b"x" * 32)) as node:
        (found,) = diagnose(replace(SERBIA, address=node.address), NOW)
    assert in_words(found).remedy.startswith("Call the partner.")


def test_a_clerk_tests_no_connection():
    serbia()
    with pytest.raises(Refused):
        check_partner("rs", actor=actor(Role.REGISTRATION_CLERK), purpose=Purpose.ADMINISTRATION,
                      basis="public_task", now=NOW)  # fmt: skip


def test_silence_is_noticed_and_the_first_moment_of_it_stays():
    serbia(address="http://127.0.0.1:1")
    greet_due(NOW)
    greet_due(NOW + timedelta(minutes=2))
    contact = contacts()["rs"]
    assert (contact.silent_since, contact.tried_at) == (NOW, NOW + timedelta(minutes=2))
    assert contact.answered_at is None


def test_a_partner_that_answers_again_is_silent_no_more():
    serbia(address="http://127.0.0.1:1")
    greet_due(NOW)
    with answering(Node(lambda asked: GREETED, now=lambda: NOW + timedelta(minutes=2))) as node:
        joined(replace(SERBIA, address=node.address), actor(Role.ADMINISTRATOR, "Ada"),
               actor(Role.DATA_PROTECTION_OFFICER, "Dona"))  # fmt: skip
        greet_due(NOW + timedelta(minutes=2))
    contact = contacts()["rs"]
    assert (contact.silent_since, contact.answered_at) == (None, NOW + timedelta(minutes=2))
    assert contact.greeted["profiles"] == {"person_query": [1]}


def test_who_was_heard_lately_is_not_greeted_again():
    with answering(greets()) as node:
        serbia(address=node.address)
        greet_due(NOW)
        greet_due(NOW + timedelta(minutes=1))
    assert [each.profile for each in node.heard] == ["greeting"]


def test_an_answer_to_another_message_is_not_taken_for_a_greeting():
    def of_another(asked: Envelope) -> dict[str, Any]:
        return knows_nobody(asked)

    assert troubles(Node(of_another)) == [Trouble.NOT_UNDERSTOOD]
