"""Signing in: a password, then a code that only the officer's phone can make; before that nothing opens."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from people import PASSWORD, officer
from sign_ins import PERIOD, SECRET, code, enrol, signed_in, wait_for_a_fresh_code
from stonebridge.accounts.command_session import LONGEST
from stonebridge.accounts.models import Posting
from stonebridge.domain.actor import Role
from stonebridge.domain.errors import Tampered

EVERYWHERE = ["/today/", "/account/2fa/", "/account/purpose/", "/account/password/", "/account/2fa/recovery-codes/"]


def shown_code(secret: str) -> str:
    wait_for_a_fresh_code()
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // PERIOD))


def test_at_the_first_sign_in_an_officer_sets_up_a_second_factor_and_keeps_recovery_codes():
    browser = Client()
    browser.post("/account/login/", {"login": officer(Role.REGISTRATION_CLERK).email, "password": PASSWORD})
    page = browser.get("/today/", follow=True)
    assert page.redirect_chain == [("/account/2fa/enrol/", 302)]
    secret = re.search(r'sb-secret">([A-Z2-7]+)<', page.text).group(1)
    codes = browser.post("/account/2fa/enrol/", {"code": shown_code(secret)}, follow=True)
    assert codes.redirect_chain[-1][0] == "/account/2fa/recovery-codes/"
    assert codes.text.count("sb-secret") == 10
    assert browser.get("/today/").status_code == 200
    assert browser.get("/account/2fa/recovery-codes/").text.count("sb-secret") == 0


def test_a_new_session_key_is_given_when_the_second_factor_is_shown():
    browser = Client()
    browser.post("/account/login/", {"login": officer(Role.REGISTRATION_CLERK).email, "password": PASSWORD})
    secret = re.search(r'sb-secret">([A-Z2-7]+)<', browser.get("/account/2fa/enrol/").text).group(1)
    before = browser.cookies["session-mk"].value
    browser.post("/account/2fa/enrol/", {"code": shown_code(secret)})
    assert browser.cookies["session-mk"].value != before
    assert not Session.objects.filter(session_key=before).exists()


def test_a_session_key_that_somebody_planted_is_not_kept():
    planted = Client()
    planted.get("/account/login/")
    planted.session["planted"] = True
    session = planted.session
    session["planted"] = True
    session.save()
    key = session.session_key
    victim = Client()
    victim.cookies["session-mk"] = key
    signed_in(officer(Role.REGISTRATION_CLERK), victim)
    assert victim.get("/today/").status_code == 200
    assert victim.cookies["session-mk"].value != key
    assert Client(headers={"cookie": f"session-mk={key}"}).get("/today/").status_code == 302


@pytest.mark.parametrize("address", EVERYWHERE)
def test_a_password_alone_opens_nothing(address):
    clerk = officer(Role.REGISTRATION_CLERK)
    enrol(clerk)
    browser = Client()
    browser.post("/account/login/", {"login": clerk.email, "password": PASSWORD})
    assert browser.get(address).headers["Location"].startswith("/account/login/")


@pytest.mark.parametrize("address", EVERYWHERE)
def test_a_password_alone_opens_nothing_on_the_first_day_either(address):
    browser = Client()
    browser.post("/account/login/", {"login": officer(Role.REGISTRATION_CLERK).email, "password": PASSWORD})
    assert browser.get(address).headers["Location"] == "/account/2fa/enrol/"


def test_a_second_factor_that_was_taken_away_opens_nothing_any_more():
    clerk = officer(Role.REGISTRATION_CLERK)
    browser = signed_in(clerk)
    Authenticator.objects.filter(user=clerk).delete()
    assert browser.get("/today/").headers["Location"] == "/account/2fa/enrol/"


def test_whoever_lost_the_second_factor_signs_in_anew_after_another_was_set_up_elsewhere():
    clerk = officer(Role.REGISTRATION_CLERK)
    browser = signed_in(clerk)
    Authenticator.objects.filter(user=clerk).delete()
    enrol(clerk)
    assert browser.get("/today/", follow=True).redirect_chain == [("/account/login/", 302)]


def test_a_code_is_good_once():
    clerk = officer(Role.REGISTRATION_CLERK)
    enrol(clerk)
    seen = code()
    first, second = Client(), Client()
    for browser in (first, second):
        browser.post("/account/login/", {"login": clerk.email, "password": PASSWORD})
        browser.post("/account/2fa/authenticate/", {"code": seen})
    assert first.get("/today/").status_code == 200
    assert second.get("/today/").status_code == 302


def test_after_five_wrong_passwords_the_right_one_waits_too():
    clerk = officer(Role.REGISTRATION_CLERK)
    browser = Client()
    for _ in range(5):
        browser.post("/account/login/", {"login": clerk.email, "password": "wrong wrong wrong"})
    page = browser.post("/account/login/", {"login": clerk.email, "password": PASSWORD})
    assert "Too many attempts failed" in page.text


def test_the_limit_is_the_accounts_whatever_host_is_named_and_wherever_it_comes_from():
    clerk = officer(Role.REGISTRATION_CLERK)
    for number in range(5):
        Client(headers={"host": f"localhost:{number + 1}"}, REMOTE_ADDR=f"10.0.0.{number}").post(
            "/account/login/", {"login": clerk.email.upper(), "password": "wrong wrong wrong"}
        )
    page = Client(REMOTE_ADDR="10.0.0.9").post("/account/login/", {"login": clerk.email, "password": PASSWORD})
    assert "Too many attempts failed" in page.text


def test_attempts_on_many_other_accounts_do_not_make_those_on_one_forgotten():
    clerk = officer(Role.REGISTRATION_CLERK)
    for _ in range(5):
        Client().post("/account/login/", {"login": clerk.email, "password": "wrong wrong wrong"})
    cache.set_many({f"attempt-on-account-{number}": number for number in range(400)})
    page = Client(REMOTE_ADDR="10.0.0.9").post("/account/login/", {"login": clerk.email, "password": PASSWORD})
    assert "Too many attempts failed" in page.text


def test_after_five_wrong_codes_the_right_one_waits_too():
    clerk = officer(Role.REGISTRATION_CLERK)
    enrol(clerk)
    browser = Client()
    browser.post("/account/login/", {"login": clerk.email, "password": PASSWORD})
    for _ in range(5):
        browser.post("/account/2fa/authenticate/", {"code": "000000"})
    page = browser.post("/account/2fa/authenticate/", {"code": code()})
    assert "Too many attempts" in page.text
    assert browser.get("/today/").status_code == 302


def test_an_unknown_address_and_a_wrong_password_look_the_same():
    clerk = officer(Role.REGISTRATION_CLERK)
    pages = [
        Client().post("/account/login/", {"login": login, "password": "wrong wrong wrong"}).text
        for login in (clerk.email, "nobody.at.all@test.example")
    ]
    assert "Address or password are wrong" in pages[0]
    assert re.sub(r'value="[^"]*"', "", pages[0]) == re.sub(r'value="[^"]*"', "", pages[1])


def test_a_session_ends_when_it_is_not_used():
    browser = signed_in(officer(Role.REGISTRATION_CLERK))
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert browser.get("/today/").headers["Location"] == "/account/login/?next=/today/"


def test_a_session_lasts_half_an_hour_from_its_last_use():
    browser = signed_in(officer(Role.REGISTRATION_CLERK))
    browser.get("/today/")
    left = Session.objects.latest("expire_date").expire_date - timezone.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)


def test_a_session_ends_after_a_working_day_however_much_it_is_used():
    browser = signed_in(officer(Role.REGISTRATION_CLERK))
    session = browser.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [
        record | {"at": record["at"] - LONGEST.total_seconds()} for record in records
    ]
    session.save()
    assert browser.get("/today/").headers["Location"] == "/account/login/"
    assert browser.get("/today/").headers["Location"] == "/account/login/?next=/today/"


def test_signing_out_ends_the_session_on_the_server():
    browser = signed_in(officer(Role.REGISTRATION_CLERK))
    key = browser.cookies["session-mk"].value
    browser.post("/account/logout/")
    assert not Session.objects.filter(session_key=key).exists()


def test_looking_at_the_sign_out_page_signs_nobody_out():
    browser = signed_in(officer(Role.REGISTRATION_CLERK))
    browser.get("/account/logout/")
    assert browser.get("/today/").status_code == 200


def test_ending_all_sessions_ends_those_in_other_browsers_too():
    clerk = officer(Role.REGISTRATION_CLERK)
    here, there = signed_in(clerk), signed_in(clerk)
    here.post("/account/sessions/end/")
    assert [browser.get("/today/").status_code for browser in (here, there)] == [302, 302]


def test_a_new_password_ends_the_sessions_in_other_browsers():
    clerk = officer(Role.REGISTRATION_CLERK)
    here, there = signed_in(clerk), signed_in(clerk)
    new = {"oldpassword": PASSWORD, "password1": "horse battery staple", "password2": "horse battery staple"}
    here.post("/account/password/", new)
    assert [browser.get("/today/").status_code for browser in (here, there)] == [200, 302]


def test_a_role_that_changes_takes_effect_on_the_next_request():
    clerk = officer(Role.REGISTRATION_CLERK)
    browser = signed_in(clerk)
    assert "Registration clerk" in browser.get("/today/").text
    posting = Posting.objects.filter(officer=clerk)
    posting.update(ended_at=timezone.now())
    Posting.objects.create(
        officer=clerk, organisation=posting.get().organisation, unit="Skopje", role=Role.ANALYST,
        starts_on=timezone.localdate(), appointed_by="test",
    )  # fmt: skip
    assert "Analyst" in browser.get("/today/").text


def test_a_posting_that_is_ended_at_once_gives_nothing_on_the_next_request():
    clerk = officer(Role.REGISTRATION_CLERK)
    browser = signed_in(clerk)
    Posting.objects.filter(officer=clerk).update(ended_at=timezone.now())
    assert "Registration clerk" not in browser.get("/today/").text


def test_a_closed_account_is_out_on_the_next_request():
    clerk = officer(Role.REGISTRATION_CLERK)
    browser = signed_in(clerk)
    clerk.is_active = False
    clerk.save()
    assert browser.get("/today/").status_code == 302


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "https:evil"]
)
def test_signing_in_leads_nowhere_but_here(elsewhere):
    clerk = officer(Role.REGISTRATION_CLERK)
    enrol(clerk)
    browser = Client()
    browser.post("/account/login/", {"login": clerk.email, "password": PASSWORD, "next": elsewhere})
    answer = browser.post("/account/2fa/authenticate/", {"code": code()})
    assert answer.headers["Location"] == "/account/purpose/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_signing_out_and_changing_the_language_lead_nowhere_but_here(elsewhere):
    browser = signed_in(officer(Role.REGISTRATION_CLERK))
    language = browser.post("/language/", {"language": "mk", "next": elsewhere})
    out = browser.post("/account/logout/", {"next": elsewhere})
    assert [language.headers["Location"], out.headers["Location"]] == ["/", "/"]


def test_signing_in_leads_to_where_one_was_going():
    clerk = officer(Role.REGISTRATION_CLERK)
    enrol(clerk)
    browser = Client()
    browser.post("/account/login/", {"login": clerk.email, "password": PASSWORD, "next": "/today/?x=1"})
    assert browser.post("/account/2fa/authenticate/", {"code": code()}).headers["Location"] == "/today/?x=1"


@pytest.mark.parametrize(
    "address", ["/account/login/", "/account/logout/", "/account/purpose/", "/account/sessions/end/"]
)
def test_a_form_of_another_site_is_refused(address):
    browser = signed_in(officer(Role.REGISTRATION_CLERK), Client(enforce_csrf_checks=False))
    browser.handler.enforce_csrf_checks = True
    assert browser.post(address, {}).status_code == 403


def test_nobody_signs_up_and_nobody_resets_a_password_by_mail():
    assert [
        Client().get(f"/account/{address}/").status_code
        for address in ("signup", "password/reset", "email", "2fa/totp/deactivate", "confirm-email")
    ] == [404] * 5


def test_the_link_of_an_administrator_sets_a_password_once():
    clerk = officer(Role.REGISTRATION_CLERK)
    link = f"/account/welcome/{clerk.pk}/{default_token_generator.make_token(clerk)}/"
    new = {"new_password1": "horse battery staple", "new_password2": "horse battery staple"}
    assert Client().post(link, new).headers["Location"] == "/account/login/"
    assert Client().post(link, new).status_code == 410
    clerk.refresh_from_db()
    assert clerk.check_password("horse battery staple")


@pytest.mark.parametrize("word", ["short", "password1234", "12345678901234", "registration.clerk@test.example"])
def test_an_easy_password_is_not_taken(word):
    clerk = officer(Role.REGISTRATION_CLERK)
    link = f"/account/welcome/{clerk.pk}/{default_token_generator.make_token(clerk)}/"
    page = Client().post(link, {"new_password1": word, "new_password2": word})
    assert page.status_code == 200
    assert "govuk-error-message" in page.text


def test_the_secret_of_the_app_does_not_lie_in_the_database_in_clear():
    clerk = officer(Role.REGISTRATION_CLERK)
    enrol(clerk)
    kept = Authenticator.objects.get(user=clerk, type="totp")
    assert SECRET not in str(kept.data)
    kept.data = {"secret": SECRET}
    with pytest.raises(Tampered):
        TOTP(kept).validate_code(code())
