"""The help page for keys, and the style guide of the components."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from stonebridge.ui import specimens


@require_GET
def keyboard(request: HttpRequest) -> HttpResponse:
    """The shortcuts as a plain page; with scripts they can be changed there, for this browser."""
    return render(request, "ui/keyboard.html")


@require_GET
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component and state."""
    _only_in_a_demonstration()
    return render(request, "ui/style_guide.html", specimens.specimens())


@require_GET
def refusal(request: HttpRequest) -> HttpResponse:
    """A refusal as an officer meets it."""
    _only_in_a_demonstration()
    return render(request, "ui/refusal.html", {"refusal": specimens.refusal()}, status=403)


def _only_in_a_demonstration() -> None:
    if settings.MODE not in {"demo", "test"}:
        raise Http404
