"""Minutiae records from files."""

from pathlib import Path

from stonebridge.formats import iso19794
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
