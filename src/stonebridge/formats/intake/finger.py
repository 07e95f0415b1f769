"""An image of a finger as handed in, and as it is kept: grey, 8 bits, 500 pixels an inch, PNG."""

import io
from dataclasses import dataclass

from PIL import Image

from stonebridge.domain.errors import BadInput, Unavailable
from stonebridge.formats.confined import Limits, run
from stonebridge.formats.intake.kinds import FINGER_KINDS, accepted

RESOLUTION = 500  # pixels an inch, at which fingers are compared
LEAST_RESOLUTION, MOST_RESOLUTION = 250, 1200
LONGEST_SIDE = 2000  # 4 inches: a whole hand's fingers side by side
SHORTEST_SIDE = 100
_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class FingerImage:
    """An image to keep. ``scanned_at`` is the resolution that the file or the caller stated; None: none was, 500 is assumed."""

    png: bytes
    width: int
    height: int
    scanned_at: int | None
    media: str = "image/png"


def finger_image(data: bytes, *, scanned_at: int | None = None) -> FingerImage:
    """Read an uploaded PNG, BMP, TIFF, JPEG 2000 or WSQ.

    ``scanned_at`` is the scanner's resolution in pixels an inch, for files that do not state it.

    Raises:
        Malformed: field ``finger image, size``, ``type``, ``dimensions``, ``resolution``, ``frames`` or ``content``.
        Unavailable: no decoder could be started.
    """
    if scanned_at is not None and not LEAST_RESOLUTION <= scanned_at <= MOST_RESOLUTION:
        raise BadInput("scanned_at", scanned_at, f"Between {LEAST_RESOLUTION} and {MOST_RESOLUTION} pixels an inch.")
    accepted(data, "finger image", FINGER_KINDS)
    given = (scanned_at or 0).to_bytes(2, "big") + data
    answer = run("stonebridge.formats.intake.finger_worker", given, record="finger image", limits=_LIMITS)
    width, height = answer.number("width", 1, LONGEST_SIDE), answer.number("height", 1, LONGEST_SIDE)
    stated = answer.number("scanned_at", 0, MOST_RESOLUTION)
    if len(answer.content) != width * height:
        raise Unavailable("the decoder", "It answered too few or too many pixels; tell the administrator.")
    kept = io.BytesIO()
    image = Image.frombytes("L", (width, height), answer.content)
    image.save(kept, "PNG", dpi=(RESOLUTION, RESOLUTION), optimize=True)
    return FingerImage(kept.getvalue(), width, height, stated or None)
