"""Impressions to measure with: a folder of records by database, or fingers that are grown for it.

A folder holds a folder for each database with files named finger_impression.iso, as the
public FVC sets are named. Templates never leave the machine and are not in the repository.
"""

import sys
from dataclasses import dataclass
from math import pi, tau
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stonebridge.domain.errors import Unavailable
from stonebridge.matching.fingerprint import synthesis
from stonebridge.matching.fingerprint.comparison import Shelf
from stonebridge.matching.fingerprint.extraction import leader
from stonebridge.matching.fingerprint.template import Point, Template
from stonebridge.site.fingerprint.reading import read_points

Rows = NDArray[np.float64]  # x, y downwards, angle, kind, quality


@dataclass(frozen=True)
class Impression:
    database: str
    finger: str
    number: str
    points: tuple[Point, ...]
    picture: NDArray[np.uint8] | None = None

    @property
    def template(self) -> Template:
        return Template.of(self.points)


def from_folder(folder: Path) -> list[Impression]:
    files = sorted(folder.rglob("*_*.iso"))
    return [Impression(str(f.parent.relative_to(folder)), *f.stem.rsplit("_", 1), read_points(f)) for f in files]


def grown(fingers: int, impressions: int, seed: int) -> tuple[list[Impression], str]:
    """Grown fingers pressed on a sensor; minutiae by LEADER where it is installed, else the known ones."""
    try:
        extract = leader(quality=False)
        source = "LEADER on grown fingers"
    except Unavailable:
        extract, source = None, "true minutiae of grown fingers"
    found = []
    for number in range(fingers):
        finger = synthesis.finger(seed * 100_000 + number)
        for again in range(impressions):
            pressed = synthesis.impression(finger, seed * 10_000_000 + number * 100 + again, stretch=1.5, dirt=1.6)
            points = extract(pressed.picture).points if extract else pressed.points
            found.append(Impression("grown", f"{number:04d}", str(again + 1), points, pressed.picture))
        sys.stderr.write(f"\r{number + 1} fingers grown")
    sys.stderr.write("\n")
    return found, source


def pairs_of(impressions: list[Impression]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """All pairs within a database, and which are of one finger: every genuine and every cross-finger pair."""
    first, second, same = [], [], []
    for a, one in enumerate(impressions):
        for b in range(a + 1, len(impressions)):
            if impressions[b].database == one.database:
                first.append(a)
                second.append(b)
                same.append(impressions[b].finger == one.finger)
    return np.array(first), np.array(second), np.array(same, dtype=bool)


def distractor(impressions: list[Impression], chance: np.random.Generator) -> tuple[Point, ...]:
    """Two templates spliced at a random line, mirrored, shifted, turned, 5 % dropped: a finger that nobody has."""
    parts = []
    for _ in range(2):
        rows = np.array(impressions[chance.integers(len(impressions))].points, dtype=float).reshape(-1, 5)
        rows[:, :2] -= rows[:, :2].mean(axis=0) if len(rows) else 0.0
        parts.append(rows)
    turn = chance.uniform(0, tau)
    line, off = np.array([np.cos(turn), np.sin(turn)]), chance.normal(0, 20)
    rows = np.vstack([parts[0][parts[0][:, :2] @ line < off], parts[1][parts[1][:, :2] @ line >= off]])
    rows = rows[chance.random(len(rows)) > 0.05]
    rows[:, 0] *= -1
    rows[:, 2] = pi - rows[:, 2]
    rows = turned(rows, chance.uniform(-pi / 6, pi / 6))
    rows[:, :2] += chance.normal(0, 2.5, (len(rows), 2))
    rows[:, 2] += chance.normal(0, 0.05, len(rows))
    return points_of(rows)


def crowded(shelf: Shelf, size: int, chance: np.random.Generator) -> Shelf:
    """A shelf filled up to ``size`` with its own templates again, each minutia moved by a dozen pixels and turned."""
    minutiae, starts = [shelf.minutiae], [shelf.starts]
    for begin in range(len(shelf), size, max(len(shelf), 1)):
        more = min(size - begin, len(shelf))
        end = int(shelf.starts[more])
        moved = shelf.minutiae[:end].copy()
        moved[:, :2] += chance.normal(0, 12, (end, 2)).round().astype(np.int16)
        angles = (moved[:, 2] & 255) + chance.normal(0, 6, end).round().astype(np.int16)
        moved[:, 2] = moved[:, 2] & ~255 | angles & 255
        minutiae.append(moved)
        starts.append(shelf.starts[1 : more + 1] + starts[-1][-1])
    return Shelf(np.concatenate(minutiae), np.concatenate(starts)) if len(minutiae) > 1 else shelf


def worsened(points: tuple[Point, ...], chance: np.random.Generator, amount: float, cut: float) -> tuple[Point, ...]:
    """Another, worse impression of the same finger: stretched, turned, cut, with minutiae lost and added."""
    rows = np.array(points, dtype=float).reshape(-1, 5)
    if len(rows) < 4:
        return points
    rows[:, :2] -= rows[:, :2].mean(axis=0)
    place = rows[:, :2].copy()
    far = np.hypot(*(place - chance.normal(0, 40, 2)).T)
    loose = 1 / (1 + np.exp(-(far - chance.uniform(50, 110)) / chance.uniform(15, 40)))
    push, twist = chance.normal(0, 12 * amount, 2), chance.normal(0, 0.10 * amount)
    place += loose[:, None] * (push + np.c_[-twist * place[:, 1], twist * place[:, 0]])
    rows[:, :2] = place @ (np.eye(2) + chance.normal(0, 0.035 * amount, (2, 2))).T
    rows[:, 2] -= loose * twist
    rows = turned(rows, chance.uniform(-0.6, 0.6))
    side = chance.normal(0, 1, 2)
    along = rows[:, :2] @ side
    kept = (along <= np.quantile(along, chance.uniform(cut, 1))) & (chance.random(len(rows)) > 0.24 * chance.random())
    rows = rows[kept]
    rows[:, :2] += chance.normal(0, 1.5, (len(rows), 2))
    rows[:, 2] += chance.normal(0, 0.08, len(rows))
    added = rows[chance.integers(len(rows), size=chance.poisson(0.08 * len(rows)))].copy()
    added[:, :2] += chance.normal(0, 30, (len(added), 2))
    added[:, 2] = chance.uniform(0, tau, len(added))
    added[:, 4] = chance.uniform(40, 75, len(added))
    return points_of(np.vstack([rows, added]))


def turned(rows: Rows, angle: float) -> Rows:
    c, s = np.cos(angle), np.sin(angle)
    rows = rows.copy()
    rows[:, :2] = rows[:, :2] @ np.array([[c, s], [-s, c]])
    rows[:, 2] -= angle
    return rows


def points_of(rows: Rows) -> tuple[Point, ...]:
    rows = rows.copy()
    rows[:, :2] -= rows[:, :2].min(axis=0, initial=0.0) - 10
    return tuple((float(x), float(y), float(a % tau), int(k), int(np.clip(q, 1, 100))) for x, y, a, k, q in rows)
