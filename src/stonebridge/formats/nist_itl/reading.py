"""Reading and writing traditional ANSI/NIST-ITL files, byte for byte.

Reading is driven by the lengths that records state, never by searching for
separators inside images. ``Malformed`` names record and field; nothing else escapes.
"""

import re

from stonebridge.formats.malformed import Malformed
from stonebridge.formats.nist_itl.records import (
    BINARY_TYPES,
    CHARACTER_SETS,
    CONTENTS,
    FINGER_IMAGE_HEADER,
    FS,
    GS,
    IMAGE,
    RS,
    US,
    BinaryRecord,
    Encoding,
    Field,
    TaggedRecord,
    Transaction,
    number_of,
)

_LABEL = re.compile(rb"(\d{1,2})\.(\d{1,9}):")
_FIRST = re.compile(rb"(\d{1,2})\.0{0,2}1:(\d{1,12})[\x1c\x1d]")
_ENCODINGS = {0: Encoding.ASCII, 3: Encoding.UTF_8}


def read(data: bytes) -> Transaction:
    """Read a file. Raises ``Malformed`` where lengths, labels, contents or encoding do not hold together."""
    head = _tagged(data, 0, 1, Encoding.ASCII)
    at = len(head.to_bytes())
    records: list[TaggedRecord | BinaryRecord] = [head]
    encoding = _encoding(head)
    for kind, designation in contents(head):
        record: TaggedRecord | BinaryRecord
        record = _binary(data, at, kind) if kind in BINARY_TYPES else _tagged(data, at, kind, encoding)
        if record.designation != designation:
            listed = f"1.003 lists {designation} for this record."
            raise Malformed(record.name, f"{kind}.002", record.designation, listed)
        at += len(record.to_bytes())
        records.append(record)
    if at != len(data):
        raise Malformed("file", "end", data[at:], "Bytes follow the last record that 1.003 lists.")
    return Transaction(tuple(records))


def write(transaction: Transaction) -> bytes:
    """Write a file. What ``read`` gave comes back byte for byte."""
    return b"".join(record.to_bytes() for record in transaction.records)


def contents(head: TaggedRecord) -> list[tuple[int, int]]:
    """Type and designation of every record after the first, as field 1.003 lists them. Raises ``Malformed``."""
    entries = [entry.split(US) for entry in head.value(CONTENTS).split(RS)]
    pairs = []
    for entry in entries:
        if len(entry) != 2:
            raise Malformed(head.name, "1.003", US.join(entry), "Each entry is a record type and a number.")
        pairs.append((number_of(head.name, "1.003", entry[0]), number_of(head.name, "1.003", entry[1])))
    (first, count), listed = pairs[0], pairs[1:]
    if first != 1 or count != len(listed):
        raise Malformed(head.name, "1.003", pairs[0], f"It lists {len(listed)} records after the Type-1 record.")
    if any(kind in (0, 1) or kind > 99 for kind, _ in listed):
        raise Malformed(head.name, "1.003", listed, "Record types after the first are 2 to 99.")
    return listed


def _encoding(head: TaggedRecord) -> Encoding:
    if CHARACTER_SETS not in head:
        return Encoding.ASCII
    codes = {number_of(head.name, "1.015", entry.split(US)[0]) for entry in head.value(CHARACTER_SETS).split(RS)}
    unknown = codes - _ENCODINGS.keys()
    if unknown:
        raise Malformed(head.name, "1.015", sorted(unknown), "Text is read as ASCII (0) or UTF-8 (3).")
    return _ENCODINGS[max(codes)]


def _tagged(data: bytes, at: int, kind: int, encoding: Encoding) -> TaggedRecord:
    name = f"Type-{kind} record"
    first = _FIRST.match(data, at, at + 32)
    if first is None or int(first[1]) != kind:
        remedy = f"A record of Type {kind} begins with its length here."
        raise Malformed(name, f"{kind}.001", data[at : at + 32], remedy)
    end = at + int(first[2])
    if end > len(data) or end < first.end() or data[end - 1 : end] != FS:
        raise Malformed(name, f"{kind}.001", first[2], "The record does not end there.")
    fields = []
    while at < end:
        field = _field(data, at, end, kind, name)
        fields.append(field)
        at += len(field.label) + 1 + len(field.value) + 1
    return TaggedRecord(kind, tuple(fields), encoding)


def _field(data: bytes, at: int, end: int, kind: int, name: str) -> Field:
    label = _LABEL.match(data, at, min(end, at + 16))
    if label is None or int(label[1]) != kind:
        raise Malformed(name, "label", data[at : min(end, at + 16)], f"A field of Type {kind} belongs here.")
    start, number = label.end(), int(label[2])
    if number == IMAGE and kind >= 10:
        stop = end - 1
    else:
        parts = [found for found in (data.find(GS, start, end), data.find(FS, start, end)) if found >= 0]
        stop = min(parts, default=end)
    if stop >= end:
        raise Malformed(name, f"{kind}.{number:03d}", data[start:end], "A field ends with GS, a record with FS.")
    if data[stop : stop + 1] == FS and stop != end - 1:
        raise Malformed(name, f"{kind}.{number:03d}", data[start:stop], "FS ends the record before its length does.")
    return Field(number, data[start:stop], label[0][:-1])


def _binary(data: bytes, at: int, kind: int) -> BinaryRecord:
    name = f"Type-{kind} record"
    length = int.from_bytes(data[at : at + 4], "big")
    least = FINGER_IMAGE_HEADER if kind == 4 else 5
    if length < least or at + length > len(data):
        raise Malformed(name, f"{kind}.001", length, f"{len(data) - at} bytes are left.")
    return BinaryRecord(kind, data[at : at + length])
