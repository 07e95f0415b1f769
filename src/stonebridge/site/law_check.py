"""``stonebridge law``: what is on file, and what of it nobody has confirmed against its official text."""

import argparse
from importlib import import_module
from pkgutil import walk_packages

from django.conf import settings
from django.utils import timezone

import stonebridge
from stonebridge.domain.errors import BadInput
from stonebridge.law.check import not_yet_in_force, open_items, unknown_citations
from stonebridge.law.load import instruments, parameters
from stonebridge.site.preparation import Commands


def add(commands: "Commands[argparse.ArgumentParser]") -> None:
    """``law check`` and ``law show``."""
    parser = commands.add_parser("law", help="what of the law is not confirmed yet, and what cannot hold")
    steps = parser.add_subparsers(title="steps", metavar="STEP", required=True)
    check = steps.add_parser(
        "check", help="list what a named officer has yet to confirm; exit status 1 for a loose end"
    )
    check.add_argument("--quiet", action="store_true", help="count what is open, and list loose ends alone")
    check.set_defaults(run=_check)
    show = steps.add_parser(
        "show", help="the values of an instrument or of a parameter; without a name, the instruments"
    )
    show.add_argument(
        "name", nargs="?", help="an identifier, for example eu-rs-readmission-2007 or readmission.reply_within"
    )
    show.set_defaults(run=_show)


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


def _show(arguments: argparse.Namespace) -> int:
    node_law, name = settings.NODE.folder / "law", arguments.name
    known = instruments(node_law)
    if name is None:
        for instrument in known.values():
            print(f"{instrument.id:28} {instrument.status:10} {instrument.short}; {instrument.published}")
        return 0
    found = [
        (parameter, value)
        for parameter in parameters(node_law).values()
        for value in parameter.values
        if name in (parameter.id, value.instrument)
    ]
    if name not in known and not found:
        raise BadInput("name", name, "Name an instrument (stonebridge law show lists them) or a parameter.")
    if name in known:
        print(f"{known[name].title}\n{known[name].published}; {known[name].status}\n{known[name].note}".rstrip())
    for parameter, value in found:
        since = f", from {value.since}" if value.since else ""
        silence = f"; silence: {value.on_silence.replace('_', ' ')}" if value.on_silence else ""
        apart = f"; not read: {', '.join(value.recalled)}" if value.recalled else ""
        print(f"\n{parameter.title} ({parameter.id})")
        print(f"  {value}{since}{silence}\n  in force from {value.in_force}; {value.status}{apart}\n  {value.source}")
    return 0


def _load_every_module() -> None:
    """So that every citation is known."""
    for found in walk_packages(stonebridge.__path__, "stonebridge."):
        if ".migrations" not in found.name and not found.name.endswith(("wsgi", "__main__")):
            import_module(found.name)
