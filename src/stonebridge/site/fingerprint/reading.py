"""Minutiae records and pictures from files."""

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from stonebridge.formats import intake, iso19794
from stonebridge.formats.malformed import Malformed
from stonebridge.matching.fingerprint.template import Template


def read_points(path: Path) -> tuple[iso19794.Point, ...]:
    """The minutiae of the first view of a record in a file. Raises ``Malformed``, which names the file."""
    try:
        record = iso19794.read(path.read_bytes())
    except OSError as error:
        raise Malformed(str(path), "file", error.strerror, "Give a file that can be read.") from None
    except Malformed as error:
        raise Malformed(f"{path}: {error.record}", error.place, error.value, error.remedy) from None
    if not record.views:
        raise Malformed(str(path), "views", 0, "A record without a view holds no finger.")
    return record.points(record.views[0])


def read_template(path: Path) -> Template:
    """The first view of a record in a file, ready to be compared. Raises ``Malformed``, which names the file."""
    return Template.of(read_points(path))


def read_picture(path: Path, dpi: int | None) -> NDArray[np.uint8]:
    """Grey levels at 500 dpi; a confined child decodes the file. Raises ``Malformed``, which names the file."""
    try:
        kept = intake.finger_image(path.read_bytes(), scanned_at=dpi)
    except Malformed as error:
        raise Malformed(f"{path}: {error.record}", error.place, error.value, error.remedy) from None
    return np.asarray(Image.open(io.BytesIO(kept.png)).convert("L"), dtype=np.uint8)
