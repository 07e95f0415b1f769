"""The parts of an ANSI/NIST-ITL transaction, holding the bytes as they were written.

A transaction is a Type-1 record and the records it lists. Tagged records are fields
``type.number:value`` parted by GS and ended by FS; a value is subfields parted by RS,
each of information items parted by US (NIST SP 500-290, clause 5 and annex B). Types 3 to
8 are binary: a length, an image designation character, a fixed header, an image.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from stonebridge.formats.malformed import Malformed

FS, GS, RS, US = b"\x1c", b"\x1d", b"\x1e", b"\x1f"
SEPARATORS = re.compile(r"[\x1c-\x1f]")
BINARY_TYPES = frozenset({3, 4, 5, 6, 7, 8})
FINGER_IMAGE_HEADER = 18  # bytes before the image of a Type-4 record
LENGTH, DESIGNATION, CONTENTS, CHARACTER_SETS, IMAGE = 1, 2, 3, 15, 999


class Encoding(StrEnum):
    """How text is written, named by field 1.015. The Type-1 record itself is always ASCII."""

    ASCII = "ascii"
    UTF_8 = "utf-8"


@dataclass(frozen=True, slots=True)
class Field:
    """One tagged field. ``label`` is the tag as written (``1.01`` and ``1.001`` are both met)."""

    number: int
    value: bytes
    label: bytes


@dataclass(frozen=True, slots=True)
class TaggedRecord:
    """A record of Type 1, 2, 9, 10 and above."""

    type: int
    fields: tuple[Field, ...]
    encoding: Encoding = Encoding.ASCII

    @property
    def name(self) -> str:
        """How errors call it."""
        return f"Type-{self.type} record"

    @property
    def designation(self) -> int:
        """The image designation character that ties the record to its entry in the contents."""
        return number_of(self.name, f"{self.type}.{DESIGNATION:03d}", self.value(DESIGNATION))

    @property
    def image(self) -> bytes:
        """The image of field 999, empty where there is none."""
        return self.value(IMAGE) if IMAGE in self else b""

    def __contains__(self, number: int) -> bool:
        return any(field.number == number for field in self.fields)

    def value(self, number: int) -> bytes:
        """The bytes of field ``number``. Raises ``Malformed`` where the field is missing."""
        for field in self.fields:
            if field.number == number:
                return field.value
        raise Malformed(self.name, f"{self.type}.{number:03d}", "", "The field is missing.")

    def text(self, number: int) -> str:
        """The value of field ``number`` as text, separators left in. Raises ``Malformed``."""
        value = self.value(number)
        try:
            return value.decode(self.encoding)
        except UnicodeDecodeError:
            remedy = f"It is not {self.encoding.value}, which field 1.015 declares; ask the sender."
            raise Malformed(self.name, f"{self.type}.{number:03d}", value, remedy) from None

    def items(self, number: int) -> list[list[str]]:
        """Field ``number`` as subfields of information items. Raises ``Malformed``."""
        return [subfield.split("\x1f") for subfield in self.text(number).split("\x1e")]

    def to_bytes(self) -> bytes:
        """The record as written in a file."""
        return GS.join(field.label + b":" + field.value for field in self.fields) + FS


@dataclass(frozen=True, slots=True)
class BinaryRecord:
    """A record of Type 3 to 8. ``raw`` is the whole record."""

    type: int
    raw: bytes

    @property
    def name(self) -> str:
        """How errors call it."""
        return f"Type-{self.type} record"

    @property
    def designation(self) -> int:
        """The image designation character that ties the record to its entry in the contents."""
        return self.raw[4]

    @property
    def impression(self) -> int:
        """Field 5 of a Type-4 record: 0 live plain, 1 live rolled, 2 non-live plain, 3 non-live rolled …"""
        return self.raw[5]

    @property
    def fingers(self) -> tuple[int, ...]:
        """Field 4 of a Type-4 record: the possible finger positions; 0 unknown, 1 right thumb … 14 left slap."""
        return tuple(position for position in self.raw[6:12] if position != 255)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of a Type-4 image."""
        return int.from_bytes(self.raw[13:15], "big"), int.from_bytes(self.raw[15:17], "big")

    @property
    def compression(self) -> int:
        """Field 8 of a Type-4 record: 0 none, 1 WSQ."""
        return self.raw[17]

    @property
    def image(self) -> bytes:
        """The image of a Type-4 record."""
        return self.raw[FINGER_IMAGE_HEADER:]

    def to_bytes(self) -> bytes:
        """The record as written in a file."""
        return self.raw


@dataclass(frozen=True, slots=True)
class Transaction:
    """A whole file: the Type-1 record first, then the records that it lists."""

    records: tuple[TaggedRecord | BinaryRecord, ...]

    @property
    def head(self) -> TaggedRecord:
        """The Type-1 record."""
        first = self.records[0]
        if not isinstance(first, TaggedRecord):
            raise Malformed("file", "first record", first.type, "A file begins with a Type-1 record.")
        return first

    def of_type(self, number: int) -> tuple[TaggedRecord | BinaryRecord, ...]:
        """The records of one type, in the order of the file."""
        return tuple(record for record in self.records if record.type == number)


def number_of(record: str, place: str, value: bytes) -> int:
    """The decimal number that ``value`` spells. Raises ``Malformed``."""
    if not (value.isdigit() and len(value) <= 12):
        raise Malformed(record, place, value, "A decimal number belongs here.")
    return int(value)
