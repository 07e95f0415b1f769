"""Fingers made up of random minutiae, and impressions of them: moved, turned, stretched, with some lost and some added.

No real person's print is in the repository.
"""

import random
from math import cos, exp, hypot, pi, sin, tau
from pathlib import Path

from stonebridge.formats.iso19794 import Point, template, write
from stonebridge.matching.fingerprint.template import Template

MIDDLE = 200.0


def finger(seed: int, count: int = 40) -> tuple[Point, ...]:
    """Minutiae at least 15 pixels apart, directions as of neighbouring ridges."""
    chance = random.Random(f"finger {seed}")
    points: list[Point] = []
    swirl = chance.uniform(0, tau)
    while len(points) < count:
        x, y = chance.uniform(60, 340), chance.uniform(60, 340)
        if all(hypot(x - p.x, y - p.y) > 15 for p in points):
            flow = swirl + (x - MIDDLE) / 150 + (y - MIDDLE) / 220
            angle = (flow + chance.choice((0, pi)) + chance.gauss(0, 0.15)) % tau
            points.append(Point(x, y, angle, chance.choice((1, 2)), chance.randrange(50, 100)))
    return tuple(points)


def impression(
    points: tuple[Point, ...], seed: int, *, turn: float = 0.2, lost: float = 0.15, stretch: float = 8.0
) -> tuple[Point, ...]:
    """What a sensor sees of a finger: turned by ``turn`` radians, its rim shifted by ``stretch`` pixels."""
    chance = random.Random(f"impression {seed}")
    seen = []
    for p in points:
        if chance.random() < lost:
            continue
        x, y = p.x - MIDDLE, p.y - MIDDLE
        x += stretch / (1 + exp((80 - hypot(x, y)) / 20))
        u, v = cos(turn) * x + sin(turn) * y, cos(turn) * y - sin(turn) * x
        seen.append(
            Point(
                u + 300 + chance.gauss(0, 1), v + 300 + chance.gauss(0, 1),
                (p.angle + turn + chance.gauss(0, 0.05)) % tau, p.kind, p.quality,
            )
        )  # fmt: skip
    return tuple(seen)


def made(points: tuple[Point, ...]) -> Template:
    """The template of some minutiae."""
    return Template.of(points)


def write_finger(file: Path, points: tuple[Point, ...]) -> Path:
    """Write minutiae as a record and answer the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(write(template(points, width=600, height=600)))
    return file
