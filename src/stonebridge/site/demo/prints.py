"""Fingers that nobody has, as a desk hands them in: grown from a number, pressed anew at each capture."""

import io
from dataclasses import dataclass

from PIL import Image

from stonebridge.formats import iso19794
from stonebridge.matching.fingerprint.synthesis import HEIGHT, WIDTH, finger, impression
from stonebridge.registry.registration import Capture

INDEX_FINGERS = (2, 7)


@dataclass(frozen=True, slots=True)
class Hands:
    """Whose fingers are taken, and which time: another capture of one owner shows the same fingers otherwise."""

    owner: int
    capture: int

    def taken(self) -> tuple[Capture, ...]:
        """Both index fingers as a scanner delivers them, picture and minutiae, the same at every call; growing them takes half a second."""
        return tuple(self._taken(position) for position in INDEX_FINGERS)

    def _taken(self, position: int) -> Capture:
        seen = impression(finger(100 * self.owner + position), 1000 * self.capture + position)
        points = tuple(iso19794.Point(*point) for point in seen.points)
        record = iso19794.template(points, width=WIDTH, height=HEIGHT, position=position)
        png = io.BytesIO()
        Image.fromarray(seen.picture).save(png, "PNG", dpi=(500, 500))
        return Capture("finger", position, "image/png", png.getvalue(), WIDTH, HEIGHT, minutiae=iso19794.write(record))
