"""What somebody may try at the desk: other purposes, other bases, other sites, no sign-in."""

from uuid import UUID

import pytest
from django.test import Client

from access_log import rows_of
from people import PASSWORD, officer
from sign_ins import signed_in
from stonebridge.domain.actor import Role

NOBODY = UUID(int=1)
OPENED = (
    "/today/", "/account/2fa/", "/account/purpose/", "/account/password/", "/account/2fa/recovery-codes/", "/officers/",
    "/officers/new/", "/officers/organisations/", f"/officers/{NOBODY}/", "/oversight/log/", "/oversight/restrictions/",
    "/oversight/holds/", "/oversight/emergency/", "/oversight/emergencies/", "/referrals/", "/referrals/new/",
    "/referrals/MK-2222-2222/",
)  # fmt: skip
SENT = (
    "/account/purpose/", "/account/sessions/end/", "/account/password/", "/account/2fa/recovery-codes/new/",
    f"/today/notices/{NOBODY}/seen/", "/officers/new/", f"/officers/{NOBODY}/postings/", f"/officers/{NOBODY}/password/",
    f"/officers/{NOBODY}/second-factor/", f"/officers/{NOBODY}/close/", f"/officers/postings/{NOBODY}/end/",
    f"/officers/resets/{NOBODY}/", "/officers/organisations/", f"/officers/organisations/{NOBODY}/mandates/",
    f"/officers/mandates/{NOBODY}/end/", "/oversight/log/check/", "/oversight/log/export/", "/oversight/restrictions/",
    "/oversight/restrictions/MK-2222-2222/lift/", f"/oversight/holds/{NOBODY}/", "/oversight/emergency/",
    f"/oversight/emergencies/{NOBODY}/", "/referrals/new/", "/referrals/MK-2222-2222/",
)  # fmt: skip


def refusals() -> list[str]:
    return [
        bytes(event).decode()
        for (event,) in rows_of("SELECT event FROM {entry}")
        if b'"outcome":"refused"' in bytes(event)
    ]


@pytest.mark.parametrize("address", OPENED)
def test_without_a_sign_in_every_page_leads_to_it(address):
    assert Client().get(address).headers["Location"] == f"/account/login/?next={address}"


@pytest.mark.parametrize("address", SENT)
def test_without_a_sign_in_nothing_is_taken(address):
    assert Client().post(address, {}).headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize("address", SENT)
def test_with_a_password_alone_nothing_is_taken(address):
    browser = Client()
    browser.post("/account/login/", {"login": officer(Role.ADMINISTRATOR).email, "password": PASSWORD})
    assert browser.post(address, {}).headers["Location"] == "/account/2fa/enrol/"


@pytest.mark.parametrize("address", SENT)
def test_what_another_site_sends_is_not_taken(address):
    browser = signed_in(officer(Role.ADMINISTRATOR))
    browser.handler.enforce_csrf_checks = True
    answer = browser.post(address, {}, headers={"origin": "https://evil.example"})
    assert (answer.status_code, "The form could not be checked" in answer.text) == (403, True)


def test_a_purpose_named_in_the_address_that_is_not_the_actors_is_refused_and_logged(person):
    examiner = signed_in(officer(Role.EXAMINER))
    assert examiner.get(f"/people/{person.reference}/?purpose=data_protection").status_code == 403
    assert any("the_purpose_is_the_actors" in event and '"data_protection"' in event for event in refusals())


@pytest.mark.parametrize("purpose", ["administration", "everything", "", "registration' OR 1=1", "REGISTRATION"])
def test_a_purpose_that_a_page_does_not_serve_opens_nothing(person, purpose):
    analyst = signed_in(officer(Role.ANALYST))
    assert analyst.get(f"/people/{person.reference}/", {"purpose": purpose}).status_code in {400, 403}


def test_a_purpose_in_a_form_counts_no_more_than_one_in_the_address():
    analyst = signed_in(officer(Role.ANALYST))
    answer = analyst.post("/oversight/restrictions/", {"purpose": "data_protection", "about": "MK-2222-2222"})
    assert answer.status_code == 403


def test_a_legal_basis_that_the_law_does_not_list_for_the_purpose_is_refused(person):
    guard = signed_in(officer(Role.DATA_PROTECTION_OFFICER))
    answer = guard.post("/oversight/log/export/", {"about": person.reference, "basis": "because I say so"})
    assert answer.status_code == 403
    assert any("a_legal_basis_is_named" in event for event in refusals())


def test_a_refusal_says_the_rule_and_the_article_and_leads_back_to_the_desk(person):
    analyst = signed_in(officer(Role.ANALYST))
    page = analyst.get(f"/people/{person.reference}/", headers={"referer": "https://evil.example/x"}).text
    assert "The act belongs to a role that the actor holds today." in page
    assert "Article 5(1)(b)" in page
    assert "evil.example" not in page
    assert 'href="/today/">Go back' in page


def test_a_refusal_leads_back_to_the_page_that_one_came_from(person):
    analyst = signed_in(officer(Role.ANALYST))
    page = analyst.get(f"/people/{person.reference}/", headers={"referer": "http://testserver/people/search/?q=a"}).text
    assert 'href="http://testserver/people/search/?q=a">Go back' in page


def test_what_is_typed_into_an_address_is_shown_as_text():
    guard = signed_in(officer(Role.DATA_PROTECTION_OFFICER))
    pages = [
        guard.get("/oversight/log/", {"about": "<script>alert(1)</script>"}).text,
        guard.get("/oversight/restrictions/", {"about": '"><script>alert(1)</script>'}).text,
        Client().get("/account/login/", {"as": '"><script>alert(1)</script>'}).text,
        signed_in(officer(Role.ADMINISTRATOR)).get("/officers/", {"q": '"><script>alert(1)</script>'}).text,
    ]
    assert not any("<script>alert" in page for page in pages)


def test_a_node_answers_to_its_own_name_alone():
    answer = Client(headers={"host": "evil.example"}).get("/account/login/")
    assert answer.status_code == 400


def test_pages_about_persons_stay_in_no_cache_and_in_no_frame(person):
    page = signed_in(officer(Role.REGISTRATION_CLERK, "Other Clerk")).get(f"/people/{person.reference}/")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_nothing_goes_to_another_site_by_the_referrer():
    assert Client().get("/").headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", ["/people/%00/", "/pairs/MK-%00/", "/pairs/links/%00/"])
def test_a_null_character_in_an_address_is_a_page_that_is_not_there(address):
    browser = signed_in(officer(Role.EXAMINER))
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("charset", ["utf-7", "latin-1"])
def test_a_form_in_another_encoding_is_refused_and_is_no_fault(charset):
    browser = signed_in(officer(Role.REGISTRATION_CLERK))
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = browser.post("/people/new/", b"given=Ahmad", content_type=kind)
    assert answer.status_code == 400
    assert charset in answer.text
