"""Data protection reads who looked at whom, checks the log, and hands out what it says about a person."""

import json
import re
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from access_log import Superuser, rows_of
from node_under_test import ROOT
from people import actor, amira, officer
from sign_ins import signed_in
from stonebridge.domain.actor import Role
from stonebridge.domain.references import new_reference
from stonebridge.safeguards.log.sequencer import Sequencer
from stonebridge.safeguards.sentences import SUBJECTS, machine_in_words, subject_in_words

LONG_AGO = "since=2026-11-20T00:00"


@pytest.fixture
def witness(tmp_path):
    folder = tmp_path / "authority"
    with override_settings(WITNESS_FOLDERS=[folder]):
        yield folder


@pytest.fixture
def browser(witness):
    return signed_in(officer(Role.DATA_PROTECTION_OFFICER))


def test_an_entry_says_who_did_what_to_whom_for_which_purpose_and_on_what_basis(browser, person):
    page = browser.get(f"/oversight/log/?{LONG_AGO}").text
    assert "Registration Clerk" in page
    assert "Register a person" in page
    assert person.reference in page
    assert "Task in the public interest or exercise of official authority" in page


def test_whatever_the_gate_is_asked_about_has_words_on_the_page():
    asked = set()
    for path in (ROOT / "src").rglob("*.py"):
        asked |= set(re.findall(r'subject=f?"([^":{]+)', path.read_text(encoding="utf-8")))
    assert asked - set(SUBJECTS) == set()


def test_the_page_names_no_queue_machine_or_partner_by_its_code():
    assert subject_in_words("queue of pairs") == "pairs to judge"
    assert machine_in_words("clock:search") == "the search, by machine"
    assert machine_in_words("partner:rs") == "partner rs"


def test_what_has_no_words_stands_as_it_is_kept():
    assert subject_in_words("something:new") == "something:new"


def test_reading_the_log_stands_in_the_log(browser):
    browser.get("/oversight/log/")
    page = browser.get("/oversight/log/").text
    assert page.count("Read the access log") == 2 + 1  # two readings, and the choice in the filter


def test_entries_about_a_person_are_found_by_the_reference(browser, person):
    other = amira(actor(Role.REGISTRATION_CLERK, "Other Clerk"), given="Nour")
    page = browser.get(f"/oversight/log/?{LONG_AGO}&about={person.reference.lower().replace('-', ' ')}").text
    assert person.reference in page
    assert other.reference not in page


def test_entries_of_one_officer_are_found(browser, person):
    second = actor(Role.REGISTRATION_CLERK, "Other Clerk")
    other = amira(second, given="Nour")
    page = browser.get(f"/oversight/log/?{LONG_AGO}&officer={second.reference}").text
    assert other.reference in page
    assert person.reference not in page


def test_an_empty_time_says_so(browser, person):
    page = browser.get("/oversight/log/?since=2020-01-01T00:00&until=2020-01-02T00:00").text
    assert "No such entry" in page


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("about=MK-2222-2222", "A reference looks like"),
        ("about=nobody", "A reference looks like"),
        ("since=yesterday", "Enter a valid date/time."),
        ("since=2026-11-20T00:00&until=2026-11-19T00:00", "Give a moment after the first."),
        ("officer=somebody", "Select a valid choice"),
        ("outcome=x", "Select a valid choice"),
    ],
)
def test_what_cannot_be_looked_for_is_told_at_its_field(browser, query, told):
    page = browser.get(f"/oversight/log/?{query}")
    assert (page.status_code, told in page.text) == (200, True)


def test_a_reference_that_nobody_has_is_told_without_a_trace_of_anybody(browser, person):
    page = browser.get(f"/oversight/log/?about={new_reference('mk')}").text
    assert "No record of this reference is known" in page


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DATA_PROTECTION_OFFICER}))
def test_nobody_else_reads_the_log_and_the_attempt_stands_in_it(role, browser):
    assert signed_in(officer(role)).get("/oversight/log/").status_code == 403
    page = browser.get("/oversight/log/?outcome=refused").text
    assert "The act belongs to a role that the actor holds today." in page


def test_an_administrator_who_reads_a_person_is_refused_and_that_is_seen(browser, person):
    refused = signed_in(officer(Role.ADMINISTRATOR)).get(f"/people/{person.reference}/")
    assert refused.status_code == 403
    page = browser.get(f"/oversight/log/?about={person.reference}&outcome=refused").text
    assert "Administrator" in page
    assert "and for no other. The act belongs to a role that the actor holds today." in page


def test_what_is_handed_out_names_no_officer_and_is_logged(browser, person):
    answer = browser.post("/oversight/log/export/", {"about": person.reference})
    told = json.loads(answer.content)
    assert told["about"] == person.reference
    assert {entry["action"] for entry in told["entries"]} >= {"register", "read_log"}
    assert "Clerk" not in answer.text
    assert str(person.registered_by) not in answer.text
    assert "access request" in browser.get(f"/oversight/log/?about={person.reference}").text


def test_the_page_says_who_holds_the_last_checkpoint(browser, person, witness):
    assert "Nothing is signed yet" in browser.get("/oversight/log/").text
    Sequencer().checkpoint(timezone.now())
    assert "The witness “authority” holds the last checkpoint." in browser.get("/oversight/log/").text
    for checkpoint in witness.glob("access-*.checkpoint"):
        checkpoint.unlink()
    assert "does not hold the last checkpoint" in browser.get("/oversight/log/").text


def test_checking_finds_nothing_wrong_with_a_sound_log(browser, person):
    Sequencer().checkpoint(timezone.now())
    page = browser.post("/oversight/log/check/").text
    assert page.count("Nothing wrong") == 2


def test_checking_finds_an_entry_that_was_taken_away(browser, person, server, node_database):
    Sequencer().checkpoint(timezone.now())
    superuser = Superuser(server.superuser_url(node_database.name))
    superuser.do("DELETE FROM {entry} WHERE id = (SELECT entry_id FROM {leaf} WHERE number = 1)")
    page = browser.post("/oversight/log/check/").text
    assert "Something is wrong" in page
    assert "entry 1" in page


def test_nothing_is_shown_when_the_log_cannot_be_written(browser, person, server, node_database):
    Superuser(server.superuser_url(node_database.name)).do("REVOKE EXECUTE ON FUNCTION {append} FROM app")
    answer = browser.get(f"/oversight/log/?about={person.reference}")
    assert answer.status_code == 503
    assert "Registration Clerk" not in answer.text


def test_an_entry_of_a_person_is_one_for_each_reading(browser, person):
    before = len(rows_of("SELECT id FROM {entry}"))
    browser.get(f"/oversight/log/?about={person.reference}")
    assert len(rows_of("SELECT id FROM {entry}")) == before + 1


def test_the_last_seven_days_are_shown_at_first(browser, person):
    page = browser.get("/oversight/log/").text
    assert f'value="{timezone.localtime(timezone.now() - timedelta(days=7)):%Y-%m-%dT}' in page


def test_a_first_moment_long_before_the_log_began_reads_it_from_its_beginning(browser, person):
    assert "Register a person" in browser.get("/oversight/log/?since=0001-01-01T00:00").text
