"""An officer asks partners about a person: what goes out, what comes back, and what never leaves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError

from people import NOW, actor, amira
from region_bench import SERBIA, Node, answering, joined, knows_her, knows_nobody
from rule_cases import SCREENED
from rule_doors import rules_logged
from sign_ins import signed_in
from stonebridge.accounts.models import Officer
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.domain.errors import BadInput, WrongState
from stonebridge.exchange import asking, partners
from stonebridge.exchange.models import Question
from stonebridge.exchange.partners import Partner, fingerprint
from stonebridge.identification.region.services import ask_again, ask_partners
from stonebridge.registry.models import Person
from stonebridge.remedies.services import record_claim, record_origin
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.models import HistoryEntry
from stonebridge.safeguards.policy import Claim, Fact

ASKING = {"purpose": Purpose.IDENTIFICATION, "basis": "public_task", "now": NOW}


def person_with(clerk: Actor, vera: Actor, *, origin: Fact | None = Fact.NO, claim: Claim = Claim.NONE) -> Person:
    """Amira with a claim, and with what is known of Serbia as a state of origin."""
    person = amira(clerk, needs=SCREENED)
    record_claim(person.id, claim, asked_on=NOW.date(), reason="Canary of a claim", actor=clerk,
                 purpose=Purpose.REGISTRATION, basis="public_task", now=NOW)  # fmt: skip
    if origin is not None:
        record_origin(person.id, "SRB", origin, reason="Canary of an origin", actor=vera,
                      purpose=Purpose.REGISTRATION, basis="public_task", now=NOW)  # fmt: skip
    return person


def partner_at(address: str) -> Partner:
    return joined(replace(SERBIA, address=address), actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER))


def questions() -> list[Question]:
    with gate.act(Purpose.IDENTIFICATION):
        return list(Question.objects.all())


def history_of(person: Person) -> list[str]:
    with gate.act(Purpose.IDENTIFICATION):
        return list(HistoryEntry.objects.filter(person_id=person.id).order_by("id").values_list("event", flat=True))


def test_a_hit_is_kept_with_its_handle_and_in_the_history(clerk, vera, jana):
    handle, person = uuid4(), person_with(clerk, vera)
    with answering(Node(knows_her(handle))) as node:
        partner_at(node.address)
        told = ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
    assert [each.state for each in told] == ["hit"]
    assert [(each.state, each.handle) for each in questions()] == [("hit", str(handle))]
    assert history_of(person)[-2:] == ["partner_asked", "partner_answered"]


def test_a_question_says_who_she_is_and_why_it_is_asked_and_nothing_else(clerk, vera, jana):
    person = person_with(clerk, vera)
    with answering(Node(knows_nobody)) as node:
        partner_at(node.address)
        ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
    (heard,) = node.heard
    assert heard.body == {
        "identities": [
            {"given": "Amira", "family": "Haddad", "birth": "1994-03-07", "sex": "f", "nationalities": ["SYR"]}
        ]
    }
    assert (heard.purpose, heard.basis, heard.role) == (Purpose.IDENTIFICATION, "public_task", "examiner")
    assert person.reference not in str(heard)
    assert jana.reference not in str(heard)


@pytest.mark.parametrize("claim", [each for each in Claim if each is not Claim.NONE])
def test_nothing_about_somebody_with_any_claim_leaves_for_a_state_of_origin(clerk, vera, jana, claim: Claim):
    person = person_with(clerk, vera, origin=Fact.YES, claim=claim)
    with answering(Node(knows_nobody)) as node:
        partner_at(node.address)
        with pytest.raises(Refused):
            ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
    assert node.heard == []
    assert questions() == []
    assert rules_logged() == {"nothing_goes_to_a_state_of_origin"}


@pytest.mark.parametrize("origin", [None, Fact.UNKNOWN])
def test_nothing_leaves_for_a_state_of_which_nobody_knows_whether_it_is_one_of_origin(clerk, vera, jana, origin):
    person = person_with(clerk, vera, origin=origin)
    with answering(Node(knows_nobody)) as node:
        partner_at(node.address)
        with pytest.raises(Refused):
            ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
    assert node.heard == []


def test_the_database_keeps_a_question_to_a_state_of_origin_back_by_itself(clerk, vera, jana):
    person = person_with(clerk, vera, origin=Fact.YES, claim=Claim.PENDING)
    with pytest.raises(DatabaseError, match="disclosure_spares_origin"), gate.act(Purpose.IDENTIFICATION):
        Question.objects.create(
            reference="MK-CANARY", person_id=person.id, partner="rs", to_state="SRB", profile="person_query",
            purpose="identification", basis="public_task", role="examiner", asked_at=NOW, asked_by=jana.reference,
        )  # fmt: skip


def test_a_partner_that_is_down_shows_as_asked_and_not_answered_and_is_asked_again(clerk, vera, jana):
    person = person_with(clerk, vera)
    with answering(Node(knows_nobody)) as node:
        partner_at("http://127.0.0.1:9")
        told = ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
        assert [(each.state, each.trouble) for each in told] == [("waiting", "not_reached")]
        (put,) = questions()
        joined_again(node.address)
        assert ask_again(put.reference, actor=jana, **ASKING).state == "no_hit"
    assert node.heard[0].id == put.id


def joined_again(address: str) -> None:
    joined(
        replace(SERBIA, address=address), actor(Role.ADMINISTRATOR, "Ada"), actor(Role.DATA_PROTECTION_OFFICER, "Dona")
    )


def test_a_claim_made_meanwhile_keeps_a_waiting_question_back(clerk, vera, jana):
    person = person_with(clerk, vera, origin=Fact.YES)
    with answering(Node(knows_nobody)) as node:
        partner_at("http://127.0.0.1:9")
        ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
        joined_again(node.address)
        record_claim(person.id, Claim.PENDING, actor=clerk, purpose=Purpose.REGISTRATION, basis="public_task",
                     now=NOW + timedelta(minutes=1))  # fmt: skip
        with pytest.raises(Refused):
            ask_again(questions()[0].reference, actor=jana, **ASKING)
    assert node.heard == []


@pytest.mark.parametrize(
    ("node", "trouble"),
    [
        (Node(knows_nobody, key=b"x" * 32), "not_reached"),
        (Node(lambda asked: {"answer": "hit", "handle": "not a handle"}), "not_understood"),
        (Node(lambda asked: {"answer": "hit"}), "not_understood"),
        (Node(lambda asked: {"answer": "no_hit", "handle": "", "name": "Amira"}), "not_understood"),
        (Node(lambda asked: {"answer": "refused", "why": "quota"}), "quota"),
    ],
    ids=["of another key", "no handle", "too short", "too much", "refused"],
)  # fmt: skip
def test_what_is_no_answer_is_none(clerk, vera, jana, node: Node, trouble: str):
    person = person_with(clerk, vera)
    with answering(node):
        partner_at(node.address)
        (told,) = ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
    assert (told.state, told.trouble) == ("waiting", trouble)


def test_an_answered_question_is_not_asked_again(clerk, vera, jana):
    person = person_with(clerk, vera)
    with answering(Node(knows_nobody)) as node:
        partner_at(node.address)
        ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
        with pytest.raises(WrongState, match="answered"):
            ask_again(questions()[0].reference, actor=jana, **ASKING)


def test_a_clerk_asks_no_partner(clerk, vera):
    person = person_with(clerk, vera)
    partner_at("http://127.0.0.1:9")
    with pytest.raises(Refused):
        ask_partners(person.reference, ["rs"], actor=clerk, **ASKING)


def test_one_officer_asks_only_so_much_in_an_hour(clerk, vera, jana, monkeypatch):
    person = person_with(clerk, vera)
    partner_at("http://127.0.0.1:9")
    monkeypatch.setattr(asking, "QUESTIONS_AN_HOUR", 1)
    ask_partners(person.reference, ["rs"], actor=jana, **ASKING)
    with pytest.raises(WrongState, match="your hour"):
        ask_partners(person.reference, ["rs"], actor=jana, **ASKING)


def test_whoever_proposes_a_partner_does_not_join_it():
    ada = actor(Role.ADMINISTRATOR)
    managing = {"actor": ada, "purpose": Purpose.ADMINISTRATION, "basis": "public_task", "now": NOW}
    proposal = partners.propose(SERBIA, **managing)
    with pytest.raises(WrongState, match="another officer"):
        partners.join(proposal, fingerprint(SERBIA.key), **managing)
    assert partners.partners() == ()


def test_a_fingerprint_that_differs_lets_nobody_in():
    proposal = partners.propose(
        SERBIA, actor=actor(Role.ADMINISTRATOR), purpose=Purpose.ADMINISTRATION, basis="public_task", now=NOW
    )
    with pytest.raises(BadInput, match="Do not join"):
        partners.join(
            proposal, fingerprint("00" * 32), actor=actor(Role.ADMINISTRATOR, "Other"), purpose=Purpose.ADMINISTRATION,
            basis="public_task", now=NOW,
        )  # fmt: skip
    assert partners.partners() == ()


def test_the_page_asks_and_shows_each_answer(clerk, vera, jana):
    person = person_with(clerk, vera)
    with answering(Node(knows_her(uuid4()), now=lambda: datetime.now(UTC))) as node:
        partner_at(node.address)
        browser = signed_in(Officer.objects.get(id=jana.reference))
        page = f"/people/{person.reference}/partners/"
        assert "Serbia" in browser.get(page).content.decode()
        answer = browser.post(
            page, {"partners": ["rs"], "basis": "public_task", "purpose": "identification"}, follow=True
        )
    shown = answer.content.decode()
    assert "Hit: ask for more" in shown
    assert (
        "Ask partners about this person"
        in browser.get(f"/people/{person.reference}/?purpose=identification").content.decode()
    )


def test_the_page_says_where_a_safeguard_kept_a_question_back(clerk, vera, jana):
    person = person_with(clerk, vera, origin=Fact.YES, claim=Claim.GRANTED)
    partner_at("http://127.0.0.1:9")
    browser = signed_in(Officer.objects.get(id=jana.reference))
    answer = browser.post(f"/people/{person.reference}/partners/", {"partners": ["rs"], "basis": "public_task"})
    assert answer.status_code == 403
    assert "origin" not in answer.content.decode().split("<main")[1].lower()


def test_a_partner_that_nobody_chose_is_asked_for(clerk, vera, jana):
    person = person_with(clerk, vera)
    partner_at("http://127.0.0.1:9")
    browser = signed_in(Officer.objects.get(id=jana.reference))
    assert browser.post(f"/people/{person.reference}/partners/", {"basis": "public_task"}).status_code == 422
