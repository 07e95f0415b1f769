"""Citations: which article a function applies.

The documentation build and ``stonebridge law check`` read ``CITATIONS``, so a
function that applies a rule says so with ``@cites`` and nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Applied = TypeVar("Applied", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Citation:
    """An instrument by its identifier, and the articles in it."""

    instrument: str
    articles: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.instrument} Art. {', '.join(self.articles)}"


CITATIONS: dict[str, tuple[Citation, ...]] = {}


def cites(instrument: str, *articles: str) -> Callable[[Applied], Applied]:
    """Declare that the decorated function applies these articles of ``instrument``."""

    def note(function: Applied) -> Applied:
        name = f"{function.__module__}.{function.__qualname__}"
        CITATIONS[name] = (*CITATIONS.get(name, ()), Citation(instrument, articles))
        return function

    return note


def citations_of(function: Callable[..., object]) -> tuple[Citation, ...]:
    """The articles that ``function`` applies; empty when it cites none."""
    return CITATIONS.get(f"{function.__module__}.{function.__qualname__}", ())
