"""Signing in as an officer of the cast: with an authenticator app whose secret the tests know."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from people import PASSWORD
from stonebridge.accounts.models import Officer

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PERIOD = 30  # seconds


def enrol(officer: Officer) -> None:
    """Give the officer an authenticator app and recovery codes."""
    TOTP.activate(officer, SECRET)
    RecoveryCodes.activate(officer)


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


def signed_in(officer: Officer, browser: Client | None = None) -> Client:
    """A browser in which the officer has signed in with password and code."""
    browser = browser or Client()
    if not Authenticator.objects.filter(user=officer).exists():
        enrol(officer)
    browser.post("/account/login/", {"login": officer.email, "password": PASSWORD})
    browser.post("/account/2fa/authenticate/", {"code": code()})
    return browser
