"""A list of alerts: names with a birth date at most, searched by the same engine. How it loads, what it holds, how fast."""

import csv
import random
import resource
import time
from pathlib import Path
from typing import Any

import numpy as np

from names_parts.people import World
from names_parts.slips import again
from stonebridge.matching.biographic.files import Aside, read_register
from stonebridge.matching.biographic.register import Query, Register, Texts

FIELDS = frozenset({"given", "family", "birth"})
SEED = 7


def make_list(path: Path, count: int, asked: int) -> list[tuple[str, Query]]:
    """Write a list of ``count`` names, and answer queries about some of them, each with the id that is meant."""
    world, draw = World(), random.Random(SEED)
    people = world.people(count, SEED)
    places = set(draw.sample(range(count), asked))
    queries = []
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("id", "given", "family", "birth"))
        for place, person in enumerate(people):
            paper = world.registered(person, draw)
            writer.writerow((f"L{place}", paper.given, paper.family, paper.birth))
            if place in places:
                other = again(world, person, paper, draw)
                queries.append((f"L{place}", Query(given=other.given, family=other.family, birth=other.birth)))
    return queries


def measured_list(path: Path, queries: list[tuple[str, Query]]) -> dict[str, Any]:
    """Load the file as the command does, and ask one query at a time. Times of the wall; memory of this process."""
    before = _resident()
    began = time.monotonic()
    texts = read_register(path, FIELDS, Aside(path.with_suffix(".aside")), lambda share: None, Texts())
    read = time.monotonic() - began
    register = Register(texts)
    loaded = time.monotonic() - began
    first, took, found = [], [], 0
    for clock in (first, took):
        for meant, query in queries:
            start = time.perf_counter()
            answer = register.search([query], 10)
            clock.append(1000 * (time.perf_counter() - start))
            found += clock is took and any(
                register.ids[register.order[row]] == meant for row in answer.row[0] if row >= 0
            )
    return {
        "names": len(register), "queries": len(queries), "read_s": round(read, 1), "load_s": round(loaded, 1),
        "bytes_a_name": round((_resident() - before) / len(register)), "recall@10": round(found / len(queries), 4),
        "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
        "p50_first_ms": round(float(np.median(first)), 3), "p50_ms": round(float(np.median(took)), 3),
        "p99_ms": round(float(np.quantile(took, 0.99)), 3),
    }  # fmt: skip


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()
