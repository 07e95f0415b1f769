"""A portrait as handed in, and as it is kept: a JPEG of bounded size, upright, without anything but the picture."""

import io
from dataclasses import dataclass

from PIL import Image

from stonebridge.domain.errors import Unavailable
from stonebridge.formats.confined import Limits, run
from stonebridge.formats.intake.kinds import PORTRAIT_KINDS, accepted

LONGEST_SIDE = 1200
SHORTEST_SIDE = 120
QUALITY = 88
_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Portrait:
    """A portrait to keep. ``jpeg`` is written by us from bare pixels."""

    jpeg: bytes
    width: int
    height: int
    media: str = "image/jpeg"


def portrait(data: bytes) -> Portrait:
    """Read an uploaded JPEG, PNG or WebP.

    Raises:
        Malformed: field ``portrait, size``, ``type``, ``dimensions``, ``frames`` or ``content``.
        Unavailable: no decoder could be started.
    """
    accepted(data, "portrait", PORTRAIT_KINDS)
    answer = run("stonebridge.formats.intake.portrait_worker", data, record="portrait", limits=_LIMITS)
    width, height = answer.number("width", 1, LONGEST_SIDE), answer.number("height", 1, LONGEST_SIDE)
    if len(answer.content) != width * height * 3:
        raise Unavailable("the decoder", "It answered too few or too many pixels; tell the administrator.")
    kept = io.BytesIO()
    Image.frombytes("RGB", (width, height), answer.content).save(kept, "JPEG", quality=QUALITY, optimize=True)
    return Portrait(kept.getvalue(), width, height)
