"""The pages on which officers acknowledge corrections, and data protection decides what was kept back."""

from people import actor
from region_bench import question, said, signed
from region_talk import amended, claims, given_by_us, given_to_us, in_act, screened, talking
from sign_ins import signed_in
from stonebridge.accounts.models import Officer
from stonebridge.domain.actor import Role
from stonebridge.exchange.models import Incoming, Outgoing
from stonebridge.safeguards.policy import Fact


def main_of(browser, address: str) -> str:
    page = browser.get(address)
    assert page.status_code == 200
    return page.content.decode().split("<main")[1]


def corrected(clerk, vera):
    """A correction of Serbia that waits, and the person."""
    person = screened(clerk, vera)
    talking()
    given = given_to_us(person)
    body = {"of": str(given.message), "revision": 1, "kind": "amended", "identities": [{"birth": "1994-03-08"}],
            "changed": ["birth"]}  # fmt: skip
    said(signed(question(body, profile="correction", version=2)))
    (row,) = in_act(Incoming, profile="correction")
    return person, row


def test_an_officer_sees_what_was_said_before_and_now_and_acknowledges_it(clerk, vera, jana):
    person, row = corrected(clerk, vera)
    browser = signed_in(Officer.objects.get(id=jana.reference))
    assert "What it gave is corrected" in main_of(browser, "/told/")
    page = main_of(browser, f"/told/{row.id}/")
    assert page.index("1994-03-07") < page.index("1994-03-08")
    assert "Date and place of birth" in page
    assert browser.post(f"/told/{row.id}/", {"purpose": "identification"}).status_code == 422
    assert browser.post(f"/told/{row.id}/", {"note": "Put right.", "purpose": "identification"}).status_code == 302
    assert "Nothing to acknowledge" in main_of(browser, "/told/")
    assert "Acknowledged here" in main_of(browser, f"/people/{person.reference}/?purpose=identification")


def test_the_record_says_that_a_partner_corrected_it_and_leads_there(clerk, vera, jana):
    person, row = corrected(clerk, vera)
    page = main_of(
        signed_in(Officer.objects.get(id=jana.reference)), f"/people/{person.reference}/?purpose=identification"
    )
    assert "Waits for an officer here" in page
    assert f"/told/{row.id}/" in page


def test_a_clerk_acknowledges_nothing(clerk, vera):
    corrected(clerk, vera)
    assert signed_in(Officer.objects.get(id=clerk.reference)).get("/told/").status_code == 403


def test_data_protection_sees_who_what_and_why_and_decides(clerk, vera):
    lira = actor(Role.DATA_PROTECTION_OFFICER, "Lira")
    person = screened(clerk, vera, origin=Fact.YES)
    talking()
    given_by_us(person, vera)
    claims(person, clerk)
    amended(person, clerk)
    (row,) = in_act(Outgoing, profile="correction")
    browser = signed_in(Officer.objects.get(id=lira.reference))
    assert "Word that what it was given is corrected" in main_of(browser, "/told/kept-back/")
    page = main_of(browser, f"/told/kept-back/{row.id}/")
    assert person.reference in page
    assert "A safeguard of this node refused" in page
    stray = browser.post(f"/told/kept-back/{row.id}/", {"decision": "leave", "reason": "x", "evil": "one of mine"})
    assert (stray.status_code, "no such field" in stray.text) == (400, True)
    refused = browser.post(f"/told/kept-back/{row.id}/", {"decision": "send", "reason": "Try."})
    assert refused.status_code == 403
    left = browser.post(f"/told/kept-back/{row.id}/", {"decision": "leave", "reason": "It would harm her."})
    assert left.status_code == 302
    assert "Nothing is kept back" in main_of(browser, "/told/kept-back/")


def test_a_supervisor_sees_nothing_that_was_kept_back(clerk, vera):
    assert signed_in(Officer.objects.get(id=vera.reference)).get("/told/kept-back/").status_code == 403
