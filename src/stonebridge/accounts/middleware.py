"""Nobody works with a password alone, nor for longer than a working day on one sign-in."""

import time
from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from stonebridge.accounts.actors import second_factor_of
from stonebridge.accounts.command_session import LONGEST

OPEN_TO_A_PASSWORD = (
    "/account/2fa/enrol/", "/account/2fa/reauthenticate/", "/account/reauthenticate/", "/account/login/",
    "/account/logout/", "/static/", "/language/", "/help/", "/healthz",
)  # fmt: skip


class SecondFactorMiddleware:
    """Sends whoever signed in without a second factor to set one up; the gate refuses them besides."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        began = min((record["at"] for record in get_authentication_records(request, request.user)), default=0)
        if time.time() - began > LONGEST.total_seconds():
            logout(request)
            return redirect("account_login")
        if request.path == "/" or request.path.startswith(OPEN_TO_A_PASSWORD) or second_factor_of(request):
            return self.get_response(request)
        if Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).exists():
            logout(request)  # the factor that this sign-in had shown was taken away, and another set up
            return redirect("account_login")
        return redirect("mfa_activate_totp")
