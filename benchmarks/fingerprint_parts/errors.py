"""Error rates of verification, and their plot."""

from pathlib import Path
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Scores = NDArray[np.float64]
LOW, HIGH = 1e-4, 0.5  # of the plot
SIDE, MARGIN = 640, 70
COLOURS = ((0, 90, 160), (190, 60, 20), (20, 130, 60), (120, 60, 150))


class Errors(NamedTuple):
    """Shares: where both errors are equal, and the non-matches at a false match rate of 1 %, 0.1 % and none."""

    eer: float
    fmr100: float
    fmr1000: float
    zero: float


def curve(genuine: Scores, impostor: Scores) -> tuple[Scores, Scores]:
    """False match and false non-match rate at every threshold."""
    genuine, impostor = np.sort(genuine), np.sort(impostor)
    thresholds = np.unique(np.concatenate([genuine, impostor]))
    thresholds = np.append(thresholds, thresholds[-1] + 1)
    false_match = 1 - np.searchsorted(impostor, thresholds, "left") / len(impostor)
    return false_match, np.searchsorted(genuine, thresholds, "left") / len(genuine)


def errors(genuine: Scores, impostor: Scores) -> Errors:
    false_match, missed = curve(genuine, impostor)
    at = int(np.argmax(false_match <= missed))
    eer = min(false_match[max(at - 1, 0)] + missed[max(at - 1, 0)], false_match[at] + missed[at]) / 2
    return Errors(float(eer), *(float(missed[np.argmax(false_match <= most)]) for most in (0.01, 0.001, 0.0)))


def interval(scores: Scores, same: NDArray[np.bool_], fingers: NDArray[np.int64], rounds: int = 300) -> tuple[str, str]:
    """90 % intervals of EER and of FNMR at FMR 0.1 %, drawing whole fingers again with repetition.

    ``fingers``: the two fingers of each pair. A pair counts as often as both of its fingers were drawn.
    """
    chance = np.random.default_rng(1)
    names = np.unique(fingers)
    found = []
    for _ in range(rounds):
        drawn = np.bincount(np.searchsorted(names, chance.choice(names, len(names))), minlength=len(names))
        times = drawn[np.searchsorted(names, fingers[:, 0])] * np.where(
            same, 1, drawn[np.searchsorted(names, fingers[:, 1])]
        )
        again = np.repeat(np.arange(len(scores)), times)
        if same[again].any() and not same[again].all():
            found.append(errors(scores[again][same[again]], scores[again][~same[again]]))
    told = np.array([(each.eer, each.fmr1000) for each in found])
    low, high = np.quantile(told, 0.05, axis=0), np.quantile(told, 0.95, axis=0)
    return tuple(f"{100 * a:.2f} to {100 * b:.2f}" for a, b in zip(low, high, strict=True))  # type: ignore[return-value]


def plot(curves: dict[str, tuple[Scores, Scores]], file: Path) -> None:
    """A DET plot: both error rates on normal deviate scales."""
    deviate = NormalDist().inv_cdf
    least, most = deviate(LOW), deviate(HIGH)
    paper = Image.new("RGB", (SIDE + 2 * MARGIN, SIDE + 2 * MARGIN), "white")
    pen = ImageDraw.Draw(paper)

    def place(rate: float) -> float:
        return (deviate(min(max(rate, LOW), HIGH)) - least) / (most - least) * SIDE

    for rate in (1e-4, 1e-3, 0.01, 0.05, 0.1, 0.2, 0.5):
        at = place(rate)
        pen.line((MARGIN + at, MARGIN, MARGIN + at, MARGIN + SIDE), fill=(225, 225, 225))
        pen.line((MARGIN, MARGIN + SIDE - at, MARGIN + SIDE, MARGIN + SIDE - at), fill=(225, 225, 225))
        pen.text((MARGIN + at - 12, MARGIN + SIDE + 8), f"{100 * rate:g} %", fill="black")
        pen.text((12, MARGIN + SIDE - at - 6), f"{100 * rate:g} %", fill="black")
    pen.text((MARGIN + SIDE / 2 - 50, SIDE + MARGIN + 35), "false match rate", fill="black")
    pen.text((12, MARGIN - 40), "false non-match rate", fill="black")
    for number, (name, (false_match, missed)) in enumerate(curves.items()):
        colour = COLOURS[number % len(COLOURS)]
        line = [(MARGIN + place(x), MARGIN + SIDE - place(y)) for x, y in zip(false_match, missed, strict=True)]
        pen.line(line, fill=colour, width=2)
        pen.text((MARGIN + SIDE - 190, MARGIN + 12 + 18 * number), name, fill=colour)
    paper.save(file)
