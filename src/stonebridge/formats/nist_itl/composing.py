"""Making new ANSI/NIST-ITL records: lengths and contents are computed, separators in values refused."""

from collections.abc import Mapping, Sequence

from stonebridge.formats.malformed import Malformed
from stonebridge.formats.nist_itl.records import (
    CHARACTER_SETS,
    CONTENTS,
    DESIGNATION,
    FINGER_IMAGE_HEADER,
    IMAGE,
    LENGTH,
    SEPARATORS,
    BinaryRecord,
    Encoding,
    Field,
    TaggedRecord,
    Transaction,
)

Value = str | Sequence[str] | Sequence[Sequence[str]]
VERSION = "0500"  # ANSI/NIST-ITL 1-2011


def tagged(
    record_type: int,
    designation: int,
    values: Mapping[int, Value],
    *,
    image: bytes = b"",
    encoding: Encoding = Encoding.ASCII,
) -> TaggedRecord:
    """A tagged record. A value is text, information items, or subfields of information items.

    Raises ``Malformed`` where a value holds a separator or does not fit the encoding.
    """
    body = [
        _field(record_type, number, _joined(record_type, number, value, encoding))
        for number, value in sorted({DESIGNATION: str(designation), **values}.items())
    ]
    if image:
        body.append(_field(record_type, IMAGE, image))
    return _with_length(record_type, body, encoding)


def compose(
    values: Mapping[int, Value], records: Sequence[TaggedRecord | BinaryRecord], *, version: str = VERSION
) -> Transaction:
    """A transaction: the Type-1 record from ``values`` (fields 4 to 18), contents and character set added."""
    encodings = {record.encoding for record in records if isinstance(record, TaggedRecord)}
    entries = [["1", str(len(records))], *([str(r.type), str(r.designation)] for r in records)]
    head: dict[int, Value] = {2: version, CONTENTS: entries, **values}
    if Encoding.UTF_8 in encodings:
        head[CHARACTER_SETS] = ["3", "UTF-8"]
    body = [_field(1, n, _joined(1, n, value, Encoding.ASCII)) for n, value in sorted(head.items())]
    return Transaction((_with_length(1, body, Encoding.ASCII), *records))


def finger_image(
    designation: int,
    image: bytes,
    *,
    width: int,
    height: int,
    fingers: Sequence[int],
    impression: int = 0,
    compression: int = 1,
) -> BinaryRecord:
    """A Type-4 record at 500 dpi; ``compression`` is 0 (none) or 1 (WSQ). Raises ``Malformed``."""
    try:
        positions = (bytes(fingers) + b"\xff" * 6)[:6]
        header = bytes([designation, impression]) + positions + b"\0"
        header += width.to_bytes(2, "big") + height.to_bytes(2, "big") + bytes([compression])
    except (ValueError, OverflowError):
        raise Malformed(
            "Type-4 record", "header", (width, height, fingers), "A value does not fit its bytes."
        ) from None
    length = FINGER_IMAGE_HEADER + len(image)
    return BinaryRecord(4, length.to_bytes(4, "big") + header + image)


def _joined(kind: int, number: int, value: Value, encoding: Encoding) -> bytes:
    subfields: list[Sequence[str]]
    if isinstance(value, str):
        subfields = [[value]]
    else:
        plain = [item for item in value if isinstance(item, str)]
        subfields = [plain] if plain else [item for item in value if not isinstance(item, str)]
    place = f"{kind}.{number:03d}"
    for item in (item for subfield in subfields for item in subfield):
        if SEPARATORS.search(item):
            raise Malformed(f"Type-{kind} record", place, item, "A value holds no FS, GS, RS or US.")
    text = "\x1e".join("\x1f".join(subfield) for subfield in subfields)
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        raise Malformed(f"Type-{kind} record", place, text, f"It does not fit {encoding.value}.") from None


def _field(kind: int, number: int, value: bytes) -> Field:
    return Field(number, value, f"{kind}.{number:03d}".encode())


def _with_length(kind: int, body: list[Field], encoding: Encoding) -> TaggedRecord:
    """The record with field 1 in front: a length that counts its own digits."""
    rest = len(TaggedRecord(kind, tuple(body)).to_bytes())
    length = rest
    while True:
        record = TaggedRecord(kind, (_field(kind, LENGTH, str(length).encode()), *body), encoding)
        if len(record.to_bytes()) == length:
            return record
        length = len(record.to_bytes())
