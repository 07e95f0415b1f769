"""Turns an uploaded portrait into upright RGB pixels. Runs in the confined child alone."""

import io

from PIL import Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin

from stonebridge.formats.intake.kinds import PORTRAIT_KINDS, accepted
from stonebridge.formats.intake.opening import BROKEN, decoded, opened
from stonebridge.formats.intake.portrait import LONGEST_SIDE, SHORTEST_SIDE
from stonebridge.formats.malformed import Malformed

PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, WebPImagePlugin)
_ORIENTATION = 0x0112
_PAPER = (255, 255, 255)


def prepare() -> None:
    """Read one tiny picture of each kind, so that every library is loaded before the walls go up."""
    for kind in PORTRAIT_KINDS:
        tiny = io.BytesIO()
        Image.new("RGB", (SHORTEST_SIDE, SHORTEST_SIDE)).save(tiny, kind.value)
        work(tiny.getvalue())


def work(data: bytes) -> tuple[dict[str, int], bytes]:
    """Width, height and RGB pixels.

    Raises:
        Malformed: what the picture is, and what to give instead.
    """
    image = opened(data, "portrait", accepted(data, "portrait", PORTRAIT_KINDS))
    width, height = image.size
    if min(width, height) < SHORTEST_SIDE or max(width, height) > 20 * min(width, height):
        raise Malformed("portrait", "dimensions", f"{width} x {height} pixels",
                        f"Give a picture of a face, at least {SHORTEST_SIDE} pixels wide and high.")  # fmt: skip
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    turn = _orientation(image)
    small = _reduced(decoded(image, "portrait"))
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(_turned(small, turn))
    return {"width": upright.width, "height": upright.height}, upright.tobytes()


def _orientation(image: Image.Image) -> int:
    """How the camera was held, 1 to 8 of EXIF; 1 where the picture does not say, or says nonsense."""
    try:
        held = image.getexif().get(_ORIENTATION, 1)
    except BROKEN:
        return 1
    return held if isinstance(held, int) and 1 <= held <= 8 else 1


def _reduced(image: Image.Image) -> Image.Image:
    """Smaller by a whole factor first, and only then in RGB: large pictures are never held twice."""
    if image.mode in ("P", "PA", "1"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    if image.mode not in ("L", "LA", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr"):
        raise Malformed("portrait", "colours", image.mode, "Save it with 8 bits a colour, as JPEG or PNG.")
    factor = max(image.size) // LONGEST_SIDE
    small = image.reduce(factor) if factor > 1 else image
    if "A" not in small.mode:
        return small.convert("RGB")
    seen = Image.new("RGB", small.size, _PAPER)
    seen.paste(small.convert("RGB"), mask=small.getchannel("A"))
    return seen


def _turned(image: Image.Image, orientation: int) -> Image.Image:
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    clean.getexif()[_ORIENTATION] = orientation
    return clean
