"""A page that adds to a record, handed in twice or from two sides at once, makes one change."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from test_registration_captures import in_the_vault, picture
from test_registration_pages import WHO

from people import officer, on_record
from sign_ins import signed_in
from stonebridge.domain.actor import Purpose, Role
from stonebridge.registry.models import Document, IdentityStatement
from stonebridge.remedies.models import Origin, ProtectionClaim
from stonebridge.safeguards import gate
from stonebridge.safeguards.models import HistoryEntry

PASSPORT = {"kind": "passport", "number": "N 012-345 67", "issuer": "SYR", "seen": "original"}


def anew(**more: str) -> dict[str, str]:
    typed = {name: value for name, value in WHO.items() if name not in {"language", "interpreter", "notice"}}
    return typed | {"standing": "declared", "reason": "She spells it out.", "submission": str(uuid4())} | more


def count(model: type) -> int:
    with gate.act(Purpose.REGISTRATION):
        return model.objects.count()


@pytest.fixture
def browser() -> Client:
    return signed_in(officer(Role.REGISTRATION_CLERK, "Second Clerk"))


def test_every_page_that_adds_carries_a_number_of_its_own(person):
    adding = ("statement", "document", "captures", "claim", "origin")
    supervisor = signed_in(officer(Role.SUPERVISOR))
    pages = [supervisor.get(f"/people/{person.reference}/{name}/").text for name in adding]
    numbers = {page.partition('name="submission" value="')[2][:36] for page in pages}
    assert len(numbers) == 5
    assert "" not in numbers


def test_a_document_handed_in_twice_is_one_and_the_second_answers_as_the_first(browser, person):
    address, sent = f"/people/{person.reference}/document/", PASSPORT | {"submission": str(uuid4())}
    answers = [browser.post(address, sent) for _ in range(2)]
    assert {(each.status_code, each.headers["Location"]) for each in answers} == {(302, f"/people/{person.reference}/")}
    assert (count(Document), on_record(HistoryEntry).filter(event="document_added").count()) == (1, 1)


def test_a_page_gone_back_to_and_corrected_adds_what_it_says_now(browser, person):
    address, sent = f"/people/{person.reference}/document/", PASSPORT | {"submission": str(uuid4())}
    browser.post(address, sent)
    browser.post(address, sent | {"number": "N 012-345 68"})
    assert count(Document) == 2


def test_a_document_handed_in_from_five_sides_at_once_is_one(browser, person):
    sent = PASSPORT | {"submission": str(uuid4())}

    def click(_: int) -> int:
        side = Client()
        side.cookies.update(browser.cookies)
        try:
            return side.post(f"/people/{person.reference}/document/", sent).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as clicks:
        assert set(clicks.map(click, range(5))) == {302}
    assert count(Document) == 1


def test_a_statement_that_takes_anothers_place_can_be_handed_in_twice(browser, person):
    with gate.act(Purpose.REGISTRATION):
        former = IdentityStatement.objects.get()
    sent = anew(supersedes=str(former.id))
    answers = [browser.post(f"/people/{person.reference}/statement/", sent) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    assert (count(IdentityStatement), on_record(HistoryEntry).filter(event="identity_stated").count()) == (2, 1)


def test_a_place_that_another_statement_took_meanwhile_is_told_at_its_field(browser, person):
    with gate.act(Purpose.REGISTRATION):
        former = IdentityStatement.objects.get()
    browser.post(f"/people/{person.reference}/statement/", anew(supersedes=str(former.id)))
    answer = browser.post(f"/people/{person.reference}/statement/", anew(supersedes=str(former.id), given="Ameera"))
    assert (answer.status_code, "Another statement has taken its place" in answer.text) == (422, True)
    assert count(IdentityStatement) == 2


def test_captures_handed_in_twice_are_sealed_once(browser, person):
    number = str(uuid4())
    for _ in range(2):
        sent = {"portrait": picture(), "finger3_missing": "injured", "submission": number}
        assert browser.post(f"/people/{person.reference}/captures/", sent).status_code == 302
    assert len(in_the_vault()) == 2


def test_a_claim_handed_in_twice_is_one_and_corrected_is_another(browser, person):
    address, sent = f"/people/{person.reference}/claim/", {"state": "pending", "submission": str(uuid4())}
    before = count(ProtectionClaim)
    assert [browser.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert count(ProtectionClaim) == before + 1
    browser.post(address, sent | {"state": "withdrawn", "reason": "She says so."})
    assert count(ProtectionClaim) == before + 2


def test_a_page_of_a_claim_handed_in_late_once_more_does_not_undo_what_came_after_it(browser, person):
    address, sent = f"/people/{person.reference}/claim/", {"state": "pending", "submission": str(uuid4())}
    browser.post(address, sent)
    browser.post(address, {"state": "granted", "reason": "Decision 12/2026.", "submission": str(uuid4())})
    browser.post(address, sent)
    with gate.act(Purpose.REGISTRATION):
        assert (
            ProtectionClaim.objects.order_by("-as_of", "-recorded_at").values_list("state", flat=True)[0] == "granted"
        )


def test_a_state_of_origin_handed_in_twice_is_on_record_once(person):
    supervisor = signed_in(officer(Role.SUPERVISOR))
    sent = {"state": "SYR", "is_origin": "yes", "submission": str(uuid4())}
    for _ in range(2):
        assert supervisor.post(f"/people/{person.reference}/origin/", sent).status_code == 302
    assert (count(Origin), on_record(HistoryEntry).filter(event="origin_recorded").count()) == (1, 1)


def test_a_number_that_is_none_is_refused_and_nothing_is_added(browser, person):
    answer = browser.post(f"/people/{person.reference}/document/", PASSPORT | {"submission": "1"})
    assert (answer.status_code, "Load the page again." in answer.text) == (422, True)
    assert count(Document) == 0
