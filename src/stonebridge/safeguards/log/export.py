"""The log as a file for those who watch it: what the leaves are made of, never what happened.

Lines of text: the title; ``note`` and the checkpoint's bytes in base64; ``protection`` and a
number, then so many leaf hashes of the protection log; ``entries`` and a number, then so many
rows of number, tag, inner hash, length and head; ``end``. Tags stand for persons: a witness of
oversight alone receives this file.
"""

import base64
import binascii
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TextIO

from stonebridge.domain.errors import BadInput

TITLE = "stonebridge log export 1"


class Row(NamedTuple):
    """An entry as the node tells it: ``length`` and ``head`` are what it says of the person's chain."""

    number: int
    tag: bytes
    commitment: bytes
    length: int
    head: bytes


@dataclass(frozen=True)
class Export:
    """A log up to a checkpoint. ``rows`` may be read once."""

    note: bytes
    protection: Sequence[bytes]
    size: int
    rows: Iterable[Row]


def write(export: Export, file: TextIO) -> None:
    """Write ``export`` as lines of text."""
    file.write(f"{TITLE}\nnote {_base64(export.note)}\nprotection {len(export.protection)}\n")
    for leaf in export.protection:
        file.write(_base64(leaf) + "\n")
    file.write(f"entries {export.size}\n")
    for number, tag, inner, length, head in export.rows:
        file.write(f"{number} {_base64(tag)} {_base64(inner)} {length} {_base64(head)}\n")
    file.write("end\n")


def read(file: TextIO) -> Export:
    """Read what ``write`` wrote; its rows are read while they are used.

    Raises:
        BadInput: a line is not as it should be; the error names it. Also while rows are read.
    """
    lines = _Lines(file)
    if lines.next() != TITLE:
        raise lines.wrong(f"The first line of an export is: {TITLE}")
    note = lines.hash_of(lines.value("note"), size=None)
    protection = [lines.hash_of(lines.next()) for _ in range(lines.count("protection"))]
    size = lines.count("entries")
    return Export(note, protection, size, _rows(lines, size))


def _rows(lines: "_Lines", size: int) -> Iterator[Row]:
    for _ in range(size):
        parts = lines.next().split(" ")
        if len(parts) != 5 or not (parts[0] + parts[3]).isdecimal():
            raise lines.wrong("An entry is number, tag, inner hash, length and head.")
        number, tag, inner, length, head = parts
        yield Row(int(number), lines.hash_of(tag), lines.hash_of(inner), int(length), lines.hash_of(head))
    if lines.next() != "end":
        raise lines.wrong("The last line of an export is: end")


class _Lines:
    """The lines of a file, counted for error messages."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._number, self._line = file, 0, ""

    def next(self) -> str:
        self._line = self._file.readline(200_000)
        self._number += 1
        if not self._line.endswith("\n"):
            raise self.wrong("The file ends too early or has no line ends; ask for it again.")
        return self._line[:-1]

    def value(self, name: str) -> str:
        line = self.next()
        if not line.startswith(name + " "):
            raise self.wrong(f"This line begins with: {name}")
        return line[len(name) + 1 :]

    def count(self, name: str) -> int:
        digits = self.value(name)
        if not digits.isdecimal() or len(digits) > 12:
            raise self.wrong(f"After {name} comes a number.")
        return int(digits)

    def hash_of(self, encoded: str, *, size: int | None = 32) -> bytes:
        try:
            data = binascii.a2b_base64(encoded, strict_mode=True)
        except (binascii.Error, ValueError) as error:
            raise self.wrong("A hash is written in base64.") from error
        if size is not None and len(data) != size:
            raise self.wrong("A hash has 32 bytes.")
        return data

    def wrong(self, remedy: str) -> BadInput:
        return BadInput(f"line {self._number} of the export", self._line.rstrip("\n"), remedy)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
