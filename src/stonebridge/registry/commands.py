"""``stonebridge person``: register, show, search and hand out, as whoever is signed in at this terminal."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from django.utils import timezone

from stonebridge.accounts.command_session import actor_from_session
from stonebridge.accounts.doors import DEFAULT_BASIS
from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput
from stonebridge.domain.references import parse_reference
from stonebridge.registry.handed_in import read_registration
from stonebridge.registry.handing_out import Recipient, as_json, hand_out
from stonebridge.registry.queries import person_of, read_person
from stonebridge.registry.search import search
from stonebridge.registry.services import register_person
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Action

EXAMPLE = """\
a file with as little as may be:
  {
    "notice": "acknowledged",
    "identity": {
      "names": [{"part": "given", "text": "Omar"}, {"part": "family", "text": "حداد"}],
      "birth": {"text": "about 30"}
    },
    "arrival": {
      "category": "irregular_crossing",
      "arrived_on": "2026-11-20",
      "met_at": "2026-11-20T14:05:00+01:00"
    }
  }
A field that is wrong or unknown is named, with what it may be."""


def add(subparsers: Any) -> None:
    """Add ``person`` to the commands of ``stonebridge``."""
    person = subparsers.add_parser(
        "person", help="register, show, search and hand out records",
        description="Acts on the register as whoever is signed in here (stonebridge sign-in). Every act goes through the "
        "gate and into the access log, as on the screens.",
    )  # fmt: skip
    acts = person.add_subparsers(title="acts", metavar="ACT", required=True)
    person.set_defaults(acts=acts)  # a room above adds its own
    parser = _act(acts, "register", _register, "register one person from a JSON file")
    parser.add_argument("file", metavar="FILE.json", help="the registration in UTF-8; - reads the input")
    parser.formatter_class, parser.epilog = argparse.RawDescriptionHelpFormatter, EXAMPLE
    parser = _act(acts, "show", _show, "show a record as JSON")
    parser.add_argument("reference", metavar="REFERENCE", help="for example MK-7F2K-93TD")
    parser = _act(acts, "search", _search, "find records by name, reference or number of a document")
    parser.add_argument("text", metavar="TEXT", nargs="+", help="a name in any script, a reference or a number")
    parser = _act(acts, "file", _file, "hand out a person's file, and note who receives it")
    parser.add_argument("reference", metavar="REFERENCE", help="for example MK-7F2K-93TD")
    parser.add_argument("--to", default="", help="name of the authority that receives it; without, the person themself")
    parser.add_argument("--pdf", metavar="FILE.pdf", help="write pages to print there, instead of JSON to the output")
    parser.add_argument("--state", default="", help="state of that authority, as ICAO code")


def _act(acts: Any, name: str, run: Callable[[argparse.Namespace], int | None], text: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=text, description=text.capitalize() + ".")
    parser.add_argument("--purpose", choices=list(Purpose), help="for what; by default one of your own")
    parser.add_argument("--basis", help="legal basis, as listed; by default that of the purpose")
    parser.set_defaults(run=run)
    return parser


def _register(arguments: argparse.Namespace) -> None:
    now = timezone.now()
    actor = actor_from_session(now)
    handed = read_registration(_content(arguments.file), now=now)
    family_of = person_of(handed.relative) if handed.relative else None
    person = register_person(
        replace(handed.registration, family_of=family_of), actor=actor,
        basis=_basis(arguments, Purpose.REGISTRATION), now=now, draft=handed.draft,
    )  # fmt: skip
    print(f"Registered {person.reference}.")


def _show(arguments: argparse.Namespace) -> None:
    now = timezone.now()
    actor = actor_from_session(now)
    purpose = _purpose(arguments, actor, Purpose.REGISTRATION)
    basis = _basis(arguments, purpose)
    reference = parse_reference(arguments.reference)
    with gate.act(purpose):
        id = person_of(reference)
        permit = gate.permit(actor, Action.READ, purpose=purpose, basis=basis, now=now, persons=[id])
        shown = as_json(read_person(permit, id), Recipient(actor.name), purpose=purpose, basis=basis, at=now)
    sys.stdout.write(shown.decode())


def _search(arguments: argparse.Namespace) -> int:
    now = timezone.now()
    actor = actor_from_session(now)
    purpose = _purpose(arguments, actor, Purpose.REGISTRATION)
    answer = search(
        " ".join(arguments.text), actor=actor, purpose=purpose, basis=_basis(arguments, purpose), now=now
    )  # fmt: skip
    for each in answer.found:
        statement = each.statement
        states = ",".join(state for state, *_rest in statement.nationalities)
        print("\t".join((each.reference, statement.main_name, statement.birth.text, statement.sex, states, each.how)))
    if answer.mistyped:
        print(answer.mistyped, file=sys.stderr)
    if answer.more:
        print("More records fit than are shown. Add another name, or the number of a document.", file=sys.stderr)
    if answer.closed:
        print(f"Closed to you: {answer.closed} that fit.", file=sys.stderr)
    if not answer.found:
        print("Nobody fits. Try fewer words, another spelling or script.", file=sys.stderr)
        return 1
    return 0


def _file(arguments: argparse.Namespace) -> None:
    now = timezone.now()
    actor = actor_from_session(now)
    purpose = _purpose(arguments, actor, Purpose.REGISTRATION)
    reference = parse_reference(arguments.reference)
    recipient = Recipient(arguments.to or f"person {reference}", arguments.state)
    if arguments.to and not arguments.state:
        raise BadInput("--state", "", "Say of which state the authority is, for example --state SRB.")
    if arguments.state and not arguments.to:
        raise BadInput("--to", "", "Name the authority that receives the file.")
    with _output(arguments.pdf) as out:
        file = hand_out(
            reference, "pdf" if arguments.pdf else "json", recipient, actor=actor, purpose=purpose,
            basis=_basis(arguments, purpose), now=now,
        )  # fmt: skip
        out.write(file.content)


@contextmanager
def _output(name: str | None) -> Iterator[BinaryIO]:
    """The output, or a new file that only its owner reads; it is opened first, so that nothing is handed out into nowhere."""
    if not name:
        yield sys.stdout.buffer
        return
    try:
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BadInput("--pdf", name, f"It cannot be written: {error.strerror}. Name a new file.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
    except BaseException:
        Path(name).unlink()
        raise


def _content(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise BadInput("FILE.json", name, f"It cannot be read: {error.strerror}. Check the path.") from error


def _purpose(arguments: argparse.Namespace, actor: Actor, first: Purpose) -> Purpose:
    """The purpose asked for; else the usual one, if it is the actor's own; else one of theirs, for the gate to judge."""
    if arguments.purpose:
        return Purpose(arguments.purpose)
    return first if first in actor.purposes else min(actor.purposes, default=first)


def _basis(arguments: argparse.Namespace, purpose: Purpose) -> str:
    return arguments.basis or DEFAULT_BASIS[purpose]
