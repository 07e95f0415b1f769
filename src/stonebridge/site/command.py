"""The ``stonebridge`` command: everything a node can be told to do from a terminal.

A room adds its own commands in ``commands.py`` with ``add(subparsers)`` and a line in
``COMMANDS``. Each parser sets ``run``, a function of the parsed arguments.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import cast

from stonebridge.domain.errors import StonebridgeError, Unavailable

COMMANDS = (
    "stonebridge.site.processes",
    "stonebridge.site.demo.commands",
    "stonebridge.site.law_check",
    "stonebridge.accounts.commands",
    "stonebridge.safeguards.officers.commands",
    "stonebridge.safeguards.log.commands",
    "stonebridge.exchange.commands",
    "stonebridge.registry.commands",
    "stonebridge.identification.commands",
    "stonebridge.identification.matcher.commands",
    "stonebridge.rights.commands",
)
CLOSED = 141
"""What shells call a command that ended because nobody reads its output: 128 and SIGPIPE."""
BEFORE_SETTINGS = (  # need no settings
    "stonebridge.site.preparation",
    "stonebridge.site.fingerprint.commands",
    "stonebridge.matching.biographic.commands",
    "stonebridge.site.deadlines",
    "stonebridge.exchange.evidence.commands",
    "stonebridge.site.process_commands",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: done, and the answer is no; 2: not done, with one line that says why."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stonebridge.site.settings")
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        try:
            status = _run(_parser(given).parse_args(given))
        finally:
            sys.stdout.flush()
    except StonebridgeError as error:
        print(f"stonebridge: {_in_words(error)}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        _close_output()
        return CLOSED
    except KeyboardInterrupt:
        return 130
    return status or 0


def _in_words(error: StonebridgeError) -> str:
    """What went wrong; a refusal of the gate reads as on the screens."""
    if "stonebridge.safeguards.gate" not in sys.modules:
        return str(error)
    from stonebridge.safeguards.gate import Refused
    from stonebridge.site.refusals import lines

    return "\n".join(lines(error)) if isinstance(error, Refused) else str(error)


def _close_output() -> None:
    """Whoever read the output has enough: write the rest nowhere, also what Python flushes at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _run(chosen: argparse.Namespace) -> int | None:
    """Run it; a database that does not answer is no answer of the command's, least of all the answer no.

    Raises:
        Unavailable: the database does not answer.
    """
    if "django" not in sys.modules:
        return cast("int | None", chosen.run(chosen))
    from django.db import InterfaceError, OperationalError

    try:
        return cast("int | None", chosen.run(chosen))
    except (OperationalError, InterfaceError) as fault:
        said = str(fault).strip().splitlines() or [type(fault).__name__]
        raise Unavailable("the database", f"Start it, or try again. It said last: {said[-1]}") from fault


def _parser(given: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stonebridge",
        description="One national node of Stonebridge.",
        epilog="Each command explains itself: stonebridge COMMAND --help",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    early = [import_module(module) for module in BEFORE_SETTINGS]
    for room in early:
        room.add(commands)
    if given[:1] not in ([name] for room in early for name in room.NAMES):
        _load_settings()
        for module in COMMANDS:
            import_module(module).add(commands)
    return parser


def parser_of_all() -> argparse.ArgumentParser:
    """The parser with every command, as the documentation shows it."""
    return _parser([])


def _load_settings() -> None:
    import django

    django.setup()
