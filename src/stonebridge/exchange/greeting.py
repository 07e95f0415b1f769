"""The profile ``greeting``: which versions a node understands, for which purposes it takes messages, and what its clock says.

Nodes greet one another every few minutes, so that silence is noticed before somebody needs an answer.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from stonebridge.domain.errors import BadInput, Unavailable
from stonebridge.exchange import between_nodes, contacts
from stonebridge.exchange.envelope import Envelope
from stonebridge.exchange.partners import Partner, nodes
from stonebridge.exchange.profiles import Profile, profiles

NAME, VERSION = "greeting", 1
EVERY = timedelta(minutes=5)
"""A partner that was not tried for so long is greeted."""
SILENT_EVERY = timedelta(minutes=1)
"""One that is silent is tried again after so long."""


def greet(to: Partner, now: datetime) -> dict[str, Any]:
    """Greet a partner, outside any transaction; what it says of itself, or its refusal.

    Raises:
        Unavailable: it did not answer, or what came back was not its answer.
        BadInput: its answer cannot be read.
    """
    said = between_nodes.say(NAME, VERSION, {}, to, now)
    if said.get("answer") == "refused":
        return said
    _check(said)
    contacts.note_greeting(to.code, said)
    return said


def greet_due(now: datetime) -> bool:
    """Greet every partner of whom nothing was heard lately. Nothing waits after that."""
    known = contacts.contacts()
    for each in nodes():
        last = known.get(each.code)
        pause = EVERY if last and last.silent_since is None else SILENT_EVERY
        if last and now - last.tried_at < pause:
            continue
        try:
            greet(each, now)
        except (Unavailable, BadInput):
            continue
    return False


def _answer(question: Envelope, sender: Partner, now: datetime) -> dict[str, Any]:
    if question.body:
        raise BadInput("body", "…", "A greeting says nothing.")
    return {
        "answer": "greeting", "clock": timezone.now().isoformat(),
        "profiles": {name: list(each.versions) for name, each in profiles().items()},
        "purposes": sorted(sender.purposes), "listed": sorted(sender.profiles),
    }  # fmt: skip


def _check(said: dict[str, Any]) -> None:
    offered, purposes, listed = said.get("profiles"), said.get("purposes"), said.get("listed")
    versions = offered.values() if isinstance(offered, dict) else [None]
    if said.get("answer") != NAME or not all(_are(int, each) for each in versions):
        raise BadInput("answer", "…", "It is no greeting.")
    if not _are(str, purposes) or not _are(str, listed):
        raise BadInput("answer", "…", "It is no greeting.")
    try:
        clock = datetime.fromisoformat(str(said.get("clock")))
    except ValueError:
        clock = None
    if clock is None or clock.tzinfo is None:
        raise BadInput("clock", "…", "It is no moment with its zone.")


def _are(kind: type, values: object) -> bool:
    return isinstance(values, list) and all(type(each) is kind for each in values)


GREETING = Profile(NAME, (VERSION,), _answer, of_nodes=True, is_counted=False)
