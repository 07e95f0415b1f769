"""A partner asks whether we know somebody: who may be answered for, what it learns, and what stays here."""

import re
from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from access_log import rows_of
from identification_bench import MatcherHere, answered
from node_under_test import NodeDatabase
from people import NOW, actor, amira
from races import at_once
from region_bench import AMIRA, HERE, SERBIA, joined, question, said, sent, signed
from rule_cases import SCREENED
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.exchange import partners, profiles
from stonebridge.exchange.envelope import SIZES, Envelope
from stonebridge.exchange.models import Handle, Received
from stonebridge.exchange.profiles import Profile
from stonebridge.identification.region.answering import answer_with
from stonebridge.registry.models import Person
from stonebridge.remedies.services import record_claim, record_origin
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Claim, Fact
from stonebridge.safeguards.services import restrict


@pytest.fixture(autouse=True)
def serbia(matcher: MatcherHere) -> object:
    """rs is a partner, and questions go to the matcher of this test."""
    wired = tuple(profiles.profiles().values())
    profiles.register(
        Profile("person_query", (1,), lambda asked, partner, now: answer_with(matcher, asked, partner, now))
    )
    yield joined(SERBIA, actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER))
    profiles.register(*wired)


def known(
    matcher: MatcherHere, clerk: Actor, vera: Actor, *, origin: Fact | None = Fact.NO, claim: Claim = Claim.NONE
) -> Person:
    """Amira, in our gallery, with a claim and what is known of Serbia as a state of origin."""
    person = amira(clerk, needs=SCREENED)
    record_claim(person.id, claim, asked_on=NOW.date(), actor=clerk, purpose=Purpose.REGISTRATION,
                 basis="public_task", now=NOW)  # fmt: skip
    if origin is not None:
        record_origin(person.id, "SRB", origin, reason="He never lived there.", actor=vera, purpose=Purpose.REGISTRATION,
                      basis="public_task", now=NOW)  # fmt: skip
    answered(matcher)
    return person


def handles() -> list[Handle]:
    with gate.act(Purpose.IDENTIFICATION):
        return list(Handle.objects.all())


def test_a_partner_learns_that_somebody_who_fits_is_known_and_by_which_handle_to_ask(matcher, clerk, vera):
    person = known(matcher, clerk, vera)
    answer = said(signed(question()))
    assert answer["answer"] == "hit"
    assert [(str(each.id), each.person_id, each.partner) for each in handles()] == [(answer["handle"], person.id, "rs")]


def test_another_spelling_and_a_first_of_january_find_her_too(matcher, clerk, vera):
    known(matcher, clerk, vera)
    probe = AMIRA | {"given": "Амира", "family": "Хадад", "birth": "1994"}
    assert said(signed(question({"identities": [probe]})))["answer"] == "hit"


def test_somebody_else_is_no_hit(matcher, clerk, vera):
    known(matcher, clerk, vera)
    probe = {"given": "Yonas", "family": "Tekle", "birth": "2004-09-11", "sex": "m", "nationalities": ["ERI"]}
    assert said(signed(question({"identities": [probe]}))) == {"answer": "no_hit", "handle": ""}


@pytest.mark.parametrize("claim", [each for each in Claim if each is not Claim.NONE])
def test_for_a_state_of_origin_somebody_with_any_claim_is_as_if_they_were_not_there(matcher, clerk, vera, claim: Claim):
    known(matcher, clerk, vera, origin=Fact.YES, claim=claim)
    assert said(signed(question())) == {"answer": "no_hit", "handle": ""}
    assert handles() == []


@pytest.mark.parametrize("origin", [None, Fact.UNKNOWN])
def test_where_nobody_knows_the_origin_nothing_is_told(matcher, clerk, vera, origin):
    known(matcher, clerk, vera, origin=origin)
    assert said(signed(question()))["answer"] == "no_hit"


def test_nobody_costs_as_much_work_as_somebody_who_may_not_be_answered_for(matcher, clerk, vera):
    known(matcher, clerk, vera, origin=Fact.YES, claim=Claim.PENDING)
    nobody = {"given": "Yonas", "family": "Tekle", "birth": "2004-09-11", "sex": "m", "nationalities": ["ERI"]}
    assert statements(question({"identities": [nobody]})) == statements(question())


def statements(asked: Envelope) -> list[str]:
    """What the database is asked while a question is answered, without what was put in."""
    with CaptureQueriesContext(connection) as seen:
        assert said(signed(asked)) == {"answer": "no_hit", "handle": ""}
    return [re.split(r"[('%]", each["sql"])[0] for each in seen.captured_queries]


def test_two_questions_about_the_same_two_people_do_not_wait_for_each_other(matcher, clerk):
    births = "1994-03-07", "1994-03-08"
    for birth in births:
        amira(clerk, birth=birth)
    answered(matcher)
    asked = [question({"identities": [AMIRA | {"birth": birth}]}) for birth in births]
    answers: list[str] = []
    for _ in range(20):
        again = [signed(replace(each, id=uuid4())) for each in asked]
        ended = at_once(*(lambda each=each: answers.append(said(each)["answer"]) for each in again))
        assert ended == ["done", "done"]
    assert set(answers) == {"no_hit"}


def test_a_restricted_record_answers_nobody(matcher, clerk, vera):
    person = known(matcher, clerk, vera)
    restrict(person.id, "She disputes it.", actor=actor(Role.DATA_PROTECTION_OFFICER, "Lira"), basis="oversight_of_access",
             now=NOW)  # fmt: skip
    assert said(signed(question()))["answer"] == "no_hit"


def test_hit_no_hit_and_refusal_are_equally_long(matcher, clerk, vera):
    known(matcher, clerk, vera)
    nobody = {"identities": [{"given": "Zz"}]}
    lengths = {
        len(sent(signed(each)).body) for each in (question(), question(nobody), question({"x": 1}), question(version=7))
    }
    assert lengths == {SIZES[0]}


def test_a_fault_of_ours_ends_as_an_answer_like_any_other_and_is_logged(caplog):
    def broken(asked, partner, now):
        raise ZeroDivisionError("a fault nobody thought of")

    profiles.register(Profile("person_query", (1,), broken))
    response = sent(signed(question()))
    assert (response.status_code, len(response.body)) == (503, SIZES[0])
    assert said(signed(question())) == {"answer": "refused", "why": "not_now"}
    assert "a fault nobody thought of" in caplog.text
    assert b"ZeroDivision" not in response.body


def test_the_same_question_sent_again_has_the_same_answer(matcher, clerk, vera):
    known(matcher, clerk, vera)
    asked = question()
    assert said(signed(asked)) == said(signed(asked))
    assert len(handles()) == 1


def test_a_replay_is_refused(matcher, clerk, vera):
    known(matcher, clerk, vera)
    request = signed(question())
    assert said(request)["answer"] == "hit"
    assert said(request) == {"answer": "refused", "why": "replayed"}


def test_an_altered_byte_gets_no_answer_at_all(clerk):
    request = signed(question())
    request.body = request.body.replace(b"Amira", b"Amina")
    response = sent(request)
    assert (response.status_code, response.body) == (401, b"")
    assert not Received.objects.exists()


@pytest.mark.parametrize(
    "request_of",
    [
        lambda: signed(question(), key=b"x" * 32), lambda: signed(question(), key_id="al"),
        lambda: signed(question(), url=HERE.replace("testserver", "al.example")),
        lambda: signed(b"x" * 17),
    ],
    ids=["a key of nobody", "a partner of nobody", "signed for another node", "of no size"],
)  # fmt: skip
def test_a_stranger_gets_no_answer_at_all(request_of):
    response = sent(request_of())
    assert (response.status_code, response.body) == (401, b"")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"sender": "al"}, "sender"), ({"recipient": "al"}, "recipient"), ({"profile": "gossip"}, "profile"),
        ({"version": 2}, "profile"), ({"purpose": Purpose.STATISTICS}, "purpose"),
        ({"basis": "curiosity"}, "not_for_this_purpose"), ({"body": {"identities": []}}, "not_understood:identities"),
        ({"body": {"identities": [AMIRA], "claim": "pending"}}, "not_understood:identities"),
    ],
)  # fmt: skip
def test_what_a_partner_may_not_ask_is_refused_with_a_word(changes, why):
    assert said(signed(question(**changes))) == {"answer": "refused", "why": why}


def test_a_revoked_partner_is_a_stranger_from_the_next_message_on(matcher, clerk, vera):
    known(matcher, clerk, vera)
    partners.revoke("rs", "Its key was stolen.", actor=actor(Role.ADMINISTRATOR, "Stefan"), purpose=Purpose.ADMINISTRATION,
                    basis="public_task", now=NOW)  # fmt: skip
    assert sent(signed(question())).status_code == 401


def test_beyond_its_quota_a_partner_learns_nothing(matcher, clerk, vera, serbia):
    known(matcher, clerk, vera)
    joined(replace(serbia, quota=2), actor(Role.ADMINISTRATOR, "Ada"), actor(Role.DATA_PROTECTION_OFFICER, "Dona"))
    told = [said(signed(question()))["answer"] for _ in range(3)]
    assert told == ["hit", "hit", "refused"]


def test_nothing_of_a_question_stays_in_the_database_after_no_hit(clerk, node_database: NodeDatabase):
    canary = "Qwertyanaria"
    assert (
        said(signed(question({"identities": [{"given": canary, "documents": [f"SYR:{canary}"]}]})))["answer"]
        == "no_hit"
    )
    assert Received.objects.count() == 1
    dump = everything_in(node_database)
    assert canary.lower() not in dump.lower()
    assert "person_query" in dump


def everything_in(database: NodeDatabase) -> str:
    """Every row of every table as text."""
    with psycopg.connect(database.urls["owner"]) as connection:
        tables = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', "
            "'information_schema')"
        ).fetchall()
        return "\n".join(
            str(row)
            for (table,) in tables
            for row in connection.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 names from the catalogue
        )


def test_what_a_partner_asked_and_was_told_is_in_the_access_log_under_its_name(matcher, clerk, vera):
    known(matcher, clerk, vera)
    said(signed(question()))
    events = [bytes(event).decode() for (event,) in rows_of("SELECT event FROM {entry}")]
    assert len([each for each in events if "partner:rs" in each and "answer_partner" in each]) == 2


def test_a_forged_list_in_the_database_opens_nothing(matcher, clerk, vera, node_database: NodeDatabase):
    with psycopg.connect(node_database.urls["owner"]) as connection:
        connection.execute(
            "UPDATE exchange_partnerlist SET content = convert_to(replace(convert_from(content, 'UTF8'), 'SRB', 'MNE'), 'UTF8')"
        )
    response = sent(signed(question()))
    assert response.status_code == 500
