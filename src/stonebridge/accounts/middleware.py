"""Nobody works with a password alone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from stonebridge.accounts.actors import second_factor_of

OPEN_TO_A_PASSWORD = ("/account/", "/static/", "/language/", "/help/", "/healthz")


class SecondFactorMiddleware:
    """Sends whoever signed in without a second factor to set one up; the gate refuses them besides."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.user.is_authenticated
            and request.path != "/"
            and not request.path.startswith(OPEN_TO_A_PASSWORD)
            and not second_factor_of(request)
        ):
            return redirect(reverse("mfa_index"))
        return self.get_response(request)
