"""What every page knows: which node this is, who is signed in, where they can go."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stonebridge.accounts.actors import actor_of
from stonebridge.accounts.doors import Desk
from stonebridge.accounts.labels import PURPOSES, ROLES
from stonebridge.domain.actor import Actor, ActorKind, Role
from stonebridge.safeguards.policy import ROLES_FOR, Action
from stonebridge.safeguards.queries import running_emergency
from stonebridge.site.demo import hints
from stonebridge.ui.shell import Place, Shell, SignedIn


@dataclass(frozen=True, slots=True)
class Destination:
    """A place of the main navigation, and who has work there."""

    label: Promise
    url_name: str
    roles: frozenset[Role]


SEARCHING = frozenset({Role.REGISTRATION_CLERK, Role.EXAMINER, Role.SUPERVISOR, Role.CASE_WORKER, Role.BORDER_OFFICER})
"""Roles whose purposes are among those for which the matcher is asked."""
DESTINATIONS = (
    Destination(_("Today"), "dashboard", frozenset(Role)),
    Destination(_("Find a person"), "finding:person", SEARCHING),
    Destination(_("Pairs to judge"), "identification:queue", ROLES_FOR[Action.JUDGE]),
    Destination(_("Cases"), "cases:listed", ROLES_FOR[Action.WORK_CASE]),
    Destination(_("Referrals"), "protection:referrals", ROLES_FOR[Action.READ_REFERRAL]),
    Destination(
        _("Refer for protection"),
        "protection:refer",
        ROLES_FOR[Action.OPEN_REFERRAL] - ROLES_FOR[Action.READ_REFERRAL],
    ),
    Destination(_("Requests of partners"), "requests:waiting", ROLES_FOR[Action.DISCLOSE] & {Role.SUPERVISOR}),
    Destination(_("Holds"), "safeguards:holds", ROLES_FOR[Action.ASSIGN_HOLD]),
    Destination(_("Access log"), "safeguards:log", ROLES_FOR[Action.READ_LOG]),
    Destination(_("Emergencies"), "safeguards:emergencies", ROLES_FOR[Action.READ_LOG]),
    Destination(_("Restrictions"), "safeguards:restrictions", ROLES_FOR[Action.RESTRICT]),
    Destination(_("Partners"), "partners:listed", ROLES_FOR[Action.MANAGE_PARTNERS]),
    Destination(_("Officers"), "accounts:officers", ROLES_FOR[Action.POST]),
)


def node(request: HttpRequest) -> dict[str, object]:
    """The frame of the page."""
    language = get_language() or settings.LANGUAGE_CODE
    name = settings.NODE.names.get(language, settings.NODE.names["en"])
    authority = settings.NODE.authority.get(language, settings.NODE.authority["en"])
    demonstration = settings.MODE == "demo"
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {
            "shell": Shell(node=name, authority=authority, demonstration=demonstration),
            "demonstration": _hints(request) if demonstration else None,
        }
    desk: Desk | None = getattr(request, "desk", None)
    actor = desk.actor if desk else actor_of(request, today=timezone.localdate())
    emergency = running_emergency(actor, timezone.now()) if actor.second_factor else None
    in_post = actor.kind is ActorKind.OFFICER and bool(actor.roles) and actor.second_factor
    return {
        "actor": actor,
        "shell": Shell(
            node=name,
            authority=authority,
            home_url=reverse("dashboard") if actor.second_factor else "/",
            search_url=_address("registry:search") if emergency or actor.roles & ROLES_FOR[Action.SEARCH] else "",
            new_url=_address("registry:new") if actor.roles & ROLES_FOR[Action.REGISTER] else "",
            places=tuple(_places(request, actor)),
            signed_in=SignedIn(
                name=actor.name,
                posting=", ".join(sorted(str(ROLES[role]) for role in actor.roles)),
                work=str(PURPOSES[desk.purpose]) if desk and desk.purpose in actor.purposes else "",
                work_url=f"{reverse('account_work')}?change" if len(actor.purposes) > 1 else "",
                account_url=reverse("mfa_index"),
                sign_out_url=reverse("account_logout"),
            ),
            demonstration=demonstration,
            emergency=emergency,
            emergency_url=reverse("safeguards:emergency") if in_post else "",
            keys=user.shortcuts,
        ),
    }


def _hints(request: HttpRequest) -> dict[str, str]:
    """Password and code, where a demonstration asks an invented officer for them."""
    stage = getattr(request, "_login_stage", None)  # set by allauth between password and code
    code = hints.code_for(stage.login.user, timezone.now()) if stage else ""
    return {"password": hints.password(), "code": code}


def _places(request: HttpRequest, actor: Actor) -> list[Place]:
    places = []
    for destination in DESTINATIONS:
        url = _address(destination.url_name)
        if url and actor.second_factor and destination.roles & actor.roles:
            places.append(Place(str(destination.label), url, current=request.path.startswith(url)))
    return places


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
