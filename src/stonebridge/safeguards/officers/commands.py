"""``stonebridge first-administrator``: somebody must be able to sign in to a new node."""

import argparse
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone

from stonebridge.accounts.doors import DEFAULT_BASIS
from stonebridge.accounts.models import Organisation, OrganisationKind, Posting, in_force
from stonebridge.domain.actor import Actor, ActorKind, Purpose, Role
from stonebridge.domain.errors import WrongState
from stonebridge.safeguards.officers.services import NewPosting, add_officer

INSTALLATION = Actor(
    ActorKind.OFFICER, "installation", "Installation", frozenset({Role.ADMINISTRATOR}),
    frozenset({Purpose.ADMINISTRATION}), second_factor=True,
)  # fmt: skip
"""Who makes the first administrator: whoever has the machine, and only while there is no administrator."""


def add(subparsers: Any) -> None:
    """Add the command to those of ``stonebridge``."""
    parser = subparsers.add_parser(
        "first-administrator",
        help="make the first account of a new node",
        description="Make the first administrator of a node that has none, and print the address under which they "
        "set their password. Every other account is made by an administrator on the screen.",
    )
    parser.add_argument("email", metavar="EMAIL")
    parser.add_argument("name", metavar="NAME", help="full name")
    parser.add_argument("--unit", default="Administration", help="default: %(default)s")
    parser.set_defaults(run=_make)


def _make(arguments: argparse.Namespace) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    if Posting.objects.filter(in_force(today), role=Role.ADMINISTRATOR, officer__is_active=True).exists():
        raise WrongState("this node", "administered already", "an administrator, who adds others on the screen")
    authority, _ = Organisation.objects.get_or_create(
        kind=OrganisationKind.AUTHORITY, defaults={"name": settings.NODE.authority["en"][:200]}
    )
    made = add_officer(
        arguments.email, arguments.name, NewPosting(authority.id, arguments.unit, Role.ADMINISTRATOR, today),
        actor=INSTALLATION, basis=DEFAULT_BASIS[Purpose.ADMINISTRATION], now=now,
    )  # fmt: skip
    print(f"{made.full_name} is the administrator of this node. Within three days they set a password at:")
    print(reverse("account_welcome", args=[made.id, default_token_generator.make_token(made)]))
