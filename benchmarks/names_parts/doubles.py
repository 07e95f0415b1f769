"""Doubles of a whole register: pairs against the pairs that are known."""

import time
from pathlib import Path
from typing import Any

import numpy as np

from stonebridge.matching.biographic.deduplicate_files import bits_from, chances
from stonebridge.matching.biographic.files import Aside, read_register
from stonebridge.matching.biographic.register import FIELDS, Register, Texts

LEAST = 0.05  # probability


def doubles(texts: Texts, threads: int) -> dict[str, Any]:
    """F1 at its best, recall at precision 0.95, and seconds, of a register whose doubles are D... of R...."""
    began, processor = time.monotonic(), time.process_time()
    register = Register(texts)
    found = register.pairs(bits_from(LEAST, len(register)), threads)
    wall, processor = time.monotonic() - began, time.process_time() - processor
    person = np.array([int(name[1:]) for name in register.ids])
    true = int(sum(name.startswith("D") for name in register.ids))
    made = best_f1(person[found.first] == person[found.second], found.bits, true)
    at_best = np.float32(made.pop("score_at_best"))
    return {
        "rows": len(register), **made,
        "probability_at_best": round(float(chances(np.array([at_best]), len(register))[0]), 3),
        "wall_s": round(wall, 1), "cpu_s": round(processor, 1),
    }  # fmt: skip


def best_f1(hits: Any, scores: Any, true: int) -> dict[str, float]:
    """F1 at its best over all thresholds, of pairs that are right or not, with their scores."""
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(hits[order])
    precision, recall = right / np.arange(1, len(order) + 1), right / true
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    best = int(f1.argmax())
    return {
        "true_pairs": true, "best_f1": round(float(f1[best]), 4), "precision": round(float(precision[best]), 3),
        "recall": round(float(recall[best]), 3),
        "recall_at_precision_0.95": round(float(recall[precision >= 0.95].max(initial=0.0)), 4),
        "score_at_best": round(float(scores[order[best]]), 2),
    }  # fmt: skip


def read(path: Path) -> Texts:
    """A register from its file."""
    return read_register(path, frozenset(FIELDS), Aside(path.with_suffix(".aside")), lambda share: None, Texts())
