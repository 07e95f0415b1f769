"""``stonebridge law check``: what of the law nobody has confirmed against its official text."""

import argparse
from importlib import import_module
from pkgutil import walk_packages

from django.conf import settings
from django.utils import timezone

import stonebridge
from stonebridge.law.check import not_yet_in_force, open_items, unknown_citations
from stonebridge.site.preparation import Commands


def add(commands: "Commands[argparse.ArgumentParser]") -> None:
    """``law check``."""
    parser = commands.add_parser("law", help="what of the law is not confirmed yet, and what cannot hold")
    steps = parser.add_subparsers(title="steps", metavar="STEP", required=True)
    check = steps.add_parser(
        "check", help="list what a named officer has yet to confirm; exit status 1 for a loose end"
    )
    check.add_argument("--quiet", action="store_true", help="count what is open, and list loose ends alone")
    check.set_defaults(run=_check)


def _check(arguments: argparse.Namespace) -> int:
    _load_every_module()
    node_law, today = settings.NODE.folder / "law", timezone.localdate()
    loose = [*unknown_citations(node_law), *(f"{id} has no value in force" for id in not_yet_in_force(today, node_law))]
    items = open_items(node_law)
    for item in () if arguments.quiet else items:
        print(f"{item.status:12} {item.kind:12} {item.id}: {item.shown} ({item.instrument}, Article {item.article})")
    print(f"{len(items)} statements of law are less than verified; {len(loose)} loose ends")
    for end in loose:
        print(f"  {end}")
    return 1 if loose else 0


def _load_every_module() -> None:
    """So that every citation is known."""
    for found in walk_packages(stonebridge.__path__, "stonebridge."):
        if ".migrations" not in found.name and not found.name.endswith(("wsgi", "__main__")):
            import_module(found.name)
