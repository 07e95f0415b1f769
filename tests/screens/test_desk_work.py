"""An officer says what the work at the desk is for; a page takes no purpose that is not the officer's own."""

from django.test import Client

from people import officer
from sign_ins import signed_in
from stonebridge.domain.actor import Role


def supervisor() -> Client:
    return signed_in(officer(Role.SUPERVISOR))


def test_an_officer_with_several_purposes_chooses_one_after_signing_in():
    browser = supervisor()
    page = browser.get("/account/purpose/")
    assert page.text.count('type="radio"') == 5
    browser.post("/account/purpose/", {"purpose": "identification"})
    assert "works for: Identification" in browser.get("/today/").text


def test_an_officer_with_one_purpose_is_not_asked():
    browser = signed_in(officer(Role.DATA_PROTECTION_OFFICER))
    assert browser.get("/account/purpose/").headers["Location"] == "/today/"


def test_the_legal_basis_is_remembered_with_the_purpose():
    browser = supervisor()
    browser.post("/account/purpose/", {"purpose": "registration", "basis-registration": "mk_foreigners"})
    assert "Law on Foreigners" in browser.get("/account/2fa/").text


def test_nobody_chooses_a_purpose_that_is_not_the_own():
    browser = supervisor()
    page = browser.post("/account/purpose/", {"purpose": "data_protection"})
    assert "Choose from the list" in page.text
    assert "purpose" not in browser.session


def test_nobody_chooses_a_basis_that_the_law_does_not_list_for_the_purpose():
    browser = supervisor()
    browser.post("/account/purpose/", {"purpose": "registration", "basis-registration": "oversight_of_access"})
    assert "basis-registration" not in browser.session


def test_a_chosen_purpose_is_gone_with_the_posting_that_gave_it():
    browser = supervisor()
    browser.post("/account/purpose/", {"purpose": "protection_claim"})
    session = browser.session
    session["purpose"] = "data_protection"
    session.save()
    assert "works for: Registration" in browser.get("/today/").text
