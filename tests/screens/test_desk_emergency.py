"""Emergency access opens reading with a reason, is told at once, ends by itself and is reviewed by somebody else."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from access_log import Superuser
from people import officer
from sign_ins import signed_in
from stonebridge.accounts.models import OrganisationKind
from stonebridge.domain.actor import Role
from stonebridge.safeguards.models import EmergencyAccess

WHY = {"reason": "A child with fever, found alone; the mother may be on record."}


@pytest.fixture
def analyst():
    return signed_in(officer(Role.ANALYST))


@pytest.fixture
def over(server, node_database):
    """Ends every emergency: an hour passes."""

    def end():
        superuser = Superuser(server.superuser_url(node_database.name))
        superuser.do("UPDATE safeguards_emergencyaccess SET declared_at = declared_at - interval '1 hour', ends_at = ends_at - interval '1 hour'")  # fmt: skip

    return end


def test_an_emergency_opens_reading_and_the_page_says_until_when(analyst, person):
    assert analyst.get(f"/people/{person.reference}/").status_code == 403
    analyst.post("/oversight/emergency/", WHY)
    page = analyst.get(f"/people/{person.reference}/")
    assert page.status_code == 200
    assert "Emergency access until" in page.text


def test_an_emergency_needs_a_reason(analyst, person):
    assert "govuk-error-message" in analyst.post("/oversight/emergency/", {"reason": "   "}).text
    assert not EmergencyAccess.objects.exists()


def test_an_emergency_ends_by_itself(analyst, person, over):
    analyst.post("/oversight/emergency/", WHY)
    over()
    assert analyst.get(f"/people/{person.reference}/").status_code == 403
    assert "Emergency access until" not in analyst.get("/today/").text


def test_an_emergency_opens_no_log_no_posting_and_no_referral(analyst):
    analyst.post("/oversight/emergency/", WHY)
    assert [
        analyst.get(address).status_code
        for address in ("/oversight/log/", "/officers/", "/oversight/restrictions/", "/oversight/holds/")
    ] == [403] * 4


def test_a_worker_of_an_organisation_declares_none():
    browser = signed_in(officer(Role.SOCIAL_WORKER, organisation="Open Door", kind=OrganisationKind.NGO))
    assert "Only an officer in post can declare" in browser.get("/oversight/emergency/").text
    assert browser.post("/oversight/emergency/", WHY).status_code == 400
    assert not EmergencyAccess.objects.exists()


def test_data_protection_is_told_at_once_and_sees_what_was_read(analyst, person, over):
    analyst.post("/oversight/emergency/", WHY)
    analyst.get(f"/people/{person.reference}/")
    guard = signed_in(officer(Role.DATA_PROTECTION_OFFICER))
    assert WHY["reason"] in guard.get("/today/").text
    page = guard.get(f"/oversight/emergencies/{EmergencyAccess.objects.get().id}/").text
    assert person.reference in page
    assert "It still runs" in page
    assert "Emergency" in guard.get("/oversight/log/?outcome=emergency").text


def test_an_emergency_is_reviewed_when_it_has_ended_and_once(analyst, over):
    analyst.post("/oversight/emergency/", WHY)
    guard = signed_in(officer(Role.DATA_PROTECTION_OFFICER))
    address = f"/oversight/emergencies/{EmergencyAccess.objects.get().id}/"
    said = {"justified": "yes", "review": "The child's mother was found by it."}
    assert guard.post(address, said).status_code == 409
    over()
    guard.post(address, said)
    assert guard.post(address, {"justified": "no", "review": "changed"}).status_code == 404
    reviewed = EmergencyAccess.objects.get()
    assert (reviewed.justified, reviewed.review) == (True, said["review"])


def test_nobody_reviews_the_own_emergency(over):
    guard = signed_in(officer(Role.DATA_PROTECTION_OFFICER))
    guard.post("/oversight/emergency/", WHY)
    over()
    address = f"/oversight/emergencies/{EmergencyAccess.objects.get().id}/"
    assert guard.post(address, {"justified": "yes", "review": "mine"}).status_code == 409


def test_the_database_too_wants_another_to_review(analyst):
    analyst.post("/oversight/emergency/", WHY)
    own = EmergencyAccess.objects.get().officer_reference
    with pytest.raises(IntegrityError, match="emergency_is_reviewed_by_another"), transaction.atomic():
        EmergencyAccess.objects.update(
            reviewed_at=timezone.now() + timedelta(hours=1), reviewed_by=own, justified=True, review="mine"
        )


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DATA_PROTECTION_OFFICER}))
def test_nobody_else_reads_the_emergencies(role):
    assert signed_in(officer(role)).get("/oversight/emergencies/").status_code == 403
