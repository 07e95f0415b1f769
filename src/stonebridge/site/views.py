"""The start page, and the pulse of the node."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from stonebridge.accounts.doors import Desk, door, public
from stonebridge.domain.actor import Purpose


@public
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """What this is, for whom, and what to try first."""
    return render(request, "site/start.html")


@public
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Whether the web process reaches its database. Says nothing about anybody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@door(*Purpose)
@require_GET
def dashboard(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits for this officer today."""
    return render(request, "site/dashboard.html")
