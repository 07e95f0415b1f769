"""``stonebridge person erase`` and ``due``: one data-protection officer asks, another confirms; and whose time is over."""

import argparse
from typing import Any

from django.utils import timezone

from stonebridge.accounts.command_session import actor_from_session
from stonebridge.accounts.doors import DEFAULT_BASIS
from stonebridge.domain.errors import BadInput, Unavailable
from stonebridge.identification.matcher.node import client
from stonebridge.rights.due import list_due
from stonebridge.rights.models import Ground
from stonebridge.rights.services import PURPOSE, ask_for_erasure, confirm_erasure


def add(subparsers: Any) -> None:
    """Add ``person erase`` and ``person due`` to the commands of ``stonebridge``."""
    acts = subparsers.choices["person"].get_default("acts")
    parser = acts.add_parser(
        "erase",
        help="erase a person: one data protection officer asks, another confirms",
        description="Ask that everything about a person be erased, or confirm what another officer has asked. What is "
        "erased does not come back, except from backups, which you keep as long as you have decided.",
    )
    parser.add_argument("reference", metavar="REFERENCE", help="for example MK-7F2K-93TD")
    parser.add_argument("--ground", choices=Ground.values, help="article of Regulation (EU) 2016/679")
    parser.add_argument("--reason", default="", help="a sentence that somebody else can judge; erased with the record")
    parser.add_argument("--confirm", action="store_true", help="carry out what another officer has asked")
    parser.add_argument("--basis", default=DEFAULT_BASIS[PURPOSE], help="legal basis, as listed; default: %(default)s")
    parser.set_defaults(run=_erase)
    parser = acts.add_parser(
        "due",
        help="list the records that the node has kept as long as it keeps them",
        description="List the records whose days are over, as node.toml counts them: reference, registered, due, and "
        "whether a safeguard keeps the record. Nothing is erased by this.",
    )
    parser.add_argument("--basis", default=DEFAULT_BASIS[PURPOSE], help="legal basis, as listed; default: %(default)s")
    parser.set_defaults(run=_due)


def _erase(arguments: argparse.Namespace) -> int:
    now = timezone.now()
    how: Any = {"actor": actor_from_session(now), "basis": arguments.basis, "now": now}
    if not arguments.confirm:
        if not arguments.ground:
            raise BadInput("--ground", "", "Name the article, for example --ground '17(1)(a)'; or give --confirm.")
        ask_for_erasure(arguments.reference, Ground(arguments.ground), arguments.reason, **how)
        print(f"Asked. Another data protection officer confirms with: person erase {arguments.reference} --confirm")
        return 0
    done = confirm_erasure(arguments.reference, **how)
    print(f"Erased {done.records} records; emptied {done.log_entries} entries of the log.")
    for recipient in done.recipients:
        print(f"Tell {recipient}, who was handed a file (Article 19).")
    for partner in done.partners:
        print(f"{partner} was given data and is being told by message.")
    return _fill_gallery_anew()


def _due(arguments: argparse.Namespace) -> int:
    now = timezone.now()
    found = list_due(actor=actor_from_session(now), basis=arguments.basis, now=now)
    for each in found:
        days = (f"{timezone.localdate(moment)}" for moment in (each.registered_at, each.due_at))
        print("\t".join((each.reference, *days, "kept" if each.is_kept else "due")))
    return 0 if found else 1


def _fill_gallery_anew() -> int:
    """Segments are immutable: only new ones are without the person."""
    try:
        client().begin_rebuild()
    except Unavailable:
        print("The matcher does not answer. When it runs again, give: stonebridge gallery rebuild")
        return 1
    print("The gallery is being filled anew from the register.")
    return 0
