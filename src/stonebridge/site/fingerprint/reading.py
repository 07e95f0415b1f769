"""Minutiae records and pictures from files."""

import io
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from stonebridge.formats import intake, iso19794
from stonebridge.formats.malformed import Malformed
from stonebridge.matching.fingerprint.template import Template

MANY = 2000  # files, from which several processes read them
AT_ONCE = 200  # files that a process reads before it answers


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


def read_templates(files: Sequence[Path]) -> Iterator[Template | str]:
    """Each file's template, or why it cannot be read, in the order of the files.

    Many files are read by several processes, so call this before threads are started.
    """
    processes = cores()
    if len(files) < MANY or processes == 1 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(_attempt, files)
        return
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        yield from pool.imap(_attempt, files, AT_ONCE)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _attempt(file: Path) -> Template | str:
    try:
        return read_template(file)
    except Malformed as error:
        return str(error)


def read_picture(path: Path, dpi: int | None) -> NDArray[np.uint8]:
    """Grey levels at 500 dpi; a confined child decodes the file. Raises ``Malformed``, which names the file."""
    try:
        kept = intake.finger_image(path.read_bytes(), scanned_at=dpi)
    except Malformed as error:
        raise Malformed(f"{path}: {error.record}", error.place, error.value, error.remedy) from None
    return np.asarray(Image.open(io.BytesIO(kept.png)).convert("L"), dtype=np.uint8)
