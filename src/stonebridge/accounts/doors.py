"""The doors of a node: every address says for which purposes it is opened, and to whom.

A view behind a door receives a ``Desk`` instead of asking who is there: the actor, the
purpose and legal basis under which they act now, and the moment. What may be done there
is for the gate to say.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from stonebridge.accounts.actors import actor_of
from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput

Arguments = ParamSpec("Arguments")
DEFAULT_BASIS = {
    Purpose.REGISTRATION: "public_task",
    Purpose.IDENTIFICATION: "public_task",
    Purpose.BORDER_CHECK: "public_task",
    Purpose.PROTECTION_CLAIM: "protection_claim",
    Purpose.READMISSION: "public_task",
    Purpose.RETURN: "public_task",
    Purpose.REFERRAL: "victim_identification",
    Purpose.DATA_PROTECTION: "oversight_of_access",
    Purpose.ADMINISTRATION: "public_task",
    Purpose.STATISTICS: "statistics",
    Purpose.PATHWAYS: "own_request",
    Purpose.INCIDENT: "victim_identification",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works here now, for what, on which basis, and when it is."""

    actor: Actor
    purpose: Purpose
    basis: str
    now: datetime


def door(
    *purposes: Purpose,
) -> Callable[
    [Callable[Concatenate[HttpRequest, Desk, Arguments], HttpResponse]],
    Callable[Concatenate[HttpRequest, Arguments], HttpResponse],
]:
    """Open a view for ``purposes``: the one that the request names, else the one that the officer has chosen to work
    for in this session, else the first of the actor's own.

    An actor who works for none of them is let through with the first, so that the gate refuses and logs.
    """

    def build(
        view: Callable[Concatenate[HttpRequest, Desk, Arguments], HttpResponse],
    ) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
        @wraps(view)
        def behind(request: HttpRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            return view(request, _desk(request, purposes), *args, **kwargs)

        behind.purposes = purposes  # type: ignore[attr-defined]  # read by the house test that asks every address
        return cast(Callable[Concatenate[HttpRequest, Arguments], HttpResponse], behind)

    return build


def at_own_desk(
    view: Callable[Concatenate[HttpRequest, Desk, Arguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """Open a view about the officer's own account, or about work as such: it asks for a sign-in and for no purpose."""
    behind = door(*Purpose)(view)
    behind.purposes = ()  # type: ignore[attr-defined]  # read by the house test that asks every address
    return behind


def public(view: Callable[Concatenate[HttpRequest, Arguments], HttpResponse]) -> Callable[
    Concatenate[HttpRequest, Arguments], HttpResponse
]:  # fmt: skip
    """Say that a view shows nothing about anybody, so that it needs no purpose and no sign-in."""
    view.purposes = ()  # type: ignore[attr-defined]  # read by the house test that asks every address
    return view


def _desk(request: HttpRequest, purposes: tuple[Purpose, ...]) -> Desk:
    now = timezone.now()
    actor = actor_of(request, today=timezone.localdate(now))
    purpose = _purpose(request, actor, purposes)
    basis = request.POST.get("basis") or request.session.get(f"basis-{purpose}") or DEFAULT_BASIS[purpose]
    desk = Desk(actor, purpose, basis, now)
    request.desk = desk  # type: ignore[attr-defined]  # the frame of the page shows what one works for
    return desk


def _purpose(request: HttpRequest, actor: Actor, purposes: tuple[Purpose, ...]) -> Purpose:
    asked = request.POST.get("purpose") or request.GET.get("purpose")
    if asked:
        if asked not in purposes:
            raise BadInput("purpose", asked, f"This page serves: {', '.join(purposes)}.")
        return Purpose(asked)
    chosen = request.session.get("purpose")
    if chosen in purposes and chosen in actor.purposes:
        return Purpose(chosen)
    return next((purpose for purpose in purposes if purpose in actor.purposes), purposes[0])
