"""Partners without a node: letters are judged each time they are taken out, and wait for a receipt that an officer enters."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from PIL import Image

from people import NOW, TODAY, actor, amira
from region_bench import RS_KEY, SERBIA, joined, question, sent, signed
from rule_cases import SCREENED
from sign_ins import signed_in
from stonebridge.accounts.models import Notice, Officer
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.domain.errors import BadInput, Tampered, Unavailable, WrongState
from stonebridge.domain.references import parse_reference
from stonebridge.exchange import letter_file, outbox, partners
from stonebridge.exchange import letters as exchange
from stonebridge.exchange.evidence.bundle import is_sound, seal, verify
from stonebridge.exchange.evidence.making import make
from stonebridge.exchange.greeting import greet, greet_due
from stonebridge.exchange.models import Incoming, Outgoing, Received
from stonebridge.exchange.partners import LETTER, Partner, own_key
from stonebridge.identification.region import letters
from stonebridge.identification.region.follow_up import decide
from stonebridge.identification.region.letter_paper import letter_paper
from stonebridge.identification.region.services import ask_partners
from stonebridge.matching.record import Identity
from stonebridge.registry.models import Person
from stonebridge.remedies.services import record_claim, record_origin
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.log.sequencer import Sequencer
from stonebridge.safeguards.models import HistoryEntry
from stonebridge.safeguards.policy import Action, Claim, Fact

AUSTRIA = Partner(
    code="at", state="AUT", names={"en": "Austria"}, address="Federal Office\nModecenterstrasse 22\nWien", key="",
    profiles={"follow_up": [1], "follow_up_answer": [1]}, purposes=["identification"], by=LETTER,
)  # fmt: skip
BY = {"purpose": Purpose.IDENTIFICATION, "basis": "public_task", "now": NOW}
ASK, GIVE = Action.ASK_PARTNER, Action.DISCLOSE


@pytest.fixture(autouse=True)
def austria() -> Partner:
    """Austria is reached by letter; two officers have compared its address."""
    stefan, lira = actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER)
    proposal = partners.propose(AUSTRIA, actor=stefan, purpose=Purpose.ADMINISTRATION, basis="public_task", now=NOW)
    return partners.join(proposal, AUSTRIA.mark, actor=lira, purpose=Purpose.DATA_PROTECTION,
                         basis="oversight_of_access", now=NOW)  # fmt: skip


def person_with(
    clerk: Actor, vera: Actor, *, origin: Fact | None = Fact.NO, claim: Claim = Claim.NONE
) -> Person:  # fmt: skip
    person = amira(clerk, needs=SCREENED)
    record_claim(person.id, claim, asked_on=TODAY, actor=clerk, purpose=Purpose.REGISTRATION, basis="public_task",
                 now=NOW)  # fmt: skip
    if origin is not None:
        record_origin(person.id, "AUT", origin, reason="She says so.", actor=vera, purpose=Purpose.REGISTRATION,
                      basis="public_task", now=NOW)  # fmt: skip
    return person


def written(person: Person, jana: Actor) -> Outgoing:
    id = letters.write_request(person.reference, "at", ["names"], "To tell who she is.", actor=jana, **BY)
    return row(id)


def row(id: object = None) -> Outgoing:
    with gate.act(Purpose.IDENTIFICATION):
        return Outgoing.objects.get(id=id) if id else Outgoing.objects.get()


def received(person: Person, jana: Actor) -> Outgoing:
    """A letter that asks, sent and with its receipt."""
    made = written(person, jana)
    exchange.take_out(made.id, ASK, actor=jana, **BY)
    exchange.note_sent(made.id, ASK, TODAY, actor=jana, **BY)
    exchange.note_receipt(made.id, ASK, TODAY, "RR 123 AT", b"", actor=jana, **BY)
    return row(made.id)


def claims(person: Person, clerk: Actor) -> None:
    record_claim(person.id, Claim.PENDING, actor=clerk, purpose=Purpose.REGISTRATION, basis="public_task",
                 now=NOW + timedelta(minutes=1))  # fmt: skip


def test_a_letter_is_written_taken_out_sent_and_received_by_hand(clerk, vera, jana):
    person = person_with(clerk, vera)
    made = written(person, jana)
    assert (made.state, made.tries, made.receipt) == ("waiting", 0, None)
    taken = exchange.take_out(made.id, ASK, actor=jana, **BY)
    assert letter_paper(taken, basis="Public task", printed_by="Jana", at=NOW).startswith(b"%PDF")
    exchange.note_sent(made.id, ASK, TODAY, actor=jana, **BY)
    exchange.note_receipt(made.id, ASK, TODAY, "RR 123 AT", b"scan", actor=jana, **BY)
    kept = row(made.id)
    assert (kept.state, kept.received_at, kept.receipt["reference"]) == ("received", NOW, "RR 123 AT")
    assert kept.receipt["sent_by"] == jana.reference
    with gate.act(Purpose.IDENTIFICATION):
        events = list(HistoryEntry.objects.filter(person_id=person.id).order_by("id").values_list("event", flat=True))
    assert events[-4:] == ["more_asked", "letter_taken_out", "letter_sent", "letter_received"]


def test_a_letter_carries_a_reference_that_can_be_read_back_where_the_nodes_code_is_not_two_letters(clerk, vera, jana):
    person = person_with(clerk, vera)
    with override_settings(NODE=replace(settings.NODE, code="eu-ms", references="FR")):
        made = written(person, jana)
    assert parse_reference(made.case) == made.case
    assert made.case.startswith("FR-")


def test_the_file_beside_a_letter_is_signed_and_says_what_the_letter_says(clerk, vera, jana):
    taken = exchange.take_out(written(person_with(clerk, vera), jana).id, ASK, actor=jana, **BY)
    message = letter_file.verify(taken.file, own_key())
    assert message["body"]["identities"][0]["family"] == "Haddad"
    assert (message["sender"], message["recipient"], message["profile"]) == ("mk", "at", "follow_up")


@pytest.mark.parametrize(
    "damage", [lambda file: file.replace(b"Haddad", b"Hadad"), lambda file: file[:-5], lambda _: b"{}"]
)
def test_a_file_that_was_changed_is_noticed(clerk, vera, jana, damage):
    taken = exchange.take_out(written(person_with(clerk, vera), jana).id, ASK, actor=jana, **BY)
    with pytest.raises(Tampered):
        letter_file.verify(damage(taken.file), own_key())


@pytest.mark.parametrize("claim", [each for each in Claim if each is not Claim.NONE])
def test_no_letter_about_somebody_with_a_claim_is_written_to_a_state_of_origin(clerk, vera, jana, claim: Claim):
    person = person_with(clerk, vera, origin=Fact.YES, claim=claim)
    with pytest.raises(Refused):
        written(person, jana)
    with gate.act(Purpose.IDENTIFICATION):
        assert not Outgoing.objects.exists()


def test_a_claim_made_while_a_letter_waits_keeps_it_back_and_tells_data_protection(clerk, vera, jana):
    person = person_with(clerk, vera, origin=Fact.YES)
    made = written(person, jana)
    claims(person, clerk)
    with pytest.raises(Refused):
        exchange.take_out(made.id, ASK, actor=jana, **BY)
    assert row(made.id).state == "kept_back"
    assert Notice.objects.filter(kind=outbox.KEPT_BACK).count() == 1


def test_the_worker_leaves_letters_alone_and_greets_nobody_without_a_node(clerk, vera, jana):
    made = written(person_with(clerk, vera), jana)
    outbox.deliver_due(NOW)
    greet_due(NOW)
    assert row(made.id).tries == 0
    with pytest.raises(Unavailable, match="no node"):
        greet(AUSTRIA, NOW)


@pytest.mark.parametrize("profile", ["person_query", "blind_query"])
def test_a_question_of_hit_or_no_hit_is_refused_with_the_reason(clerk, vera, jana, profile: str):
    person = person_with(clerk, vera)
    with pytest.raises(BadInput, match=r"reached by letter.*Write to it"):
        ask_partners(person.reference, ["at"], actor=jana, profile=profile, **BY)


def test_nobody_speaks_to_this_node_in_the_name_of_a_partner_without_one():
    asked = question(sender="at")
    answer = sent(signed(asked, key=RS_KEY, key_id="at"))
    assert (answer.status_code, answer.body) == (401, b"")
    assert not Received.objects.exists()


def test_a_letter_that_nobody_took_out_was_not_sent(clerk, vera, jana):
    made = written(person_with(clerk, vera), jana)
    with pytest.raises(WrongState, match="not taken out"):
        exchange.note_sent(made.id, ASK, TODAY, actor=jana, **BY)
    with pytest.raises(WrongState, match="not recorded as sent"):
        exchange.note_receipt(made.id, ASK, TODAY, "x", b"", actor=jana, **BY)


@pytest.mark.parametrize("days", [-400, 1])
def test_a_day_that_cannot_be_is_refused(clerk, vera, jana, days: int):
    made = written(person_with(clerk, vera), jana)
    exchange.take_out(made.id, ASK, actor=jana, **BY)
    with pytest.raises(BadInput, match="sent_on"):
        exchange.note_sent(made.id, ASK, TODAY + timedelta(days=days), actor=jana, **BY)


def test_what_a_partner_asks_by_letter_is_decided_as_any_request_and_answered_by_letter(clerk, vera, jana):
    person = person_with(clerk, vera)
    letters.enter_request(person.reference, "at", ["names"], "A court asks.", "AT-77", actor=jana, **BY)
    with gate.act(Purpose.IDENTIFICATION):
        request = Incoming.objects.get()
    decide(request.id, True, "The court's letter is here.", actor=vera, **BY)
    answer = row()
    assert (answer.partner, answer.case, answer.profile) == ("at", "AT-77", "follow_up_answer")
    taken = exchange.take_out(answer.id, GIVE, actor=vera, **BY)
    assert letter_file.verify(taken.file, own_key())["body"]["identities"] == [{"given": "Amira", "family": "Haddad"}]
    with pytest.raises(Refused):
        exchange.take_out(answer.id, GIVE, actor=jana, **BY)


def test_a_postponed_answer_goes_by_letter_too_and_names_nobody(clerk, vera, jana):
    person = person_with(clerk, vera, origin=Fact.YES, claim=Claim.PENDING)
    letters.enter_request(person.reference, "at", ["names"], "A court asks.", "AT-77", actor=jana, **BY)
    with gate.act(Purpose.IDENTIFICATION):
        request = Incoming.objects.get()
    with pytest.raises(Refused):
        decide(request.id, True, "No.", actor=vera, **BY)
    decide(request.id, False, "She claims protection.", actor=vera, **BY)
    with gate.act(Purpose.IDENTIFICATION):
        (answer,) = exchange.letters(person.id)
    assert answer.person_id is None
    taken = exchange.take_out(answer.id, GIVE, actor=vera, **BY)
    assert b"Amira" not in taken.file
    assert b"protection" not in taken.file


def test_an_answer_is_entered_once_after_the_receipt(clerk, vera, jana):
    made = received(person_with(clerk, vera), jana)
    letters.enter_answer(made.id, Identity(given="Amirah", birth="1994"), "AT-9", actor=jana, **BY)
    with gate.act(Purpose.IDENTIFICATION):
        assert Incoming.objects.get().body["identities"] == [{"given": "Amirah", "birth": "1994"}]
    with pytest.raises(WrongState, match="answered"):
        letters.enter_answer(made.id, None, "AT-9", actor=jana, **BY)


def test_an_answer_that_says_nothing_is_asked_for_again(clerk, vera, jana):
    with pytest.raises(BadInput, match="given"):
        letters.enter_answer(received(person_with(clerk, vera), jana).id, Identity(), "AT-9", actor=jana, **BY)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("by", "pigeon"), ("key", "ab" * 32), ("address", ""), ("address", 1), ("profiles", {"person_query": [1]}),
        ("profiles", []),
    ],
)  # fmt: skip
def test_an_entry_by_letter_that_cannot_be_used_is_refused_by_its_field(field: str, value: Any):
    with pytest.raises(BadInput) as caught:
        partners.propose(replace(AUSTRIA, **{field: value}), actor=actor(Role.ADMINISTRATOR, "Ada"),
                         purpose=Purpose.ADMINISTRATION, basis="public_task", now=NOW)  # fmt: skip
    assert caught.value.field == field


def test_whoever_joins_it_compares_the_address():
    assert AUSTRIA.mark != joined_mark("Elsewhere 1\nWien")


def joined_mark(address: str) -> str:
    return replace(AUSTRIA, address=address).mark


def scan() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (400, 560), "white").save(content, "PNG")
    return SimpleUploadedFile("receipt.png", content.getvalue(), "image/png")


def test_the_pages_lead_from_the_letter_to_the_answer(clerk, vera, jana):
    person = person_with(clerk, vera)
    browser: Client = signed_in(Officer.objects.get(id=jana.reference))
    all_of = f"/people/{person.reference}/letters/"
    assert "Write to a partner without a node" in browser.get(f"/people/{person.reference}/partners/").content.decode()
    page = browser.post(
        all_of, {"partner": "at", "wanted": ["names"], "reason": "To tell who she is.", "purpose": "identification"},
        follow=True,
    )  # fmt: skip
    assert "To be printed and sent" in page.content.decode()
    at = f"{all_of}{row().id}/"
    assert browser.post(f"{at}out/", {"form": "paper"}).content.startswith(b"%PDF")
    assert json.loads(browser.post(f"{at}out/", {"form": "file"}).content)["format"] == letter_file.FORMAT
    today = row().made_at.date().isoformat()
    browser.post(f"{at}sent/", {"sent_on": today})
    assert "Sent; its receipt is not here yet" in browser.get(at).content.decode()
    browser.post(f"{at}receipt/", {"received_on": today, "reference": "RR 1", "scan": scan()})
    assert row().receipt["scan_digest"]
    browser.post(f"{at}answer/", {"outcome": "given", "case": "AT-9", "given": "Amira"})
    assert "Data given" in browser.get(at).content.decode()
    assert "Received by the partner" in browser.get(all_of).content.decode()


def test_a_scan_that_is_no_picture_is_refused_on_the_page(clerk, vera, jana):
    person = person_with(clerk, vera)
    made = written(person, jana)
    exchange.take_out(made.id, ASK, actor=jana, **BY)
    exchange.note_sent(made.id, ASK, TODAY, actor=jana, **BY)
    browser = signed_in(Officer.objects.get(id=jana.reference))
    fake = SimpleUploadedFile("receipt.png", b"%PDF-1.7 not a picture", "image/png")
    answer = browser.post(
        f"/people/{person.reference}/letters/{made.id}/receipt/",
        {"received_on": TODAY.isoformat(), "reference": "RR 1", "scan": fake},
    )
    assert answer.status_code == 422
    assert row(made.id).state == "waiting"


def test_a_day_to_come_is_refused_at_its_field(clerk, vera, jana):
    person = person_with(clerk, vera)
    made = written(person, jana)
    exchange.take_out(made.id, ASK, actor=jana, **BY)
    browser = signed_in(Officer.objects.get(id=jana.reference))
    page = browser.post(f"/people/{person.reference}/letters/{made.id}/sent/", {"sent_on": "2099-01-01"})
    assert (page.status_code, "Give a day up to today" in page.content.decode()) == (422, True)
    assert row(made.id).receipt is None


def test_an_answer_that_says_nothing_is_refused_at_its_field(clerk, vera, jana):
    person = person_with(clerk, vera)
    made = received(person, jana)
    browser = signed_in(Officer.objects.get(id=jana.reference))
    page = browser.post(f"/people/{person.reference}/letters/{made.id}/answer/", {"outcome": "given", "case": "AT-9"})
    assert (page.status_code, "Enter at least one thing" in page.content.decode()) == (422, True)


def test_a_letter_of_somebody_else_is_not_on_her_page(clerk, vera, jana):
    made, other = written(person_with(clerk, vera), jana), amira(clerk, needs=SCREENED)
    browser = signed_in(Officer.objects.get(id=jana.reference))
    assert browser.get(f"/people/{other.reference}/letters/{made.id}/").status_code == 404


def test_a_partner_with_a_node_gets_no_letter(clerk, vera, jana):
    person = person_with(clerk, vera)
    joined(SERBIA, actor(Role.ADMINISTRATOR, "Ada"), actor(Role.DATA_PROTECTION_OFFICER, "Dona"))
    with pytest.raises(BadInput, match="has a node"):
        letters.write_request(person.reference, "rs", ["names"], "Why.", actor=jana, **BY)


def test_the_evidence_of_a_letter_proves_what_this_node_wrote_and_says_what_nobody_signed(clerk, vera, jana):
    made = received(person_with(clerk, vera), jana)
    letters.enter_answer(made.id, Identity(given="Amira"), "AT-7", actor=jana, **BY)
    Sequencer().checkpoint(NOW)
    file = make(str(made.conversation), actor=jana, **BY)
    lines = verify(file)
    assert is_sound(lines)
    told = [str(each) for each in lines]
    assert "proved: message 1 of node mk, follow_up to at by letter, is what its key signed" in told
    assert any("an officer entered the receipt RR 123 AT" in each for each in told)
    assert any("message 1 of node at: that its letter says so" in each for each in told)
    assert not any("key" in each and "of node at" in each and "compare" in each for each in told)
    assert any("in the log of" in each for each in told)


@pytest.mark.parametrize(
    ("part", "was", "instead"),
    [("letter", "Haddad", "Hadad"), ("letter", '"at"', '"ba"'), ("entered", "Amira", "Samira")],
)
def test_a_letter_that_was_altered_before_its_evidence_was_sealed_is_found(clerk, vera, jana, part, was, instead):
    made = received(person_with(clerk, vera), jana)
    letters.enter_answer(made.id, Identity(given="Amira"), "AT-7", actor=jana, **BY)
    content = json.loads(make(str(made.conversation), actor=jana, **BY))["content"]
    given = next(each[part] for each in content["messages"] if part in each)
    name = "file" if part == "letter" else "said"
    assert was in given[name]
    given[name] = given[name].replace(was, instead)
    assert not is_sound(verify(seal(content, Ed25519PrivateKey.from_private_bytes(settings.EXCHANGE_KEY))))


def test_the_timeline_of_a_request_by_letter_says_how_it_came_and_how_the_answer_went(clerk, vera, jana):
    person = person_with(clerk, vera)
    letters.enter_request(person.reference, "at", ["names"], "They ask.", "AT-9", actor=jana, **BY)
    with gate.act(Purpose.IDENTIFICATION):
        came = Incoming.objects.get()
    decide(came.id, True, "The purpose is lawful.", actor=vera, **BY)
    answer = row()
    exchange.take_out(answer.id, GIVE, actor=vera, **BY)
    exchange.note_sent(answer.id, GIVE, TODAY, actor=vera, **BY)
    browser = signed_in(Officer.objects.get(id=vera.reference))
    page = browser.get(f"/requests/{came.id}/said/").text
    assert "entered by hand from the partner’s letter; no key signed it" in page
    assert f"by letter; sent on {TODAY.isoformat()}, its receipt is not here yet" in page
    exchange.note_receipt(answer.id, GIVE, TODAY, "RR 123 AT", b"", actor=vera, **BY)
    assert "receipt RR 123 AT" in browser.get(f"/requests/{came.id}/said/").text
    kept = browser.get(f"/people/{person.reference}/letters/{answer.id}/evidence/")
    assert is_sound(verify(kept.content))
