"""A finger's minutiae as the comparisons want them: at most 64, the best first, six bytes each.

Coordinates are pixels of 500 dpi with y upwards, so that angles turn as in a drawing
of mathematics: 256 steps a full turn, anticlockwise from the x axis.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import tau
from typing import Self

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.fingerprint.tuning import CAPACITY

Minutiae = NDArray[np.int16]  # rows of x, y, and 4 bits of quality, 2 of kind, 8 of angle
Point = tuple[float, float, float, int, int]  # x, y downwards, angle in radians, kind, quality from 0 to 100
NO_QUALITY = 60  # taken for a minutia whose quality the record does not tell
FURTHEST = 16_000  # pixels


@dataclass(frozen=True, slots=True)
class Template:
    """The minutiae of one impression. ``order`` tells where each stood in the record that it came from."""

    minutiae: Minutiae
    order: tuple[int, ...]

    @classmethod
    def of(cls, points: Sequence[Point]) -> Self:
        """Keep the best minutiae, each place and direction once."""
        ranked = sorted(range(len(points)), key=lambda at: (-points[at][4], at))
        rows: dict[tuple[int, int, int], int] = {}
        order = []
        for at in ranked:
            if len(rows) == CAPACITY:
                break
            x, y, angle, kind, quality = points[at]
            place = (min(round(x), FURTHEST), -min(round(y), FURTHEST), round(angle * 256 / tau) % 256)
            if place not in rows:
                rows[place] = (quality or NO_QUALITY) * 15 // 100 << 10 | (kind & 3) << 8 | place[2]
                order.append(at)
        minutiae = np.array([(x, y, rest) for (x, y, _), rest in rows.items()], dtype=np.int16)
        return cls(minutiae.reshape(-1, 3), tuple(order))

    def __len__(self) -> int:
        return len(self.minutiae)
