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
    steps.add_parser("check", help="read every file again and show the state").set_defaults(run=_check)
    steps.add_parser("rebuild", help="empty the gallery and let the worker fill it from the register").set_defaults(
        run=_rebuild
    )


def _check(_: argparse.Namespace) -> int:
    status = client().check()
    lines = (
        f"records      {status.records}",
        f"position     {status.position}",
        f"version      {status.version}",
        f"complete     {'yes' if status.complete else 'no: being rebuilt from the register'}",
        f"memory       {'locked' if status.memory_locked else 'not locked: the platform does not permit it'}",
        f"damage       {status.damage or 'none'}",
        f"trouble      {status.trouble or 'none'}",
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if status.damage or status.trouble or not status.complete else 0


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
