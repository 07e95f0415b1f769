"""Data protection closes and opens records; supervisors say whose a hold is; nobody else does."""

import pytest

from people import NOW, officer, on_record
from sign_ins import signed_in
from stonebridge.domain.actor import Role
from stonebridge.safeguards.models import Hold, Restriction

REASON = {"ground": "18(1)(a)", "reason": "She says that the birth date is her sister's."}


@pytest.fixture
def guard():
    return signed_in(officer(Role.DATA_PROTECTION_OFFICER))


def restrict(guard, person):
    return guard.post("/oversight/restrictions/", REASON | {"about": person.reference})


def test_a_restricted_record_is_closed_to_others_until_it_is_lifted(guard, person):
    clerk = signed_in(officer(Role.REGISTRATION_CLERK, "Other Clerk"))
    assert clerk.get(f"/people/{person.reference}/").status_code == 200
    restrict(guard, person)
    assert clerk.get(f"/people/{person.reference}/").status_code in {403, 404}
    guard.post(f"/oversight/restrictions/{person.reference}/lift/", {"reason": "Settled with her."})
    assert clerk.get(f"/people/{person.reference}/").status_code == 200
    page = guard.get("/oversight/restrictions/").text
    assert "lifted" in page
    assert "Article 18(1)(a)" in page


def test_a_record_is_restricted_once(guard, person):
    restrict(guard, person)
    assert "This record is restricted already." in restrict(guard, person).text
    assert on_record(Restriction).count() == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"about": "MK-2222-2222"}, "A reference looks like"),
        ({"reason": "  "}, "govuk-error-message"),
        ({"ground": "17"}, "govuk-error-message"),
    ],
)
def test_what_cannot_be_restricted_is_told_at_its_field(guard, person, given, told):
    page = guard.post("/oversight/restrictions/", REASON | {"about": person.reference} | given).text
    assert told in page
    assert not on_record(Restriction).exists()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DATA_PROTECTION_OFFICER}))
def test_nobody_else_restricts_or_lifts(role, person):
    browser = signed_in(officer(role, "Somebody Else"))
    assert browser.get("/oversight/restrictions/").status_code == 403
    assert restrict(browser, person).status_code in {400, 403, 404}
    assert browser.post(f"/oversight/restrictions/{person.reference}/lift/", {"reason": "x"}).status_code in {403, 404}
    assert not on_record(Restriction).exists()


@pytest.fixture
def hold(person):
    return on_record(Hold).create(person_id=person.id, fact="former_identity", arose_at=NOW, arose_from="MK-LINK-0001")


def test_a_hold_is_assigned_with_a_reason(person, hold):
    browser = signed_in(officer(Role.SUPERVISOR))
    assert person.reference in browser.get("/oversight/holds/").text
    assert "govuk-error-message" in browser.post(f"/oversight/holds/{hold.id}/", {"belongs": "no"}).text
    browser.post(f"/oversight/holds/{hold.id}/", {"belongs": "no", "reason": "It was the other woman's claim."})
    assert "No hold waits" in browser.get("/oversight/holds/").text
    hold.refresh_from_db()
    assert (hold.belongs, hold.reason) == (False, "It was the other woman's claim.")
    assert browser.get(f"/oversight/holds/{hold.id}/").status_code == 404


def test_a_hold_on_a_restricted_record_is_left_out_of_the_list(person, hold, guard):
    restrict(guard, person)
    assert person.reference not in signed_in(officer(Role.SUPERVISOR)).get("/oversight/holds/").text


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SUPERVISOR}))
def test_nobody_else_assigns_a_hold(role, hold):
    browser = signed_in(officer(role, "Somebody Else"))
    assert browser.post(f"/oversight/holds/{hold.id}/", {"belongs": "no", "reason": "x"}).status_code == 403
    assert on_record(Hold).filter(assigned_at__isnull=True).count() == 1


def test_the_desk_counts_holds_and_restrictions_and_names_nobody(person, hold, guard):
    restrict(guard, person)
    supervisor = signed_in(officer(Role.SUPERVISOR)).get("/today/").text
    assert "Holds to assign" in supervisor
    assert person.reference not in supervisor
    assert "Restrictions in force" in guard.get("/today/").text
