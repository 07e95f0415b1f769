"""A person's file is handed out through the gate, and who received which bytes is kept."""

import hashlib
import io
import json
import re

import pypdf
from django.test import Client

from people import BASIS, NOW, actor, amira, officer, on_record
from rule_cases import World
from rule_doors import rules_logged
from sign_ins import signed_in
from stonebridge.accounts.models import Officer
from stonebridge.domain.actor import Purpose, Role
from stonebridge.registry.models import Person
from stonebridge.remedies.models import Disclosure
from stonebridge.remedies.services import record_origin
from stonebridge.safeguards import gate
from stonebridge.safeguards.models import Hold
from stonebridge.safeguards.policy import Claim, Fact

TO_THE_PERSON = {"to": "person", "form_of_file": "json"}
TO_SYRIA = {"to": "authority", "recipient": "Ministry of Interior", "to_state": "SYR", "form_of_file": "json"}
ASKED = {
    "needs": dict.fromkeys(("alone", "injured", "afraid", "pregnant"), "no"),
    "claim": "none",
    "claim_asked_on": NOW.date(),
}


def disclosures() -> list[Disclosure]:
    with gate.act(Purpose.DATA_PROTECTION):
        return list(Disclosure.objects.all())


def test_the_person_receives_their_file_and_the_register_keeps_its_digest():
    person = amira(actor(Role.REGISTRATION_CLERK), given="أميرة")
    answer = signed_in(officer(Role.SUPERVISOR)).post(f"/people/{person.reference}/file/", TO_THE_PERSON)
    file = json.loads(answer.content)
    assert file["reference"] == person.reference
    assert file["statements"][0]["names"][0]["text"] == "أميرة"
    (kept,) = disclosures()
    assert kept.digest == hashlib.sha256(answer.content).hexdigest()


def test_the_file_names_no_officer():
    person = amira(actor(Role.REGISTRATION_CLERK, "Vesna Ilievska"))
    answer = signed_in(officer(Role.SUPERVISOR)).post(f"/people/{person.reference}/file/", TO_THE_PERSON)
    assert "Ilievska" not in answer.content.decode()


def test_nothing_goes_to_a_state_of_which_nobody_said_that_it_is_none_of_origin():
    person = amira(actor(Role.REGISTRATION_CLERK))
    answer = signed_in(officer(Role.SUPERVISOR)).post(f"/people/{person.reference}/file/", TO_SYRIA)
    assert answer.status_code == 403
    assert "Haddad" not in answer.content.decode()
    assert disclosures() == []


def test_whoever_was_asked_and_claims_nothing_may_be_named_to_a_state_of_no_origin():
    person = amira(actor(Role.REGISTRATION_CLERK), **ASKED)
    supervisor = officer(Role.SUPERVISOR)
    record_origin(
        person.id, "SRB", Fact.NO, reason="Transit alone.", actor=actor(Role.SUPERVISOR, "Second Supervisor"),
        purpose=Purpose.REGISTRATION, basis=BASIS[Purpose.REGISTRATION], now=NOW,
    )  # fmt: skip
    answer = signed_in(supervisor).post(f"/people/{person.reference}/file/", TO_SYRIA | {"to_state": "SRB"})
    assert answer.status_code == 200
    (kept,) = disclosures()
    assert (kept.to_state, kept.recipient) == ("SRB", "Ministry of Interior")


def test_a_clerk_hands_out_no_file_and_is_told_so_before_filling_anything_in():
    person = amira(actor(Role.SUPERVISOR))
    clerk = signed_in(officer(Role.REGISTRATION_CLERK))
    assert clerk.get(f"/people/{person.reference}/file/").status_code == 403
    assert clerk.post(f"/people/{person.reference}/file/", TO_THE_PERSON).status_code == 403
    assert disclosures() == []


def test_an_authority_without_a_state_is_no_recipient():
    person = amira(actor(Role.REGISTRATION_CLERK))
    browser = signed_in(officer(Role.SUPERVISOR))
    answer = browser.post(f"/people/{person.reference}/file/", TO_SYRIA | {"to_state": ""})
    assert answer.status_code == 422
    assert "Choose the state whose authority it is." in answer.content.decode()


def test_the_pages_to_print_are_kept_by_their_digest_too_and_name_no_officer():
    person = amira(actor(Role.REGISTRATION_CLERK, "Vesna Ilievska"))
    answer = signed_in(officer(Role.SUPERVISOR)).post(
        f"/people/{person.reference}/file/", TO_THE_PERSON | {"form_of_file": "pdf"}
    )
    assert answer.headers["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert "Haddad" in text
    assert "Ilievska" not in text
    (kept,) = disclosures()
    assert kept.digest == hashlib.sha256(answer.content).hexdigest()


def test_the_receipt_is_printed_for_whoever_registers():
    person = amira(actor(Role.REGISTRATION_CLERK), language="ar")
    answer = signed_in(officer(Role.REGISTRATION_CLERK, "Second Clerk")).get(f"/people/{person.reference}/receipt/")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert person.reference in text


def test_an_examiner_prints_no_receipt():
    person = amira(actor(Role.REGISTRATION_CLERK))
    assert signed_in(officer(Role.EXAMINER)).get(f"/people/{person.reference}/receipt/").status_code == 403


TO_SERBIA = TO_SYRIA | {"to_state": "SRB"}
ONCE_ONLY = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"')


def refused_page(browser: Client, world: World, to: dict[str, str]) -> str:
    person = world.person
    with gate.act(Purpose.DATA_PROTECTION):
        reference = Person.objects.get(id=person).reference
    answer = browser.post(f"/people/{reference}/file/", to)
    assert answer.status_code == 403
    return ONCE_ONLY.sub("", answer.content.decode())


def held(world: World) -> World:
    person = world.person
    with gate.act(Purpose.IDENTIFICATION):
        on_record(Hold).create(person_id=person, fact="former_identity", arose_from="test", arose_at=NOW)
    return world


def test_a_refusal_is_the_same_bytes_for_a_referral_a_hold_a_claim_and_what_nobody_knows():
    world = World()
    supervisor = signed_in(Officer.objects.get(id=world.supervisor.reference))
    unknown = refused_page(supervisor, world, TO_SERBIA)
    claimed = refused_page(supervisor, world.comes_from("SYR").claims(Claim.PENDING), TO_SYRIA)
    referral = refused_page(supervisor, world.comes_from("SRB", Fact.NO).referred(), TO_SERBIA)
    assert unknown == claimed == referral
    assert "A safeguard of this node" in referral
    assert "While a protection referral" not in referral
    assert {"nothing_goes_to_a_state_of_origin", "an_open_referral_keeps_a_person_here"} <= rules_logged()


def test_a_hold_reads_like_what_nobody_knows():
    world = World()
    supervisor = signed_in(Officer.objects.get(id=world.supervisor.reference))
    unknown = refused_page(supervisor, world, TO_SERBIA)
    assert refused_page(supervisor, held(world.comes_from("SRB", Fact.NO)), TO_SERBIA) == unknown


def handed_out(person: Person, by: Client | None = None, **asked: str) -> dict[str, object]:
    browser = by or signed_in(officer(Role.SUPERVISOR))
    answer = browser.post(f"/people/{person.reference}/file/", TO_THE_PERSON | asked)
    assert answer.status_code == 200
    read: dict[str, object] = json.loads(answer.content)
    return read


def withheld(file: dict[str, object]) -> set[str]:
    return {each["what"] for each in file["withheld"]}  # type: ignore[attr-defined]  # as the file is


def test_the_persons_file_holds_their_claim_and_their_states_of_origin():
    person = amira(actor(Role.REGISTRATION_CLERK), **ASKED)
    record_origin(
        person.id, "SRB", Fact.NO, reason="Transit alone.", actor=actor(Role.SUPERVISOR, "Second Supervisor"),
        purpose=Purpose.REGISTRATION, basis=BASIS[Purpose.REGISTRATION], now=NOW,
    )  # fmt: skip
    file = handed_out(person)
    assert [each["state"] for each in file["claims"]] == ["none"]
    assert ("SRB", "no", "Transit alone.") in {
        (each["state"], each["is_origin"], each["why"]) for each in file["origins"]
    }


def test_another_state_learns_of_no_claim_no_origin_and_no_link():
    person = amira(actor(Role.REGISTRATION_CLERK), **ASKED)
    record_origin(
        person.id, "SRB", Fact.NO, reason="Transit alone.", actor=actor(Role.SUPERVISOR, "Second Supervisor"),
        purpose=Purpose.REGISTRATION, basis=BASIS[Purpose.REGISTRATION], now=NOW,
    )  # fmt: skip
    file = handed_out(person, **TO_SYRIA | {"to_state": "SRB"})
    assert {"claims", "origins", "links", "identity", "family", "history"} & set(file) == set()
    assert {"claim", "links", "family", "history"} <= withheld(file)


def test_a_file_names_what_it_leaves_out_alike_whether_or_not_there_is_something():
    clerk, browser = actor(Role.REGISTRATION_CLERK), signed_in(officer(Role.SUPERVISOR))
    afraid = ASKED | {"needs": ASKED["needs"] | {"afraid": "yes"}}
    calm = handed_out(amira(clerk, **ASKED), browser)
    assert calm["withheld"] == handed_out(amira(clerk, given="Ameera", **afraid), browser)["withheld"]


def test_the_pages_to_print_say_what_the_file_leaves_out():
    person = amira(actor(Role.REGISTRATION_CLERK), **ASKED)
    answer = signed_in(officer(Role.SUPERVISOR)).post(
        f"/people/{person.reference}/file/", TO_THE_PERSON | {"form_of_file": "pdf"}
    )
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert "What this file leaves out" in text
    assert "Claim for protection" in text
