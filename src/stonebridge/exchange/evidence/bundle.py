"""A file with the evidence of one conversation, and what it proves to somebody who has nothing else.

Pure, without a database and without the node: signatures, receipts, order and places in the log are recomputed from
the file's own bytes. Whose a key is, nobody can compute: compare fingerprints, as partners do when they join.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from stonebridge.domain.errors import BadInput, StonebridgeError, Tampered
from stonebridge.exchange import letter_file
from stonebridge.exchange.envelope import Envelope, content_digest, from_bytes
from stonebridge.exchange.transports.signatures import (
    NotAuthentic,
    Request,
    Response,
    Signed,
    verify_request,
    verify_response,
)  # fmt: skip
from stonebridge.safeguards.log import merkle
from stonebridge.safeguards.log.checkpoint import COSIGNATURE, VerifierKey, cosigned_at, open_checkpoint
from stonebridge.safeguards.log.entry import commitment, entry_hash

FORMAT = "stonebridge evidence 1"
LARGEST = 16 * 1024 * 1024  # bytes
_CREATED = re.compile(r";created=(\d{1,10})(?=;|$)")


class Holds(StrEnum):
    """What can be said of a statement."""

    PROVED = "proved"
    NOT_PROVED = "not proved"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True)
class Line:
    """One statement about a bundle, and whether it holds."""

    holds: Holds
    text: str

    def __str__(self) -> str:
        """One line at a terminal, whatever the bundle has in it: it may come from a dishonest node."""
        text = "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in self.text)
        return f"{self.holds}: {text}"


def fingerprint(key: bytes) -> str:
    """What two people read to one another: the SHA-256 of a public key in groups of four letters."""
    digest = hashlib.sha256(key).hexdigest()[:40]
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def witness_key(code: str, key: bytes) -> VerifierKey:
    """The key by which a node, known by its exchange ``key``, cosigns checkpoints of others."""
    return VerifierKey(f"stonebridge/{code}/witness", key, COSIGNATURE)


def seal(content: Mapping[str, Any], private: Ed25519PrivateKey) -> bytes:
    """The file: ``content`` with this node's signature, in the one way of writing it."""
    key = private.public_key().public_bytes_raw()
    signature = private.sign(_signed_part(content))
    return _written({"format": FORMAT, "content": content, "key": key.hex(), "signature": signature.hex()})


def verify(data: bytes, fingerprints: Mapping[str, str] | None = None) -> list[Line]:
    """Everything that the file proves, and what it does not.

    ``fingerprints`` are those that the reader has from each node itself, by its code.
    """
    return list(_Reading(fingerprints or {}).lines(data))


def message_holds(given: Mapping[str, Any], recipient: str, keys: Mapping[str, list[bytes]]) -> tuple[bool, bool]:
    """Whether a message in the form of a bundle is what its sender signed, and whether its receipt is here and holds."""
    reading, sender, sent = _Reading({}), str(given["from"]), given["sent"]
    reading.keys = dict(keys)
    if sent is None:
        return False, False
    request = Request(sent["url"], sent["body"].encode(), dict(sent["headers"]))
    try:
        reading.signed(request, sender)
        message = from_bytes(request.body)
    except (NotAuthentic, BadInput):
        return False, False
    if given["receipt"] is None or message.recipient != recipient:
        return message.recipient == recipient, False
    return True, reading.receipt(given["receipt"], request, message, "").holds is Holds.PROVED


def is_sound(lines: list[Line]) -> bool:
    """Whether nothing is wrong."""
    return all(line.holds is not Holds.WRONG for line in lines)


class _Reading:
    """One look at a bundle."""

    def __init__(self, fingerprints: Mapping[str, str]) -> None:
        self._expected = {code: _letters(each) for code, each in fingerprints.items()}
        self.keys: dict[str, list[bytes]] = {}

    def lines(self, data: bytes) -> Iterator[Line]:
        try:
            whole = json.loads(data) if len(data) <= LARGEST else None
        except (ValueError, RecursionError):
            whole = None
        if not isinstance(whole, dict) or set(whole) != {"format", "content", "key", "signature"}:
            whole = {}
        if whole.get("format") != FORMAT or not isinstance(whole["content"], dict):
            yield Line(Holds.WRONG, "this file is not a bundle of evidence, or was damaged")
            return
        try:
            yield from self._read(whole, data)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
            yield Line(Holds.WRONG, "a part of the bundle is missing or of another form")

    def _read(self, whole: dict[str, Any], data: bytes) -> Iterator[Line]:
        content = whole["content"]
        node, partner = str(content["node"]), str(content["partner"])
        self.keys = {code: [bytes.fromhex(key) for key in keys] for code, keys in content["keys"].items()}
        yield self._whole(whole, data, node)
        yield from self._whose_keys()
        yield from self._messages(content, {node, partner})
        yield from self._log(content, node, partner)
        yield from _beyond(content)

    def _whole(self, whole: dict[str, Any], data: bytes, node: str) -> Line:
        key, at = bytes.fromhex(whole["key"]), whole["content"]["made_at"]
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(
                bytes.fromhex(whole["signature"]), _signed_part(whole["content"])
            )
            is_as_signed = (
                whole["signature"] == whole["signature"].lower()
                and data == _written(whole)
                and whole["key"] == key.hex()
            )
        except (InvalidSignature, ValueError):
            is_as_signed = False
        if not is_as_signed:
            return Line(Holds.WRONG, f"the file is not, byte for byte, what node {node} made")
        if key not in self.keys.get(node, []):
            return Line(Holds.WRONG, f"the file is signed by another key than that of node {node}")
        return Line(Holds.PROVED, f"the file is, byte for byte, what the key of node {node} signed ({at})")

    def _whose_keys(self) -> Iterator[Line]:
        for code, keys in sorted(self.keys.items()):
            for key in keys:
                shown = fingerprint(key)
                if code not in self._expected:
                    text = f"that the key {shown} is that of node {code}: compare it with the node itself"
                    yield Line(Holds.NOT_PROVED, text)
                elif _letters(shown) == self._expected[code]:
                    yield Line(Holds.PROVED, f"the key {shown} of node {code} is the one that you have")
                else:
                    yield Line(Holds.WRONG, f"the key {shown} is not the one that you have of node {code}")
        for code in sorted(each for each in self._expected if not self.keys.get(each)):
            yield Line(Holds.WRONG, f"the bundle names no key of node {code}")

    def _messages(self, content: dict[str, Any], nodes: set[str]) -> Iterator[Line]:
        last: dict[str, int] = {}
        at: dict[str, datetime] = {}
        ids = set()
        for given in content["messages"]:
            sender, sequence = str(given["from"]), given["sequence"]
            named = f"message {sequence} of node {sender}"
            if sequence != last.get(sender, 0) + 1:
                text = f"{named} stands after {last.get(sender, 0)}: one is missing, or the order is another"
                yield Line(Holds.WRONG, text)
            last[sender] = sequence
            if "letter" in given or "entered" in given:
                yield from self._by_hand(given, content, nodes, named)
                continue
            if given["sent"] is None:
                yield Line(Holds.NOT_PROVED, f"{named}: it has not arrived ({given['state']})")
                continue
            request = Request(given["sent"]["url"], given["sent"]["body"].encode(), dict(given["sent"]["headers"]))
            try:
                signed = self.signed(request, sender)
                message = from_bytes(request.body)
            except (NotAuthentic, BadInput) as error:
                yield Line(Holds.WRONG, f"{named} is not what the key of node {sender} signed: {error}")
                continue
            framed = (message.sender, message.sequence, str(message.conversation))
            if framed != (sender, sequence, content["conversation"]) or {sender, message.recipient} != nodes:
                yield Line(Holds.WRONG, f"{named} belongs to another conversation or another place in it")
            if message.id in ids or signed.created < at.get(sender, signed.created):
                yield Line(Holds.WRONG, f"{named} is twice there, or was signed before the one that it follows")
            ids.add(message.id)
            at[sender] = signed.created
            yield Line(
                Holds.PROVED,
                f"{named}, {message.profile} to node {message.recipient}, is what its key signed at {_moment(signed)}",
            )
            if given["receipt"] is not None:
                yield self.receipt(given["receipt"], request, message, named)
            elif sender == content["node"]:
                yield Line(Holds.NOT_PROVED, f"{named}: that it was received; there is no receipt")

    def _by_hand(self, given: dict[str, Any], content: dict[str, Any], nodes: set[str], named: str) -> Iterator[Line]:
        """What is said of a letter: of ours its file is signed; of a partner's there is what an officer entered."""
        if "entered" in given:
            told = given["entered"]
            if hashlib.sha256(told["said"].encode()).hexdigest() != told["digest"]:
                yield Line(Holds.WRONG, f"{named} is not what an officer entered of its letter")
            text = (
                f"{named}: that its letter says so; an officer entered it by hand ({told['at']}), and no key signed it"
            )
            yield Line(Holds.NOT_PROVED, text)
            return
        sender, letter = str(given["from"]), given["letter"]
        message = self._letter(letter["file"].encode(), sender)
        if message is None:
            yield Line(Holds.WRONG, f"{named} is not the letter that the key of node {sender} signed")
            return
        framed = message["sender"], message["sequence"], message["conversation"]
        if framed != (sender, given["sequence"], content["conversation"]) or {sender, message["recipient"]} != nodes:
            yield Line(Holds.WRONG, f"{named} belongs to another conversation or another place in it")
        to = message["recipient"]
        yield Line(Holds.PROVED, f"{named}, {message['profile']} to {to} by letter, is what its key signed")
        text = f"{named}: that it was received; there is no receipt"
        if letter["received_on"]:
            scan = f", its scan has the SHA-256 {letter['scan_digest']}" if letter["scan_digest"] else ""
            text = f"{named}: that it was received on {letter['received_on']}; an officer entered the receipt {letter['reference']}{scan}"
        yield Line(Holds.NOT_PROVED, text)

    def _letter(self, file: bytes, sender: str) -> dict[str, Any] | None:
        for key in self.keys[sender]:
            try:
                return letter_file.verify(file, key.hex())
            except Tampered:
                continue
        return None

    def signed(self, request: Request, sender: str) -> Signed:
        """Who signed a request, by any key of its sender. Raises NotAuthentic."""
        return _by_any(
            self.keys[sender],
            lambda key: verify_request(request, keys={sender: key}.get, now=_created(request.headers)),
        )

    def receipt(self, given: dict[str, Any], request: Request, message: Envelope, named: str) -> Line:
        """What a receipt proves of the message that it is for."""
        response = Response(given["status"], given["body"].encode(), request, dict(given["headers"]))
        by = message.recipient
        try:
            signed = _by_any(
                self.keys[by],
                lambda key: verify_response(response, keys={by: key}.get, now=_created(response.headers)),
            )
            told = from_bytes(response.body)
        except (NotAuthentic, BadInput) as error:
            return Line(Holds.WRONG, f"the receipt of {named} is not what the key of node {by} signed: {error}")
        said = {"answer": "received", "digest": content_digest(message)}
        if response.status_code != 202 or told.body != said or told.sender != by:
            return Line(Holds.WRONG, f"the receipt of {named} is for another message")
        return Line(Holds.PROVED, f"node {by} confirmed that it keeps {named}, at {_moment(signed)}")

    def _log(self, content: dict[str, Any], node: str, partner: str) -> Iterator[Line]:
        log = content["log"]
        if log is None:
            yield Line(Holds.NOT_PROVED, f"that the log of node {node} has these acts: the bundle was made without it")
            return
        note = log["note"].encode()
        try:
            key = VerifierKey.from_text(log["key"])
            checkpoint = open_checkpoint(note, key)
            witnesses = [witness_key(partner, each) for each in self.keys[partner]]
            seen = cosigned_at(note, witnesses)
        except StonebridgeError as error:
            yield Line(Holds.WRONG, f"the checkpoint of the log of node {node}: {error}")
            return
        size, root = checkpoint.head.size, checkpoint.head.root
        if checkpoint.origin != f"stonebridge/{node}/access":
            yield Line(Holds.WRONG, f"the checkpoint is of another log, {checkpoint.origin}")
        if log["later"]:
            text = f"{log['later']} acts are too new to stand in a checkpoint; make the bundle again in a minute"
            yield Line(Holds.NOT_PROVED, text)
        for each in log["entries"]:
            event = each["event"].encode()
            leaf = entry_hash(bytes.fromhex(each["tag"]), commitment(bytes.fromhex(each["salt"]), event))
            proof = [bytes.fromhex(step) for step in each["proof"]]
            told = json.loads(event)
            named = (
                f"entry {each['number']} of the log of node {node}, {told['action']} by {told['actor']} at {told['at']}"
            )
            if merkle.is_included(leaf, each["number"] - 1, size, proof, root):
                yield Line(Holds.PROVED, f"{named}, is in the log of {size} entries that its key signed")
            else:
                yield Line(Holds.WRONG, f"{named}, is not in the log that its checkpoint signs")
        if not witnesses:
            return
        if seen:
            at = min(seen.values()).isoformat()
            yield Line(Holds.PROVED, f"node {partner} witnessed this state of the log at {at}")
        else:
            yield Line(Holds.NOT_PROVED, f"that node {partner} witnessed this state of the log")


def _beyond(content: dict[str, Any]) -> Iterator[Line]:
    """What no bundle of one node can prove."""
    if content["question"] is not None:
        text = "the question that began it and its answer of one bit: neither node keeps their bytes, so that nobody can guess"
        yield Line(Holds.NOT_PROVED, text)
    yield Line(Holds.NOT_PROVED, "that no message came after the last one here: ask the other node for its bundle")
    yield Line(Holds.NOT_PROVED, "that what the messages say of anybody is true")


def _by_any(keys: list[bytes], check: Any) -> Signed:
    """What a signature says, by whichever of a node's keys it holds; a node may have had several."""
    fault: NotAuthentic = NotAuthentic("no key of it is known")
    for key in keys:
        try:
            signed: Signed = check(key)
        except NotAuthentic as error:
            fault = error
        else:
            return signed
    raise fault


def _created(headers: Mapping[str, str]) -> datetime:
    """The moment that a signature names; whether it holds is for the verification to say."""
    written = next((value for name, value in headers.items() if name.lower() == "signature-input"), "")
    found = _CREATED.search(written)
    if found is None:
        raise NotAuthentic("the signature names no time")
    return datetime.fromtimestamp(int(found[1]), UTC)


def _moment(signed: Signed) -> str:
    return signed.created.isoformat()


def _letters(text: str) -> str:
    return text.replace(" ", "").lower()


def _signed_part(content: Mapping[str, Any]) -> bytes:
    return FORMAT.encode() + b"\n" + json.dumps(content, ensure_ascii=False, sort_keys=True).encode()


def _written(whole: Mapping[str, Any]) -> bytes:
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"
