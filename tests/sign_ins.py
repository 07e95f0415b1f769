"""Signing in as an officer of the cast: with an authenticator app whose secret the tests know."""

import time
from datetime import UTC, datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from people import PASSWORD, officer
from stonebridge.accounts.command_session import sign_in
from stonebridge.accounts.models import Officer
from stonebridge.domain.actor import Role

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PERIOD = 30  # seconds


def enrol(who: Officer) -> None:
    """Give the officer an authenticator app and recovery codes."""
    TOTP.activate(who, SECRET)
    RecoveryCodes.activate(who)


def wait_for_a_fresh_code() -> None:
    """Wait for the next code if the present one is about to go."""
    left = PERIOD - time.time() % PERIOD
    if left < 2:
        time.sleep(left)


def code() -> str:
    """What the app shows now; with a few seconds left, and usable although it was used before."""
    wait_for_a_fresh_code()
    shown = format_hotp_value(hotp_value(SECRET, int(time.time()) // PERIOD))
    forget_use(shown)
    return shown


def forget_use(code: str) -> None:
    """Let this code sign somebody in again, although a moment ago it did."""
    for authenticator in Authenticator.objects.filter(type=Authenticator.Type.TOTP):
        cache.delete(TOTP(authenticator)._get_used_cache_key(code))


def signed_in(who: Officer, browser: Client | None = None) -> Client:
    """A browser in which the officer has signed in with password and code."""
    browser = browser or Client()
    if not Authenticator.objects.filter(user=who).exists():
        enrol(who)
    browser.post("/account/login/", {"login": who.email, "password": PASSWORD})
    browser.post("/account/2fa/authenticate/", {"code": code()})
    return browser


def sign_in_at_a_terminal(role: Role) -> None:
    """The commands that follow are those of an officer in post in this role."""
    made = officer(role, f"{role.value} at a terminal")
    enrol(made)
    sign_in(made.email, PASSWORD, code(), now=datetime.now(UTC))
