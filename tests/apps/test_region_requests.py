"""The pages on which an officer decides what a partner asks for."""

from uuid import uuid4

from django.test import Client

from people import NOW, actor, amira
from region_bench import SERBIA, joined
from rule_cases import SCREENED
from sign_ins import signed_in
from stonebridge.accounts.models import Officer
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.exchange import partners
from stonebridge.exchange.evidence.bundle import is_sound, verify
from stonebridge.exchange.models import Incoming
from stonebridge.registry.models import Person
from stonebridge.safeguards import gate


def asked(clerk: Actor) -> Incoming:
    """A request of Serbia about Amira that waits."""
    person = amira(clerk, needs=SCREENED)
    joined(SERBIA, actor(Role.ADMINISTRATOR), actor(Role.DATA_PROTECTION_OFFICER))
    with gate.act(Purpose.IDENTIFICATION):
        return Incoming.objects.create(
            sender="rs", message=uuid4(), person_id=person.id, conversation=uuid4(), sequence=1, profile="follow_up",
            purpose="identification", basis="public_task", role="examiner", case="RS-1", digest="00" * 32, evidence={},
            body={"handle": str(uuid4()), "wanted": ["names"], "reason": "To tell who she is."}, received_at=NOW,
        )  # fmt: skip


def test_a_supervisor_reads_what_is_asked_in_words_and_decides(clerk, vera):
    request = asked(clerk)
    browser = signed_in(Officer.objects.get(id=vera.reference))
    page = browser.get(f"/requests/{request.id}/?purpose=identification").content.decode()
    assert "To tell who she is." in page
    assert "Examiner" in page
    assert "public_task" not in page.split("<main")[1]
    answer = browser.post(
        f"/requests/{request.id}/", {"decision": "postpone", "reason": "Not now.", "purpose": "identification"}
    )
    assert answer.status_code == 302
    assert "No partner asks for anything" in browser.get("/requests/?purpose=identification").content.decode()


def test_a_request_of_a_partner_that_was_revoked_hides_no_other(clerk, vera):
    asked(clerk)
    partners.revoke("rs", "Its key was stolen.", actor=actor(Role.ADMINISTRATOR, "Stefan"), purpose=Purpose.ADMINISTRATION,
                    basis="public_task", now=NOW)  # fmt: skip
    page = signed_in(Officer.objects.get(id=vera.reference)).get("/requests/?purpose=identification")
    assert page.status_code == 200
    assert "To tell who she is." in page.content.decode()


def test_a_decision_without_a_reason_is_asked_for_again(clerk, vera):
    request = asked(clerk)
    browser = signed_in(Officer.objects.get(id=vera.reference))
    assert browser.post(f"/requests/{request.id}/", {"decision": "give"}).status_code == 422


def test_an_examiner_sees_no_list_of_requests(clerk, jana):
    asked(clerk)
    assert signed_in(Officer.objects.get(id=jana.reference)).get("/requests/").status_code == 403


def test_a_message_of_a_length_that_is_no_number_gets_no_answer():
    answer = Client().post("/exchange/messages/", b"{}", content_type="application/json", CONTENT_LENGTH="many")
    assert (answer.status_code, answer.content) == (401, b"")


def test_what_was_said_stays_readable_from_the_persons_file_and_at_the_request(clerk, vera):
    request = asked(clerk)
    browser = signed_in(Officer.objects.get(id=vera.reference))
    page = browser.get(f"/requests/{request.id}/said/").text
    assert "The partner asks for more" in page
    assert "To tell who she is." in page
    assert "its signature cannot be verified any more" in page
    with gate.act(Purpose.IDENTIFICATION):
        reference = Person.objects.get().reference
    assert f"/requests/{request.id}/said/" in browser.get(f"/people/{reference}/?purpose=identification").text


def test_the_evidence_of_a_request_is_a_file_for_who_may_read_the_person(clerk, vera):
    request = asked(clerk)
    file = signed_in(Officer.objects.get(id=vera.reference)).get(f"/requests/{request.id}/evidence/")
    assert file.headers["Content-Disposition"] == f'attachment; filename="evidence-{request.id}.json"'
    assert is_sound(verify(file.content))
    analyst = signed_in(Officer.objects.get(id=actor(Role.ANALYST).reference))
    assert analyst.get(f"/requests/{request.id}/evidence/").status_code == 403
