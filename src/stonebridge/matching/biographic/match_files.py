"""Match a file of queries with a file of persons, in as many processes as there are cores."""

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from json.encoder import encode_basestring
from pathlib import Path

import numpy as np

from stonebridge.matching.biographic.commands import Progress
from stonebridge.matching.biographic.explanations import bits_of, explain
from stonebridge.matching.biographic.files import Aside, Asked, read_queries, read_register
from stonebridge.matching.biographic.register import FIELDS, Register, Texts
from stonebridge.matching.probability import probabilities

BATCH = 250
Batch = list[Asked]


class Writer:
    """Turns answers into lines of JSON."""

    def __init__(self, register: Register, texts: Texts, top: int, least: float | None, *, reasons: bool) -> None:
        self.register, self.top, self.least, self.reasons = register, top, least, reasons
        self._texts = {field: list(texts.numbers[field]) for field in FIELDS}
        self._columns = {field: texts.column(field) for field in FIELDS}
        self._order = register.order

    def lines(self, batch: Batch) -> str:
        """Search a batch and write it."""
        answers = self.register.search([asked.query for asked in batch], self.top)
        persons = len(self.register)
        features = np.round(answers.features.astype(np.float64), 2)
        written = []
        for at, (number, own, query) in enumerate(batch):
            rows = answers.row[at]
            found = [place for place in range(self.top) if rows[place] >= 0]
            bits = [float(answers.bits[at, place]) for place in found]
            chances = probabilities(bits, persons)
            probe = {field: getattr(query, field) for field in FIELDS}
            candidates = []
            for place, score, chance in zip(found, bits, chances, strict=True):
                if self.least is not None and score < self.least:
                    continue
                row = int(self._order[rows[place]])
                name = encode_basestring(self.register.ids[row])
                if not self.reasons:
                    candidates.append(f'{{"id": {name}, "bits": {score:.2f}, "probability": {chance:.6g}}}')
                    continue
                kept = {field: self._texts[field][self._columns[field][row]] for field in FIELDS}
                reasons = explain(features[at, place].tolist(), answers.how[at, place].tolist(), probe, kept)
                told = ", ".join(
                    f'{{"feature": "{reason.feature}", "bits": {reason.bits:.2f}, '
                    f'"sentence": {encode_basestring(reason.sentence)}}}'
                    for reason in reasons
                )
                candidates.append(f'{{"id": {name}, "bits": {bits_of(reasons):.2f}, "probability": {chance:.6g}, '
                                  f'"explanation": [{told}]}}')  # fmt: skip
            carried = f'"id": {own}, ' if own else ""
            written.append(f'{{"query": {number}, {carried}"candidates": [{", ".join(candidates)}]}}\n')
        return "".join(written)


_WRITER: Writer | None = None  # set before the processes fork, so that they share the register's memory


def _lines(batch: Batch) -> tuple[int, str]:
    assert _WRITER is not None  # noqa: S101  # set by ``match_files`` before any batch is sent
    return len(batch), _WRITER.lines(batch)


def match_files(
    register: Path, queries: Path, out: Path, side: Path, progress: Progress, *, fields: frozenset[str], top: int,
    least: float | None, reasons: bool, processes: int,
) -> None:  # fmt: skip
    """Answer every query of a file. The answers stand in the order of the queries."""
    global _WRITER
    aside = Aside(side)
    progress.step("Reading the register")
    texts = read_register(register, fields, aside, progress.share, Texts())
    progress.done(f"{len(texts.ids):,} persons")
    progress.step("Indexing")
    built = Register(texts)
    progress.done(f"{len(built.vocabulary):,} different name parts")
    progress.step("Matching")
    _WRITER = Writer(built, texts, top, least, reasons=reasons)
    size = max(queries.stat().st_size, 1)
    done = answered = 0
    partial = out.with_name(out.name + ".partial")
    with partial.open("w", encoding="utf-8") as stream:
        for count, lines in _answered(read_queries(queries, fields, aside), processes or os.cpu_count() or 1):
            stream.write(lines)
            answered += count
            done += count * 120
            progress.share(done / size)
    partial.replace(out)
    progress.done(f"{answered:,} queries")
    aside.write()
    progress.step("Rows")
    progress.done(aside.summary())


def _answered(queries: Iterator[Asked], processes: int) -> Iterable[tuple[int, str]]:
    batches = iter(lambda: list(islice(queries, BATCH)), [])
    if processes == 1 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(_lines, batches)
        return
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        yield from pool.imap(_lines, batches)
