"""Finger minutiae records: ISO/IEC 19794-2:2005 and :2011, ANSI INCITS 378-2004 and -2009.

The standards are sold, not published; the layouts follow what open implementations
read and write, so no conformance to the standards themselves is claimed. Reading
and writing again gives the same bytes: extended data, reserved bits and bytes after
the last view are kept as they came and not interpreted.

Positions are image pixels, origin at the top left, y downwards; angles turn
anticlockwise from the x axis as the image is seen. The on-card forms are not read.
"""

import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from math import tau
from typing import NamedTuple

from stonebridge.formats.malformed import Malformed

MAGIC = b"FMR\0"
PIXELS_PER_CM = 197  # 500 dpi, the resolution that comparisons work in
RECORD = "minutiae record"
MISCOUNT = 2  # bytes by which known writers overstate the extended data of the last view


class Layout(StrEnum):
    """Which standard, and which edition, lays the bytes out."""

    ISO_2005 = "iso-19794-2:2005"
    ISO_2011 = "iso-19794-2:2011"
    ANSI_2004 = "ansi-378:2004"
    ANSI_2007 = "ansi-378:2007-draft"
    ANSI_2009 = "ansi-378:2009"


class Kind(IntEnum):
    """What a ridge does at the minutia. 3 is reserved by the standards and kept as read."""

    OTHER = 0
    ENDING = 1
    BIFURCATION = 2
    RESERVED = 3


KINDS = tuple(Kind)


class Point(NamedTuple):
    """A minutia in the units that comparisons work in."""

    x: float  # pixels of 500 dpi, to the right
    y: float  # pixels of 500 dpi, downwards
    angle: float  # radians, anticlockwise as seen, 0 to 2 pi
    kind: int
    quality: int  # 0 to 100; 0: not given


class Minutia(NamedTuple):
    """A minutia as stored; ``angle`` counts the steps of its layout, ``quality`` is None where the layout omits it."""

    x: int
    y: int
    angle: int
    kind: Kind
    quality: int | None
    reserved: int = 0  # the two bits before y


@dataclass(frozen=True, slots=True)
class View:
    """One impression of one finger: its fields by name, its minutiae, its extended data as bytes."""

    fields: Mapping[str, int | bytes]
    minutiae: tuple[Minutia, ...]
    extended: bytes = b""

    def number(self, name: str) -> int:
        """The field ``name`` as a number; 0 where the layout does not have it."""
        value = self.fields.get(name, 0)
        return value if isinstance(value, int) else 0


@dataclass(frozen=True, slots=True)
class Record:
    """A minutiae record with its views."""

    layout: Layout
    fields: Mapping[str, int | bytes]
    views: tuple[View, ...]
    version: bytes = b""  # the three characters as written; empty: those of the layout
    trailing: bytes = b""

    def size(self, view: View) -> tuple[int, int]:
        """Width and height of the image in pixels, as the view or else the record says."""
        return self._number(view, "width"), self._number(view, "height")

    def points(self, view: View) -> tuple[Point, ...]:
        """The minutiae of ``view`` at 500 dpi, angles in radians."""
        x_scale = PIXELS_PER_CM / (self._number(view, "x_density") or PIXELS_PER_CM)
        y_scale = PIXELS_PER_CM / (self._number(view, "y_density") or PIXELS_PER_CM)
        step = tau / _SHAPES[self.layout].angle_steps
        return tuple(
            Point(x * x_scale, y * y_scale, angle * step, int(kind), min(quality or 0, 100))
            for x, y, angle, kind, quality, _ in view.minutiae
        )

    def _number(self, view: View, name: str) -> int:
        value = view.fields.get(name, self.fields.get(name, 0))
        return value if isinstance(value, int) else 0


@dataclass(frozen=True, slots=True)
class _Shape:
    """Where fields lie. ``B``, ``H``: one, two bytes; ``9``: so many raw bytes; ``*5``: a count, then 5 bytes each."""

    version: bytes
    length: str
    header: str
    view: str
    angle_steps: int
    also: tuple[bytes, ...] = field(default=())


_OLD_VIEW = "position:B view_and_impression:B quality:B count:B"
_NEW_ANSI_VIEW = (
    "position:B view:B impression:B quality:B quality_vendor:H quality_algorithm:H "
    "width:H height:H x_density:H y_density:H count:B"
)
_IMAGE = "width:H height:H x_density:H y_density:H views:B reserved:B"

_SHAPES = {
    Layout.ISO_2005: _Shape(b" 20", ">I", f"sensor:H {_IMAGE}", _OLD_VIEW, 256, (b"020",)),
    Layout.ANSI_2004: _Shape(b" 20", ">H", f"vendor:H subformat:H sensor:H {_IMAGE}", _OLD_VIEW, 180, (b"020",)),
    Layout.ISO_2011: _Shape(
        b"030",
        ">I",
        "views:H certified:B",
        "length:I captured:9 sensor_kind:B sensor_vendor:H sensor:H qualities:*5 certificates:*3 position:B view:B "
        "x_density:H y_density:H impression:B width:H height:H minutia_form:B count:B",
        256,
    ),
    Layout.ANSI_2007: _Shape(b"030", ">I", "vendor:H subformat:H sensor:H views:B reserved:B", _NEW_ANSI_VIEW, 180),
    Layout.ANSI_2009: _Shape(
        b"030", ">I", "vendor:H subformat:H certified:B sensor:H views:B reserved:B", _NEW_ANSI_VIEW, 180, (b"035",)
    ),
}


def read(data: bytes) -> Record:
    """Read a minutiae record of any known layout. Raises ``Malformed``, naming record and field."""
    if data[:4] != MAGIC:
        raise Malformed(RECORD, "format", data[:4], "Give a file that begins with FMR and a zero byte.")
    version, mark = data[4:7], data[7:8]
    named = [layout for layout, shape in _SHAPES.items() if version in (shape.version, *shape.also)]
    if not named or mark != b"\0":
        raise Malformed(RECORD, "version", data[4:8], "Known versions are 20, 030 and 035.")
    if Layout.ISO_2005 in named:
        # ISO counts its length in four bytes, ANSI in two: the first two tell them apart.
        named = [Layout.ANSI_2004 if data[8:10] != b"\0\0" else Layout.ISO_2005]
    # Three layouts share a version; the stricter come first, and the last one's error is told.
    for layout in named[:-1]:
        with suppress(Malformed):
            return _read_as(layout, version, data)
    return _read_as(named[-1], version, data)


def write(record: Record) -> bytes:
    """Write a minutiae record. What ``read`` gave comes back byte for byte."""
    shape = _SHAPES[record.layout]
    out = bytearray(MAGIC + (record.version or shape.version) + b"\0")
    certified = bool(record.fields.get("certified"))
    body = _pack(RECORD, shape.header, {**record.fields, "views": len(record.views)}, certified=True)
    for index, view in enumerate(record.views, 1):
        body += _pack_view(f"view {index}", shape, view, certified)
    natural = len(out) + struct.calcsize(shape.length) + len(body)
    length = record.fields.get("length", natural)
    try:
        out += struct.pack(shape.length, length)
    except struct.error:
        raise Malformed(RECORD, "length", length, "The layout cannot hold so many views; split the record.") from None
    return bytes(out + body + record.trailing)


def template(
    points: tuple[Point, ...], *, width: int, height: int, position: int = 0, impression: int = 0, quality: int = 0
) -> Record:
    """An ISO/IEC 19794-2:2005 record with one view, at 500 dpi. Coordinates are rounded, at most 255 minutiae kept."""
    best = sorted(points, key=lambda p: -p.quality)[:255]
    minutiae = tuple(
        Minutia(
            round(p.x), round(p.y), round(p.angle % tau * 256 / tau) % 256, Kind(p.kind), min(100, max(0, p.quality))
        )
        for p in best
    )
    fields = {
        "sensor": 0,
        "width": width,
        "height": height,
        "x_density": PIXELS_PER_CM,
        "y_density": PIXELS_PER_CM,
        "reserved": 0,
    }
    view = {"position": position, "view_and_impression": impression, "quality": quality}
    return Record(Layout.ISO_2005, fields, (View(view, minutiae),))


class _Reader:
    """Takes bytes from the front; knows the record and field it is in."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def take(self, size: int, record: str, place: str) -> bytes:
        if self.at + size > len(self.data):
            raise Malformed(record, place, self.data[self.at :], f"{size} bytes belong here; the file ends before.")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, code: str, record: str, place: str) -> int:
        return int.from_bytes(self.take(struct.calcsize(">" + code), record, place), "big")

    def fields(self, record: str, layout: str, *, certified: bool) -> dict[str, int | bytes]:
        found: dict[str, int | bytes] = {}
        for item in layout.split():
            name, code = item.split(":")
            if name == "certificates" and not certified:
                continue
            if code.startswith("*"):
                count = self.number("B", record, name)
                found[name] = self.take(count * int(code[1:]), record, name)
            elif code.isdigit():
                found[name] = self.take(int(code), record, name)
            else:
                found[name] = self.number(code, record, name)
        return found


def _read_as(layout: Layout, version: bytes, data: bytes) -> Record:
    shape = _SHAPES[layout]
    reader = _Reader(data, 8)
    stated = reader.number(shape.length[1:], RECORD, "length")
    if stated > len(data) or stated < 8:
        raise Malformed(RECORD, "length", stated, f"The file has {len(data)} bytes.")
    fields = reader.fields(RECORD, shape.header, certified=True)
    count = fields.pop("views")
    if not isinstance(count, int) or (layout is Layout.ISO_2011 and fields["certified"] not in (0, 1)):
        raise Malformed(RECORD, "certified", fields.get("certified"), "0 or 1 belongs here.")
    certified = bool(fields.get("certified"))
    views = tuple(
        _read_view(f"view {index}", layout, reader, certified, last=index == count) for index in range(1, count + 1)
    )
    if reader.at > len(data) or (layout in (Layout.ISO_2011, Layout.ANSI_2007) and reader.at != stated):
        raise Malformed(RECORD, "length", stated, f"The views end at byte {reader.at}.")
    if stated != reader.at:
        fields["length"] = stated  # some writers miscount; what they wrote is kept
    return Record(layout, fields, views, version, data[reader.at :])


def _read_view(name: str, layout: Layout, reader: _Reader, certified: bool, *, last: bool) -> View:
    start = reader.at
    fields = reader.fields(name, _SHAPES[layout].view, certified=certified)
    count = reader.data[reader.at - 1]
    del fields["count"]
    size = 6
    if layout is Layout.ISO_2011:
        form = fields["minutia_form"]
        size = form >> 4 if isinstance(form, int) else 0
        if size not in (5, 6):
            raise Malformed(name, "minutia_form", form, "A minutia takes 5 or 6 bytes.")
    found = reader.at
    minutiae = _minutiae(reader.data[found : found + size * count], size)
    reader.take(size * len(minutiae), name, "minutiae")
    if len(minutiae) < count:
        reader.take(size, name, f"minutia {len(minutiae) + 1}")
    stated = reader.number("H", name, "extended data length")
    left = len(reader.data) - reader.at
    if last and left < stated <= left + MISCOUNT:
        fields["extended_length"] = stated
    extended = reader.take(min(stated, left) if "extended_length" in fields else stated, name, "extended data")
    if layout is Layout.ISO_2011 and fields.pop("length") != reader.at - start:
        raise Malformed(name, "length", reader.at - start, "It does not match the bytes of the view.")
    return View(fields, minutiae, extended)


def _minutiae(raw: bytes, size: int) -> tuple[Minutia, ...]:
    """As many as are there whole."""
    whole = raw[: len(raw) // size * size]
    rows = (
        struct.iter_unpack(">HHBB", whole) if size == 6 else ((*row, None) for row in struct.iter_unpack(">HHB", whole))
    )
    return tuple(
        Minutia(x & 0x3FFF, y & 0x3FFF, angle, KINDS[x >> 14], quality, y >> 14) for x, y, angle, quality in rows
    )


def _pack(name: str, layout: str, fields: Mapping[str, int | bytes], *, certified: bool) -> bytes:
    out = bytearray()
    for item in layout.split():
        place, code = item.split(":")
        if place == "certificates" and not certified:
            continue
        value = fields.get(place, b"" if code.startswith("*") else 0)
        try:
            if isinstance(value, bytes):
                each = int(code.lstrip("*")) if code.lstrip("*").isdigit() else 0
                if not each or len(value) % each or (not code.startswith("*") and len(value) != each):
                    raise Malformed(name, place, value, "Its length does not fit the layout.")
                out += (struct.pack(">B", len(value) // each) if code.startswith("*") else b"") + value
            elif code.isdigit():
                out += int(value).to_bytes(int(code), "big")
            else:
                out += struct.pack(">" + code, value)
        except (struct.error, OverflowError):
            raise Malformed(name, place, value, "It does not fit the space of the layout.") from None
    return bytes(out)


def _pack_view(name: str, shape: _Shape, view: View, certified: bool) -> bytes:
    head_fields = {**view.fields, "count": len(view.minutiae)}
    without_quality = view.number("minutia_form") >> 4 == 5
    body = bytearray()
    for index, minutia in enumerate(view.minutiae, 1):
        try:
            body += struct.pack(
                ">HHB",
                int(minutia.kind) << 14 | _fits(minutia.x),
                minutia.reserved << 14 | _fits(minutia.y),
                minutia.angle,
            )
            body += b"" if without_quality else struct.pack(">B", minutia.quality or 0)
        except (struct.error, OverflowError):
            raise Malformed(name, f"minutia {index}", minutia, "x and y are 0 to 16383, the rest one byte.") from None
    if len(view.extended) > 0xFFFF:
        raise Malformed(name, "extended data", len(view.extended), "At most 65535 bytes fit.")
    body += struct.pack(">H", view.number("extended_length") or len(view.extended)) + view.extended
    if "length:I" in shape.view:
        head_fields["length"] = len(_pack(name, shape.view, head_fields, certified=certified)) + len(body)
    return _pack(name, shape.view, head_fields, certified=certified) + bytes(body)


def _fits(value: int) -> int:
    if not 0 <= value <= 0x3FFF:
        raise OverflowError
    return value
