"""Registering a person in four pages: kept as typed, read back, handed in once."""

from uuid import uuid4

from django.test import Client

from people import officer
from sign_ins import signed_in
from stonebridge.domain.actor import Purpose, Role
from stonebridge.registry.models import Draft, Name, Person
from stonebridge.safeguards import gate

WHO = {
    "language": "ar", "interpreter": "", "notice": "acknowledged", "given": "أميرة", "given_latin": "", "family": "حداد",
    "family_latin": "Haddad", "father": "خالد", "birth": "7.3.1994", "birth_calendar": "gregorian", "sex": "f",
    "birth_place": "Homs", "birth_state": "SYR", "nationality": "SYR", "nationality_known_by": "declared",
    "stateless": "no",
}  # fmt: skip
DOCUMENTS = {"no_documents": "lost", "no_documents_account": "In the sea."}
ARRIVAL = {
    "category": "irregular_crossing", "arrived_on_day": "20", "arrived_on_month": "11", "arrived_on_year": "2026",
    "met_on_day": "21", "met_on_month": "11", "met_on_year": "2026", "met_time": "14:05",
    "crossing_point": "tabanovce", "company": "alone",
}  # fmt: skip
NEEDS = {
    "claim": "none", "claim_asked_on_day": "21", "claim_asked_on_month": "11", "claim_asked_on_year": "2026",
    "need_alone": "no", "need_injured": "no", "need_afraid": "not_asked", "need_pregnant": "no",
}  # fmt: skip


def fill(browser: Client, draft: object, **changes: dict[str, str]) -> None:
    """Fill and leave every page."""
    for name, fields in (("who", WHO), ("documents", DOCUMENTS), ("arrival", ARRIVAL), ("needs", NEEDS)):
        answer = browser.post(f"/people/new/{draft}/{name}/", fields | changes.get(name, {}))
        assert answer.headers.get("Location", "").startswith("/people/"), answer.content.decode()


def registered() -> int:
    with gate.act(Purpose.REGISTRATION):
        return Person.objects.count()


def test_four_pages_and_a_confirmation_register_a_person_with_names_as_given():
    browser, draft = signed_in(officer(Role.REGISTRATION_CLERK)), uuid4()
    fill(browser, draft)
    answer = browser.post(f"/people/new/{draft}/read-back/", {"read_back": "thumb"}, follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "أميرة حداد" in page
    assert "In the sea." in page
    with gate.act(Purpose.REGISTRATION):
        assert set(Name.objects.values_list("part", "text", "latin")) == {
            ("given", "أميرة", "Amira"), ("family", "حداد", "Haddad"), ("father", "خالد", "Khaled"),
        }  # fmt: skip
    assert not Draft.objects.exists()


def test_handed_in_twice_it_is_one_person():
    browser, draft = signed_in(officer(Role.REGISTRATION_CLERK)), uuid4()
    fill(browser, draft)
    first = browser.post(f"/people/new/{draft}/read-back/", {"read_back": "signed"})
    again = browser.post(f"/people/new/{draft}/read-back/", {"read_back": "signed"})
    assert first.headers["Location"] == again.headers["Location"]
    assert registered() == 1


def test_before_anything_is_kept_no_step_leads_to_a_page_that_is_not_there():
    browser, draft = signed_in(officer(Role.REGISTRATION_CLERK)), uuid4()
    first = browser.get(f"/people/new/{draft}/who/").content.decode()
    assert f"/people/new/{draft}/documents/" not in first
    assert "Arrival and family" in first
    browser.post(f"/people/new/{draft}/who/?stay=1", WHO)
    assert f'href="/people/new/{draft}/documents/"' in browser.get(f"/people/new/{draft}/who/").content.decode()
