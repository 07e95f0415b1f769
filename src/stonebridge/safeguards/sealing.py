"""What is kept so that only the key opens it, and only in its own place.

Each record has a data key of its own. It encrypts the content with AES-256-GCM (NIST SP
800-38D), whose associated data are the kind and the identifier of the record: bytes moved to
another record do not open. A key-encryption key wraps the data key (AES key wrap, RFC 3394),
so that changing that key touches 40 bytes of a record and never its content. The layout:

    version (1) | length of the key's name (1) | name | wrapped data key (40) | nonce (12) | ciphertext | tag (16)

The ring of key-encryption keys is a secret of a few lines, ``name base64-of-32-bytes``, oldest
first; the last one seals, all of them open.
"""

import base64
import binascii
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from stonebridge.domain.errors import BadInput, Tampered

VERSION = 1
KEY_SIZE = 32
NONCE_SIZE = 12
TAG_SIZE = 16
WRAPPED_SIZE = KEY_SIZE + 8
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")


@dataclass(frozen=True, slots=True)
class KeyEncryptionKey:
    """A key that only ever wraps other keys, and the name by which sealed bytes call it.

    Raises:
        BadInput: a name that is not 1 to 64 of ``a-z 0-9 . -``, or a key that is not 32 bytes.
    """

    name: str
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise BadInput("key name", self.name, "Name a key with 1 to 64 of a-z, 0-9, full stop and hyphen.")
        if len(self.key) != KEY_SIZE:
            raise BadInput("key size", len(self.key), f"A key has {KEY_SIZE} bytes.")

    @classmethod
    def new(cls, name: str) -> "KeyEncryptionKey":
        """A fresh random key."""
        return cls(name, secrets.token_bytes(KEY_SIZE))


class KeyRing:
    """The key-encryption keys of one purpose, oldest first: the last one seals, all of them open.

    Raises:
        BadInput: no key, or two keys of one name.
    """

    def __init__(self, keys: Iterable[KeyEncryptionKey]) -> None:
        self._keys: dict[str, KeyEncryptionKey] = {}
        for key in keys:
            if key.name in self._keys:
                raise BadInput("key ring", key.name, "Give each key a name of its own.")
            self._keys[key.name] = key
            self.current = key
        if not self._keys:
            raise BadInput("key ring", "", "Give at least one key, as a line: name, space, 32 bytes in base64.")

    @classmethod
    def from_bytes(cls, secret: bytes) -> "KeyRing":
        """Read the secret that ``to_bytes`` wrote. An error never shows a key."""
        keys = []
        for number, line in enumerate(secret.splitlines(), start=1):
            name, _, key = line.strip().partition(b" ")
            try:
                keys.append(KeyEncryptionKey(name.decode("ascii"), base64.b64decode(key, validate=True)))
            except (binascii.Error, UnicodeDecodeError) as error:
                raise BadInput("key ring", f"line {number}", "Write name, space, 32 bytes in base64.") from error
        return cls(keys)

    def to_bytes(self) -> bytes:
        """The secret to keep: whoever reads it can open everything that this ring sealed."""
        return b"".join(
            key.name.encode("ascii") + b" " + base64.b64encode(key.key) + b"\n" for key in self._keys.values()
        )

    def rotated(self, name: str) -> "KeyRing":
        """This ring with a fresh key that seals from now on."""
        return KeyRing([*self._keys.values(), KeyEncryptionKey.new(name)])

    def without(self, name: str) -> "KeyRing":
        """This ring less a key, once nothing is sealed under it any more."""
        return KeyRing(key for key in self._keys.values() if key.name != name)

    def key(self, name: str) -> KeyEncryptionKey | None:
        """The key of that name, or None when the ring does not hold it."""
        return self._keys.get(name)


def seal(plaintext: bytes, record: UUID, kek: KeyEncryptionKey, *, kind: str) -> bytes:
    """Encrypt ``plaintext`` so that it opens only as the ``kind`` of content of ``record``."""
    data_key, nonce = secrets.token_bytes(KEY_SIZE), secrets.token_bytes(NONCE_SIZE)
    content = nonce + AESGCM(data_key).encrypt(nonce, plaintext, _place(kind, record))
    return _join(kek, data_key, content)


def unseal(sealed: bytes, record: UUID, ring: KeyRing, *, kind: str) -> bytes:
    """Decrypt what ``seal`` made.

    Raises:
        Tampered: moved to another record or kind, cut, lengthened, altered, or sealed under a key not in the ring.
    """
    parts = _split(sealed)
    data_key = _unwrap(parts, ring)
    nonce, ciphertext = parts.content[:NONCE_SIZE], parts.content[NONCE_SIZE:]
    try:
        return AESGCM(data_key).decrypt(nonce, ciphertext, _place(kind, record))
    except InvalidTag as error:
        raise Tampered(f"{kind} {record}", "the bytes were altered, cut, or belong to another record") from error


def rewrap(sealed: bytes, ring: KeyRing) -> bytes:
    """The same content with its data key wrapped by the ring's current key. Needs no record and reads no content.

    Raises:
        Tampered: as ``unseal``, as far as the wrapped key shows it.
    """
    parts = _split(sealed)
    return _join(ring.current, _unwrap(parts, ring), parts.content)


def key_name(sealed: bytes) -> str:
    """Which key-encryption key opens these bytes: what a rotation still has to re-wrap."""
    return _split(sealed).name


class _Parts(NamedTuple):
    name: str
    wrapped: bytes
    content: bytes


def _join(kek: KeyEncryptionKey, data_key: bytes, content: bytes) -> bytes:
    name = kek.name.encode("ascii")
    return bytes((VERSION, len(name))) + name + aes_key_wrap(kek.key, data_key) + content


def _split(sealed: bytes) -> _Parts:
    if len(sealed) < 2:
        raise Tampered("a sealed record", f"{len(sealed)} bytes are too few")
    if sealed[0] != VERSION:
        raise Tampered("a sealed record", f"version {sealed[0]} is not one that this program reads")
    key_at = 2 + sealed[1]
    content_at = key_at + WRAPPED_SIZE
    if len(sealed) < content_at + NONCE_SIZE + TAG_SIZE:
        raise Tampered("a sealed record", f"{len(sealed)} bytes are too few")
    return _Parts(sealed[2:key_at].decode("ascii", errors="replace"), sealed[key_at:content_at], sealed[content_at:])


def _unwrap(parts: _Parts, ring: KeyRing) -> bytes:
    kek = ring.key(parts.name)
    if kek is None:
        raise Tampered("a sealed record", f"it names the key {parts.name!r}, which the key ring does not hold")
    try:
        return aes_key_unwrap(kek.key, parts.wrapped)
    except InvalidUnwrap as error:
        raise Tampered("a sealed record", f"its data key does not open under {parts.name!r}") from error


def _place(kind: str, record: UUID) -> bytes:
    return bytes((VERSION,)) + record.bytes + kind.encode("utf-8")
