"""What an error looks like: an ordinary page that says what happened and what to do next."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stonebridge.domain.errors import BadInput, NotFound, StonebridgeError, Tampered, Unavailable, WrongState
from stonebridge.safeguards.gate import Refused
from stonebridge.site.refusals import shown
from stonebridge.ui.wording import in_words

STATUS = {BadInput: 400, NotFound: 404, WrongState: 409, Unavailable: 503, Tampered: 500}


class EncodingMiddleware:
    """Refuses a form in another encoding before anybody asks for it: Django does so inside its own error page, which
    asks for the form again and ends in a fault."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in ("utf-8", "utf8"):
            said = f"This came in {charset[:40]}. Send it in UTF-8."
            return HttpResponse(said, content_type="text/plain; charset=utf-8", status=400)
        return self.get_response(request)


class DoorMiddleware:
    """Turns the errors of the domain into pages, and keeps pages about persons out of every cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response["Cache-Control"] = "no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], named: dict[str, Any]
    ) -> HttpResponse | None:
        """Nothing has a reference with a null character in it, and no database can be asked for one."""
        for kind, value in named.items():
            if isinstance(value, str) and "\0" in value:
                return self.process_exception(request, NotFound(kind, value.replace("\0", "\ufffd")))
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page for a refusal or an error of the domain; anything else is a fault and stays one."""
        if isinstance(exception, Refused):
            return render(request, "ui/refusal.html", {"refusal": shown(exception, request)}, status=403)
        if isinstance(exception, StonebridgeError):
            status = next((code for kind, code in STATUS.items() if isinstance(exception, kind)), 500)
            return render(request, "site/error.html", {"said": in_words(exception), "status": status}, status=status)
        return None
