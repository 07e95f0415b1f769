"""What every message between nodes has around it: profile and version, who to whom, why, and its number.

Pure. The form is closed: a field too many or too few is refused. Messages are padded to few sizes and carry a
salt that nobody keeps, so that neither their length nor a kept digest tells what was in them.
"""

import hashlib
import json
import math
import re
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput

FORMAT = 1
SALT_BYTES = 32
SIZES = (4096, 16384, 65536)
"""Sizes of a message in bytes; one that fits the first is as long as all that fit it."""
ANSWER_SIZES = (*SIZES, 393216)
"""Sizes of an answer: one more than a message has, for parts of tables."""
CODE = re.compile(r"[a-z][a-z0-9-]{1,15}")
"""What the code of a node looks like."""
_WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
"""NUL, and half a character: JSON can escape them, no text of a database holds them."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message from node to node.

    ``sender`` and ``recipient`` are node codes; ``conversation`` and ``sequence`` give messages their order.
    ``basis`` is the legal basis, ``role`` that of the officer who asks, ``case`` a reference of the sender's own
    that names nobody. ``salt`` is made for this message alone, in hexadecimal digits.
    """

    profile: str
    version: int
    sender: str
    recipient: str
    id: UUID
    conversation: UUID
    sequence: int
    purpose: Purpose
    basis: str
    role: str
    case: str
    sent_at: datetime
    salt: str
    body: dict[str, Any]

    def answered(self, body: dict[str, Any], *, id: UUID, salt: str, at: datetime) -> "Envelope":
        """An answer to this message, back to whoever sent it."""
        return replace(
            self, sender=self.recipient, recipient=self.sender, id=id, sequence=self.sequence + 1, role="", salt=salt,
            sent_at=at, body=body,
        )  # fmt: skip


def content_digest(envelope: Envelope) -> str:
    """What a receipt names: everything that is said, without the salt and the moment of one sending (SHA-256)."""
    said = {name: value for name, value in asdict(envelope).items() if name not in {"salt", "sent_at"}}
    said |= {"id": str(envelope.id), "conversation": str(envelope.conversation)}
    return hashlib.sha256(_dump(said)).hexdigest()


def to_bytes(envelope: Envelope, sizes: tuple[int, ...] = SIZES) -> bytes:
    """The message, padded to the next of ``sizes``.

    Raises:
        BadInput: it is longer than the largest.
    """
    written: dict[str, Any] = {"format": FORMAT, **asdict(envelope), "pad": ""}
    written |= {
        "id": str(envelope.id),
        "conversation": str(envelope.conversation),
        "sent_at": envelope.sent_at.isoformat(),
    }
    length = len(_dump(written))
    size = next((each for each in sizes if each >= length), None)
    if size is None:
        raise BadInput("message", f"{length} bytes", f"A message between nodes has at most {sizes[-1]} bytes.")
    written["pad"] = " " * (size - length)
    return _dump(written)


def from_bytes(content: bytes, sizes: tuple[int, ...] = SIZES) -> Envelope:
    """Read a message strictly.

    Raises:
        BadInput: it is none, or in a form that this node does not know; the field is named, its value never repeated.
    """
    if len(content) not in sizes:
        raise BadInput("message", f"{len(content)} bytes", f"Pad it to {', '.join(map(str, sizes))} bytes.")
    try:
        given = json.loads(content, object_pairs_hook=_each_once)
        can_be_kept = _can_be_kept(given)
    except (ValueError, RecursionError):
        raise BadInput("message", "…", "Send JSON in UTF-8, each key once.") from None
    if not can_be_kept:
        raise BadInput("message", "…", "Send text without NUL and halves of characters, and finite numbers.")
    expected = {"format", "pad", *(each.name for each in fields(Envelope))}
    if not isinstance(given, dict) or set(given) != expected:
        raise BadInput("message", "…", "Send an envelope with exactly the fields of its format.")
    if given["format"] != FORMAT or type(given["format"]) is not int:
        raise BadInput("format", "…", f"This node reads format {FORMAT}.")
    if not isinstance(given["pad"], str) or given["pad"].strip(" "):
        raise BadInput("pad", "…", "Pad with spaces.")
    try:
        sent_at = datetime.fromisoformat(_text(given, "sent_at", 40))
    except ValueError:
        raise BadInput("sent_at", "…", "Send a moment with its zone.") from None
    if sent_at.tzinfo is None:
        raise BadInput("sent_at", "…", "Send a moment with its zone.")
    if not isinstance(given["body"], dict):
        raise BadInput("body", "…", "Send an object.")
    return Envelope(
        profile=_matching(given, "profile", _WORD), version=_number(given, "version"),
        sender=_matching(given, "sender", CODE), recipient=_matching(given, "recipient", CODE), id=_uuid(given, "id"),
        conversation=_uuid(given, "conversation"), sequence=_number(given, "sequence"), purpose=_purpose(given),
        basis=_matching(given, "basis", _WORD), role=_text(given, "role", 40), case=_text(given, "case", 40),
        sent_at=sent_at, salt=_matching(given, "salt", re.compile(rf"[0-9a-f]{{{2 * SALT_BYTES}}}")),
        body=given["body"],
    )  # fmt: skip


def _dump(written: dict[str, Any]) -> bytes:
    return json.dumps(written, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a key twice")
    return read


def _can_be_kept(value: object) -> bool:
    if isinstance(value, str):
        return _UNWRITABLE.search(value) is None
    if isinstance(value, dict):
        return all(map(_can_be_kept, (*value, *value.values())))
    if isinstance(value, list):
        return all(map(_can_be_kept, value))
    return not isinstance(value, float) or math.isfinite(value)


def _text(given: dict[str, Any], name: str, longest: int) -> str:
    value = given[name]
    if not isinstance(value, str) or len(value) > longest:
        raise BadInput(name, "…", f"Send text of at most {longest} characters.")
    return value


def _matching(given: dict[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = given[name]
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise BadInput(name, "…", f"Send text of the form {pattern.pattern}.")
    return value


def _number(given: dict[str, Any], name: str) -> int:
    value = given[name]
    if type(value) is not int or not 1 <= value < 2**31:
        raise BadInput(name, "…", "Send a whole number from 1 on.")
    return value


def _uuid(given: dict[str, Any], name: str) -> UUID:
    try:
        return UUID(_text(given, name, 36))
    except ValueError:
        raise BadInput(name, "…", "Send a UUID.") from None


def _purpose(given: dict[str, Any]) -> Purpose:
    try:
        return Purpose(_text(given, "purpose", 40))
    except ValueError:
        raise BadInput("purpose", "…", "Name a purpose of the closed list.") from None
