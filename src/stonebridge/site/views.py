"""The start page, what waits today, and the pulse of the node."""

from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from stonebridge.accounts.doors import Desk, at_own_desk, public
from stonebridge.accounts.notices import mark_seen, notices_for
from stonebridge.accounts.queues import most_urgent, queues_at
from stonebridge.site.demo import hints
from stonebridge.site.notice_words import said
from stonebridge.site.region_map import region_map
from stonebridge.ui.posted import takes


@public
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """What this is, whose node it is, and what to try first."""
    now = timezone.now()
    return render(
        request,
        "site/start.html",
        {"invitations": hints.invitations(now), "password": hints.password(), "now": now, "region": region_map()},
    )


@public
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Whether the web process reaches its database. Says nothing about anybody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@at_own_desk
@require_GET
def dashboard(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits for this officer today, the most urgent first; never whom it is about."""
    queues = queues_at(desk)
    return render(
        request,
        "site/dashboard.html",
        {
            "queues": queues,
            "first": most_urgent(queues),
            "notices": [(each, said(each)) for each in notices_for(desk.actor)],
            "now": desk.now,
            "in_post": bool(desk.actor.roles),
        },
    )


@at_own_desk
@require_POST
@takes()
def notice_seen(request: HttpRequest, desk: Desk, notice: UUID) -> HttpResponse:
    """Somebody has seen a notice to a role of theirs."""
    mark_seen(notice, actor=desk.actor, now=desk.now)
    return redirect("dashboard")
