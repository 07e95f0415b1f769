"""A finger's template as text, as an ``Identity`` carries it: the position, a colon, the minutiae in base64."""

import base64
from collections.abc import Iterable

import numpy as np

from stonebridge.matching.fingerprint.template import Template
from stonebridge.matching.record import Identity


def finger_text(position: int, template: Template) -> str:
    """``position`` is 1 to 10 as in ANSI/NIST-ITL: right thumb to little finger, left thumb to little finger."""
    return f"{position}:{base64.b64encode(template.minutiae.astype('<i2').tobytes()).decode()}"


def fingers_of(identities: Iterable[Identity]) -> dict[int, Template]:
    """The fingers of a person by position; of several prints of a finger the one with most minutiae.

    The texts were checked where they came in (``stored_record.py``).
    """
    found: dict[int, Template] = {}
    for text in (text for each in identities for text in each.fingers):
        position, _, content = text.partition(":")
        rows = np.frombuffer(base64.b64decode(content), dtype="<i2").astype(np.int16).reshape(-1, 3)
        if len(rows) > len(found.get(int(position), ())):
            found[int(position)] = Template(rows, tuple(range(len(rows))))
    return found
