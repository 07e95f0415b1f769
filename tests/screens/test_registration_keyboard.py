"""A registration by keyboard: the first question has the focus, and an error takes it."""

from uuid import uuid4

from test_registration_pages import WHO

from people import officer
from sign_ins import signed_in
from stonebridge.domain.actor import Role


def test_the_first_question_of_a_page_has_the_focus_until_there_is_a_problem():
    browser, draft = signed_in(officer(Role.REGISTRATION_CLERK)), uuid4()
    page = browser.get(f"/people/new/{draft}/who/").content.decode()
    assert page.count("autofocus") == 1
    faulty = browser.post(f"/people/new/{draft}/who/", WHO | {"given": "", "family": ""}).content.decode()
    assert "autofocus" not in faulty
    assert 'href="#id_given"' in faulty


def test_without_scripts_a_draft_is_saved_by_its_own_button_and_stays_on_the_page():
    browser, draft = signed_in(officer(Role.REGISTRATION_CLERK)), uuid4()
    answer = browser.post(f"/people/new/{draft}/who/?stay=1", WHO | {"birth": "31.02.1994"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/people/new/{draft}/who/"
    assert "31.02.1994" in answer.content.decode()
    assert "Draft saved." in answer.content.decode()


def test_a_draft_is_resumed_where_it_was_left_and_can_be_thrown_away():
    browser, draft = signed_in(officer(Role.REGISTRATION_CLERK)), uuid4()
    browser.post(f"/people/new/{draft}/who/", WHO)
    listed = browser.get("/people/new/").content.decode()
    assert f"/people/new/{draft}/documents/" in listed
    assert "أميرة حداد" in listed
    browser.post(f"/people/new/{draft}/discard/")
    assert browser.get("/people/new/").status_code == 302
