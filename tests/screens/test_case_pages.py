"""Cases on their pages: opened, worked on, found out about, and kept where a gate is not open."""

import re

import pytest
from django.test import Client

from people import officer
from sign_ins import signed_in
from stonebridge.casework.models import Finding, Work
from stonebridge.domain.actor import Purpose, Role
from stonebridge.registry.models import Person
from stonebridge.safeguards import gate

FOUND = {
    "answer": "no_obstacle",
    "evidence": "Heard with an interpreter.",
    "expires_on_day": "31",
    "expires_on_month": "12",
    "expires_on_year": "2099",
}


@pytest.fixture
def browser() -> Client:
    return signed_in(officer(Role.SUPERVISOR))


def opened(browser: Client, person: Person, counterpart: str = "FR") -> str:
    answer = browser.post(
        f"/cases/open/{person.reference}/?purpose=readmission",
        {"process": "readmission_requested", "counterpart": counterpart},
    )
    assert answer.status_code == 302, answer.content.decode()
    return answer.url.split("?")[0]


def see(browser: Client, url: str) -> str:
    answer = browser.get(f"{url}?purpose=readmission")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_case_shows_its_agreement_clock_work_gates_exits_and_drawing(browser, person):
    page = see(browser, opened(browser, person))
    for part in ("EU-MK", "Act by", "Not verified", "Acknowledge receipt", "Unknown is not no", "Complete", "<svg"):
        assert part in page


def test_a_state_without_an_agreement_is_said_to_have_none(browser, person):
    page = see(browser, opened(browser, person, "RS"))
    assert "No agreement on file with RS" in page
    assert "No rule on file" in page


def test_a_running_case_stands_in_the_list_and_names_nobody(browser, person):
    url = opened(browser, person)
    page = see(browser, "/cases/")
    assert url in page
    assert person.reference not in page


def test_work_is_recorded_once(browser, person):
    url = opened(browser, person)
    first = browser.post(f"{url}task/acknowledge/?purpose=readmission", {"note": "Sent."})
    again = browser.post(f"{url}task/acknowledge/?purpose=readmission", {"note": "Sent."})
    assert (first.status_code, again.status_code) == (302, 409)
    with gate.act(Purpose.READMISSION):
        assert Work.objects.count() == 1


def test_a_finding_handed_in_twice_is_one(browser, person):
    url = f"{opened(browser, person)}find/non_refoulement/?purpose=readmission"
    number = re.search(r'name="submission" value="([^"]+)"', browser.get(url).content.decode())
    assert number
    assert browser.post(url, FOUND | {"submission": number[1]}).status_code == 302
    assert browser.post(url, FOUND | {"submission": number[1]}).status_code == 302
    with gate.act(Purpose.READMISSION):
        assert Finding.objects.count() == 1


def test_a_finding_that_opens_without_a_last_day_is_refused_at_its_field(browser, person):
    url = f"{opened(browser, person)}find/non_refoulement/?purpose=readmission"
    answer = browser.post(url, {"answer": "no_obstacle", "evidence": "Heard."})
    assert answer.status_code == 422


def test_work_that_is_not_done_is_named_where_the_case_should_move_on(browser, person):
    url = opened(browser, person)
    browser.post(f"{url}task/acknowledge/?purpose=readmission", {"note": "Sent."})
    answer = browser.post(f"{url}leave/complete/?purpose=readmission", {"reason": "All there."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "work of this stage is not done" in page
    assert "<li>Check the application against the annex</li>" in page
    assert "All there." in page


def test_the_law_of_a_guard_has_its_name_and_says_that_nobody_has_read_it(browser, person):
    page = see(browser, opened(browser, person))
    assert "Refugee Convention, Article 33" in page
    assert "(not read in the official text)" in page
    assert "un-1951-refugees" not in page


def test_a_shut_gate_says_why_not(browser, person):
    url = opened(browser, person)
    for task in ("acknowledge", "check_completeness"):
        browser.post(f"{url}task/{task}/?purpose=readmission", {"note": "Done."})
    browser.post(f"{url}leave/complete/?purpose=readmission", {"reason": "All there."})
    for task in ("identify", "weigh_evidence"):
        browser.post(f"{url}task/{task}/?purpose=readmission", {"note": "Done."})
    browser.post(f"{url}leave/examined/?purpose=readmission", {"reason": "Known."})
    answer = browser.post(f"{url}leave/silent/?purpose=readmission", {"reason": "No answer."})
    assert answer.status_code == 409
    assert "Why not" in answer.content.decode()


def test_somebody_without_the_role_sees_no_case(browser, person):
    url = opened(browser, person)
    assert signed_in(officer(Role.ANALYST)).get(f"{url}?purpose=readmission").status_code in {403, 404}
