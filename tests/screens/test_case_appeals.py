"""Appeals and court orders on the page of a case: recorded once, shown with their effect, ended by a supervisor."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from test_unknown_fields import everybody, refused

from people import officer
from sign_ins import signed_in
from stonebridge.domain.actor import Purpose, Role
from stonebridge.registry.models import Person
from stonebridge.remedies.models import Remedy
from stonebridge.safeguards import gate

FOR = "?purpose=readmission"
APPEAL = {
    "kind": "appeal", "brought_by": "counsel", "against": "Decision 7/2026", "before": "Administrative Court",
    "lodged_on_day": "2", "lodged_on_month": "3", "lodged_on_year": "2026", "suspends": "yes",
}  # fmt: skip
JUDGMENT = {
    "outcome": "dismissed", "ending": "Judgment 12/2026.",
    "ended_on_day": "3", "ended_on_month": "3", "ended_on_year": "2026",
}  # fmt: skip


@pytest.fixture
def browser() -> Client:
    return signed_in(officer(Role.SUPERVISOR))


@pytest.fixture
def case(person: Person) -> str:
    opening = f"/cases/open/{person.reference}/{FOR}"
    sent = {"process": "readmission_requested", "counterpart": "FR"}
    return signed_in(officer(Role.CASE_WORKER, "Opens Cases")).post(opening, sent).url.split("?")[0]


def lodge(browser: Client, case: str, **more: str) -> int:
    return browser.post(f"{case}appeals/new/{FOR}", APPEAL | more).status_code


def ending(browser: Client, case: str) -> str:
    found = re.search(r'href="([^"]+/end/)\?', browser.get(f"{case}{FOR}").text)
    assert found
    return f"{found[1]}{FOR}"


def on_file() -> int:
    with gate.act(Purpose.READMISSION):
        return Remedy.objects.count()


def test_an_appeal_that_suspends_stands_on_the_page_and_shuts_the_gate(browser, case):
    assert "No appeal and no court order is on file." in browser.get(f"{case}{FOR}").text
    assert lodge(browser, case) == 302
    page = browser.get(f"{case}{FOR}").text
    for part in ("Administrative Court", "Decision 7/2026", "2 March 2026", "Suspends: nothing is carried out"):
        assert part in page
    assert "An appeal or a court order suspends it." in page


def test_an_appeal_of_which_nobody_knows_whether_it_suspends_opens_nothing(browser, case):
    lodge(browser, case, suspends="unknown")
    assert "nobody has said whether it suspends" in browser.get(f"{case}{FOR}").text


def test_an_appeal_that_does_not_suspend_says_by_which_rule(browser, case):
    assert lodge(browser, case, suspends="no") == 422
    assert lodge(browser, case, suspends="no", why=" ") == 422
    assert lodge(browser, case, suspends="no", why="Law on Aliens, Article 5.") == 302


def test_an_appeal_of_tomorrow_or_of_no_day_is_refused_at_its_field(browser, case):
    assert lodge(browser, case, lodged_on_year="2099") == 422
    assert lodge(browser, case, lodged_on_day="31", lodged_on_month="2") == 422
    assert on_file() == 0


def test_an_appeal_handed_in_twice_is_one_and_corrected_is_another(browser, case):
    number = str(uuid4())
    assert [lodge(browser, case, submission=number) for _ in range(2)] == [302, 302]
    assert on_file() == 1
    lodge(browser, case, submission=number, number="U-1/2026")
    assert on_file() == 2


def test_the_decision_that_ends_an_appeal_is_recorded_once_and_lifts_what_it_suspended(browser, case):
    lodge(browser, case)
    address = ending(browser, case)
    assert [browser.post(address, JUDGMENT).status_code for _ in range(2)] == [302, 409]
    page = browser.get(f"{case}{FOR}").text
    assert "Dismissed" in page
    assert "Judgment 12/2026." in page
    assert "An appeal or a court order suspends it." not in page


def test_no_appeal_ends_before_it_was_lodged_or_without_its_decision(browser, case):
    lodge(browser, case)
    address = ending(browser, case)
    assert browser.post(address, JUDGMENT | {"ended_on_day": "1"}).status_code == 422
    assert browser.post(address, JUDGMENT | {"ending": " "}).status_code == 422
    assert browser.post(address, JUDGMENT | {"ended_on_year": "2099"}).status_code == 422


def test_only_a_supervisor_ends_an_appeal_and_is_offered_to(browser, case):
    lodge(browser, case)
    address = ending(browser, case)
    worker = signed_in(officer(Role.CASE_WORKER, "Works Cases"))
    assert "/end/" not in worker.get(f"{case}{FOR}").text
    assert worker.get(address).status_code == 403
    assert worker.post(address, JUDGMENT).status_code == 403


def test_whoever_works_cases_in_social_work_sees_appeals_and_records_none(case):
    social = signed_in(officer(Role.SOCIAL_WORKER, "Social Worker"))
    assert lodge(social, case) in {403, 404}
    assert on_file() == 0


def test_an_appeal_is_recorded_for_no_purpose_but_readmission_and_return(browser, case):
    assert browser.post(f"{case}appeals/new/?purpose=border_check", APPEAL).status_code == 400
    assert browser.post(f"{case}appeals/new/?purpose=return", APPEAL).status_code in {403, 404}
    assert on_file() == 0


def test_an_appeal_of_another_case_is_not_found_from_here(browser, case):
    assert browser.get(f"{case}appeals/MK-2222-2222/end/{FOR}").status_code == 404


def test_nothing_is_done_to_an_appeal_with_an_unknown_field(case):
    browser = signed_in(everybody())
    assert refused(browser, f"{case}appeals/new/{FOR}")
    lodge(browser, case)
    assert refused(browser, ending(browser, case))
