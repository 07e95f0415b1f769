"""``stonebridge log``: verify it, sign it now, hand it out, and be a witness of it."""

import argparse
import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stonebridge.domain.errors import BadInput
from stonebridge.safeguards.log import export, holder
from stonebridge.safeguards.log.checkpoint import COSIGNATURE, Note, SigningKey, VerifierKey, open_checkpoint
from stonebridge.safeguards.log.publication import publish
from stonebridge.safeguards.log.sequencer import Sequencer
from stonebridge.safeguards.log.store import ACCESS, PROTECTION, STORES
from stonebridge.safeguards.log.verify import protection_part, verify
from stonebridge.safeguards.log.witness import examine

MOST_SHOWN = 50
_BY_NAME = {store.name: store for store in STORES}


def add(subparsers: Any) -> None:
    """Add ``log`` and its own commands to those of ``stonebridge``."""
    log = subparsers.add_parser("log", help="verify, sign, export and witness the access log")
    commands = log.add_subparsers(title="commands", metavar="COMMAND", required=True)

    check = commands.add_parser("verify", help="recompute both logs; exit status 1 if anything is wrong")
    check.add_argument("--checkpoint", type=Path, metavar="FILE", help="a checkpoint of the access log held outside")
    check.set_defaults(run=_verify)

    sign = commands.add_parser("sign", help="number what waits and sign a checkpoint now")
    sign.set_defaults(run=_sign)

    key = commands.add_parser("key", help="print the public keys that witnesses need")
    key.set_defaults(run=_key)

    hand_out = commands.add_parser("export", help="write the log, without what happened, for a witness")
    hand_out.add_argument("file", type=Path, metavar="FILE")
    hand_out.add_argument("--log", choices=sorted(_BY_NAME), default=ACCESS.name, help="default: %(default)s")
    hand_out.set_defaults(run=_export)

    witness = commands.add_parser("witness", help="check an exported log; exit status 1 if anything is wrong")
    witness.add_argument("file", type=Path, metavar="FILE", help="the exported log")
    witness.add_argument("--state", type=Path, required=True, metavar="FOLDER", help="where you keep what you hold")
    witness.add_argument("--key", metavar="KEY", help="the log's public key, the first time: what 'log key' prints")
    witness.add_argument("--name", default="witness", help="your name in cosignatures, the first time")
    witness.set_defaults(run=_witness)


def _verify(arguments: argparse.Namespace) -> int:
    held = []
    if arguments.checkpoint is not None:
        held = [open_checkpoint(_read(arguments.checkpoint), ACCESS.signing_key.verifier())]
    wrong = 0
    for store, outside in ((ACCESS, held), (PROTECTION, protection_part(held))):
        size, findings = verify(store, outside)
        wrong += len(findings)
        _print(
            f"{store.origin}: {size} entries, {'nothing wrong' if not findings else f'{len(findings)} things wrong'}"
        )
        for finding in findings[:MOST_SHOWN]:
            _print(f"  {finding}")
    return 1 if wrong else 0


def _sign(arguments: argparse.Namespace) -> None:
    Sequencer().checkpoint(datetime.now(UTC))


def _key(arguments: argparse.Namespace) -> None:
    for store in STORES:
        _print(store.signing_key.verifier().to_text())


def _export(arguments: argparse.Namespace) -> None:
    store = _BY_NAME[arguments.log]
    try:
        size = publish(store, arguments.file)
    except OSError as error:
        raise BadInput("FILE", str(arguments.file), f"It cannot be written: {error.strerror}.") from error
    _print(f"{store.origin}: {size} entries written to {arguments.file}")


def _witness(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.state
    key = _key_of_the_log(folder, arguments.key)
    name = key.name.rsplit("/", 1)[-1]
    try:
        file = arguments.file.open(encoding="ascii", newline="\n")
    except OSError as error:
        raise BadInput("FILE", str(arguments.file), f"It cannot be read: {error.strerror}.") from error
    with file:
        given = export.read(file)
        checkpoint = open_checkpoint(given.note, key)
        report = examine(given.rows, checkpoint, holder.held(folder, name, key), protection=given.protection)
    if not report.is_clean:
        refused = folder / f"{name}-refused-{checkpoint.head.size:012d}.note"
        refused.write_bytes(given.note)
        _print(f"{key.name}: {_told(len(report.findings))}; not cosigned. What the log signed is in {refused}")
        for finding in report.findings[:MOST_SHOWN]:
            _print(f"  {finding}")
        return 1
    note = _own_key(folder, arguments.name).cosign(Note.from_bytes(given.note), datetime.now(UTC))
    holder.keep(folder, name, checkpoint.head.size, note.to_bytes(), bytes(report.leaves))
    _print(f"{key.name}: {checkpoint.head.size} entries, nothing wrong; cosigned")
    _print(note.signatures[-1].to_line().rstrip("\n"))
    return 0


def _key_of_the_log(folder: Path, given: str | None) -> VerifierKey:
    """The log's public key: given the first time, then kept, and never silently changed."""
    path = folder / "log.key"
    if path.exists():
        kept = VerifierKey.from_text(_read(path).decode("utf-8", "replace"))
        if given is not None and VerifierKey.from_text(given) != kept:
            raise BadInput("--key", given, f"This folder watches {kept.to_text()}. Use another folder for another log.")
        return kept
    if given is None:
        raise BadInput(
            "--key", "", "The first time, give the log's public key; its node prints it: stonebridge log key"
        )
    named = VerifierKey.from_text(given)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(named.to_text() + "\n", encoding="utf-8")
    return named


def _own_key(folder: Path, name: str) -> SigningKey:
    """The witness's own key, made the first time."""
    path = folder / "witness.key"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(f"{name} {secrets.token_hex(32)}\n")
        key = _own_key(folder, name)
        (folder / "witness.vkey").write_text(key.verifier(COSIGNATURE).to_text() + "\n", encoding="utf-8")
        return key
    kept, seed = path.read_text(encoding="utf-8").split()
    return SigningKey(kept, bytes.fromhex(seed))


def _told(wrong: int) -> str:
    return f"{wrong} wrong" if wrong else "nothing wrong"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput("FILE", str(path), f"It cannot be read: {error.strerror}.") from error


def _print(line: str) -> None:
    print(line)
