"""The start page tells a stranger what this is; the desk tells an officer what waits."""

from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from people import officer
from sign_ins import signed_in, wait_for_a_fresh_code
from stonebridge.accounts import queues
from stonebridge.accounts.models import Notice
from stonebridge.accounts.queues import Queue, most_urgent
from stonebridge.domain.actor import Role
from stonebridge.site.demo.officers import add_officers
from stonebridge.site.demo.sign_ins import PASSWORD as DEMO_PASSWORD


@pytest.fixture
def two_queues():
    late = Queue("Late things", "They are late.", "/late/", 2, "Do the first late thing", timezone.now(), overdue=1)
    none = Queue("Other things", "None today.", "/other/", 0, "Do another thing")
    before = queues._set
    queues.register(lambda desk: [none, late])
    yield
    queues.register(*before)


def test_the_start_page_says_what_this_is_and_whose():
    page = Client().get("/").text
    assert "This is the node of North Macedonia in Stonebridge" in page
    assert "Ministry of Interior" in page


def test_a_real_node_names_no_officer_and_no_password_on_its_start_page():
    page = Client().get("/").text
    assert "Who can sign in" not in page
    assert "The password of all" not in page
    assert "password of every invented officer" not in Client().get("/account/login/").text


@override_settings(MODE="demo")
def test_a_demonstration_lists_every_role_with_what_to_try_first():
    page = Client().get("/").text
    assert page.count("/account/login/?as=") == 12
    assert f"The password of all is <strong>{DEMO_PASSWORD}</strong>" in page


@override_settings(MODE="demo")
def test_in_a_demonstration_the_sign_in_can_be_done_with_what_the_pages_say():
    add_officers(timezone.now())
    wait_for_a_fresh_code()
    browser = Client()
    assert 'value="vesna@mk.example"' in browser.get("/account/login/?as=vesna@mk.example").text
    page = browser.post("/account/login/", {"login": "vesna@mk.example", "password": DEMO_PASSWORD}, follow=True).text
    shown = page.split("shows <strong>")[1][:6]
    assert browser.post("/account/2fa/authenticate/", {"code": shown}, follow=True).status_code == 200
    assert "Vesna Ilievska" in browser.get("/today/").text


def test_whoever_is_signed_in_goes_on_from_the_start_page():
    assert "Go to your work" in signed_in(officer(Role.EXAMINER)).get("/").text


def test_the_desk_leads_to_what_is_most_urgent(two_queues):
    page = signed_in(officer(Role.EXAMINER)).get("/today/").text
    assert "Do the first late thing" in page
    assert "1 is late" in page
    assert "Do another thing" not in page


def test_an_analyst_at_whose_desk_nothing_waits_is_told_so():
    assert "Nothing waits for you" in signed_in(officer(Role.ANALYST)).get("/today/").text


def test_whoever_has_no_posting_is_told_whom_to_ask():
    made = officer(Role.ANALYST)
    made.postings.update(ended_at=timezone.now())
    assert "No posting of yours is in force" in signed_in(made).get("/today/").text


def test_what_is_late_comes_before_what_is_due_and_that_before_what_has_no_limit():
    now = timezone.now()
    plain = Queue("a", "", "", 9, "do")
    due = Queue("b", "", "", 1, "do", due_at=now)
    later = Queue("c", "", "", 1, "do", due_at=now + timedelta(days=1))
    late = Queue("d", "", "", 1, "do", due_at=now + timedelta(days=2), overdue=1)
    assert most_urgent([plain, later, due, late]) is late
    assert most_urgent([plain, later, due]) is due
    assert most_urgent([plain]) is plain
    assert most_urgent([Queue("e", "", "", 5, "")]) is None
    assert most_urgent([]) is None


@pytest.mark.parametrize(
    ("kind", "named", "told"),
    [
        (
            "question_stopped",
            {"question": "MK-AAAA-BBBB", "partner": "rs", "why": "no_answer"},
            "Прашањето MK-AAAA-BBBB",
        ),
        ("question_stopped", {"question": "MK-AAAA-BBBB", "partner": "rs", "why": "changed"}, "Прашањето MK-AAAA-BBBB"),
        ("message_kept_back", {"message": "7"}, "Пораката 7 не смее"),
        ("witness_alarm", {"partner": "rs", "kind": "rewritten", "ours": True}, "rs го посведочува нашиот дневник"),
        ("retention_due", {"count": 3}, "Записи чии денови поминале: 3."),
    ],
)
def test_a_notice_of_the_node_is_said_in_the_language_of_the_officer(kind: str, named: dict[str, object], told: str):
    Notice.objects.create(role=Role.DATA_PROTECTION_OFFICER, kind=kind, named=named, made_at=timezone.now())
    browser = signed_in(officer(Role.DATA_PROTECTION_OFFICER))
    browser.cookies["language-mk"] = "mk"
    assert told in browser.get("/today/").text


def test_a_notice_stays_until_a_holder_of_the_role_has_seen_it():
    notice = Notice.objects.create(
        role=Role.DATA_PROTECTION_OFFICER, kind="emergency", text="why", made_at=timezone.now()
    )
    other = signed_in(officer(Role.EXAMINER))
    assert "Emergency access was declared" not in other.get("/today/").text
    assert other.post(f"/today/notices/{notice.id}/seen/").status_code == 404
    data_protection = signed_in(officer(Role.DATA_PROTECTION_OFFICER))
    assert "Emergency access was declared" in data_protection.get("/today/").text
    data_protection.post(f"/today/notices/{notice.id}/seen/")
    assert "Emergency access was declared" not in data_protection.get("/today/").text
    notice.refresh_from_db()
    assert notice.seen_by.full_name == "Data Protection Officer"
