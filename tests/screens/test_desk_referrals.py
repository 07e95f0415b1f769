"""Referrals are protection's alone: nothing of them shows anywhere else, not even that they exist."""

import re

import pytest
from django.test import Client

from access_log import rows_of
from people import TODAY, actor, amira, officer, on_record
from sign_ins import signed_in
from stonebridge.accounts.models import Mandate, Organisation, OrganisationKind
from stonebridge.domain.actor import Purpose, Role
from stonebridge.safeguards.log.store import PROTECTION
from stonebridge.safeguards.models import HistoryEntry

WORRY = {"kind": "trafficking", "reason": "A man answered for her and kept her papers."}
EVERYWHERE = (
    "/today/", "/people/{0}/", "/people/search/?q={0}", "/people/search/?q=Amira", "/pairs/", "/oversight/holds/",
    "/oversight/restrictions/", "/oversight/emergencies/", "/officers/", "/referrals/", "/referrals/new/?about={0}",
    "/oversight/log/?about={0}&since=2026-11-20T00:00&until=2026-11-24T00:00",
)  # fmt: skip
OUTSIDERS = sorted(set(Role) - {Role.PROTECTION_OFFICER, Role.SOCIAL_WORKER})


@pytest.fixture
def person():
    return amira(actor(Role.REGISTRATION_CLERK, "First Clerk"))


@pytest.fixture
def protection():
    return signed_in(officer(Role.PROTECTION_OFFICER))


def social_worker(name="Social Worker"):
    made = officer(Role.SOCIAL_WORKER, name, organisation="Open Door", kind=OrganisationKind.NGO)
    helper = Organisation.objects.get(name="Open Door")
    for purpose in (Purpose.REFERRAL, Purpose.PATHWAYS):
        Mandate.objects.create(organisation=helper, purpose=purpose, basis="12/2026", starts_on=TODAY)
    return signed_in(made)


def refer(browser: Client, person):
    return browser.post("/referrals/new/", WORRY | {"about": person.reference})


def pages(browser: Client, person) -> list[tuple[int, str]]:
    """Everything that an officer can look at, as bytes, without what differs from one answer to the next."""
    answers = [browser.get(address.format(person.reference)) for address in EVERYWHERE]
    return [
        (answer.status_code, re.sub(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|mask-\w+', "", answer.text))
        for answer in answers
    ]


def test_protection_reads_a_referral_and_closes_it_with_a_reason(protection, person):
    opened = refer(protection, person)
    page = protection.get(opened.headers["Location"]).text
    assert WORRY["reason"] in page
    assert person.reference in page
    assert "govuk-error-message" in protection.post(opened.headers["Location"], {"reason": " "}).text
    protection.post(opened.headers["Location"], {"reason": "A shelter took her in."})
    page = protection.get(opened.headers["Location"]).text
    assert "A shelter took her in." in page
    assert "End the referral" not in page


def test_the_answers_about_needs_are_read_with_the_referral(protection):
    amira(actor(Role.REGISTRATION_CLERK, "First Clerk"), given="Nour", needs={"afraid": "yes", "pregnant": "no"})
    reference = re.search(r'href="(/referrals/MK-[^"]+)"', protection.get("/referrals/").text).group(1)
    page = protection.get(reference).text
    assert "Afraid of somebody: Yes" in page
    assert "Pregnant: No" in page


def test_a_clerk_refers_and_learns_nothing_more(person):
    clerk = signed_in(officer(Role.REGISTRATION_CLERK))
    assert "Protection has it now" in refer(clerk, person).text
    assert clerk.get("/referrals/").status_code == 403
    assert not on_record(HistoryEntry).filter(event__contains="refer").exists()


def test_a_worker_of_an_organisation_sees_the_own_referrals_alone(protection, person):
    theirs = refer(social_worker(), person).headers["Location"]
    of_protection = refer(protection, person).headers["Location"]
    other = signed_in(officer(Role.SOCIAL_WORKER, "Other Worker", organisation="Open Door"))
    assert other.get(theirs).status_code == 404
    assert theirs not in other.get("/referrals/").text
    worker = refer(other, person)
    assert other.get(worker.headers["Location"]).status_code == 200
    assert other.get(of_protection).status_code == 404
    assert other.post(worker.headers["Location"], {"reason": "done"}).status_code == 403


def test_a_worker_whose_mandate_ended_reads_none(person):
    browser = social_worker()
    theirs = refer(browser, person).headers["Location"]
    Mandate.objects.update(ends_on=TODAY)
    Mandate.objects.filter(purpose=Purpose.REFERRAL).update(ended_at=TODAY.isoformat() + "T00:00Z")
    assert browser.get(theirs).status_code == 403


@pytest.mark.parametrize("role", OUTSIDERS)
def test_what_others_see_is_the_same_to_the_byte_with_a_referral_and_without(role, protection, person):
    browser = signed_in(officer(role))
    pages(browser, person)
    before = pages(browser, person)
    refer(protection, person)
    assert pages(browser, person) == before


@pytest.mark.parametrize("role", OUTSIDERS)
def test_nobody_else_reads_or_closes_a_referral(role, protection, person):
    address = refer(protection, person).headers["Location"]
    browser = signed_in(officer(role, "Somebody Else"))
    assert browser.get(address).status_code == 403
    assert browser.post(address, {"reason": "away with it"}).status_code == 403
    assert browser.get("/referrals/MK-2222-2222/").status_code == 403
    assert "A shelter" not in protection.get(address).text
    assert "End the referral" in protection.get(address).text


def test_the_reading_of_a_referral_stands_in_the_protection_log_and_in_no_other(protection, person):
    address = refer(protection, person).headers["Location"]
    access, own = (len(rows_of("SELECT id FROM {entry}")), len(rows_of("SELECT id FROM {entry}", store=PROTECTION)))
    protection.get(address)
    assert len(rows_of("SELECT id FROM {entry}")) == access
    assert len(rows_of("SELECT id FROM {entry}", store=PROTECTION)) > own


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"about": "MK-2222-2222"}, "A reference looks like"),
        ({"kind": "gossip"}, "Select a valid choice"),
        ({"reason": ""}, "This field is required"),
        ({"reason": "x" * 5000}, "at most 4000 characters"),
    ],
)
def test_what_cannot_be_referred_is_told_at_its_field(protection, person, given, told):
    assert told in protection.post("/referrals/new/", WORRY | {"about": person.reference} | given).text
    assert "No referral waits for you" in protection.get("/referrals/").text


def test_the_desk_of_protection_counts_and_no_other_does(protection, person):
    refer(protection, person)
    assert "Open referrals" in protection.get("/today/").text
    assert "Open referrals" not in signed_in(officer(Role.SUPERVISOR)).get("/today/").text
