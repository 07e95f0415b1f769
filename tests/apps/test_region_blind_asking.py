"""An officer asks a partner by number without showing it: what is kept here, and what a dishonest partner can do."""

import base64
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from test_region_blind import BLIND, PASSPORT, known, let_in

from people import NOW, actor
from region_bench import SERBIA, Node, answering
from sign_ins import signed_in
from stonebridge.accounts.models import Officer
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import BadInput
from stonebridge.exchange import voprf
from stonebridge.exchange.envelope import Envelope
from stonebridge.exchange.models import Question
from stonebridge.identification.models import BlindChange, BlindTable, KeptPart, KeptTable
from stonebridge.identification.region import blind_asking
from stonebridge.identification.region.blind_answering import answer_blindly, answer_table
from stonebridge.identification.region.blind_tables import keep_tables
from stonebridge.identification.region.services import ask_again, ask_partners
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.policy import Claim, Fact
from stonebridge.safeguards.services import restrict

ASKING = {"purpose": Purpose.IDENTIFICATION, "basis": "public_task", "now": NOW, "profile": "blind_query"}
Change = Callable[[Envelope, dict[str, Any]], dict[str, Any]]


@dataclass
class Mirror:
    """A partner that answers from our own tables, so that it knows whoever we know; ``change`` makes it dishonest."""

    change: Change = lambda asked, said: said
    now: datetime = NOW

    def __call__(self, asked: Envelope) -> dict[str, Any]:
        answers = {"blind_query": answer_blindly, "blind_table": answer_table}
        try:
            return self.change(asked, answers[asked.profile](asked, replace(SERBIA, profiles=BLIND), self.now))
        finally:
            connection.close()


@contextmanager
def mirrored(change: Change = lambda asked, said: said, *, now: datetime = NOW) -> Iterator[Node]:
    """rs, answering so, and let in at its address."""
    with answering(Node(Mirror(change, now), now=lambda: now)) as node:
        let_in(replace(SERBIA, address=node.address, profiles=BLIND))
        keep_tables(now)
        yield node


def kept_question() -> Question:
    with gate.act(Purpose.IDENTIFICATION):
        return Question.objects.get()


def test_a_hit_is_found_at_home_and_kept_as_any_other(clerk, vera, jana):
    person = known(clerk, vera)
    with mirrored() as node:
        (told,) = ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
    assert (told.state, told.trouble) == ("hit", "")
    question = kept_question()
    assert (question.profile, question.state, question.person_id) == ("blind_query", "hit", person.id)
    assert len(question.handle) == 36
    assert [each.profile for each in node.heard] == ["blind_table", "blind_table", "blind_query"]


def test_nothing_that_leaves_names_her_or_her_passport(clerk, vera, jana):
    person = known(clerk, vera)
    with mirrored() as node:
        ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
    heard = str(node.heard)
    assert [
        each for each in ("N1234567", "N 123", "Amira", "SYR", person.reference, str(person.id)) if each in heard
    ] == []


def test_hit_and_miss_sound_the_same_to_the_partner(clerk, vera, jana):
    person = known(clerk, vera)
    with mirrored() as node:
        later = known(clerk, vera, documents=(replace(PASSPORT, number="X9999999"),))
        told = [ask_partners(each.reference, ["rs"], actor=jana, **ASKING)[0].state for each in (person, later)]
    assert told == ["hit", "no_hit"]
    queries = [each for each in node.heard if each.profile == "blind_query"]
    assert [set(each.body) for each in queries] == [{"epoch", "element"}] * 2


def test_a_table_is_fetched_once_and_kept_while_its_key_lasts(clerk, vera, jana):
    person = known(clerk, vera)
    with mirrored() as node:
        ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
        ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
    assert [each.profile for each in node.heard] == ["blind_table", "blind_table", "blind_query", "blind_query"]
    blind_asking.ask_blindly(kept_question_first(), [], NOW + timedelta(hours=24))
    assert not KeptTable.objects.exists()
    assert not KeptPart.objects.exists()


def kept_question_first() -> Question:
    with gate.act(Purpose.IDENTIFICATION):
        return Question.objects.first()  # type: ignore[return-value]  # there is one


def test_who_may_not_answer_any_more_is_found_by_nobody_although_the_table_was_kept(clerk, vera, jana):
    person = known(clerk, vera)
    twin = known(clerk, vera, documents=(replace(PASSPORT, number="T1111111"),))
    with mirrored() as node:
        assert ask_partners(twin.reference, ["rs"], actor=jana, **ASKING)[0].state == "hit"
        restrict(person.id, "She disputes it.", actor=actor(Role.DATA_PROTECTION_OFFICER, "Lira"),
                 basis="oversight_of_access", now=NOW)  # fmt: skip
        asker = known(clerk, vera)
        with gate.act(Purpose.IDENTIFICATION):
            epoch = BlindTable.objects.get().id
        change_only(person)
        assert ask_partners(asker.reference, ["rs"], actor=jana, **ASKING)[0].state == "no_hit"
    with gate.act(Purpose.IDENTIFICATION):
        assert BlindTable.objects.get().id == epoch
    assert [each.body.get("ask") for each in node.heard][-2:] == ["index", "part"]


def change_only(person) -> None:
    """Let the tables follow what changed about this person, as if nobody else had been registered."""
    BlindChange.objects.exclude(person_id=person.id).delete()
    keep_tables(NOW)


def test_a_new_day_in_between_is_noticed_and_asked_for(clerk, vera, jana):
    person = known(clerk, vera)
    with mirrored():
        ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
        with gate.act(Purpose.IDENTIFICATION):
            BlindTable.objects.all().delete()
        keep_tables(NOW)
        assert ask_partners(person.reference, ["rs"], actor=jana, **ASKING)[0].state == "hit"
    assert KeptTable.objects.count() == 1


OTHER_KEY = voprf.random_scalar()


def by_another_key(asked: Envelope, said: dict[str, Any]) -> dict[str, Any]:
    """A dishonest evaluation, to learn by the follow-up who was meant."""
    if said["answer"] != "evaluated":
        return said
    evaluated = voprf.Suite().evaluate(OTHER_KEY, [bytes.fromhex(asked.body["element"])])
    return said | {"element": evaluated.elements[0].hex(), "proof": evaluated.proof.hex()}


def without_proof(asked: Envelope, said: dict[str, Any]) -> dict[str, Any]:
    return said | {"proof": "00" * 64} if said["answer"] == "evaluated" else said


def of_no_key(asked: Envelope, said: dict[str, Any]) -> dict[str, Any]:
    return said | {"public": "00" * 32} if said["answer"] == "index" else said


def swapped(asked: Envelope, said: dict[str, Any]) -> dict[str, Any]:
    return (
        said | {"rows": base64.b64encode(secrets.token_bytes(8192 * 32)).decode()} if said["answer"] == "part" else said
    )


def too_short(asked: Envelope, said: dict[str, Any]) -> dict[str, Any]:
    return said | {"rows": "AAAA"} if said["answer"] == "part" else said


def of_another_day(asked: Envelope, said: dict[str, Any]) -> dict[str, Any]:
    ends_at = (NOW + timedelta(hours=25)).isoformat()
    return said | {"ends_at": ends_at} if said["answer"] == "index" else said


def without_parts(asked: Envelope, said: dict[str, Any]) -> dict[str, Any]:
    return said | {"parts": []} if said["answer"] == "index" else said


def always_changing(asked: Envelope, said: dict[str, Any]) -> dict[str, Any]:
    return said | {"table": secrets.token_hex(32)} if said["answer"] == "evaluated" else said


def always_of_another_epoch(asked: Envelope, said: dict[str, Any]) -> dict[str, Any]:
    return {"answer": "other_epoch"} if asked.profile == "blind_query" else said


def refusing(asked: Envelope, said: dict[str, Any]) -> dict[str, Any]:
    return {"answer": "refused", "why": "quota"} if asked.profile == "blind_query" else said


def with_the_person(asked: Envelope, said: dict[str, Any]) -> dict[str, Any]:
    return {"answer": "hit", "handle": str(uuid4())}


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        (by_another_key, "another_key"), (without_proof, "another_key"), (of_no_key, "another_key"),
        (swapped, "not_now"), (too_short, "not_now"), (of_another_day, "not_understood"),
        (without_parts, "not_understood"), (always_changing, "not_now"), (always_of_another_epoch, "not_now"),
        (refusing, "quota"), (with_the_person, "not_understood"),
    ],
    ids=lambda each: getattr(each, "__name__", each),
)  # fmt: skip
def test_what_is_no_honest_answer_is_none(clerk, vera, jana, change: Change, trouble: str):
    person = known(clerk, vera)
    with mirrored(change):
        (told,) = ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
    assert (told.state, told.trouble) == ("waiting", trouble)


def test_a_blind_question_that_found_no_answer_is_asked_again_as_it_was(clerk, vera, jana):
    person = known(clerk, vera)
    with mirrored(refusing):
        ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
    with mirrored():
        again = {name: value for name, value in ASKING.items() if name != "profile"}
        assert ask_again(kept_question().reference, actor=jana, **again).state == "hit"


def test_without_a_number_and_its_issuer_there_is_nothing_to_ask_by(clerk, vera, jana):
    person = known(clerk, vera, documents=(replace(PASSPORT, issuing_state=""),))
    with mirrored() as node, pytest.raises(BadInput, match="document number"):
        ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
    assert node.heard == []
    with gate.act(Purpose.IDENTIFICATION):
        assert not Question.objects.exists()


def test_the_page_says_at_the_way_of_asking_that_there_is_no_number_and_keeps_what_was_chosen(clerk, vera, jana):
    person = known(clerk, vera, documents=())
    with mirrored(now=datetime.now(UTC)) as node:
        browser = signed_in(Officer.objects.get(id=jana.reference))
        asked = {"partners": ["rs"], "basis": "public_task", "way": "blind_query"}
        answer = browser.post(f"/people/{person.reference}/partners/", asked)
    page = answer.content.decode()
    assert (answer.status_code, node.heard) == (422, [])
    assert "This record has no document number with its issuer. Ask openly." in page
    assert 'href="#id_way' in page
    assert re.search(r'value="rs"[^>]*checked', page)


def test_a_partner_that_takes_no_blind_question_is_not_asked_openly_instead(clerk, vera, jana):
    person = known(clerk, vera)
    let_in(SERBIA)
    with pytest.raises(BadInput, match="ask openly"):
        ask_partners(person.reference, ["rs"], actor=jana, **ASKING)


@pytest.mark.parametrize("claim", [each for each in Claim if each is not Claim.NONE])
def test_nobody_with_a_claim_is_asked_about_blindly_at_a_state_of_origin(clerk, vera, jana, claim: Claim):
    person = known(clerk, vera, origin=Fact.YES, claim=claim)
    with mirrored() as node, pytest.raises(Refused):
        ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
    assert node.heard == []


def test_the_page_offers_to_ask_blindly_and_says_what_came_of_it(clerk, vera, jana):
    person = known(clerk, vera)
    with mirrored(now=datetime.now(UTC)):
        browser = signed_in(Officer.objects.get(id=jana.reference))
        page = f"/people/{person.reference}/partners/"
        assert "Blindly, by document number" in browser.get(page).content.decode()
        answer = browser.post(page, {"partners": ["rs"], "basis": "public_task", "way": "blind_query"}, follow=True)
    assert "Hit: ask for more" in answer.content.decode()
