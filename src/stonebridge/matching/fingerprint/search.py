"""Finding a finger in a gallery: a first look at every template, then the exact comparison of the best.

A small gallery is compared exactly as a whole. The best are compared again both ways, so that a candidate's score is
the one that ``compare`` gives.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.fingerprint.comparison import Probe, Shelf, score, score_both_ways
from stonebridge.matching.fingerprint.neighbours import probe_table
from stonebridge.matching.fingerprint.points import Floats, workspace
from stonebridge.matching.fingerprint.prefilter import best_of, count_all
from stonebridge.matching.fingerprint.template import Template
from stonebridge.matching.fingerprint.tuning import (
    AGAIN,
    FEW,
    FEWEST,
    FILTER_REACH,
    GROWTH,
    LOOKS,
    LOOKS_SHARE,
    SEARCH_GROWTH,
    SMALL,
)

Part = TypeVar("Part")
Answer = TypeVar("Answer")
Visible = NDArray[np.bool_]


class Candidate(NamedTuple):
    """A template of the gallery, by its place, and bits of evidence that it is the same finger."""

    place: int
    score: float


class Fingers:
    """Templates that can be searched. A search may use several threads; each template's score is the same in all."""

    def __init__(self, templates: Iterable[Template] | Shelf, threads: int = 1) -> None:
        self.shelf = templates if isinstance(templates, Shelf) else Shelf.of(templates)
        self._threads = max(1, threads)
        self._everyone = np.ones(len(self.shelf), np.bool_)

    def __len__(self) -> int:
        return len(self.shelf)

    def search(self, template: Template, limit: int, visible: Visible | None = None) -> list[Candidate]:
        """The best candidates, best first. What ``visible`` leaves out is not looked at."""
        probe = Probe(template)
        chosen, growth = np.flatnonzero(self._everyone if visible is None else visible), GROWTH
        if len(chosen) > SMALL:
            chosen = self._first_look(template, self._everyone if visible is None else visible)
            growth = GROWTH if len(template) < FEW else SEARCH_GROWTH
        scores = self._spread(lambda part: score(probe, self.shelf, part, workspace(), growth), chosen)
        chosen = chosen[np.lexsort((chosen, -scores))[: max(limit, AGAIN)]]
        scores = self._spread(lambda part: score_both_ways(probe, self.shelf, part, workspace()), chosen)
        order = np.lexsort((chosen, -scores))[:limit]
        return [Candidate(int(chosen[at]), float(scores[at])) for at in order]

    def _spread(self, work: Callable[[NDArray[np.int64]], Floats], chosen: NDArray[np.int64]) -> Floats:
        return np.concatenate(self._each(work, np.array_split(chosen, self._threads)))

    def _first_look(self, template: Template, visible: Visible) -> NDArray[np.int64]:
        fewness = max(1.0, FEW / max(len(template), FEWEST))
        wanted = round((LOOKS + len(self) // LOOKS_SHARE) * fewness**2)
        table = probe_table(template.minutiae, FILTER_REACH)
        counts = np.empty(len(self), np.int32)
        edges = np.linspace(0, len(self), self._threads + 1).astype(int)

        def look(part: tuple[int, int]) -> None:
            count_all(table, self.shelf.codes, self.shelf.starts, visible, part[0], part[1], counts)

        self._each(look, list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)))
        chosen = best_of(counts, wanted)
        return chosen[visible[chosen]]

    def _each(self, work: Callable[[Part], Answer], parts: list[Part]) -> list[Answer]:
        if self._threads == 1:
            return [work(part) for part in parts]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(work, parts))
