"""Reads minutiae in pictures of fingers. Runs in the confined child alone (``formats.confined``).

The child is given the vault's key with the sealed pictures and answers sealed templates, so that
neither the worker nor the database sees a picture or a template opened. It opens no file, has no
network and ends with the batch.
"""

import base64
import io
import json
from uuid import UUID

import numpy as np
from PIL import Image, PngImagePlugin

from stonebridge.domain.errors import Tampered
from stonebridge.formats import iso19794
from stonebridge.matching.fingerprint.extraction import Extracted, Picture, leader
from stonebridge.safeguards.sealing import KeyEncryptionKey, KeyRing, seal, unseal

PLUGINS = (PngImagePlugin,)
MOST = 255  # minutiae that a record can hold
LEAST = 8  # minutiae; a picture with fewer shows no finger
SMALL = 128  # pixels a side of what is read before the walls go up


def prepare() -> None:
    """Load the network and the measure of quality, and use each once."""
    stripes = np.tile(np.repeat(np.array([0, 255], np.uint8), 5), 26)[: SMALL * 2]
    work_on(np.tile(stripes, (SMALL * 2, 1)))
    key = KeyEncryptionKey.new("warm-up")
    kept = io.BytesIO()
    Image.new("L", (SMALL, SMALL)).save(kept, "PNG")
    nobody = UUID(int=0)
    picture_of(unseal(seal(kept.getvalue(), nobody, key, kind="finger"), nobody, KeyRing([key]), kind="finger"))


def work(given: bytes) -> tuple[dict[str, object], bytes]:
    """``given``: a line of JSON (name and key, and of each picture its identifier, that of the template to be, its
    position and size), then the sealed pictures one after the other. The answer is of the same kind.
    """
    line, _, rest = given.partition(b"\n")
    order = json.loads(line)
    key = KeyEncryptionKey(order["name"], base64.b64decode(order["key"]))
    told, content = [], b""
    for each in order["pictures"]:
        sealed, rest = rest[: each["size"]], rest[each["size"] :]
        fault, quality, count, template = _read(sealed, each, key)
        told.append([fault, quality, count, len(template)])
        content += template
    return {"fingers": told}, content


def _read(sealed: bytes, each: dict[str, object], key: KeyEncryptionKey) -> tuple[str, int, int, bytes]:
    try:
        picture = picture_of(unseal(sealed, UUID(str(each["id"])), KeyRing([key]), kind="finger"))
    except Tampered:
        return "tampered", 0, 0, b""
    found = work_on(picture)
    if len(found.points) < LEAST:
        return "empty", found.quality, len(found.points), b""
    points = tuple(iso19794.Point(*point) for point in found.points[:MOST])
    high, wide = picture.shape
    record = iso19794.template(points, width=wide, height=high, position=int(str(each["position"])))
    template = seal(iso19794.write(record), UUID(str(each["template"])), key, kind="finger")
    return "", found.quality, len(points), template


def picture_of(png: bytes) -> Picture:
    """Grey levels of a picture as the vault keeps it: a PNG that this node wrote from bare pixels."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        return np.asarray(image.convert("L"))


def work_on(picture: Picture) -> Extracted:
    """Minutiae and quality."""
    return leader()(picture)
