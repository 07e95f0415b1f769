"""``scripts/bench fingerprint_training --templates DIR … --write``: learn the weights of the evidence.

From all genuine and cross-finger pairs of folders of records (DATABASE/FINGER_IMPRESSION.iso), and of worsened
copies of them: stretched, turned, cut, with minutiae lost and added. A database is judged by weights learnt on
the others; the weights written are learnt on all. The weights are a logistic regression, scaled to bits on the
held-out scores of the unworsened templates, with as much belief in one finger as in two.
"""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from fingerprint_parts.errors import errors
from fingerprint_parts.impressions import Impression, from_folder, pairs_of, worsened
from numpy.typing import NDArray

from stonebridge.matching.fingerprint.comparison import Probe, Shelf
from stonebridge.matching.fingerprint.evidence import CAPPED, CAPS, MEASURES, ROOTED
from stonebridge.matching.fingerprint.kernel import compare
from stonebridge.matching.fingerprint.points import workspace
from stonebridge.matching.fingerprint.tuning import GROWTH

WEIGHTS = Path(__file__).resolve().parents[1] / "src/stonebridge/matching/fingerprint/weights.py"
RIDGE = 1e-5
Values = NDArray[np.float64]


class Pairs(NamedTuple):
    """Inputs of the regression, which pairs are of one finger, and their database."""

    inputs: Values
    same: NDArray[np.bool_]
    databases: NDArray[np.str_]


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench fingerprint_training", description=__doc__)
    parser.add_argument("--templates", type=Path, nargs="+", required=True)
    parser.add_argument("--write", action="store_true", help="write the weights into the product")
    given = parser.parse_args()
    plain, worse = [], []
    for number, folder in enumerate(given.templates):
        impressions = from_folder(folder)
        plain.append(measured(impressions))
        for amount, cut in ((1.0, 0.7), (2.0, 0.5)):
            chance = np.random.default_rng([number, round(amount)])
            worse.append(
                measured([replace(each, points=worsened(each.points, chance, amount, cut)) for each in impressions])
            )
    together = Pairs(*(np.concatenate(parts) for parts in zip(*plain, *worse, strict=True)))
    held_out = np.empty(len(together.same))
    for database in np.unique(together.databases):
        apart = together.databases == database
        weights, bias = learn(together.inputs[~apart], together.same[~apart])
        held_out[apart] = together.inputs[apart] @ weights + bias
    at = 0
    for folder, pairs in zip(given.templates, plain, strict=True):
        scores = held_out[at : at + len(pairs.same)]
        at += len(pairs.same)
        told = [errors(scores[chosen & pairs.same], scores[chosen & ~pairs.same])
                for chosen in (pairs.databases == name for name in np.unique(pairs.databases))]  # fmt: skip
        pooled = errors(scores[pairs.same], scores[~pairs.same])
        print(f"{folder.name}: leave one database out: mean EER {100 * np.mean([each.eer for each in told]):.2f} %, "
              f"pooled FNMR at FMR 0.1 % {100 * pooled.fmr1000:.2f} %")  # fmt: skip
    scale, shift = learn(held_out[:at, None], together.same[:at])
    weights, bias = learn(together.inputs, together.same)
    factor = float(scale[0]) / np.log(2)
    if given.write:
        write(weights * factor, bias * factor + shift / np.log(2))
    return 0


def measured(impressions: list[Impression]) -> Pairs:
    """Compare all pairs of a set both ways; the mean of the inputs gives the mean of the evidence."""
    first, second, same = pairs_of(impressions)
    templates = [each.template for each in impressions]
    shelf, work = Shelf.of(templates), workspace()
    probes = [Probe(each) for each in templates]
    measures = np.empty((2, len(first), len(MEASURES)), np.float32)
    for way, ends in enumerate(((first, second), (second, first))):
        for at, (a, b) in enumerate(zip(*ends, strict=True)):
            start, end = shelf.starts[b], shelf.starts[b + 1]
            compare(
                templates[a].minutiae, probes[a].points, probes[a].table, shelf.minutiae[start:end],
                shelf.codes[start:end], GROWTH, work, measures[way, at],
            )  # fmt: skip
    databases = np.array([impressions[at].database for at in first])
    return Pairs((inputs_of(measures[0]) + inputs_of(measures[1])) / 2, same, databases)


def inputs_of(measures: NDArray[np.float32]) -> Values:
    """What ``evidence`` weighs."""
    wide = measures.astype(float)
    return np.hstack([wide, np.sqrt(np.maximum(wide[:, ROOTED], 0)), np.minimum(wide[:, CAPPED], CAPS)])


def learn(inputs: Values, same: NDArray[np.bool_], rounds: int = 60) -> tuple[Values, float]:
    """Logistic regression by Newton's method; one finger and two count the same in sum."""
    middle, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-9
    rows = np.hstack([(inputs - middle) / spread, np.ones((len(inputs), 1))])
    share = np.where(same, 0.5 / same.sum(), 0.5 / (~same).sum())
    found = np.zeros(rows.shape[1])
    calm = RIDGE * np.append(np.ones(rows.shape[1] - 1), 0.0)
    for _ in range(rounds):
        belief = 1 / (1 + np.exp(-np.clip(rows @ found, -40, 40)))
        slope = rows.T @ (share * (belief - same)) + calm * found
        bend = (rows * (share * belief * (1 - belief) + 1e-9)[:, None]).T @ rows + np.diag(calm + 1e-8)
        found -= np.linalg.solve(bend, slope)
    weights = found[:-1] / spread
    return weights, float(found[-1] - weights @ middle)


def write(weights: Values, bias: float) -> None:
    rows = "\n".join(
        "    " + ", ".join(f"{value:.6g}" for value in weights[at : at + 6]) + "," for at in range(0, len(weights), 6)
    )
    WEIGHTS.write_text(
        '"""The weights of the evidence, in bits: learnt by ``scripts/bench fingerprint_training``."""\n\n'
        f"WEIGHTS = (\n{rows}\n)\nBIAS = {bias:.6g}\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    raise SystemExit(main())
