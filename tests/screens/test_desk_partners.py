"""The pages of partners: proposed by one officer, joined by another, tested, revoked; and alarms of witnesses."""

import json
from dataclasses import asdict, replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from people import NOW, officer
from region_bench import SERBIA
from sign_ins import signed_in
from stonebridge.domain.actor import Role
from stonebridge.exchange import partners
from stonebridge.exchange.alarms import open_alarms, raise_alarm
from stonebridge.exchange.partners import fingerprint

TYPED = {
    "code": "rs", "state": "SRB", "name": "Serbia", "address": "http://127.0.0.1:1", "key": SERBIA.key,
    "purposes": ["identification"], "quota": "50",
}  # fmt: skip


@pytest.fixture
def stefan():
    return signed_in(officer(Role.ADMINISTRATOR))


@pytest.fixture
def lira():
    return signed_in(officer(Role.DATA_PROTECTION_OFFICER, "Lira"))


def proposal() -> str:
    return f"/partners/proposals/{partners.proposals()[0].id}/"


def uploaded(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("rs.json", content, "application/json")


def let_in(stefan, lira) -> None:
    stefan.post("/partners/new/", TYPED)
    lira.post(proposal(), {"fingerprint": fingerprint(SERBIA.key)})


def test_a_stray_field_joins_nobody(stefan, lira):
    stefan.post("/partners/new/", TYPED)
    page = lira.post(proposal(), {"fingerprint": fingerprint(SERBIA.key), "evil": "one of mine"})
    assert page.status_code == 400
    assert "no such field" in page.text
    assert partners.partners() == ()


def test_without_partners_the_page_says_what_to_do(stefan):
    page = stefan.get("/partners/").text
    assert "This node has no partners" in page
    assert fingerprint(partners.own_key()) in page


def test_one_officer_proposes_and_another_joins_after_typing_the_fingerprint(stefan, lira):
    assert stefan.post("/partners/new/", TYPED).headers["Location"] == "/partners/"
    assert "you proposed it; another officer joins it" in stefan.get("/partners/").text
    page = lira.get(proposal()).text
    assert fingerprint(SERBIA.key) not in page
    assert "differs from the key proposed" in lira.post(proposal(), {"fingerprint": "0000"}).text
    assert lira.post(proposal(), {"fingerprint": fingerprint(SERBIA.key)}).headers["Location"] == "/partners/rs/"
    assert [each.code for each in partners.partners()] == ["rs"]
    assert "Identification: 0 of 50" in stefan.get("/partners/").text


def test_whoever_proposed_cannot_join(stefan):
    stefan.post("/partners/new/", TYPED)
    assert stefan.post(proposal(), {"fingerprint": fingerprint(SERBIA.key)}).status_code == 409
    assert partners.partners() == ()


def test_the_partners_own_file_is_taken(stefan):
    entry = uploaded(json.dumps(asdict(SERBIA)).encode())
    assert stefan.post("/partners/new/", {"entry": entry}).headers["Location"] == "/partners/"
    assert partners.proposals()[0].content == asdict(SERBIA)


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"code": "rs"}', b"\xff", b"x" * 70_000, b"[" * 60_000])
def test_a_file_that_is_no_entry_is_refused_at_its_field(stefan, content):
    page = stefan.post("/partners/new/", {"entry": uploaded(content)})
    assert (page.status_code, "id_entry-error" in page.text or "This file is" in page.text) == (422, True)
    assert partners.proposals() == []


def test_a_file_with_a_value_that_cannot_be_used_names_it(stefan):
    entry = uploaded(json.dumps(asdict(replace(SERBIA, key="ab"))).encode())
    assert "64 hexadecimal digits" in stefan.post("/partners/new/", {"entry": entry}).text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"code": ""}, "Fill this in, or choose"), ({"key": "ab"}, "64 hexadecimal digits"),
        ({"address": "rs.example"}, "address of its node"), ({"code": "mk"}, "code of another node"),
        ({"quota": "0"}, "govuk-error-message"), ({"purposes": ["spying"]}, "govuk-error-message"),
        ({"state": "S"}, "three letters"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_an_entry_is_said_at_its_field(stefan, changes, told):
    page = stefan.post("/partners/new/", TYPED | changes)
    assert page.status_code == 422
    assert told in page.text
    assert partners.proposals() == []


def test_a_test_of_the_connection_says_what_is_wrong_and_what_to_do(stefan, lira):
    let_in(stefan, lira)
    assert "Not tried yet" in stefan.get("/partners/rs/").text
    page = stefan.post("/partners/rs/test/").text
    assert "Its address cannot be reached" in page
    assert "Ask the partner whether its node runs" in page
    assert "Does not answer" in page


def test_a_partner_is_revoked_with_a_reason(stefan, lira):
    let_in(stefan, lira)
    assert stefan.post("/partners/rs/revoke/", {"reason": " "}).status_code == 422
    stefan.post("/partners/rs/revoke/", {"reason": "Its key was stolen.", "why": "key_compromised"})
    assert partners.partners() == ()
    assert stefan.get("/partners/rs/").status_code == 404


def test_an_alarm_is_on_the_page_until_it_is_settled_with_a_reason(stefan, lira):
    let_in(stefan, lira)
    raise_alarm("rs", "two histories", NOW, ours=False, held=b"held note", given=b"given note")
    assert "The log shows two different histories" in stefan.get("/partners/").text
    assert "Look at the alarm" in lira.get("/today/").text
    address = f"/partners/alarms/{open_alarms().get().id}/"
    assert "given note" in lira.get(address).text
    assert lira.post(address, {"reason": ""}).status_code == 422
    lira.post(address, {"reason": "They restored a backup and told us."})
    assert "Alarms of witnesses" not in stefan.get("/partners/").text
    assert "They restored a backup" in stefan.get("/partners/rs/").text


def test_our_own_entry_is_a_file_for_partners(stefan):
    entry = json.loads(stefan.get("/partners/own.json").content)
    assert (entry["code"], entry["key"], entry["state"]) == ("mk", partners.own_key(), "MKD")
    assert "greeting" not in entry["profiles"]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.REGISTRATION_CLERK])
def test_nobody_else_opens_them(stefan, lira, role):
    let_in(stefan, lira)
    browser = signed_in(officer(role))
    looked = [browser.get(f"/partners/{page}").status_code for page in ("", "new/", "rs/", "rs/revoke/")]
    done = [browser.post("/partners/new/", TYPED), browser.post("/partners/rs/revoke/", {"reason": "x"}),
            browser.post("/partners/rs/test/")]  # fmt: skip
    assert looked + [each.status_code for each in done] == [403] * 7
    assert [each.code for each in partners.partners()] == ["rs"]


BY_LETTER = {
    "by": "letter", "code": "tr", "state": "TUR", "name": "Türkiye", "address": "Directorate, PO Box 1, Ankara",
    "purposes": ["identification"],
}  # fmt: skip


def test_a_partner_by_letter_is_proposed_without_a_key_and_joined_by_its_address(stefan, lira):
    assert stefan.post("/partners/new/", BY_LETTER).headers["Location"] == "/partners/"
    page = lira.get(proposal()).text
    assert BY_LETTER["address"] not in page
    assert "differs from the address proposed" in lira.post(proposal(), {"address": "PO Box 2, Ankara"}).text
    assert lira.post(proposal(), {"address": "directorate,  PO Box 1, Ankara"}).headers["Location"] == "/partners/tr/"
    page = stefan.get("/partners/tr/").text
    assert "By letter" in page
    assert "Test the connection" not in page
    assert "Fingerprint of its key" not in page


def test_a_partner_by_letter_with_a_key_is_refused_at_the_key(stefan):
    page = stefan.post("/partners/new/", BY_LETTER | {"key": SERBIA.key})
    assert (page.status_code, "id_key-error" in page.text) == (422, True)
    assert partners.proposals() == []
