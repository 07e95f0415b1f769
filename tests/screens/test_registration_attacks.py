"""What somebody tries who wants to get round the pages of a registration: nothing half saved, nothing of others seen."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from test_registration_pages import WHO, fill, registered

from people import BASIS, NOW, actor, amira, officer
from sign_ins import signed_in
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.references import new_reference
from stonebridge.registry.models import Draft, Name
from stonebridge.safeguards import gate
from stonebridge.safeguards.services import restrict

READ_BACK = {"read_back": "signed"}


@pytest.fixture
def clerk() -> Client:
    return signed_in(officer(Role.REGISTRATION_CLERK))


@pytest.fixture
def other() -> Client:
    return signed_in(officer(Role.REGISTRATION_CLERK, "Other Clerk"))


def test_whoever_hands_in_before_every_page_is_filled_is_led_to_the_page_that_is_missing(clerk):
    draft = uuid4()
    clerk.post(f"/people/new/{draft}/who/", WHO)
    answer = clerk.post(f"/people/new/{draft}/read-back/", READ_BACK)
    assert answer.headers["Location"] == f"/people/new/{draft}/documents/?check=1"
    assert registered() == 0


def test_a_page_kept_with_a_fault_stops_the_handing_in(clerk):
    draft = uuid4()
    fill(clerk, draft)
    clerk.post(f"/people/new/{draft}/who/keep/", WHO | {"birth": "31.02.1994"})
    answer = clerk.post(f"/people/new/{draft}/read-back/", READ_BACK, follow=True)
    assert "31.02.1994" in answer.content.decode()
    assert "has 28 days" in answer.content.decode()
    assert registered() == 0


def test_a_draft_is_not_begun_on_a_later_page(clerk):
    assert clerk.get(f"/people/new/{uuid4()}/needs/").status_code == 404


@pytest.mark.parametrize("page", ["who", "documents", "read-back"])
def test_another_officers_draft_looks_like_none(clerk, other, page):
    draft = uuid4()
    fill(clerk, draft)
    answer = other.get(f"/people/new/{draft}/{page}/")
    assert "أميرة" not in answer.content.decode()
    assert "Homs" not in answer.content.decode()


@pytest.mark.parametrize("way", ["who/", "who/keep/", "read-back/", "discard/", "no-captures/"])
def test_another_officers_draft_can_be_neither_changed_nor_handed_in_nor_thrown_away(clerk, other, way):
    draft = uuid4()
    fill(clerk, draft)
    before = bytes(Draft.objects.get().sealed)
    fields = WHO | {"given": "Mallory"} if way.startswith("who") else READ_BACK if way.startswith("read") else {}
    assert other.post(f"/people/new/{draft}/{way}", fields).status_code == 404
    assert bytes(Draft.objects.get().sealed) == before
    assert registered() == 0


def test_what_another_officer_handed_in_is_not_told_by_its_draft(clerk, other):
    draft = uuid4()
    fill(clerk, draft)
    clerk.post(f"/people/new/{draft}/read-back/", READ_BACK)
    assert other.get(f"/people/new/{draft}/read-back/").status_code == 404
    assert other.post(f"/people/new/{draft}/who/", WHO).status_code == 404
    assert not Draft.objects.exists()


def test_an_expired_draft_is_gone_before_anybody_deletes_it(clerk):
    draft = uuid4()
    fill(clerk, draft)
    Draft.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert clerk.get(f"/people/new/{draft}/documents/").status_code == 404
    assert clerk.post(f"/people/new/{draft}/documents/", {}).status_code == 404
    assert clerk.post(f"/people/new/{draft}/read-back/", READ_BACK).status_code == 404
    assert registered() == 0


def test_ten_clicks_at_once_make_one_person(clerk):
    draft = uuid4()
    fill(clerk, draft)

    def click(_: int) -> str:
        browser = Client()
        browser.cookies.update(clerk.cookies)
        try:
            return browser.post(f"/people/new/{draft}/read-back/", READ_BACK).headers["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as clicks:
        assert len(set(clicks.map(click, range(10)))) == 1
    assert registered() == 1


def test_a_draft_changed_under_a_page_that_was_handed_in_already_begins_no_second_person(clerk):
    draft = uuid4()
    fill(clerk, draft)
    first = clerk.post(f"/people/new/{draft}/read-back/", READ_BACK).headers["Location"]
    assert clerk.post(f"/people/new/{draft}/who/", WHO).headers["Location"] == first
    assert not Draft.objects.exists()


def test_a_direction_character_in_a_name_is_refused_and_nobody_is_registered(clerk):
    draft = uuid4()
    fill(clerk, draft)
    answer = clerk.post(f"/people/new/{draft}/who/", WHO | {"given": "Ami\u202era"})
    assert answer.status_code == 422
    assert "U+202E" in answer.content.decode()
    clerk.post(f"/people/new/{draft}/read-back/", READ_BACK)
    assert registered() == 0


def test_a_name_of_ten_megabytes_is_refused_and_nothing_is_kept(clerk):
    answer = clerk.post(f"/people/new/{uuid4()}/who/", WHO | {"given": "A" * 10_000_000})
    assert answer.status_code in {400, 413}
    assert not Draft.objects.exists()


def test_a_name_of_a_megabyte_is_refused_and_nothing_is_kept(clerk):
    answer = clerk.post(f"/people/new/{uuid4()}/who/", WHO | {"given": "A" * 1_000_000})
    assert answer.status_code == 400
    assert "far too long" in answer.content.decode()
    assert not Draft.objects.exists()


def test_bytes_that_are_no_utf_8_are_refused_as_a_wrong_encoding(clerk):
    body = b"notice=acknowledged&given=%C0%AFAmira"
    answer = clerk.post(
        f"/people/new/{uuid4()}/who/", body, content_type="application/x-www-form-urlencoded"
    )  # fmt: skip
    assert answer.status_code == 400
    assert "wrong encoding" in answer.content.decode()
    assert not Draft.objects.exists()


def test_a_field_that_the_page_does_not_have_is_refused_by_name(clerk):
    answer = clerk.post(f"/people/new/{uuid4()}/who/", WHO | {"collected_for": "border_check"})
    assert answer.status_code == 400
    assert "collected_for" in answer.content.decode()
    assert not Draft.objects.exists()


def test_ten_thousand_fields_are_refused(clerk):
    answer = clerk.post(f"/people/new/{uuid4()}/who/", {f"f{n}": "" for n in range(10_000)})
    assert answer.status_code == 400


def test_a_relative_whose_record_is_restricted_between_page_and_submit_stops_the_registration(clerk):
    relative = amira(actor(Role.SUPERVISOR))
    draft = uuid4()
    fill(clerk, draft, arrival={"family_of": relative.reference, "relation": "child"})
    restrict(relative.id, "She contests the record.", actor=actor(Role.DATA_PROTECTION_OFFICER),
             basis=BASIS[Purpose.DATA_PROTECTION], now=NOW)  # fmt: skip
    assert clerk.post(f"/people/new/{draft}/read-back/", READ_BACK).status_code == 403
    assert registered() == 0
    assert Draft.objects.count() == 1


def test_a_relative_whom_nobody_registered_is_said_at_the_field(clerk):
    draft = uuid4()
    fill(clerk, draft, arrival={"family_of": new_reference("mk"), "relation": "child"})
    answer = clerk.post(f"/people/new/{draft}/read-back/", READ_BACK)
    assert answer.status_code == 422
    assert 'id="id_family_of-error"' in answer.content.decode()


def test_a_legal_basis_that_is_not_listed_registers_nobody(clerk):
    draft = uuid4()
    fill(clerk, draft)
    assert clerk.post(f"/people/new/{draft}/read-back/", READ_BACK | {"basis": "because"}).status_code == 403
    assert registered() == 0


@pytest.mark.parametrize("role", [Role.EXAMINER, Role.BORDER_OFFICER, Role.ANALYST, Role.ADMINISTRATOR])
def test_whoever_may_not_register_may_not_begin_a_draft(role):
    browser = signed_in(officer(role))
    assert browser.post(f"/people/new/{uuid4()}/who/", WHO).status_code == 403
    assert not Draft.objects.exists()


def test_markup_in_a_place_is_shown_as_text(clerk):
    draft = uuid4()
    fill(clerk, draft, who={"birth_place": "<script>alert(1)</script>"})
    page = clerk.post(f"/people/new/{draft}/read-back/", READ_BACK, follow=True).content.decode()
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_single_name_is_enough_and_no_second_is_invented(clerk):
    draft = uuid4()
    fill(clerk, draft, who={"given": "Gul", "family": "", "family_latin": "", "father": ""})
    clerk.post(f"/people/new/{draft}/read-back/", READ_BACK)
    with gate.act(Purpose.REGISTRATION):
        assert list(Name.objects.values_list("part", "text")) == [("given", "Gul")]


def test_a_stand_in_for_a_missing_name_is_pointed_out_before_it_is_registered(clerk):
    draft = uuid4()
    fill(clerk, draft, who={"family": "FNU", "family_latin": ""})
    assert "stand-in for a missing name" in clerk.get(f"/people/new/{draft}/read-back/").content.decode()
