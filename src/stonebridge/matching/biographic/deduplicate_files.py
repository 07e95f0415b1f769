"""Find pairs in a file of persons, or of new persons against those already known, and the groups they form."""

import csv
import os
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.biographic.clusters import Pair, clusters
from stonebridge.matching.biographic.commands import Progress
from stonebridge.matching.biographic.evidence import TWICE
from stonebridge.matching.biographic.files import Aside, read_register
from stonebridge.matching.biographic.register import Register, Texts

CLUSTERED_FROM = 0.5  # probability of a pair that may hold a group together


def chances(bits: NDArray[np.float32], persons: int) -> NDArray[np.float64]:
    """The chance that a pair is one person, if each row has ``TWICE`` other rows of its person on average."""
    odds = np.log2(TWICE / max(persons, 1)) + bits.astype(np.float64)
    result: NDArray[np.float64] = 1.0 / (1.0 + np.exp2(-odds))
    return result


def bits_from(probability: float, persons: int) -> float:
    """The bits at which a pair has that chance."""
    return float(np.log2(max(persons, 1) / TWICE) + np.log2(probability / (1 - probability)))


def deduplicate_files(
    register: Path, new: Path | None, out: Path, clusters_out: Path | None, side: Path, progress: Progress, *,
    fields: frozenset[str], least: float, processes: int,
) -> None:  # fmt: skip
    """Write every pair at the probability ``least`` or more, most probable first."""
    aside = Aside(side)
    progress.step("Reading the register")
    texts = read_register(register, fields, aside, progress.share, Texts())
    old = len(texts.ids)
    if new is not None:
        texts = read_register(new, fields, aside, progress.share, texts)
    persons = len(texts.ids)
    progress.done(f"{persons:,} rows")
    progress.step("Indexing")
    built = Register(texts)
    progress.done(f"{len(built.vocabulary):,} different name parts")
    progress.step("Comparing")
    fresh = None if new is None else np.arange(persons) >= old
    found = built.pairs(bits_from(least, persons), processes or os.cpu_count() or 1, fresh)
    probability = chances(found.bits, persons)
    order = np.lexsort((found.second, found.first, -found.bits))
    partial = out.with_name(out.name + ".partial")
    with partial.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("id1", "id2", "bits", "probability"))
        for place in order.tolist():
            one, other = sorted((int(found.first[place]), int(found.second[place])))
            writer.writerow((texts.ids[one], texts.ids[other], f"{found.bits[place]:.2f}", f"{probability[place]:.6g}"))
    partial.replace(out)
    progress.done(f"{len(order):,} pairs")
    if clusters_out is not None:
        progress.step("Grouping")
        pairs = [
            Pair(int(found.first[place]), int(found.second[place]), float(found.bits[place]), float(probability[place]))
            for place in order.tolist()
        ]
        progress.done(f"{_write_clusters(clusters_out, texts, pairs):,} groups")
    aside.write()
    progress.step("Rows")
    progress.done(aside.summary())


def _write_clusters(out: Path, texts: Texts, pairs: list[Pair]) -> int:
    found = [cluster for cluster in clusters(pairs, CLUSTERED_FROM) if len(cluster.rows) > 1]
    with out.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("cluster", "id", "rows", "weakest_bits", "pairs_not_alike"))
        for number, cluster in enumerate(found, 1):
            for row in cluster.rows:
                writer.writerow((number, texts.ids[row], len(cluster.rows), f"{cluster.weakest:.2f}", cluster.missing))
    return len(found)
