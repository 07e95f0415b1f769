"""``stonebridge demo``: fill a trial node with invented people, and sign in as its invented officers."""

import argparse
from functools import partial

from django.conf import settings
from django.utils import timezone

from stonebridge.site import migrate
from stonebridge.site.demo.partners import join_partners
from stonebridge.site.demo.seed import seed, settle
from stonebridge.site.demo.sign_ins import CODE_LASTS, PASSWORD, SIGN_INS, code_of, sign_in
from stonebridge.site.regional_journey import play_region
from stonebridge.site.smoke import play


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """``demo seed``, ``settle``, ``smoke``, ``sign-ins`` and ``code``."""
    parser = commands.add_parser("demo", help="invented people and officers, for a node on trial")
    steps = parser.add_subparsers(title="steps", metavar="STEP", required=True)
    fill = steps.add_parser(
        "seed", help="bring the database to its shape, and add who and which partner is not there yet"
    )
    fill.add_argument("--people", type=int, metavar="N", help="beside those with a story")
    fill.add_argument("--partner", nargs=3, action="append", default=[], metavar=("CODE", "ADDRESS", "KEY"),
                      help="another node of the demo, by its public key in hexadecimal")  # fmt: skip
    fill.set_defaults(run=_seed)
    settling = steps.add_parser("settle", help="wait until the searches that are due are answered")
    settling.set_defaults(run=_settle)
    journey = steps.add_parser("smoke", help="play the main journey against this running node")
    journey.add_argument("--address", required=True, help="of the node, with a slash at the end")
    journey.set_defaults(run=_smoke)
    region = steps.add_parser("region", help="play the journey that crosses nodes; this one asks")
    region.add_argument("--at", nargs=2, action="append", required=True, metavar=("CODE", "ADDRESS"),
                        help="of a running node, with a slash at the end")  # fmt: skip
    region.set_defaults(run=_region)
    steps.add_parser("sign-ins", help="who can sign in, and how").set_defaults(run=_sign_ins)
    code = steps.add_parser("code", help="the code that an officer's authenticator shows now")
    code.add_argument("name", metavar="NAME", help="their short name; see: stonebridge demo sign-ins")
    code.set_defaults(run=_code)


def _smoke(arguments: argparse.Namespace) -> int:
    return play(arguments.address, _say)


def _region(arguments: argparse.Namespace) -> int:
    return play_region(dict(arguments.at), partial(print, flush=True))


def _seed(arguments: argparse.Namespace) -> None:
    migrate.migrate()
    added = seed(timezone.now(), _say, arguments.people)
    if added:
        _say(f"{added} invented people are registered")
    joined = join_partners([(code, address, key) for code, address, key in arguments.partner], timezone.now())
    if joined:
        _say(f"partners: {', '.join(joined)}")


def _settle(_: argparse.Namespace) -> None:
    settle(_say)


def _sign_ins(_: argparse.Namespace) -> None:
    for line in sign_in_lines():
        print(line)


def _code(arguments: argparse.Namespace) -> None:
    now = timezone.now()
    left = CODE_LASTS - int(now.timestamp()) % CODE_LASTS
    print(f"{code_of(sign_in(arguments.name), now)}  (for {left} s; each code signs in once)")


def _say(text: str) -> None:
    print(f"[{settings.NODE.code}] {text}", flush=True)


def sign_in_lines() -> list[str]:
    """The sign-ins as a terminal shows them."""
    return [
        f"Password of all: {PASSWORD}",
        *(f"  {each.email:22} {each.name:20} {each.role.replace('_', ' '):24} {each.unit}" for each in SIGN_INS),
        "The code for a sign-in: .venv/bin/stonebridge demo code NAME   (for example: demo code vesna)",
    ]
