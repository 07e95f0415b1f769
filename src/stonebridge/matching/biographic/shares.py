"""From counts of a register to shares: how strangers agree, see ``evidence.py`` for the other half."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.biographic import evidence
from stonebridge.matching.names.letters import SCRIPTS
from stonebridge.matching.names.vocabulary import Vocabulary


class Origins(NamedTuple):
    """The most frequent nationalities, each an origin of its own, and all others as the last one."""

    number: int
    of: NDArray[np.int64]  # origin of each nationality
    share: NDArray[np.float64]  # of each origin
    within: NDArray[np.float64]  # nationality, origin: share of the nationality among persons of that origin


def origins_of(having: NDArray[Any]) -> Origins:
    """From the number of persons who have each nationality."""
    often = np.argsort(-having, kind="stable")[: evidence.ORIGINS]
    origin = np.full(len(having), len(often), np.int64)
    origin[often] = np.arange(len(often))
    persons = np.bincount(origin, weights=having, minlength=len(often) + 1) + 1e-9
    within = np.zeros((len(having), len(persons)))
    within[np.arange(len(having)), origin] = having / persons[origin]
    return Origins(len(persons), origin, persons / persons.sum(), within)


def sex_shares(counts: NDArray[Any]) -> NDArray[np.float64]:
    """Share of each sex by its number; none for 0, which stands for a sex that is not told."""
    sexes = counts.astype(np.float64) + 1
    sexes[0] = 0
    shares: NDArray[np.float64] = sexes / sexes.sum()
    return shares


def shrunk(counts: NDArray[Any], persons: int, usual: float) -> NDArray[np.float32]:
    """Shares of a register, pulled towards ``usual`` while the register is small."""
    shares: NDArray[np.float32] = ((counts + evidence.BACKGROUND * usual) / (persons + evidence.BACKGROUND)).astype(
        np.float32
    )
    return shares


def script_shares(vocabulary: Vocabulary, counts: NDArray[Any]) -> NDArray[np.float64]:
    """Share of each script among the names of a register."""
    written = (
        np.bincount(vocabulary.scripts(), weights=counts, minlength=SCRIPTS)[:SCRIPTS] + 0.05 * evidence.BACKGROUND
    )
    shares: NDArray[np.float64] = written / written.sum()
    return shares
