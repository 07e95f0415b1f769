"""The help page for keys, and the style guide of the components."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render


def keyboard(request: HttpRequest) -> HttpResponse:
    """The shortcuts as a plain page; with scripts they can be changed there, for this browser."""
    return render(request, "ui/keyboard.html")


def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component and state. Only where ``DEMONSTRATION`` is set, never on a node with persons."""
    if not getattr(settings, "DEMONSTRATION", False):
        raise Http404
    return render(request, "ui/style_guide.html")
