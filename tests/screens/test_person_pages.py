"""A person's page: what the purpose opens, what is on record, and what is added beside it."""

from django.db import connections

from people import BASIS, NOW, actor, amira, officer
from sign_ins import signed_in
from stonebridge.domain.actor import Purpose, Role
from stonebridge.registry.models import IdentityStatement
from stonebridge.safeguards import gate
from stonebridge.safeguards.services import restrict

AMENDED = {
    "given": "Amira", "family": "Hadad", "birth": "1994", "birth_calendar": "gregorian", "sex": "f",
    "standing": "documented", "reason": "The passport was found.", "supersedes": "", "nationality": "SYR",
    "nationality_known_by": "documented", "stateless": "no",
}  # fmt: skip


def test_the_page_says_for_which_purpose_and_on_which_basis_it_is_shown():
    person = amira(actor(Role.REGISTRATION_CLERK))
    page = signed_in(officer(Role.SUPERVISOR)).get(f"/people/{person.reference}/").content.decode()
    assert "Purpose: Registration. Legal basis: Task in the public interest" in page


def test_a_reference_typed_with_look_alikes_leads_to_the_record():
    person = amira(actor(Role.REGISTRATION_CLERK))
    typed = person.reference.lower().replace("-", "")
    answer = signed_in(officer(Role.SUPERVISOR)).get(f"/people/{typed}/")
    assert answer.headers["Location"] == f"/people/{person.reference}/"


def test_an_analyst_is_refused_a_person_by_address_with_the_rule_named():
    person = amira(actor(Role.REGISTRATION_CLERK))
    answer = signed_in(officer(Role.ANALYST)).get(f"/people/{person.reference}/")
    assert answer.status_code == 403
    assert "The act belongs to a role that the actor holds today." in answer.content.decode()
    assert "Haddad" not in answer.content.decode()


def test_a_clerk_does_not_read_for_a_purpose_that_is_not_theirs():
    clerk = officer(Role.REGISTRATION_CLERK)
    person = amira(actor(Role.SUPERVISOR))
    answer = signed_in(clerk).get(f"/people/{person.reference}/?purpose=data_protection")
    assert answer.status_code == 403
    assert "Haddad" not in answer.content.decode()


def test_an_unknown_reference_is_nobody():
    answer = signed_in(officer(Role.SUPERVISOR)).get("/people/MK-0000-0000/")
    assert answer.status_code == 404


def test_a_new_statement_stands_beside_the_former_with_its_reason():
    person = amira(actor(Role.REGISTRATION_CLERK))
    clerk = signed_in(officer(Role.REGISTRATION_CLERK, "Second Clerk"))
    answer = clerk.post(f"/people/{person.reference}/statement/", AMENDED, follow=True)
    page = answer.content.decode()
    assert "The passport was found." in page
    assert page.index("Documented, ") < page.index("Declared, ")
    with gate.act(Purpose.REGISTRATION):
        assert IdentityStatement.objects.count() == 2


def test_a_statement_without_a_reason_changes_nothing():
    person = amira(actor(Role.REGISTRATION_CLERK))
    clerk = signed_in(officer(Role.REGISTRATION_CLERK, "Second Clerk"))
    answer = clerk.post(f"/people/{person.reference}/statement/", AMENDED | {"reason": " "})
    assert answer.status_code == 422
    with gate.act(Purpose.REGISTRATION):
        assert IdentityStatement.objects.count() == 1


def test_a_restriction_set_between_page_and_submit_refuses_the_submit():
    person = amira(actor(Role.REGISTRATION_CLERK))
    clerk = signed_in(officer(Role.REGISTRATION_CLERK, "Second Clerk"))
    assert clerk.get(f"/people/{person.reference}/statement/").status_code == 200
    restrict(person.id, "She contests the record.", actor=actor(Role.DATA_PROTECTION_OFFICER),
             basis=BASIS[Purpose.DATA_PROTECTION], now=NOW)  # fmt: skip
    answer = clerk.post(f"/people/{person.reference}/statement/", AMENDED)
    assert answer.status_code == 403
    assert "While processing is restricted" in answer.content.decode()
    with gate.act(Purpose.DATA_PROTECTION):
        assert IdentityStatement.objects.count() == 1


def test_data_protection_reads_a_restricted_record_and_sees_why_it_is():
    person = amira(actor(Role.REGISTRATION_CLERK))
    restrict(person.id, "She contests the record.", actor=actor(Role.DATA_PROTECTION_OFFICER),
             basis=BASIS[Purpose.DATA_PROTECTION], now=NOW)  # fmt: skip
    page = signed_in(officer(Role.DATA_PROTECTION_OFFICER, "Second Officer")).get(f"/people/{person.reference}/")
    assert "She contests the record." in page.content.decode()


def test_a_document_is_added_and_found_by_its_number():
    person = amira(actor(Role.REGISTRATION_CLERK))
    clerk = signed_in(officer(Role.REGISTRATION_CLERK, "Second Clerk"))
    added = {"kind": "passport", "number": "N 012-345 67", "issuer": "SYR", "seen": "original"}
    assert clerk.post(f"/people/{person.reference}/document/", added).status_code == 302
    assert person.reference in clerk.get("/people/search/?q=N01234567").content.decode()


def test_a_name_is_found_in_another_script_and_the_difference_shows():
    amira(actor(Role.REGISTRATION_CLERK))
    page = signed_in(officer(Role.SUPERVISOR)).get("/people/search/", {"q": "Амира Хадад"}).content.decode()
    assert "Amira Haddad" in page
    assert "another spelling" in page


def test_a_beginning_of_a_name_finds_it_after_the_whole_ones():
    clerk = actor(Role.REGISTRATION_CLERK)
    amira(clerk, given="Amiran")
    amira(clerk, given="Amira")
    page = signed_in(officer(Role.SUPERVISOR)).get("/people/search/", {"q": "Amira"}).content.decode()
    assert page.index("Amira Haddad") < page.index("Amiran Haddad")
    assert "begins like it" in page


def test_whoever_shares_the_consonants_alone_comes_last_and_is_said_to():
    clerk = actor(Role.REGISTRATION_CLERK)
    amira(clerk, given="Omar")
    amira(clerk)
    page = signed_in(officer(Role.SUPERVISOR)).get("/people/search/", {"q": "Amira"}).content.decode()
    assert page.index("Amira Haddad") < page.index("Omar Haddad")
    assert "the same consonants" in page


def test_the_history_says_in_words_what_happened():
    person = amira(actor(Role.REGISTRATION_CLERK))
    page = signed_in(officer(Role.SUPERVISOR)).get(f"/people/{person.reference}/").content.decode()
    assert "Apprehended after crossing the border irregularly" in page
    assert "irregular_crossing" not in page


def test_a_restricted_person_is_not_found_and_nobody_else_is_hidden():
    clerk = actor(Role.REGISTRATION_CLERK)
    person = amira(clerk)
    amira(clerk, family="Haddadi")
    restrict(person.id, "She contests the record.", actor=actor(Role.DATA_PROTECTION_OFFICER),
             basis=BASIS[Purpose.DATA_PROTECTION], now=NOW)  # fmt: skip
    page = signed_in(officer(Role.SUPERVISOR)).get("/people/search/", {"q": "Amira"}).content.decode()
    assert person.reference not in page
    assert "Amira Haddadi" in page


def test_every_record_that_a_search_shows_is_in_the_access_log():
    clerk = actor(Role.REGISTRATION_CLERK)
    shown = {amira(clerk).id, amira(clerk, given="Amira Nur").id}
    browser = signed_in(officer(Role.SUPERVISOR))
    before = entries()
    browser.get("/people/search/", {"q": "Amira"})
    assert entries() - before == len(shown) + 1


def test_a_search_with_invisible_characters_says_so_and_shows_nobody():
    amira(actor(Role.REGISTRATION_CLERK))
    answer = signed_in(officer(Role.SUPERVISOR)).get("/people/search/", {"q": "Amira\u202e"})
    assert answer.status_code == 400
    assert "invisible character" in answer.content.decode()


def test_nobody_fits_is_said_with_what_to_try():
    page = signed_in(officer(Role.SUPERVISOR)).get("/people/search/", {"q": "Zzyzx"}).content.decode()
    assert "Nobody fits" in page


def entries() -> int:
    """How many entries the access log has."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM log.entry")
        return int(cursor.fetchone()[0])
