"""``stonebridge gallery``: look after what the matcher holds."""

import argparse
import sys
import time

from stonebridge.domain.errors import Unavailable
from stonebridge.identification.matcher.node import client

REBUILD_PATIENCE = 600.0  # seconds


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """``gallery check`` and ``gallery rebuild``."""
    parser = commands.add_parser("gallery", help="check what the matcher holds, or have it filled anew")
    steps = parser.add_subparsers(title="steps", metavar="STEP", required=True)
    steps.add_parser("check", help="read every file again, and see that searches find the register").set_defaults(
        run=_check
    )
    steps.add_parser("rebuild", help="empty the gallery and let the worker fill it from the register").set_defaults(
        run=_rebuild
    )


def _check(_: argparse.Namespace) -> int:
    from django.utils import timezone

    from stonebridge.identification.services import compare_with_register  # once Django has its settings

    matcher = client()
    status = matcher.check()
    agreement = compare_with_register(matcher, now=timezone.now())
    lines = (
        f"records      {status.records}",
        f"position     {status.position}",
        f"version      {status.version}",
        f"complete     {'yes' if status.complete else 'no: being rebuilt from the register'}",
        f"memory       {'locked' if status.memory_locked else 'not locked: the platform does not permit it'}",
        f"damage       {status.damage or 'none'}",
        f"trouble      {status.trouble or 'none'}",
        f"register     {agreement.on_register} persons who may be found, {agreement.in_gallery} in the gallery",
        f"searched     {agreement.looked_for} persons looked for, {len(agreement.not_found)} not found",
        *(f"not found    {id}" for id in agreement.not_found[:20]),
    )
    sys.stdout.write("\n".join(lines) + "\n")
    if not agreement.holds:
        sys.stdout.write("The gallery does not agree with the register: run 'stonebridge gallery rebuild'.\n")
    return 1 if status.damage or status.trouble or not agreement.holds else 0


def _rebuild(_: argparse.Namespace) -> int:
    matcher = client()
    matcher.begin_rebuild()
    ends = time.monotonic() + REBUILD_PATIENCE
    while not (status := matcher.status()).complete:
        sys.stdout.write(f"\r{status.records} records")
        sys.stdout.flush()
        if time.monotonic() > ends:
            raise Unavailable("the worker", "It has not filled the gallery; see that 'stonebridge worker' runs.")
        time.sleep(0.2)
    sys.stdout.write(f"\r{status.records} records at position {status.position}\n")
    return 0
