"""Rows of a blind table: what a number becomes, and what a handle becomes beside it. Pure.

``y`` is the output of the oblivious function for a number. A row is ``H1(y) -> Enc(H2(y), handle)``: 16 bytes by which
it is found, and the handle under a pad that is used once, because no two rows have the same ``y`` and place. Padding is
32 random bytes; nobody without ``y`` can tell the two apart. A number that several records have takes several places.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ROW, HALF = 32, 16
ROWS_A_PART = 8192
PLACES = 4
"""Records of one number that a table holds; a number that more have is of no use to ask by."""
SIZES: tuple[int, ...] = tuple(ROWS_A_PART * 4**power for power in range(7))
"""Rows of a table: the smallest that holds its records with a tenth to spare. The next is four times as long."""


def tag(y: bytes, place: int) -> bytes:
    """By which a row is found."""
    return _derived(b"tag", y, place)


def sealed(y: bytes, place: int, handle: bytes) -> bytes:
    """A handle under the pad of ``y``, or the handle again from what was sealed."""
    return bytes(one ^ other for one, other in zip(handle, _derived(b"pad", y, place), strict=True))


def found(parts: Iterable[bytes], y: bytes) -> UUID | None:
    """The handle that a table has for the number of ``y``, if any."""
    tags = [tag(y, place) for place in range(PLACES)]
    for rows in parts:
        for place, wanted in enumerate(tags):
            at = _aligned(rows, wanted)
            if at is not None:
                return UUID(bytes=sealed(y, place, rows[at + HALF : at + ROW]))
    return None


def size_for(records: int) -> int:
    """How long a table of so many rows is, in rows."""
    return next((size for size in SIZES if size >= records + records // 10), SIZES[-1])


def key_of_handles(secret: bytes, partner: str, purpose: str, on: date) -> bytes:
    """The key under which a person's identifier is a handle of one partner, for one purpose and day."""
    info = f"stonebridge blind handle 1|{partner}|{purpose}|{on.isoformat()}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)


def handle_of(person: UUID, key: bytes) -> bytes:
    """One block of AES-256: nobody without the key makes a handle, or sees that two are of one person."""
    encryptor = Cipher(AES256(key), ECB()).encryptor()  # noqa: S305 one block, each of another person
    return encryptor.update(person.bytes) + encryptor.finalize()


def persons_behind(
    handle: UUID, secret: bytes, partner: str, purpose: str, today: date, lasts: timedelta
) -> Iterator[UUID]:  # fmt: skip
    """Whom a handle may mean, for each day on which it may have been given; one of them at most is a record."""
    for days in range(lasts.days + 1):
        key = key_of_handles(secret, partner, purpose, today - timedelta(days=days))
        decryptor = Cipher(AES256(key), ECB()).decryptor()  # noqa: S305 as above
        yield UUID(bytes=decryptor.update(handle.bytes) + decryptor.finalize())


def _derived(what: bytes, y: bytes, place: int) -> bytes:
    return hashlib.sha256(b"stonebridge blind row 1 " + what + bytes([place]) + y).digest()[:HALF]


def _aligned(rows: bytes, wanted: bytes) -> int | None:
    at = rows.find(wanted)
    while at >= 0:
        if at % ROW == 0:
            return at
        at = rows.find(wanted, at + 1)
    return None
