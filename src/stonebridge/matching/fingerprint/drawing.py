"""A picture of a comparison: the minutiae of both fingers, and lines between those that lie on each other."""

from collections.abc import Sequence
from math import cos, sin
from pathlib import Path

from PIL import Image, ImageDraw, UnidentifiedImageError

from stonebridge.domain.errors import BadInput
from stonebridge.matching.fingerprint.template import Point

PAPER, LONE, MATCHED, LINE = "white", (150, 150, 150), (0, 90, 160), (0, 90, 160, 110)
MARGIN, MARK, TAIL = 20, 4, 11  # pixels


def draw(
    first: Sequence[Point], second: Sequence[Point], pairs: Sequence[tuple[int, int]], file: Path,
    images: tuple[Path, Path] | None = None,
) -> None:  # fmt: skip
    """Write a picture of both fingers side by side, over their images where given. Raises ``BadInput``."""
    opened = (_opened(images[0]), _opened(images[1])) if images else (None, None)
    try:
        drawn(first, second, pairs, opened).save(file)
    except (OSError, ValueError) as error:
        raise BadInput("--draw", str(file), f"The picture cannot be written there: {error}.") from None


def drawn(
    first: Sequence[Point], second: Sequence[Point], pairs: Sequence[tuple[int, int]],
    images: tuple[Image.Image | None, Image.Image | None],
) -> Image.Image:  # fmt: skip
    """Both fingers side by side, over their images where there are any."""
    sides = [_side(first, images[0]), _side(second, images[1])]
    shift = sides[0].width + 2 * MARGIN
    paper = Image.new("RGB", (shift + sides[1].width + MARGIN, max(side.height for side in sides) + 2 * MARGIN), PAPER)
    paper.paste(sides[0], (MARGIN, MARGIN))
    paper.paste(sides[1], (shift, MARGIN))
    pen = ImageDraw.Draw(paper, "RGBA")
    for i, j in pairs:
        pen.line(
            (first[i][0] + MARGIN, first[i][1] + MARGIN, second[j][0] + shift, second[j][1] + MARGIN),
            fill=LINE,
            width=1,
        )
    for points, across, matched in (
        (first, MARGIN, {i for i, _ in pairs}),
        (second, shift, {j for _, j in pairs}),
    ):
        for at, point in enumerate(points):
            _mark(pen, point[0] + across, point[1] + MARGIN, point[2], at in matched)
    return paper


def _side(points: Sequence[Point], image: Image.Image | None) -> Image.Image:
    if image is None:
        width = max((round(point[0]) for point in points), default=100) + MARGIN
        height = max((round(point[1]) for point in points), default=100) + MARGIN
        return Image.new("RGB", (width, height), (247, 247, 247))
    return image


def _opened(image: Path) -> Image.Image:
    try:
        return Image.open(image).convert("RGB")
    except (OSError, UnidentifiedImageError):
        raise BadInput("image", str(image), "Give a picture file that can be read.") from None


def _mark(pen: ImageDraw.ImageDraw, x: float, y: float, angle: float, matched: bool) -> None:
    colour, width = (MATCHED, 2) if matched else (LONE, 1)
    pen.ellipse((x - MARK, y - MARK, x + MARK, y + MARK), outline=colour, width=width)
    pen.line(
        (x + MARK * cos(angle), y - MARK * sin(angle), x + TAIL * cos(angle), y - TAIL * sin(angle)),
        fill=colour, width=width,
    )  # fmt: skip
