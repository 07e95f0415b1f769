"""Comparing templates: the evidence in bits, and which minutiae lie on each other.

Each finger is laid on the other, and the mean of both ways counts: seeds and growth start from another side, so that
a mishap of one way is halved. A search asks one way first, and both of those that come out best.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.fingerprint.evidence import MEASURES, evidence
from stonebridge.matching.fingerprint.kernel import compare as compare_kernel
from stonebridge.matching.fingerprint.kernel import score_many
from stonebridge.matching.fingerprint.neighbours import Codes, Table, encode_all, probe_table
from stonebridge.matching.fingerprint.points import Floats, Workspace, points_of, workspace
from stonebridge.matching.fingerprint.template import Minutiae, Template
from stonebridge.matching.fingerprint.tuning import GROWTH, NEIGHBOURS, REACH, Growth

AT_ONCE = 50_000  # pairs that are asked one way, then the other


class Comparison(NamedTuple):
    """``score``: bits of evidence for the same finger. ``pairs``: places of minutiae in the two records.

    ``measures``: what the evidence was weighed from. Pairs and measures are of the way that found more evidence.
    """

    score: float
    pairs: tuple[tuple[int, int], ...]
    measures: dict[str, float]


@dataclass(frozen=True)
class Probe:
    """A template made ready to be compared with many."""

    template: Template

    @cached_property
    def points(self) -> Floats:
        """Its minutiae as columns."""
        return points_of(self.template.minutiae)

    @cached_property
    def table(self) -> Table:
        """Who of its minutiae agrees with a neighbour's code."""
        return probe_table(self.template.minutiae, REACH)


class Shelf:
    """Templates side by side, as the kernels read them: six bytes a minutia, and sixteen for its neighbours."""

    def __init__(self, minutiae: Minutiae, starts: NDArray[np.int64]) -> None:
        """``starts``: where each template begins, and where the last one ends."""
        self.minutiae, self.starts = minutiae, starts
        self.codes: Codes = np.empty((len(minutiae), NEIGHBOURS), np.uint16)
        encode_all(minutiae, starts, self.codes)

    @classmethod
    def of(cls, templates: Iterable[Template]) -> Self:
        """Code the templates and put them side by side."""
        rows = [np.empty((0, 3), np.int16), *(template.minutiae for template in templates)]
        return cls(np.vstack(rows), np.cumsum([len(each) for each in rows], dtype=np.int64))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def template(self, place: int) -> Template:
        """The template at a place; where its minutiae stood in their record is not known any more."""
        minutiae = self.minutiae[self.starts[place] : self.starts[place + 1]]
        return Template(minutiae, tuple(range(len(minutiae))))


def score(
    probe: Probe, shelf: Shelf, chosen: Sequence[int] | NDArray[np.int64], work: Workspace, growth: Growth = GROWTH
) -> Floats:
    """Bits of evidence for the same finger, for each chosen template of the shelf: the probe is laid on it."""
    scores = np.empty(len(chosen), np.float32)
    score_many(
        probe.template.minutiae, probe.points, probe.table, shelf.minutiae, shelf.codes, shelf.starts,
        np.asarray(chosen, dtype=np.int64), growth, work, scores,
    )  # fmt: skip
    return scores


def score_both_ways(probe: Probe, shelf: Shelf, chosen: Sequence[int] | NDArray[np.int64], work: Workspace) -> Floats:
    """The mean evidence of both ways, for each chosen template of the shelf."""
    alone = Shelf.of([probe.template])
    back = np.empty(len(chosen), np.float32)
    for at, place in enumerate(chosen):
        back[at] = score(Probe(shelf.template(place)), alone, [0], work)[0]
    both: Floats = (score(probe, shelf, chosen, work) + back) / np.float32(2)
    return both


def compare(first: Template, second: Template) -> Comparison:
    """Compare two templates and tell which of their minutiae lie on each other."""
    there, back = _one_way(first, second), _one_way(second, first)
    back = back._replace(pairs=tuple(sorted((i, j) for j, i in back.pairs)))
    return max(there, back, key=lambda way: way.score)._replace(score=(there.score + back.score) / 2)


def _one_way(first: Template, second: Template) -> Comparison:
    probe, work = Probe(first), workspace()
    measures = np.empty(len(MEASURES), np.float32)
    held = compare_kernel(
        first.minutiae, probe.points, probe.table, second.minutiae, Shelf.of([second]).codes, GROWTH, work,
        measures,
    )  # fmt: skip
    pairs = tuple((first.order[i], second.order[j]) for i, j in work.pairing[:, :held].T)
    told = dict(zip(MEASURES, (float(value) for value in measures), strict=True))
    return Comparison(float(evidence(measures)), pairs, told)


def score_pairs(templates: Sequence[Template], pairs: Sequence[tuple[int, int]], threads: int = 1) -> Iterator[float]:
    """Score pairs of places in ``templates`` both ways, in order."""
    shelf = Shelf.of(templates)
    with ThreadPoolExecutor(max(1, threads)) as pool:
        for start in range(0, len(pairs), AT_ONCE):
            part = pairs[start : start + AT_ONCE]
            there = _by_probe(templates, shelf, part, pool, threads)
            back = _by_probe(templates, shelf, [(second, first) for first, second in part], pool, threads)
            yield from ((there + back) / 2).tolist()


def _by_probe(
    templates: Sequence[Template], shelf: Shelf, pairs: Sequence[tuple[int, int]], pool: Executor, threads: int
) -> Floats:
    """Score pairs one way; the pairs of one probe together, so that its table is made once."""
    wanted: dict[int, list[int]] = {}
    for at, (first, _) in enumerate(pairs):
        wanted.setdefault(first, []).append(at)
    scores = np.empty(len(pairs), np.float32)

    def fill(probes: Sequence[int]) -> None:
        work = workspace()
        for first in probes:
            places = wanted[first]
            scores[places] = score(Probe(templates[first]), shelf, [pairs[at][1] for at in places], work)

    probes = list(wanted)
    list(pool.map(fill, [probes[at::threads] for at in range(threads)]))
    return scores
