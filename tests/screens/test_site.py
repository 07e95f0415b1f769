"""The doors of the node: the start page is everybody's, the rest asks who is there."""

from django.test import Client

from people import PASSWORD, officer
from stonebridge.domain.actor import Role


def test_the_start_page_is_open_to_everybody():
    assert Client().get("/").status_code == 200


def test_whoever_is_not_signed_in_is_asked_to():
    assert Client().get("/today/").headers["Location"] == "/account/login/?next=/today/"


def test_a_password_alone_opens_no_work():
    clerk = officer(Role.REGISTRATION_CLERK)
    browser = Client()
    browser.post("/account/login/", {"login": clerk.email, "password": PASSWORD})
    assert browser.get("/today/").headers["Location"] == "/account/2fa/enrol/"
