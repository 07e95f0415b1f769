"""What an engine is worth: recall, TPIR at a share of non-members, per slice, and time."""

import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from names_parts.peers import Engine, Found

NOWHERE = 99
LEAST = 20  # members of a slice below which nothing is said of it


def measured(engine: Engine, queries: Sequence[dict[str, Any]], singles: int) -> dict[str, Any]:
    """One row of the table; times are of the processor.

    ``singles`` queries are asked one at a time twice: first when the engine meets their names for the first time.
    """
    first = _clocked(engine, queries[: singles + 5])[5:]
    began = time.process_time()
    answers = engine.batch(queries)
    seconds = time.process_time() - began
    took = _clocked(engine, queries[:singles])
    return {
        "engine": engine.name, "queries": len(queries), **quality(queries, answers),
        "p50_first_ms": round(float(np.median(first)), 3), "p50_ms": round(float(np.median(took)), 3), "p99_ms": round(float(np.quantile(took, 0.99)), 3),
        "batch_per_s": round(len(queries) / seconds), "build_cpu_s": round(engine.seconds, 1),
        "slices": slices(queries, answers),
    }  # fmt: skip


def _clocked(engine: Engine, queries: Sequence[dict[str, Any]]) -> list[float]:
    took = []
    for query in queries:
        began = time.process_time()
        engine.one(query)
        took.append(1000 * (time.process_time() - began))
    return took


def quality(queries: Sequence[dict[str, Any]], answers: Sequence[Found]) -> dict[str, float]:
    """Recall of members, TPIR, and the share of absent brothers and sisters above the threshold of 1 %."""
    ranks = np.array([_rank(query, answer) for query, answer in zip(queries, answers, strict=True)])
    tops = np.array([answer[0][1] if answer else -1e9 for answer in answers])
    who = np.array([query["who"] for query in queries])
    member = who == "member"
    row = {"recall@1": float((ranks[member] == 0).mean()), "recall@10": float((ranks[member] < 10).mean())}
    for rate in (0.01, 0.1):
        threshold = threshold_of(queries, answers, rate)
        row[f"tpir@fpir{rate:.0%}"] = float(((ranks == 0) & (tops > threshold))[member].mean())
        if rate == 0.01 and (who == "sibling").any():
            row["siblings_above"] = float((tops[who == "sibling"] > threshold).mean())
    return {name: round(value, 4) for name, value in row.items()}


def threshold_of(queries: Sequence[dict[str, Any]], answers: Sequence[Found], rate: float) -> float:
    """The score that this share of strangers exceeds with their best candidate."""
    tops = [answer[0][1] if answer else -1e9
            for query, answer in zip(queries, answers, strict=True) if query["who"] == "stranger"]  # fmt: skip
    return float(np.quantile(tops, 1 - rate))


def slices(queries: Sequence[dict[str, Any]], answers: Sequence[Found]) -> dict[str, dict[str, float]]:
    """The same for each slice of the members, and the false positives among strangers of that slice."""
    threshold = threshold_of(queries, answers, 0.01)
    found: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    others: dict[str, list[bool]] = defaultdict(list)
    for query, answer in zip(queries, answers, strict=True):
        above = bool(answer) and answer[0][1] > threshold
        for name in query["slices"]:
            if query["who"] == "member":
                found[name].append((_rank(query, answer), above))
            elif query["who"] == "stranger":
                others[name].append(above)
    return {
        name: {"n": len(members), "recall@1": round(float(np.mean([rank == 0 for rank, _ in members])), 3),
               "recall@10": round(float(np.mean([rank < 10 for rank, _ in members])), 3),
               "tpir@fpir1%": round(float(np.mean([rank == 0 and above for rank, above in members])), 3),
               "false_positives": round(float(np.mean(others[name])), 4) if others[name] else 0.0}
        for name, members in sorted(found.items()) if len(members) >= LEAST
    }  # fmt: skip


def _rank(query: dict[str, Any], answer: Found) -> int:
    return next((place for place, (row, _) in enumerate(answer) if row == query["truth"]), NOWHERE)
