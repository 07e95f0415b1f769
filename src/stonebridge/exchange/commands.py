"""``stonebridge partner``: who our partners are, by whoever is signed in at this terminal."""

import argparse
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from stonebridge.accounts import command_session
from stonebridge.accounts.doors import DEFAULT_BASIS
from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput
from stonebridge.exchange import partners
from stonebridge.exchange.diagnosis import check_partner
from stonebridge.exchange.evidence import making
from stonebridge.exchange.partners import Partner, Why, fingerprint
from stonebridge.exchange.words import all_is_well, in_words


def add(subparsers: Any) -> None:
    """Add the command to those of ``stonebridge``."""
    parser = subparsers.add_parser("partner", help="nodes that we ask and answer")
    steps = parser.add_subparsers(title="steps", metavar="STEP", required=True)
    key = steps.add_parser("key", help="our own public key and its fingerprint, for partners")
    key.set_defaults(run=_key)
    listed = steps.add_parser("list", help="partners in force, and proposals that wait for a second officer")
    listed.set_defaults(run=_list)
    propose = steps.add_parser("propose", help="propose a partner; another officer joins it")
    propose.add_argument(
        "file", metavar="FILE", type=Path, help="JSON: code, state, names, address, key, profiles, purposes, quota"
    )
    propose.set_defaults(run=_propose)
    join = steps.add_parser("join", help="join a proposed partner whose fingerprint you have compared yourself")
    join.add_argument("proposal", metavar="PROPOSAL", help="as 'partner list' shows it")
    join.add_argument("fingerprint", metavar="FINGERPRINT", help="as the partner read it to you")
    join.set_defaults(run=_join)
    test = steps.add_parser("test", help="greet a partner and say what is wrong; exit status 1 if anything is")
    test.add_argument("code", metavar="CODE")
    test.set_defaults(run=_test)
    proof = steps.add_parser("evidence", help="write the evidence of a conversation to a file")
    proof.add_argument("reference", metavar="REFERENCE", help="of our question, or the number of a partner's request")
    proof.add_argument("file", metavar="FILE", type=Path)
    proof.add_argument("--purpose", choices=[each.value for each in Purpose], default=Purpose.IDENTIFICATION.value)
    proof.set_defaults(run=_evidence)
    revoke = steps.add_parser("revoke", help="answer a partner nothing from now on")
    revoke.add_argument("code", metavar="CODE")
    revoke.add_argument("reason", metavar="REASON", help="stays here")
    revoke.add_argument(
        "--why", choices=[each.value for each in Why], default=Why.OTHER.value, help="as the others are told"
    )
    revoke.set_defaults(run=_revoke)


def _key(arguments: argparse.Namespace) -> None:
    print(partners.own_key())
    print(f"fingerprint: {fingerprint(partners.own_key())}")


def _list(arguments: argparse.Namespace) -> None:
    for each in partners.partners():
        print(f"{each.code:4} {each.state} {each.names['en']:20} {each.address}  {each.mark}")
    for waiting in partners.proposals():
        print(f"proposed: {waiting.code}, {waiting.id}")


def _propose(arguments: argparse.Namespace) -> None:
    try:
        proposed = Partner(**json.loads(arguments.file.read_text(encoding="utf-8")))
    except OSError as error:
        raise BadInput("FILE", str(arguments.file), "Name a file that can be read.") from error
    except (ValueError, TypeError) as error:
        raise BadInput(
            "FILE", str(arguments.file), f"Give one JSON object with the fields of a partner: {error}."
        ) from error
    print(partners.propose(proposed, **_acting()))


def _join(arguments: argparse.Namespace) -> None:
    try:
        proposal = UUID(arguments.proposal)
    except ValueError as error:
        raise BadInput("PROPOSAL", arguments.proposal, "Take it from 'stonebridge partner list'.") from error
    print(f"{partners.join(proposal, arguments.fingerprint, **_acting()).code} is a partner")


def _test(arguments: argparse.Namespace) -> int:
    found = check_partner(arguments.code, **_acting())
    for each in map(in_words, found):
        print(f"{each.title}{f' ({each.detail})' if each.detail else ''}. {each.remedy}")
    if not found:
        print(all_is_well())
    return 1 if found else 0


def _evidence(arguments: argparse.Namespace) -> None:
    now, purpose = timezone.now(), Purpose(arguments.purpose)
    actor: Actor = command_session.current(now).actor
    made = making.make(arguments.reference, actor=actor, purpose=purpose, basis=DEFAULT_BASIS[purpose], now=now)
    try:
        arguments.file.write_bytes(made)
    except OSError as error:
        raise BadInput("FILE", str(arguments.file), f"It cannot be written: {error.strerror}.") from error
    print(f"written to {arguments.file}; anybody can check it: stonebridge evidence verify {arguments.file}")


def _revoke(arguments: argparse.Namespace) -> None:
    partners.revoke(arguments.code, arguments.reason, why=Why(arguments.why), **_acting())
    others = ", ".join(each.code for each in partners.partners()) or "nobody else"
    print(f"{arguments.code} is no partner any more; told: {others}")


def _acting() -> dict[str, Any]:
    """Who acts at this terminal, for the purpose of theirs that covers partners."""
    now = timezone.now()
    actor: Actor = command_session.current(now).actor
    purpose = Purpose.DATA_PROTECTION if Purpose.DATA_PROTECTION in actor.purposes else Purpose.ADMINISTRATION
    return {"actor": actor, "purpose": purpose, "basis": DEFAULT_BASIS[purpose], "now": now}
