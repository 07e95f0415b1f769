"""Where each field stands in the layouts of ICAO Doc 9303: parts 4 (TD3), 5 (TD1), 6 (TD2) and 7 (visas)."""

from dataclasses import dataclass
from enum import StrEnum


class Layout(StrEnum):
    """The five layouts, by the names of Doc 9303."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"
    MRV_A = "MRV-A"
    MRV_B = "MRV-B"


Place = tuple[int, int, int]
"""Line, first column and the column after the last, from 0."""


@dataclass(frozen=True, slots=True)
class Shape:
    code: Place
    issuer: Place
    names: Place
    number: Place
    nationality: Place
    birth: Place
    sex: Place
    expiry: Place
    optional: tuple[Place, ...]
    optional_check: bool = False
    composite: tuple[Place, ...] = ()
    composite_at: tuple[int, int] = (0, 0)


def _two_lines(
    length: int, optional_end: int, composite: tuple[Place, ...] = (), *, optional_check: bool = False
) -> Shape:
    return Shape(
        code=(0, 0, 2), issuer=(0, 2, 5), names=(0, 5, length), number=(1, 0, 9), nationality=(1, 10, 13),
        birth=(1, 13, 19), sex=(1, 20, 21), expiry=(1, 21, 27), optional=((1, 28, optional_end),),
        optional_check=optional_check, composite=composite, composite_at=(1, length - 1),
    )  # fmt: skip


SHAPES = {
    Layout.TD1: Shape(
        code=(0, 0, 2), issuer=(0, 2, 5), names=(2, 0, 30), number=(0, 5, 14), nationality=(1, 15, 18), birth=(1, 0, 6),
        sex=(1, 7, 8), expiry=(1, 8, 14), optional=((0, 15, 30), (1, 18, 29)),
        composite=((0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)), composite_at=(1, 29),
    ),
    Layout.TD2: _two_lines(36, 35, ((1, 0, 10), (1, 13, 20), (1, 21, 35))),
    Layout.TD3: _two_lines(44, 42, ((1, 0, 10), (1, 13, 20), (1, 21, 43)), optional_check=True),
    Layout.MRV_A: _two_lines(44, 44),
    Layout.MRV_B: _two_lines(36, 36),
}  # fmt: skip
SIZES = {(3, 30): (Layout.TD1, Layout.TD1), (2, 36): (Layout.TD2, Layout.MRV_B), (2, 44): (Layout.TD3, Layout.MRV_A)}
"""Number and length of lines: the layout of a document, and that of a visa."""
