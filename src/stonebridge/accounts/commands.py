"""``stonebridge sign-in``, ``sign-out`` and ``whoami``: who gives the commands that follow."""

import argparse
import getpass
import sys
from typing import Any

from django.utils import timezone

from stonebridge.accounts import command_session
from stonebridge.accounts.command_session import CommandSession


def add(subparsers: Any) -> None:
    """Add the commands to those of ``stonebridge``."""
    sign_in = subparsers.add_parser(
        "sign-in",
        help="sign in with password and second factor, for commands that touch data",
        description="Sign in for the commands that follow. Password and code are asked for; when the input is no "
        "terminal they are its first and second line.",
    )
    sign_in.add_argument("email", metavar="EMAIL", nargs="?", help="the address of your account; asked for if missing")
    sign_in.set_defaults(run=_sign_in)
    subparsers.add_parser("sign-out", help="end the session at this terminal").set_defaults(run=_sign_out)
    subparsers.add_parser("whoami", help="who is signed in at this terminal").set_defaults(run=_who)


def _sign_in(arguments: argparse.Namespace) -> None:
    email = arguments.email or _line("Address: ")
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else _line("")
    code = _line("Code of your authenticator app: ")
    _say(command_session.sign_in(email, password, code, now=timezone.now()))


def _sign_out(arguments: argparse.Namespace) -> None:
    command_session.sign_out()
    print("Signed out.")


def _who(arguments: argparse.Namespace) -> None:
    _say(command_session.current(timezone.now()))


def _say(session: CommandSession) -> None:
    actor = session.actor
    print(f"{actor.name}: {', '.join(sorted(actor.roles)) or 'no posting in force'}")
    print(f"purposes: {', '.join(sorted(actor.purposes)) or 'none'}")
    print(f"until {timezone.localtime(session.ends_at):%H:%M} if not used")


def _line(prompt: str) -> str:
    if sys.stdin.isatty():
        return input(prompt).strip()
    return sys.stdin.readline().rstrip("\r\n")
