"""The claim for protection and the states of origin on a person's page: dated, reasoned, and never overwritten."""

from people import actor, amira, officer
from sign_ins import signed_in
from stonebridge.domain.actor import Purpose, Role
from stonebridge.remedies.models import Origin, ProtectionClaim
from stonebridge.safeguards import gate


def states() -> list[str]:
    with gate.act(Purpose.PROTECTION_CLAIM):
        return list(ProtectionClaim.objects.values_list("state", flat=True))


def test_a_claim_that_is_recorded_stands_beside_what_was_known_before():
    person = amira(actor(Role.REGISTRATION_CLERK))
    browser = signed_in(officer(Role.PROTECTION_OFFICER))
    page = browser.post(f"/people/{person.reference}/claim/", {"state": "pending"}, follow=True).content.decode()
    assert "Claims protection; the procedure is open" in page
    assert states() == ["unknown", "pending"]


def test_no_claim_needs_the_day_of_asking():
    person = amira(actor(Role.REGISTRATION_CLERK))
    answer = signed_in(officer(Role.PROTECTION_OFFICER)).post(f"/people/{person.reference}/claim/", {"state": "none"})
    assert answer.status_code == 422
    assert states() == ["unknown"]


def test_a_final_rejection_says_by_which_decision():
    person = amira(actor(Role.REGISTRATION_CLERK))
    browser = signed_in(officer(Role.PROTECTION_OFFICER))
    assert browser.post(f"/people/{person.reference}/claim/", {"state": "finally_rejected"}).status_code == 422
    assert states() == ["unknown"]


def test_an_examiner_records_no_claim():
    person = amira(actor(Role.REGISTRATION_CLERK))
    answer = signed_in(officer(Role.EXAMINER)).post(f"/people/{person.reference}/claim/", {"state": "pending"})
    assert answer.status_code == 403
    assert states() == ["unknown"]


def test_a_no_about_origin_needs_a_reason():
    person = amira(actor(Role.REGISTRATION_CLERK))
    browser = signed_in(officer(Role.SUPERVISOR))
    answer = browser.post(f"/people/{person.reference}/origin/", {"state": "SRB", "is_origin": "no", "reason": " "})
    assert answer.status_code == 422
    with gate.act(Purpose.PROTECTION_CLAIM):
        assert not Origin.objects.exists()


def test_only_a_supervisor_says_that_a_state_is_none_of_origin():
    person = amira(actor(Role.SUPERVISOR, "Another Supervisor"))
    no = {"state": "SRB", "is_origin": "no", "reason": "Transit alone."}
    assert (
        signed_in(officer(Role.PROTECTION_OFFICER)).post(f"/people/{person.reference}/origin/", no).status_code == 403
    )
    browser = signed_in(officer(Role.SUPERVISOR))
    page = browser.post(f"/people/{person.reference}/origin/", no, follow=True).content.decode()
    assert "Transit alone." in page


def test_whoever_judges_pairs_learns_of_no_claim():
    person = amira(actor(Role.REGISTRATION_CLERK))
    page = signed_in(officer(Role.EXAMINER)).get(f"/people/{person.reference}/").content.decode()
    assert "Claim for protection" not in page
    assert "claim_recorded" not in page


def test_a_border_check_tells_of_no_claim():
    person = amira(actor(Role.REGISTRATION_CLERK))
    page = signed_in(officer(Role.BORDER_OFFICER)).get(f"/people/{person.reference}/").content.decode()
    assert "Amira" in page
    assert "Claim for protection" not in page
