"""The administrator's screens: officers and organisations, and nothing of people on the move."""

import re

import pytest

from people import officer
from sign_ins import enrol, signed_in
from stonebridge.accounts.models import Officer, Organisation, Posting
from stonebridge.domain.actor import Role

FORM = {
    "full_name": "Nada Novakova", "email": "nada@test.example", "language": "en", "unit": "Skopje", "role": "examiner",
    "starts_on_day": "1", "starts_on_month": "2", "starts_on_year": "2026",
}  # fmt: skip


@pytest.fixture
def browser():
    return signed_in(officer(Role.ADMINISTRATOR))


def form(**changes):
    return FORM | {"organisation": str(Organisation.objects.get(name="Authority").id)} | changes


def test_an_officer_is_added_and_gets_a_link_for_a_password(browser):
    page = browser.post("/officers/new/", form())
    link = re.search(r'sb-secret">(.*?)<', page.text).group(1)
    new = {"new_password1": "horse battery staple", "new_password2": "horse battery staple"}
    assert browser.post(link, new).headers["Location"] == "/account/login/"
    assert Officer.objects.get(email="nada@test.example").check_password("horse battery staple")


def test_what_is_wrong_in_a_form_is_said_at_its_field(browser):
    officer(Role.EXAMINER, "Nada")
    page = browser.post("/officers/new/", form(email="nada@TEST.example", starts_on_month="13")).text
    assert "Enter a month from 1 to 12." in page
    page = browser.post("/officers/new/", form(email="nada@TEST.example")).text
    assert "Somebody signs in with this address already" in page


def test_a_role_that_does_not_exist_is_refused(browser):
    assert "govuk-error-message" in browser.post("/officers/new/", form(role="superuser")).text


def test_the_list_finds_officers_by_name_address_or_unit(browser):
    officer(Role.EXAMINER, "Nada Novakova")
    assert "Nada Novakova" in browser.get("/officers/?q=novak").text
    assert "Nada Novakova" in browser.get("/officers/?q=tabanov").text
    assert "Nobody is found" in browser.get("/officers/?q=zzz").text


def test_ending_a_posting_asks_for_a_reason_and_ends_the_session_s_rights(browser):
    examiner = officer(Role.EXAMINER, "Nada Novakova")
    theirs = signed_in(examiner)
    ending = f"/officers/postings/{examiner.postings.get().id}/end/"
    assert "govuk-error-message" in browser.post(ending, {"reason": " "}).text
    browser.post(ending, {"reason": "moved"})
    assert "No posting of yours is in force" in theirs.get("/today/").text


def test_a_reset_asked_by_one_is_done_by_another(browser):
    examiner = officer(Role.EXAMINER, "Nada Novakova")
    enrol(examiner)
    theirs = signed_in(examiner)
    browser.post(f"/officers/{examiner.id}/second-factor/", {"reason": "lost the phone"})
    assert "Another administrator does it." in browser.get("/officers/").text
    second = signed_in(officer(Role.ADMINISTRATOR, "Second"))
    action = re.search(r'action="(/officers/resets/[^"]+)"', second.get("/officers/").text).group(1)
    second.post(action, {"answer": "do"})
    assert theirs.get("/today/").status_code == 302


def test_one_s_own_account_is_for_another_administrator(browser):
    own = Officer.objects.get(full_name="Administrator")
    assert "This is you." in browser.get(f"/officers/{own.id}/").text
    assert browser.post(f"/officers/{own.id}/close/", {"reason": "x"}).status_code == 400
    assert browser.post(f"/officers/{own.id}/postings/", form()).status_code == 400
    assert Posting.objects.filter(officer=own).count() == 1


def test_an_organisation_and_its_mandate_are_added(browser):
    browser.post("/officers/organisations/", {"name": "Open Door", "kind": "ngo"})
    made = Organisation.objects.get(name="Open Door")
    browser.post(
        f"/officers/organisations/{made.id}/mandates/",
        {
            "mandate_for": "referral",
            "agreement": "12/2026",
            "starts_on_day": "1",
            "starts_on_month": "1",
            "starts_on_year": "2026",
        },
    )
    assert "12/2026" in browser.get("/officers/organisations/").text


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_nobody_else_opens_the_officers(role):
    assert signed_in(officer(role)).get("/officers/").status_code == 403
