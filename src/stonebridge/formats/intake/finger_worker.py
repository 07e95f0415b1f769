"""Turns an uploaded image of a finger into grey pixels at 500 an inch. Runs in the confined child alone."""

import io
import math

from PIL import BmpImagePlugin, Image, Jpeg2KImagePlugin, PngImagePlugin, TiffImagePlugin

from stonebridge.formats.intake.finger import (
    LEAST_RESOLUTION,
    LONGEST_SIDE,
    MOST_RESOLUTION,
    RESOLUTION,
    SHORTEST_SIDE,
)
from stonebridge.formats.intake.kinds import FINGER_KINDS, Kind, accepted
from stonebridge.formats.intake.opening import decoded, opened
from stonebridge.formats.malformed import Malformed

try:
    import wsq
except ImportError:
    wsq = None

PLUGINS = (BmpImagePlugin, Jpeg2KImagePlugin, PngImagePlugin, TiffImagePlugin)
_RECORD = "finger image"
# Programs write these when nobody told them a resolution.
_PLACEHOLDERS = (0, 1, 72, 96)


def prepare() -> None:
    """Read one small image of each kind, so that every library is loaded before the walls go up."""
    for kind in FINGER_KINDS:
        if kind is Kind.WSQ and wsq is None:
            continue
        tiny = io.BytesIO()
        Image.new("L", (2 * SHORTEST_SIDE, 2 * SHORTEST_SIDE)).save(tiny, kind.value)
        work(b"\0\0" + tiny.getvalue())


def work(given: bytes) -> tuple[dict[str, int], bytes]:
    """Width, height, resolution found (0: none) and grey pixels.

    ``given`` are two bytes with the resolution that the caller knows, or 0, and then the file.

    Raises:
        Malformed: what the image is, and what to give instead.
    """
    known, data = int.from_bytes(given[:2], "big"), given[2:]
    kind = accepted(data, _RECORD, FINGER_KINDS)
    if kind is Kind.WSQ and wsq is None:
        raise Malformed(
            _RECORD, "type", kind.value, "This node reads no WSQ: install the extra 'fingerprint', or give PNG."
        )
    image = opened(data, _RECORD, kind)
    found = known or _stated(image, kind)
    factor = RESOLUTION / (found or RESOLUTION)
    width, height = (max(1, round(side * factor)) for side in image.size)
    if min(width, height) < SHORTEST_SIDE or max(width, height) > LONGEST_SIDE:
        raise Malformed(_RECORD, "dimensions", f"{image.width} x {image.height} pixels at {found or RESOLUTION} an inch",
                        f"At 500 an inch each side must be {SHORTEST_SIDE} to {LONGEST_SIDE} pixels: "
                        "give one finger or one hand, and state the resolution.")  # fmt: skip
    grey = _grey(decoded(image, _RECORD))
    if grey.size != (width, height):
        grey = grey.resize((width, height), Image.Resampling.LANCZOS)
    return {"width": width, "height": height, "scanned_at": found}, grey.tobytes()


def _stated(image: Image.Image, kind: Kind) -> int:
    """The resolution that the file states, in pixels an inch; 0 when it states none or a program's placeholder."""
    if kind is Kind.WSQ:  # the format is defined for 500 an inch
        return RESOLUTION
    across, down = (float(side) for side in image.info.get("dpi", (0, 0)))
    if not (math.isfinite(across) and math.isfinite(down)) or round(across) in _PLACEHOLDERS:
        return 0
    if abs(across - down) > 0.02 * across or not LEAST_RESOLUTION <= round(across) <= MOST_RESOLUTION:
        raise Malformed(_RECORD, "resolution", f"{across:.0f} x {down:.0f} pixels an inch",
                        f"Scan fingers at {RESOLUTION}, the same across and down; {LEAST_RESOLUTION} to {MOST_RESOLUTION} can be used.")  # fmt: skip
    return round(across)


def _grey(image: Image.Image) -> Image.Image:
    if image.mode in ("1", "L", "P", "RGB", "RGBA", "LA"):
        return image.convert("RGB").convert("L") if image.mode == "P" else image.convert("L")
    raise Malformed(_RECORD, "colours", image.mode, "Save it in grey with 8 bits a pixel.")
