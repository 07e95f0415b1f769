"""What an engine is worth: recall, TPIR at a share of non-members, per slice, and time."""

import multiprocessing
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np

from names_parts.peers import Engine, Found
from stonebridge.identification.thresholds import bits_from
from stonebridge.matching.biographic.engine import Biographic
from stonebridge.matching.biographic.register import FIELDS, Query, Register, prepare
from stonebridge.matching.biographic.scanning import scan
from stonebridge.matching.biographic.searching import no_answers
from stonebridge.matching.record import Identity, Record

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


_ENGINE: Engine | None = None  # set before the processes fork, so that they share its memory


def _answer(queries: Sequence[dict[str, Any]]) -> int:
    assert _ENGINE is not None  # noqa: S101  # set by ``on_two_cores`` before anything is sent
    return len(_ENGINE.batch(queries))


def on_two_cores(engine: Engine, queries: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Queries a second of the wall by two processes, after each has met the names once, and before."""
    global _ENGINE
    _ENGINE = engine
    parts = [queries[start : start + 250] for start in range(0, len(queries), 250)]
    speeds = []
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for _ in range(3):
            began = time.perf_counter()
            done = sum(pool.imap_unordered(_answer, parts))
            speeds.append(round(done / (time.perf_counter() - began)))
    return {"batch_2_cores_first_per_s": speeds[0], "batch_2_cores_per_s": max(speeds[1:])}


def explained_pairs(register: Register, queries: Sequence[dict[str, Any]]) -> int:
    """Pairs a second of one core that are compared with every feature's bits and level, none given up before its end."""
    asked = [
        Query(**{field: query[field] for field in FIELDS}) for query in queries[: max(3, 2_000_000 // len(register))]
    ]
    probes, near, places = prepare(asked, register._names, register._places, register.nationalities)
    everybody = np.ones(len(register), np.int64)
    with register._borrowed() as space:
        scan(probes, near, places, register.columns, register.shares, everybody, 1, space, no_answers(len(asked), 10))
        began = time.process_time()
        scan(probes, near, places, register.columns, register.shares, everybody, 1, space, no_answers(len(asked), 10))
        return round(len(asked) * len(register) / (time.process_time() - began))


def shelf_costs(register: Register) -> dict[str, float]:
    """Bytes of rows and postings a person; microseconds to add one person to a node's engine so that a search sees them."""
    held = sum(
        part.nbytes for part in (*register.columns, *register.postings, register.order) if isinstance(part, np.ndarray)
    )
    kind = Biographic()
    people = [Record(UUID(int=place), 1, (Identity(given=f"Amir{place % 97}", family=f"Karim{place % 89}", birth=f"19{place % 90 + 10}"),))
              for place in range(3000)]  # fmt: skip
    engine = kind.start(kind.learn(people))
    for record in people[:2000]:
        engine.add(record)
    usual = [_searched(engine, people[place]) for place in range(20)]
    began = time.process_time()
    for record in people[2000:]:
        engine.add(record)
    added = time.process_time() - began + _searched(engine, people[0]) - float(np.median(usual))
    return {"bytes_a_person": round(held / len(register), 1), "append_us": round(1e6 * added / 1000, 1)}


def _searched(engine: Any, record: Record) -> float:
    began = time.process_time()
    engine.search(record.identities[0], 1, 10, 5.0)
    return time.process_time() - began


def wrong_at_budgets(
    queries: Sequence[dict[str, Any]], answers: Sequence[Found], persons: int
) -> dict[str, list[float]]:
    """Wrong persons in 1,000 searches by strangers and by absent siblings, beside the budget that a desk was promised."""
    made = {}
    for budget in (1, 2, 5, 10, 20, 50):
        least = bits_from(persons, budget)
        made[str(budget)] = [
            round(1000 * float(np.mean([sum(bits >= least for _, bits in answer)
                                        for query, answer in zip(queries, answers, strict=True) if query["who"] == who])), 2)
            for who in ("stranger", "sibling")
        ]  # fmt: skip
    return made
