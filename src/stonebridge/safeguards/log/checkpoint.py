"""Checkpoints: what a log signs, and what witnesses keep and sign again.

A signed note (c2sp.org/signed-note) whose text is a checkpoint (c2sp.org/tlog-checkpoint) with
our extension lines: ``persons ROOT``, the root of the map of persons, and in the main log
``protection SIZE ROOT ROOT``, size, root and map root of the protection log. Witnesses add
``cosignature/v1`` lines (c2sp.org/tlog-cosignature). Ed25519 alone. Whatever is not exactly in
these formats is refused.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from stonebridge.domain.errors import BadInput, Tampered

SIGNATURE = 0x01
COSIGNATURE = 0x04
LARGEST_NOTE = 64 * 1024  # bytes
_HASH_SIZE = 32
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_NAME = re.compile(r"[^\s+]+")
_DASH = "\u2014"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = int((datetime.max.replace(tzinfo=UTC) - _EPOCH).total_seconds())


class TreeHead(NamedTuple):
    """A log at one size: its root and the root of its map of persons."""

    size: int
    root: bytes
    persons: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself at one size. ``protection`` is the protection log at the same moment, if any."""

    origin: str
    head: TreeHead
    protection: TreeHead | None = None

    def to_text(self) -> str:
        """The note text, final newline included."""
        lines = [self.origin, str(self.head.size), _base64(self.head.root), f"persons {_base64(self.head.persons)}"]
        if self.protection is not None:
            size, root, persons = self.protection
            lines.append(f"protection {size} {_base64(root)} {_base64(persons)}")
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def from_text(cls, text: str) -> "Checkpoint":
        """Read a note text.

        Raises:
            BadInput: it is not exactly a checkpoint of ours.
        """
        lines = text.split("\n")
        if lines.pop() != "" or not 4 <= len(lines) <= 5 or not lines[0]:
            raise _no_checkpoint(text)
        origin, size, root, persons, *rest = lines
        protection = None
        if rest:
            parts = rest[0].split(" ")
            if len(parts) != 4 or parts[0] != "protection":
                raise _no_checkpoint(text)
            protection = TreeHead(_number(parts[1]), _hash(parts[2]), _hash(parts[3]))
        if not persons.startswith("persons "):
            raise _no_checkpoint(text)
        return cls(origin, TreeHead(_number(size), _hash(root), _hash(persons.removeprefix("persons "))), protection)


class Signature(NamedTuple):
    """One signature line of a note."""

    name: str
    key_id: bytes
    value: bytes

    def to_line(self) -> str:
        return f"{_DASH} {self.name} {_base64(self.key_id + self.value)}\n"


class Note(NamedTuple):
    """A signed note, taken apart but not verified."""

    text: str
    signatures: tuple[Signature, ...]

    def to_bytes(self) -> bytes:
        return (self.text + "\n" + "".join(signature.to_line() for signature in self.signatures)).encode("utf-8")

    @classmethod
    def from_bytes(cls, data: bytes) -> "Note":
        """Take a signed note apart.

        Raises:
            BadInput: it is not exactly a signed note.
        """
        if len(data) > LARGEST_NOTE:
            raise BadInput("note", f"{len(data)} bytes", f"A note has at most {LARGEST_NOTE} bytes.")
        try:
            whole = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadInput("note", data, "A note is text in UTF-8.") from error
        if any(char < " " and char != "\n" for char in whole):
            raise BadInput("note", whole, "A note holds no control characters; copy the file unchanged.")
        text, blank, block = whole.rpartition("\n\n")
        if not blank or not block.endswith("\n"):
            raise BadInput("note", whole, "A note is text, an empty line, and signature lines; copy the file whole.")
        return cls(text + "\n", tuple(_signature(line) for line in block[:-1].split("\n")))


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key under a name, for signatures of one type."""

    name: str
    public: bytes
    kind: int = SIGNATURE

    @property
    def id(self) -> bytes:
        """SHA-256(name || 0x0A || type || public key), the first four bytes."""
        return hashlib.sha256(self.name.encode("utf-8") + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def to_text(self) -> str:
        """The key as people exchange it: ``name+id+base64(type || key)``."""
        return f"{self.name}+{self.id.hex()}+{_base64(bytes([self.kind]) + self.public)}"

    @classmethod
    def from_text(cls, text: str) -> "VerifierKey":
        """Read a key as ``to_text`` writes it.

        Raises:
            BadInput: it is no Ed25519 verifier key, or a character is wrong.
        """
        remedy = "A key looks like name+1a2b3c4d+AQ…; copy it whole from where the log or the witness publishes it."
        name, key_id, encoded = [*text.strip().split("+", 2), "", ""][:3]
        try:
            data = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise BadInput("key", text, remedy) from error
        if len(data) != 1 + _HASH_SIZE or data[0] not in {SIGNATURE, COSIGNATURE} or not _NAME.fullmatch(name):
            raise BadInput("key", text, remedy)
        key = cls(name, data[1:], data[0])
        if key.id.hex() != key_id:
            raise BadInput("key", text, remedy)
        return key


class SigningKey:
    """A private Ed25519 key of 32 bytes, under a name."""

    def __init__(self, name: str, seed: bytes) -> None:
        if not _NAME.fullmatch(name):
            raise BadInput("key name", name, "Give a name without spaces and without a plus sign.")
        self.name = name
        self._private = Ed25519PrivateKey.from_private_bytes(seed)

    def verifier(self, kind: int = SIGNATURE) -> VerifierKey:
        return VerifierKey(self.name, self._private.public_key().public_bytes_raw(), kind)

    def sign(self, text: str) -> Note:
        """A note of ``text`` with this key's signature."""
        value = self._private.sign(text.encode("utf-8"))
        return Note(text, (Signature(self.name, self.verifier().id, value),))

    def cosign(self, note: Note, at: datetime) -> Note:
        """``note`` with this witness's statement that at ``at`` it was the largest consistent one it had seen."""
        seconds = (at - _EPOCH) // timedelta(seconds=1)
        value = self._private.sign(_cosigned(note.text, seconds))
        mine = Signature(self.name, self.verifier(COSIGNATURE).id, seconds.to_bytes(8, "big") + value)
        return Note(note.text, (*note.signatures, mine))


def open_checkpoint(data: bytes, key: VerifierKey) -> Checkpoint:
    """The checkpoint in a note that ``key`` signed.

    Raises:
        BadInput: it is not exactly a signed checkpoint.
        Tampered: the key has not signed it, or its signature is wrong.
    """
    note = Note.from_bytes(data)
    mine = [signature for signature in note.signatures if (signature.name, signature.key_id) == (key.name, key.id)]
    if not mine:
        raise Tampered("the checkpoint", f"{key.name} has not signed it")
    for signature in mine:
        if not _is_signed(key, signature.value, note.text.encode("utf-8")):
            raise Tampered("the checkpoint", f"the signature of {key.name} does not fit its text")
    checkpoint = Checkpoint.from_text(note.text)
    if checkpoint.origin != key.name:
        raise Tampered("the checkpoint", f"{key.name} signed it for another log, {checkpoint.origin}")
    return checkpoint


def cosigned_at(data: bytes, witnesses: Iterable[VerifierKey]) -> dict[str, datetime]:
    """Which of ``witnesses`` have cosigned the note, and when each did.

    Raises:
        BadInput: it is not exactly a signed note.
        Tampered: a cosignature of a known witness is wrong.
    """
    note = Note.from_bytes(data)
    known = {(witness.name, witness.id): witness for witness in witnesses}
    moments: dict[str, datetime] = {}
    for signature in note.signatures:
        witness = known.get((signature.name, signature.key_id))
        if witness is None:
            continue
        seconds = int.from_bytes(signature.value[:8], "big")
        if seconds > _LATEST or not _is_signed(witness, signature.value[8:], _cosigned(note.text, seconds)):
            raise Tampered("the checkpoint", f"the cosignature of {witness.name} does not fit its text")
        moments[witness.name] = _EPOCH + timedelta(seconds=seconds)
    return moments


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _is_signed(key: VerifierKey, value: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(value, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _signature(line: str) -> Signature:
    dash, name, encoded = [*line.split(" "), "", "", ""][:3]
    remedy = "A signature line is a long dash, a name and base64; copy the file unchanged."
    if line.count(" ") != 2 or dash != _DASH or not _NAME.fullmatch(name):
        raise BadInput("signature", line, remedy)
    value = _decoded(encoded)
    if value is None or len(value) < 5:
        raise BadInput("signature", line, remedy)
    return Signature(name, value[:4], value[4:])


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _decoded(encoded: str) -> bytes | None:
    """The bytes, if ``encoded`` is the one way of writing them."""
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if _base64(data) == encoded else None


def _hash(encoded: str) -> bytes:
    data = _decoded(encoded)
    if data is None or len(data) != _HASH_SIZE:
        raise BadInput("checkpoint", encoded, "A hash is 32 bytes in base64; copy the file unchanged.")
    return data


def _number(digits: str) -> int:
    if not _NUMBER.fullmatch(digits):
        raise BadInput("checkpoint", digits, "A size is digits without leading zeroes; copy the file unchanged.")
    return int(digits)


def _no_checkpoint(text: str) -> BadInput:
    return BadInput(
        "checkpoint",
        text,
        "A checkpoint of this log has the lines origin, size, root, persons, and perhaps protection.",
    )
