"""Opening an image inside the confined child: one picture, of one expected kind, no larger than agreed."""

import io
import struct

from PIL import Image

from stonebridge.formats.intake.kinds import Kind
from stonebridge.formats.malformed import Malformed

MOST_PIXELS = 25_000_000
_DAMAGED = "It is damaged or cut short; save it anew, or give another copy."
BROKEN = (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error)
"""What Pillow raises for broken files of these kinds; tests/formats/test_intake_broken.py has a file for each."""


def opened(data: bytes, record: str, kind: Kind) -> Image.Image:
    """The picture in ``data``, its head read and its pixels not yet.

    Raises:
        Malformed: another kind than expected, several frames, or too many pixels.
    """
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        image = Image.open(io.BytesIO(data), formats=(kind.value,))
        frames = 1 if image.format in ("JPEG", "MPO") else getattr(image, "n_frames", 1)
    except Image.DecompressionBombError as error:
        raise Malformed(record, "dimensions", "over 50 megapixels", _smaller()) from error
    except BROKEN as error:
        raise Malformed(record, "content", f"{len(data)} bytes", _DAMAGED) from error
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise Malformed(record, "dimensions", f"{width} x {height} pixels", _smaller())
    if frames != 1:
        raise Malformed(record, "frames", frames, "Give a still picture of one page, not an animation or a series.")
    return image


def decoded(image: Image.Image, record: str) -> Image.Image:
    """The same picture with its pixels read.

    Raises:
        Malformed: the pixels cannot be read, or need more memory than there is.
    """
    shown = f"{image.width} x {image.height} pixels"
    try:
        image.load()
    except MemoryError as error:
        raise Malformed(record, "dimensions", shown, _smaller()) from error
    except BROKEN as error:
        raise Malformed(record, "content", shown, _DAMAGED) from error
    return image


def _smaller() -> str:
    return f"Give a smaller picture: at most {MOST_PIXELS // 1_000_000} megapixels, or 12 as WebP, which takes more memory."
