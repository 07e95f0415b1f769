"""Files of encrypted, authenticated chunks, written once and never changed.

A file begins with a magic word, the version of the format, its kind and a random
identifier. Each chunk is sealed with AES-256-GCM under a key derived for this file
alone (HKDF-SHA256 over the identifier), with the kind, the identifier and the
number of the chunk as associated data: a chunk that is altered, cut, moved within
its file or brought from another file does not open.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from struct import Struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from stonebridge.domain.errors import Tampered

MAGIC = b"STONEGAL"
FORMAT = 1
HEADER = Struct(">8sB8s16s")  # magic, format, kind, identifier
LENGTH = Struct(">I")
NONCE = 12
CHUNK_LIMIT = 64 << 20  # bytes; a longer length field is damage, not data


class Seal:
    """Opens and closes the chunks of one file."""

    def __init__(self, key: bytes, kind: str, identifier: bytes) -> None:
        """``key`` is 32 bytes; ``kind`` at most eight letters; ``identifier`` 16 bytes, never used for two files."""
        derived = HKDF(algorithm=SHA256(), length=32, salt=identifier, info=b"stonebridge gallery").derive(key)
        self._cipher = AESGCM(derived)
        self.identifier = identifier
        self._name = kind.encode().ljust(8) + identifier
        self.header = HEADER.pack(MAGIC, FORMAT, kind.encode().ljust(8), identifier)

    @classmethod
    def new(cls, key: bytes, kind: str) -> "Seal":
        """Make the seal of a file that is about to be written."""
        return cls(key, kind, secrets.token_bytes(16))

    @classmethod
    def of(cls, key: bytes, kind: str, content: bytes, name: str) -> "Seal":
        """Read the header of a file called ``name``. Raises ``Tampered`` if it is not one of ours and of this kind."""
        if len(content) < HEADER.size:
            raise Tampered(name, "it is shorter than its header; rebuild the gallery from the register")
        magic, format_, found, identifier = HEADER.unpack_from(content)
        if (magic, format_, found) != (MAGIC, FORMAT, kind.encode().ljust(8)):
            raise Tampered(name, f"it is not a {kind} file of format {FORMAT}; rebuild the gallery from the register")
        return cls(key, kind, identifier)

    def close(self, number: int, plain: bytes) -> bytes:
        """Encrypt a chunk and put its length before it."""
        nonce = secrets.token_bytes(NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, plain, self._name + number.to_bytes(8))
        return LENGTH.pack(len(sealed)) + sealed

    def open(self, content: bytes, name: str) -> Iterator[bytes]:
        """Decrypt every chunk of a whole file, header included, in order. Raises ``Tampered`` naming the file."""
        view, at, number = memoryview(content), HEADER.size, 0
        while at < len(content):
            length = LENGTH.unpack_from(content, at)[0] if at + LENGTH.size <= len(content) else CHUNK_LIMIT
            chunk = view[at + LENGTH.size : at + LENGTH.size + length]
            if len(chunk) < length or not NONCE < length <= CHUNK_LIMIT:
                raise Tampered(name, f"chunk {number} is cut; rebuild the gallery from the register")
            try:
                yield self._cipher.decrypt(bytes(chunk[:NONCE]), bytes(chunk[NONCE:]), self._name + number.to_bytes(8))
            except InvalidTag:
                reason = f"chunk {number} does not open with this key; rebuild the gallery from the register"
                raise Tampered(name, reason) from None
            at += LENGTH.size + length
            number += 1


def write_whole(path: Path, pieces: Iterable[bytes]) -> int:
    """Write a file so that after a crash it is there whole or not at all; answer its length in bytes.

    Raises ``OSError`` if the disk refuses; the former file is then untouched.
    """
    temporary = path.with_name(path.name + ".part")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            length = file.tell()
        temporary.rename(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    return length


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a loss of power."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
