"""Invented fingers for the tests of identification: grown, pressed twice, and handed in as minutiae records."""

import io
from collections.abc import Iterable

from PIL import Image

from stonebridge.formats import iso19794
from stonebridge.matching.fingerprint.starting import compile_all
from stonebridge.matching.fingerprint.synthesis import HEIGHT, WIDTH, finger, impression
from stonebridge.registry.registration import TEMPLATE, Capture


def prints(owner: int, capture: int, positions: Iterable[int] = (2, 7)) -> tuple[Capture, ...]:
    """The fingers of ``owner`` as a capture shows them."""
    taken = []
    for position in positions:
        seen = impression(finger(100 * owner + position), 1000 * capture + position)
        points = tuple(iso19794.Point(*point) for point in seen.points)
        record = iso19794.write(iso19794.template(points, width=WIDTH, height=HEIGHT, position=position))
        taken.append(Capture("finger", position, TEMPLATE, record, WIDTH, HEIGHT))
    return tuple(taken)


def pictures(owner: int, capture: int, positions: Iterable[int] = (2, 7), *, read: bool = False) -> tuple[Capture, ...]:
    """The same fingers as the vault keeps pictures; ``read``: the scanner delivers the minutiae with them."""
    taken = []
    for template in prints(owner, capture, positions):
        seen = impression(finger(100 * owner + template.position), 1000 * capture + template.position)
        png = io.BytesIO()
        Image.fromarray(seen.picture).save(png, "PNG", dpi=(500, 500))
        minutiae = template.content if read else b""
        taken.append(
            Capture("finger", template.position, "image/png", png.getvalue(), WIDTH, HEIGHT, minutiae=minutiae)
        )
    return tuple(taken)


def ready() -> None:
    """Machine code for fingers, so that no search of a test waits for it."""
    compile_all()
