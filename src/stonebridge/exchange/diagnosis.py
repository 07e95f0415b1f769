"""What is wrong between this node and a partner, found out by one greeting, and what to do about it."""

import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any
from urllib.error import URLError

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput, Unavailable
from stonebridge.exchange.greeting import greet
from stonebridge.exchange.partners import Partner, partner, permit_to_manage
from stonebridge.exchange.profiles import profiles
from stonebridge.exchange.transports.https import NotItsAnswer
from stonebridge.exchange.transports.signatures import CLOCK_TOLERANCE, NotAuthentic, Response, verify_response
from stonebridge.safeguards import gate

NOTICEABLE = timedelta(seconds=10)
"""Clocks that differ by more are worth a word, although messages still pass."""
_CREATED = re.compile(r";created=(\d{1,12})(?:;|$)")


class Trouble(StrEnum):
    """What can be wrong, in the order in which it is met."""

    NAME = "name"
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    TLS = "tls"
    NO_NODE = "no_node"
    CLOCK = "clock"
    CLOCK_NEARLY = "clock_nearly"
    OUR_KEY = "our_key"
    ITS_KEY = "its_key"
    OLDER = "older"
    REFUSED = "refused"
    NOT_UNDERSTOOD = "not_understood"
    ITS_VERSIONS = "its_versions"
    NO_COMMON_VERSION = "no_common_version"
    NOT_LISTED = "not_listed"
    PURPOSES = "purposes"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; ``detail`` has the values in question."""

    trouble: Trouble
    detail: str = ""


def check_partner(code: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> tuple[Finding, ...]:
    """Say everything that is wrong with the connection to a partner, through the gate and on record.

    Raises:
        Refused: the gate says no.
        NotFound: no such partner.
    """
    with gate.act(purpose):
        permit_to_manage(actor, purpose, basis, now, code)
        to = partner(code)
    return diagnose(to, now)


def diagnose(to: Partner, now: datetime) -> tuple[Finding, ...]:
    """Greet a partner and say everything that is wrong; nothing when all is well. Outside any transaction."""
    try:
        said = greet(to, now)
    except NotItsAnswer as error:
        return (_not_its_answer(error.response, to, now),)
    except Unavailable as error:
        return (_not_reached(error.__cause__),)
    except BadInput as error:
        return (Finding(Trouble.NOT_UNDERSTOOD, error.field),)
    if said["answer"] == "refused":
        why = str(said.get("why", ""))[:40]
        return (Finding(Trouble.OLDER if why == "profile" else Trouble.REFUSED, why),)
    return tuple(_differences(to, said, now))


def _not_reached(cause: BaseException | None) -> Finding:
    fault = cause.reason if isinstance(cause, URLError) else cause
    if isinstance(fault, ssl.SSLError):
        return Finding(Trouble.TLS, getattr(fault, "verify_message", "") or str(fault.reason or ""))
    if isinstance(fault, socket.gaierror):
        return Finding(Trouble.NAME)
    if isinstance(fault, TimeoutError):
        return Finding(Trouble.SLOW)
    return Finding(Trouble.UNREACHABLE, getattr(fault, "strerror", "") or "")


def _not_its_answer(response: Response, to: Partner, now: datetime) -> Finding:
    """Only the signature can be believed; ``Date`` is a hint, and all that a node tells to whom it does not know."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    if "signature" in headers:
        made = _CREATED.search(headers.get("signature-input", ""))
        at = datetime.fromtimestamp(int(made[1]), UTC) if made else now
        try:
            verify_response(response, keys={to.code: bytes.fromhex(to.key)}.get, now=at)
        except NotAuthentic:
            return Finding(Trouble.ITS_KEY)
        return Finding(Trouble.CLOCK, _seconds(at - now))
    if response.status_code != 401:
        return Finding(Trouble.NO_NODE, str(response.status_code))
    try:
        theirs = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return Finding(Trouble.OUR_KEY)
    if abs(theirs - now) > CLOCK_TOLERANCE:
        return Finding(Trouble.CLOCK, _seconds(theirs - now))
    return Finding(Trouble.OUR_KEY)


def _differences(to: Partner, said: dict[str, Any], now: datetime) -> Iterator[Finding]:
    """What its greeting says otherwise than our list has it."""
    apart = datetime.fromisoformat(said["clock"]) - now
    if abs(apart) > NOTICEABLE:
        yield Finding(Trouble.CLOCK_NEARLY, _seconds(apart))
    offered: dict[str, list[int]] = said["profiles"]
    ours = {name: each for name, each in profiles().items() if not each.of_nodes}
    for name in sorted(set(to.profiles) & set(ours)):
        theirs = offered.get(name, [])
        if not set(theirs) & set(ours[name].versions):
            yield Finding(Trouble.NO_COMMON_VERSION, name)
        elif sorted(theirs) != sorted(to.profiles[name]):
            yield Finding(Trouble.ITS_VERSIONS, f"{name}: {', '.join(map(str, sorted(theirs)))}")
    missing = sorted(set(to.profiles) & set(ours) - set(said["listed"]))
    if missing:
        yield Finding(Trouble.NOT_LISTED, ", ".join(missing))
    if set(said["purposes"]) != set(to.purposes):
        yield Finding(Trouble.PURPOSES, ", ".join(sorted(set(said["purposes"]) ^ set(to.purposes))))


def _seconds(apart: timedelta) -> str:
    return f"{apart.total_seconds():+.0f} s"
