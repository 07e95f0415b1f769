"""What kind of file bytes are, by their first bytes: names and media types given by strangers say nothing."""

from enum import StrEnum

from stonebridge.formats.malformed import Malformed

LARGEST_UPLOAD = 20 << 20  # bytes


class Kind(StrEnum):
    """Kinds that are recognised; the values are Pillow's names where Pillow reads them."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    BMP = "BMP"
    TIFF = "TIFF"
    JPEG_2000 = "JPEG2000"
    WSQ = "WSQ"
    PDF = "PDF"
    HEIC = "HEIC"
    GIF = "GIF"
    SVG = "SVG"
    ZIP = "ZIP"
    UNKNOWN = "unknown"


PORTRAIT_KINDS = (Kind.JPEG, Kind.PNG, Kind.WEBP)
FINGER_KINDS = (Kind.PNG, Kind.BMP, Kind.TIFF, Kind.JPEG_2000, Kind.WSQ)

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\xff\xa0", Kind.WSQ),
    (b"\xff\x4f\xff\x51", Kind.JPEG_2000),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", Kind.JPEG_2000),
    (b"II*\x00", Kind.TIFF),
    (b"MM\x00*", Kind.TIFF),
    (b"BM", Kind.BMP),
    (b"%PDF", Kind.PDF),
    (b"GIF8", Kind.GIF),
    (b"PK\x03\x04", Kind.ZIP),
    (b"<svg", Kind.SVG),
    (b"<?xml", Kind.SVG),
)
_PDF_REMEDY = "PDF files are not read in this release. Save the page as a JPEG or PNG image, or record the document without its scan."


def kind_of(data: bytes) -> Kind:
    """The kind that the first bytes show."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftypavif"):
        return Kind.HEIC
    return next((kind for beginning, kind in _BEGINNINGS if data.startswith(beginning)), Kind.UNKNOWN)


def accepted(data: bytes, record: str, kinds: tuple[Kind, ...]) -> Kind:
    """The kind of ``data``, if it is one of ``kinds`` and no larger than an upload may be.

    Raises:
        Malformed: naming size or type, and what to hand in instead.
    """
    if not data:
        raise Malformed(record, "size", "0 bytes", "The file is empty; choose it again.")
    if len(data) > LARGEST_UPLOAD:
        raise Malformed(record, "size", f"{len(data)} bytes", f"Give a file of at most {LARGEST_UPLOAD >> 20} MB.")
    kind = kind_of(data)
    if kind is Kind.PDF:
        raise Malformed(record, "type", kind.value, _PDF_REMEDY)
    if kind not in kinds:
        names = ", ".join(kind.value for kind in kinds)
        raise Malformed(record, "type", kind.value, f"Give one of these: {names}.")
    return kind
