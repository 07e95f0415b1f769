"""Before files are matched: small work is done by the interpreter, larger work by machine code made once.

Imported before any module with kernels. The costs are measured: the interpreter reads about
5,000 rows a second; a query takes it 5 milliseconds and more in a larger register.
"""

from collections.abc import Callable
from typing import Any

from stonebridge.matching import kernels
from stonebridge.matching.biographic.commands import Progress

PATIENCE, PATIENCE_KEPT = 12.0, 1.0
"""Seconds of interpreting that are less than compiling, and less than loading what is compiled."""


def seconds_to_match(rows: int, queries: int) -> float:
    """What the interpreter needs for queries on a register."""
    return rows / 5000 + queries * (rows + 2000) / 400_000


def seconds_to_deduplicate(rows: int) -> float:
    """What the interpreter needs for every pair of a register."""
    return rows / 600


def make_ready(seconds: float, name: str, first_work: Callable[[], object], progress: Progress) -> None:
    """Interpret, if that takes ``seconds`` and compiling more; else compile now, once, before processes part ways.

    ``name`` is the last kernel that is compiled, and ``first_work`` calls it.
    """
    kept = kernels.is_kept(name)
    if seconds < (PATIENCE_KEPT if kept else PATIENCE):
        kernels.interpret()
    if not kept and not kernels.is_interpreted():
        progress.step("Compiling, once", shown=True)
        first_work()
        place = kernels.folder()
        progress.done("the machine code could not be kept" if place is None else f"kept in {place}")


def match_a_few() -> None:
    """Compile what ``match`` needs."""
    register, query = _small()
    register.search([query])


def pair_a_few() -> None:
    """Compile what ``deduplicate`` needs."""
    register, _ = _small()
    register.pairs(0.0)


def _small() -> tuple[Any, Any]:
    from stonebridge.matching.biographic.register import Query, Register, Texts

    texts = Texts()
    texts.add(["1", "2"], {"given": ["Ana", "Ana"], "birth": ["1990", "1991"]})
    return Register(texts), Query(given="Ana")
