"""Reading a machine-readable zone into the fields of a document, at registration and beside a record."""

from uuid import uuid4

import pytest
from django.test import Client
from test_registration_pages import ARRIVAL, NEEDS, WHO

from people import officer
from sign_ins import signed_in
from stonebridge.domain.actor import Purpose, Role
from stonebridge.formats.mrz import check_digit
from stonebridge.registry.models import Document
from stonebridge.safeguards import gate


def passport(number: str = "N01234567", *, issuer: str = "SYR", expiry: str = "290418", code: str = "P<") -> str:
    """A zone of two lines of 44, with check digits that hold."""
    checked = [f"{part}{check_digit(part)}" for part in (number.ljust(9, "<"), "940307", expiry, "<" * 14)]
    low = f"{checked[0]}{issuer}{checked[1]}F{checked[2]}{checked[3]}"
    return f"{code}{issuer}HADDAD<<AMIRA".ljust(44, "<") + "\n" + low + check_digit("".join(checked))


@pytest.fixture
def browser() -> Client:
    return signed_in(officer(Role.REGISTRATION_CLERK, "Second Clerk"))


@pytest.fixture
def draft(browser: Client) -> str:
    draft = str(uuid4())
    browser.post(f"/people/new/{draft}/who/", WHO)
    return draft


def read(browser: Client, draft: str, zone: str, read: str = "1", **typed: str) -> tuple[int, str]:
    answer = browser.post(f"/people/new/{draft}/documents/", typed | {f"document{read}_zone": zone, "read": read})
    return answer.status_code, answer.text


def value(page: str, name: str) -> str:
    """What stands in a box of the page."""
    return next(
        (tag.partition('value="')[2].partition('"')[0] for tag in page.split("<input") if f'name="{name}"' in tag), ""
    )


def chosen(page: str, name: str) -> str:
    return (
        page.partition(f'name="{name}"')[2]
        .partition("</select>")[0]
        .partition(" selected")[0]
        .rpartition('value="')[2]
        .rstrip('"')
    )


def test_a_zone_fills_in_what_is_empty_and_the_person_is_shown_to_compare(browser, draft):
    status, page = read(browser, draft, passport())
    assert status == 200
    assert (chosen(page, "document1_kind"), chosen(page, "document1_issuer")) == ("passport", "SYR")
    assert [value(page, f"document1_{part}") for part in ("number", "expires_day", "expires_month", "expires_year")] == [
        "N01234567", "18", "4", "2029",
    ]  # fmt: skip
    assert "HADDAD" in page
    assert "7 March 1994" in page
    assert "There is a problem" not in page


def test_what_was_typed_stays_and_the_page_says_what_differs(browser, draft):
    typed = {"document1_kind": "identity_card", "document1_number": "N 012-345 68", "document1_expires_year": "2030"}
    _, page = read(browser, draft, passport(), **typed)
    assert chosen(page, "document1_kind") == "identity_card"
    assert (value(page, "document1_number"), value(page, "document1_expires_day")) == ("N 012-345 68", "")
    assert "Differs: what you typed stays." in page
    for said in ("<bdi>Identity card</bdi>", "<bdi>N 012-345 68</bdi>", "N01234567", "18 April 2029"):
        assert said in page


def test_a_number_typed_with_spaces_and_dashes_is_the_same_number(browser, draft):
    _, page = read(browser, draft, passport(), document1_number="n 012-345 67")
    assert "Differs" not in page


def test_a_check_digit_that_does_not_hold_is_named_and_its_value_filled_in_nowhere(browser, draft):
    _, page = read(browser, draft, passport().replace("N01234567", "NO1234567"))
    assert value(page, "document1_number") == ""
    assert "<bdi>NO1234567</bdi>" in page
    assert "The check digit does not hold" in page
    assert "line 2, column 2: 0 instead of O" in page
    assert value(page, "document1_expires_year") == "2029"


@pytest.mark.parametrize(
    ("zone", "sentence"),
    [
        ("", "Scan or paste the lines first."),
        ("   \r\n", "Scan or paste the lines first."),
        ("P<SYRHADDAD<<AMIRA", "“18”: A zone has 3 lines of 30 characters"),
        (passport().replace("HADDAD", "HAD!AD"), "“!”: Only A to Z, 0 to 9 and &lt; stand in a zone"),
        ("<script>alert(1)</script>", "“&gt;”: Only A to Z"),
    ],
)
def test_what_is_no_zone_is_said_at_its_field_and_nothing_else_is_at_fault(browser, draft, zone, sentence):
    status, page = read(browser, draft, zone, document1_number="A 1")
    assert (status, sentence in page) == (422, True)
    assert page.count('class="govuk-error-message"') == 1
    assert value(page, "document1_number") == "A 1"


def test_every_single_zone_reads_into_its_own_document(browser, draft):
    _, page = read(browser, draft, passport("X1"), "3", document1_kind="visa", document1_number="7")
    assert [value(page, f"document{place}_number") for place in (1, 2, 3)] == ["7", "", "X1"]


def test_of_the_person_nothing_is_shown_that_does_not_hold(browser, draft):
    _, page = read(browser, draft, passport().replace("940307", "940308"))
    assert "<bdi>940308</bdi>" in page
    assert "8 March 1994" not in page


def test_a_code_that_no_state_has_and_a_special_kind_are_left_to_the_officer(browser, draft):
    _, page = read(browser, draft, passport(issuer="UTO", code="PD"))
    assert (chosen(page, "document1_kind"), chosen(page, "document1_issuer")) == ("", "")
    assert "Choose the kind from the document itself." in page
    assert "<bdi>UTO</bdi>" in page


def test_an_expiry_without_a_day_is_left_to_the_officer(browser, draft):
    _, page = read(browser, draft, passport(expiry="2904<<"))
    assert value(page, "document1_expires_year") == ""
    assert "It is no whole date." in page


def test_a_zone_that_was_pasted_and_not_read_is_not_left_behind(browser, draft):
    answer = browser.post(f"/people/new/{draft}/documents/", {"document1_zone": passport()})
    assert (answer.status_code, "This is not read yet." in answer.text) == (422, True)


def test_what_was_read_is_kept_in_the_draft_and_registered(browser, draft):
    _, page = read(browser, draft, passport())
    assert value(browser.get(f"/people/new/{draft}/documents/").text, "document1_number") == "N01234567"
    parts = ("number", "expires_day", "expires_month", "expires_year")
    sent = {f"document1_{part}": value(page, f"document1_{part}") for part in parts} | {
        "document1_zone": passport(), "document1_kind": "passport", "document1_issuer": "SYR", "document1_seen": "original",
    }  # fmt: skip
    for name, fields in (("documents", sent), ("arrival", ARRIVAL), ("needs", NEEDS)):
        assert browser.post(f"/people/new/{draft}/{name}/", fields).status_code == 302
    browser.post(f"/people/new/{draft}/read-back/", {"read_back": "signed"})
    with gate.act(Purpose.REGISTRATION):
        assert Document.objects.get().number == "N01234567"


def test_a_button_that_the_page_does_not_have_is_refused(browser, draft):
    assert browser.post(f"/people/new/{draft}/documents/", {"read": "4"}).status_code == 400


def test_a_zone_fills_in_one_more_document_of_a_record_and_nothing_is_recorded_by_it(browser, person):
    answer = browser.post(
        f"/people/{person.reference}/document/", {"zone": passport(), "read": "1", "submission": str(uuid4())}
    )
    assert (answer.status_code, value(answer.text, "number")) == (200, "N01234567")
    assert len(value(answer.text, "submission")) == 36
    with gate.act(Purpose.REGISTRATION):
        assert not Document.objects.exists()
