"""``stonebridge evidence``: check a bundle of evidence, anywhere and by anybody, without a node."""

import argparse
from pathlib import Path
from typing import Any

from stonebridge.domain.errors import BadInput
from stonebridge.exchange.evidence.bundle import LARGEST, is_sound, verify

NAMES = ("evidence",)


def add(subparsers: Any) -> None:
    """Add the command to those of ``stonebridge``."""
    parser = subparsers.add_parser("evidence", help="check a bundle of evidence, without a node and without a network")
    steps = parser.add_subparsers(title="steps", metavar="STEP", required=True)
    check = steps.add_parser("verify", help="say what a bundle proves and what not; exit status 1 if anything is wrong")
    check.add_argument("file", metavar="FILE", type=Path)
    check.add_argument(
        "--fingerprint", metavar="CODE=FINGERPRINT", action="append", default=[],
        help="the fingerprint of a node's key as you have it from the node itself; once for each node",
    )  # fmt: skip
    check.set_defaults(run=_verify)


def _verify(arguments: argparse.Namespace) -> int:
    expected = {}
    for given in arguments.fingerprint:
        code, found, letters = given.partition("=")
        if not found or not letters:
            raise BadInput("--fingerprint", given, "Write the code of the node, an equals sign and the fingerprint.")
        expected[code] = letters
    try:
        with arguments.file.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise BadInput("FILE", str(arguments.file), f"It cannot be read: {error.strerror}.") from error
    lines = verify(data, expected)
    for line in lines:
        print(line)
    print("Nothing is wrong with this bundle." if is_sound(lines) else "Something is wrong with this bundle.")
    return 0 if is_sound(lines) else 1
