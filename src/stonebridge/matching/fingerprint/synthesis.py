"""Fingers that nobody has: ridges grown from noise along a field of directions, then pressed on a sensor.

The field comes from loops and deltas (the zeros and poles of Sherlock and Monro). Ridges
grow by filtering noise along it again and again; minutiae appear where ridges must begin
or fork, and are read off the thinned ridges, so that the truth is known. An impression
stretches, turns, wets or dries and crops the grown finger, and carries the truth along.
Everything follows from the seed.
"""

from math import cos, pi, sin, tau
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.fingerprint.template import Point

HEIGHT, WIDTH = 448, 352  # pixels of 500 dpi
PERIOD = 9.0  # pixels from ridge to ridge
TURNS = 16  # directions of the filters
ROUNDS = 9
BORDER = 24
Plane = NDArray[np.float64]
ENDING, BIFURCATION = 1, 2


class Finger(NamedTuple):
    """Grown ridges, above zero, and their minutiae."""

    ridges: Plane
    points: tuple[Point, ...]


class Impression(NamedTuple):
    """A picture, ridges dark, and the minutiae that can be seen in it."""

    picture: NDArray[np.uint8]
    points: tuple[Point, ...]


def finger(seed: int) -> Finger:
    """Grow a finger."""
    chance = np.random.default_rng([seed, 1])
    field = _field(chance)
    ridges = _grow(field, chance)
    return Finger(ridges, _minutiae(ridges, field))


def impression(of: Finger, seed: int, *, turn: float = 0.0, stretch: float = 1.0, dirt: float = 1.0) -> Impression:
    """Press a finger on a sensor: ``turn`` in radians, ``stretch`` and ``dirt`` as shares of what is usual."""
    chance = np.random.default_rng([seed, 2])
    turn += chance.normal(0, 0.12)
    move = Press(chance, turn, stretch)
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    from_x, from_y = _backwards(move, columns, rows)
    seen = _sample(of.ridges, from_x, from_y)
    wet = chance.normal(0, 0.25 * dirt)
    noise = _smooth(chance.normal(size=seen.shape), 1.2) * 4.0
    blotches = _smooth(chance.normal(size=seen.shape), 14.0) * 30.0
    contact = _contact(chance, columns, rows)
    tone = np.tanh(2.2 * (seen + wet + 0.22 * dirt * noise)) * (1 - 0.25 * dirt * np.clip(blotches, 0, 1.5))
    picture = 232 - contact * (105 + 95 * tone) + chance.normal(0, 4, seen.shape)
    points = []
    for x, y, angle, kind, quality in of.points:
        u, v = move(np.array([x, x + 3 * cos(angle)]), np.array([y, y - 3 * sin(angle)]))
        if BORDER < u[0] < WIDTH - BORDER and BORDER < v[0] < HEIGHT - BORDER and contact[int(v[0]), int(u[0])] > 0.6:
            direction = float(np.arctan2(v[0] - v[1], u[1] - u[0])) % tau
            points.append((float(u[0]), float(v[0]), direction, kind, quality))
    return Impression(np.clip(picture, 0, 255).astype(np.uint8), tuple(points))


def _field(chance: np.random.Generator) -> Plane:
    """The ridges' direction at every pixel, in radians anticlockwise, modulo a half turn."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    middle_x, middle_y = WIDTH / 2 + chance.normal(0, 12), HEIGHT * 0.45 + chance.normal(0, 15)
    shape = chance.random()
    loops, deltas = [(middle_x, middle_y)], []
    side = chance.choice((-1.0, 1.0))
    if shape < 0.65:
        deltas = [(middle_x + side * chance.uniform(75, 120), middle_y + chance.uniform(110, 160))]
    elif shape < 0.95:
        loops.append((middle_x + chance.normal(0, 8), middle_y + chance.uniform(25, 55)))
        deltas = [(middle_x - chance.uniform(95, 135), middle_y + chance.uniform(110, 150)),
                  (middle_x + chance.uniform(95, 135), middle_y + chance.uniform(110, 150))]  # fmt: skip
    else:
        loops = []
    if not loops:
        lift = 50 * np.exp(-(((columns - middle_x) / 90) ** 2) - ((rows - middle_y) / 130) ** 2)
        slope = np.gradient(lift, axis=1)
        arch: Plane = np.arctan(slope * 1.6) % pi
        return arch
    angle = np.zeros((HEIGHT, WIDTH))
    for x, y in loops:
        angle += np.arctan2(-(rows - y), columns - x)
    for x, y in deltas:
        angle -= np.arctan2(-(rows - y), columns - x)
    waves = _smooth(chance.normal(size=angle.shape), 40.0) * 12.0
    return (angle / 2 + 0.15 * waves) % pi


def _grow(field: Plane, chance: np.random.Generator) -> Plane:
    period = PERIOD * (1 + 0.06 * chance.normal())
    rows = np.fft.fftfreq(HEIGHT)[:, None]
    columns = np.fft.rfftfreq(WIDTH)[None, :]
    filters = []
    for turn in range(TURNS):
        across = turn * pi / TURNS + pi / 2
        # frequency plane: a pair of blobs, one period across the ridges, narrow along them
        u, v = cos(across) / period, -sin(across) / period
        along_x, along_y = cos(across), -sin(across)
        blob = np.zeros((HEIGHT, WIDTH // 2 + 1))
        for sign in (1.0, -1.0):
            du, dv = columns - sign * u, rows - sign * v
            radial, sideways = du * along_x + dv * along_y, -du * along_y + dv * along_x
            blob += np.exp(-(radial**2) / (2 * 0.022**2) - sideways**2 / (2 * 0.028**2))
        filters.append(blob)
    which = np.round(field / pi * TURNS).astype(int) % TURNS
    plane = chance.normal(size=(HEIGHT, WIDTH))
    for _ in range(ROUNDS):
        waves = np.fft.rfft2(plane)
        grown = np.zeros_like(plane)
        for turn, blob in enumerate(filters):
            here = which == turn
            if here.any():
                grown[here] = np.fft.irfft2(waves * blob, plane.shape)[here]
        plane = np.tanh(grown / (grown.std() + 1e-9) * 1.4)
    return plane


def _minutiae(ridges: Plane, field: Plane) -> tuple[Point, ...]:
    bones = thin(ridges > 0)
    around = [np.roll(bones, shift, (0, 1)).astype(int) for shift in
              ((1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1))]  # fmt: skip
    crossings = sum(abs(around[k] - around[k - 1]) for k in range(8)) // 2
    points: list[Point] = []
    for kind, number in ((ENDING, 1), (BIFURCATION, 3)):
        for y, x in zip(*np.nonzero(bones & (crossings == number)), strict=True):
            if BORDER < x < WIDTH - BORDER and BORDER < y < HEIGHT - BORDER:
                points.append((float(x), float(y), _heading(bones, field, int(x), int(y)), kind, 90))
    kept: list[Point] = []
    for point in points:
        # short bridges and spurs of the thinned ridges are no minutiae
        if all((point[0] - other[0]) ** 2 + (point[1] - other[1]) ** 2 > 49 for other in points if other is not point):
            kept.append(point)
    return tuple(kept)


def _heading(bones: NDArray[np.bool_], field: Plane, x: int, y: int) -> float:
    """Along the ridge that ends, or into the valley that a fork holds: to the side where its own bones are."""
    window = bones[y - 8 : y + 9, x - 8 : x + 9]
    own = np.zeros_like(window)
    own[8, 8] = True
    for _ in range(8):
        wider = own.copy()
        for shift in (-1, 0, 1):
            for other in (-1, 0, 1):
                wider |= np.roll(own, (shift, other), (0, 1))
        own = wider & window
    rows, columns = np.nonzero(own)
    away_x, away_y = columns.mean() - 8, 8 - rows.mean()
    angle = float(field[y, x])
    ahead = away_x * cos(angle) + away_y * sin(angle)
    return (angle if ahead > 0 else angle + pi) % tau


def thin(ridges: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Peel ridges to lines of one pixel (Zhang and Suen, 1984)."""
    bones = ridges.copy()
    bones[[0, -1], :] = bones[:, [0, -1]] = False
    changing = True
    while changing:
        changing = False
        for step in (0, 1):
            n, ne, e, se, s, sw, w, nw = (
                np.roll(bones, shift, (0, 1))
                for shift in ((1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1))
            )
            ring = (n, ne, e, se, s, sw, w, nw)
            count = sum(each.astype(int) for each in ring)
            starts = sum((~ring[k - 1] & ring[k]).astype(int) for k in range(8))
            free = (~(n & e & s) & ~(e & s & w)) if step == 0 else (~(n & e & w) & ~(n & s & w))
            gone = bones & (count >= 2) & (count <= 6) & (starts == 1) & free
            if gone.any():
                bones &= ~gone
                changing = True
    return bones


class Press:
    """The way of the skin on the glass: held in the middle, pushed and twisted outside, then turned as a whole."""

    def __init__(self, chance: np.random.Generator, turn: float, stretch: float) -> None:
        self.turn = turn
        self.hold = chance.normal(0, 30, 2)
        self.push = chance.normal(0, 9 * stretch, 2)
        self.twist = chance.normal(0, 0.08 * stretch)
        self.reach, self.soft = chance.uniform(60, 110), chance.uniform(18, 40)
        self.shift = chance.normal(0, 14, 2)

    def __call__(self, x: Plane, y: Plane) -> tuple[Plane, Plane]:
        """From the finger to the picture."""
        u, v = x - WIDTH / 2, y - HEIGHT / 2
        far = np.hypot(u - self.hold[0], v - self.hold[1])
        loose = 1 / (1 + np.exp(-(far - self.reach) / self.soft))
        u, v = (
            u + loose * (self.push[0] - self.twist * v),
            v + loose * (self.push[1] + self.twist * u),
        )
        c, s = cos(self.turn), sin(self.turn)
        return c * u + s * v + WIDTH / 2 + self.shift[0], c * v - s * u + HEIGHT / 2 + self.shift[1]


def _backwards(move: Press, x: Plane, y: Plane) -> tuple[Plane, Plane]:
    """From the picture to the finger: undo the turn, then what is left by repeated correction."""
    c, s = cos(move.turn), sin(move.turn)
    u, v = x - WIDTH / 2 - move.shift[0], y - HEIGHT / 2 - move.shift[1]
    from_x, from_y = c * u - s * v + WIDTH / 2, s * u + c * v + HEIGHT / 2
    for _ in range(6):
        there_x, there_y = move(from_x, from_y)
        off_x, off_y = x - there_x, y - there_y
        from_x, from_y = from_x + c * off_x - s * off_y, from_y + s * off_x + c * off_y
    return from_x, from_y


def _sample(plane: Plane, x: Plane, y: Plane) -> Plane:
    x, y = np.clip(x, 0, WIDTH - 1.001), np.clip(y, 0, HEIGHT - 1.001)
    left, top = x.astype(int), y.astype(int)
    right, down = x - left, y - top
    upper = plane[top, left] * (1 - right) + plane[top, left + 1] * right
    lower = plane[top + 1, left] * (1 - right) + plane[top + 1, left + 1] * right
    result: Plane = upper * (1 - down) + lower * down
    return result


def _contact(chance: np.random.Generator, x: Plane, y: Plane) -> Plane:
    middle_x, middle_y = WIDTH / 2 + chance.normal(0, 14), HEIGHT / 2 + chance.normal(0, 18)
    wide, high = chance.uniform(115, 150), chance.uniform(150, 195)
    edge = ((x - middle_x) / wide) ** 2 + ((y - middle_y) / high) ** 2
    result: Plane = 1 / (1 + np.exp((edge - 1) * 18))
    return result


def _smooth(plane: Plane, width: float) -> Plane:
    rows, columns = np.fft.fftfreq(plane.shape[0])[:, None], np.fft.rfftfreq(plane.shape[1])[None, :]
    soft = np.exp(-2 * (pi * width) ** 2 * (rows**2 + columns**2))
    result: Plane = np.fft.irfft2(np.fft.rfft2(plane) * soft, plane.shape)
    return result
