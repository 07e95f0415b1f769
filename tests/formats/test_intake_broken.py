"""Each kind of error that Pillow raises for a broken file, and that the file is refused for it like any other."""

import io
import struct

import pytest
from PIL import Image

from stonebridge.formats.intake.kinds import Kind
from stonebridge.formats.intake.opening import BROKEN, decoded, opened
from stonebridge.formats.malformed import Malformed

SIDE = 40
_GREY_TIFF = {256: SIDE, 257: SIDE, 258: 8, 259: 1, 262: 1, 273: 300, 277: 1, 278: SIDE, 279: SIDE * SIDE}
NO_TIFF_HEAD = b"Exif\0\0XX\0*\0\0\0\x08"
CUT_OFF = b"Exif\0\0MM\0*\0\0"


def picture(kind: Kind, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("L", (SIDE, SIDE)).save(out, kind.value, **options)
    return out.getvalue()


def second_page(fields: dict[int, int]) -> bytes:
    """A TIFF file whose first page is right, and whose second has these fields."""

    def page(fields: dict[int, int], following: int) -> bytes:
        entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in fields.items())
        return struct.pack("<H", len(fields)) + entries + struct.pack("<I", following)

    first = page(_GREY_TIFF, 0)
    return b"II*\0\x08\0\0\0" + page(_GREY_TIFF, 8 + len(first)) + page(fields, 0) + bytes(SIDE * SIDE)


def without_a_head() -> bytes:
    png = picture(Kind.PNG)
    return png[:8] + struct.pack(">I", 0) + png[12:]


BROKEN_FILES = {
    OSError: (Kind.JPEG, picture(Kind.JPEG)[:-200]),
    ValueError: (Kind.PNG, without_a_head()),
    KeyError: (Kind.TIFF, second_page(_GREY_TIFF | {259: 255})),
    TypeError: (Kind.TIFF, second_page({258: 8})),
    SyntaxError: (Kind.WEBP, picture(Kind.WEBP, exif=NO_TIFF_HEAD)),
    struct.error: (Kind.WEBP, picture(Kind.WEBP, exif=CUT_OFF)),
}


def test_every_kind_of_error_on_the_list_has_a_file_that_raises_it():
    assert set(BROKEN_FILES) == set(BROKEN)


@pytest.mark.parametrize("error", BROKEN_FILES)
def test_pillow_raises_it(error: type[Exception]):
    kind, data = BROKEN_FILES[error]
    with pytest.raises(error):
        everything_read(Image.open(io.BytesIO(data), formats=(kind.value,)))


@pytest.mark.parametrize("error", [OSError, ValueError, KeyError, TypeError])
def test_the_file_is_refused_as_damaged(error: type[Exception]):
    kind, data = BROKEN_FILES[error]
    with pytest.raises(Malformed, match="damaged or cut short"):
        decoded(opened(data, "upload", kind), "upload")


def everything_read(image: Image.Image) -> None:
    _ = getattr(image, "n_frames", 1)
    image.getexif()
    image.load()
