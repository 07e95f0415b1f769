"""Invented fingers for the tests of identification: grown, pressed twice, and handed in as minutiae records."""

from collections.abc import Iterable

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


def ready() -> None:
    """Machine code for fingers, so that no search of a test waits for it."""
    compile_all()
