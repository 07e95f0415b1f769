"""A probe made ready to be compared: its names' neighbours spread out, and the bits that do not depend on the row."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.biographic.evidence import (
    DOCUMENT_SAME,
    NATIONALITY_SAME,
    PARENT_MOST,
    SAME_FIELD,
    SCRIPT_SHARE,
    SEX_SAME,
)
from stonebridge.matching.biographic.scoring import Probe
from stonebridge.matching.kernels import kernel


class Probes(NamedTuple):
    """Probes of a batch: names as places in a ``Near``."""

    near: NDArray[np.int32]  # probe, slot; -1 for none
    names: NDArray[np.int8]
    given: NDArray[np.int8]
    fathers: NDArray[np.int8]
    mothers: NDArray[np.int8]
    birth: NDArray[np.int32]
    sex: NDArray[np.int8]
    nationality: NDArray[np.int32]  # -2: none, -1: one that the register does not have
    document: NDArray[np.uint64]
    place: NDArray[np.int32]  # place in the ``Near`` of places, -1: none


class Shares(NamedTuple):
    """How the register is spread: the strangers' half of every weight."""

    birth: Any
    birth_chance: NDArray[np.float64]
    sex: NDArray[Any]
    nationality: NDArray[Any]
    siblings: float
    twins: float
    origin: NDArray[np.float64]  # share of each origin
    of_origin: NDArray[np.float64]  # nationality, origin: share of the nationality among persons of that origin
    script: NDArray[np.float64]  # share of each script among names


class Workspace(NamedTuple):
    """Arrays that a search fills and clears again; one for each thread."""

    level: NDArray[np.int8]  # token, slot
    place_level: NDArray[np.int8]
    seen: NDArray[np.bool_]


@kernel
def _learn_origin(likely: Any, bearers: Any, usual: Any) -> Any:
    """Weigh what a name says of its bearer's origin; return the log2 of how much likelier the other names make it.

    Names of one language go together: whoever is called Tesfaye is likelier called Abebe too,
    and that is no evidence of being one person.
    """
    total = 0.0
    for origin in range(len(likely)):
        total += bearers[origin]
    summed = 0.0
    for origin in range(len(likely)):
        if usual[origin] > 0.0:
            among = (bearers[origin] + 4.0 * usual[origin]) / (total + 4.0)
            likely[origin] *= (0.9 * among + 0.1 * usual[origin]) / usual[origin]
            summed += likely[origin]
    for origin in range(len(likely)):
        likely[origin] /= summed
    return np.log2(summed)


@kernel
def _sex_of_namesakes(at: int, sex: int, probes: Any, near: Any, shares: Any) -> Any:
    """The share of a sex among those who bear the probe's given names: a woman's name says already that she is one."""
    origins = len(shares.origin)
    same, other = shares.sex[sex], 1 - shares.sex[sex]
    for slot in range(max(probes.given[at], 1)):
        if probes.near[at, slot] >= 0:
            bearers = near.origin[probes.near[at, slot]]
            of_sex = np.float64(bearers[origins + sex - 1])
            of_both = np.float64(bearers[origins]) + np.float64(bearers[origins + 1])
            among = (of_sex + 4.0 * shares.sex[sex]) / (of_both + 4.0)
            same *= among / shares.sex[sex]
            other *= (1 - among) / (1 - shares.sex[sex])
    return min(max(same / (same + other), 0.02), 0.98)


@kernel
def _highest(bits: Any) -> Any:
    """The highest, at least 0."""
    highest = 0.0
    for place in range(len(bits)):
        highest = max(highest, np.float64(bits[place]))
    return highest


@kernel
def make_probe(
    at: int, probes: Any, near: Any, places: Any, shares: Any, place_differs: float, own: Any, space: Any
) -> Any:
    """Spread the neighbours of a probe over the workspace; ``own`` are the bits of its birth date."""
    bits = np.zeros((12, 5), np.float32)
    for slot in range(12):
        listed = probes.near[at, slot]
        if listed >= 0:
            for level in range(5):
                bits[slot, level] = near.bits[listed, level]
            for place in range(near.start[listed], near.start[listed + 1]):
                space.level[near.token[place], slot] = near.level[place] + 1
    most = 0.0
    for slot in range(probes.names[at]):
        most += max(bits[slot, 0], bits[slot, 1]) + SAME_FIELD
    sex_bits = np.zeros((2, 4))
    sex = probes.sex[at]
    if sex:
        namesakes = shares.sex[sex]
        if sex < 3:
            namesakes = _sex_of_namesakes(at, sex, probes, near, shares)
        for named in range(2):
            share = namesakes if named else shares.sex[sex]
            for other in range(1, 4):
                same = SEX_SAME if other == sex else 1 - SEX_SAME
                sex_bits[named, other] = np.log2(same / (share if other == sex else 1 - share))
    script_bits = np.zeros(12)
    for slot in range(12):
        if probes.near[at, slot] >= 0:
            script_bits[slot] = -SCRIPT_SHARE * np.log2(shares.script[near.script[probes.near[at, slot]]])
    origins = len(shares.origin)
    likely = np.empty(origins)
    for origin in range(origins):
        likely[origin] = shares.origin[origin]
    together = 0.0
    for slot in range(probes.names[at]):
        together += _learn_origin(likely, near.origin[probes.near[at, slot]], shares.origin)
    share = 0.0
    nationality = probes.nationality[at]
    if nationality >= 0:
        for origin in range(origins):
            share += likely[origin] * shares.of_origin[nationality, origin]
        share = 0.8 * share + 0.2 * shares.nationality[nationality]
    fathers = likely  # the father's names go on from the person's
    father_together = 0.0
    for slot in range(8, 8 + probes.fathers[at]):
        father_together += _learn_origin(fathers, near.origin[probes.near[at, slot]], shares.origin)
    nationality_bits = np.zeros(2)
    if nationality >= 0:
        nationality_bits[0] = np.log2(NATIONALITY_SAME / share)
        nationality_bits[1] = np.log2((1 - NATIONALITY_SAME) / (1 - share))
    elif nationality == -1:
        nationality_bits[1] = np.log2(1 - NATIONALITY_SAME)
    listed = probes.place[at]
    place_bits = np.zeros(6, np.float32)
    if listed >= 0:
        place_bits[0] = place_differs
        for level in range(5):
            place_bits[level + 1] = places.bits[listed, level]
        for place in range(places.start[listed], places.start[listed + 1]):
            if places.level[place] < 4:
                space.place_level[places.token[place]] = places.level[place] + 1
    beside = (
        most + max(_highest(sex_bits[0]), _highest(sex_bits[1])) + _highest(nationality_bits) + _highest(place_bits)
    )
    beside += PARENT_MOST * ((probes.fathers[at] > 0) + (probes.mothers[at] > 0))
    if probes.document[at]:
        beside += DOCUMENT_SAME
    return Probe(
        np.int64(probes.names[at]), np.int64(probes.given[at]), np.int64(probes.fathers[at]), np.int64(probes.mothers[at]),
        np.int64(probes.birth[at]), np.int64(sex), np.int64(nationality), probes.document[at], space.level, bits, own,
        sex_bits, script_bits, nationality_bits, place_bits, space.place_level, listed >= 0, most, beside, max(together, 0.0), max(father_together, 0.0), shares.siblings, shares.twins,
    )  # fmt: skip


@kernel
def clear(at: int, probes: Any, near: Any, places: Any, space: Any, met: Any) -> None:
    """Take a probe out of the workspace, and the rows that it met."""
    for slot in range(12):
        listed = probes.near[at, slot]
        if listed >= 0:
            for place in range(near.start[listed], near.start[listed + 1]):
                space.level[near.token[place], slot] = 0
    if probes.place[at] >= 0:
        listed = probes.place[at]
        for place in range(places.start[listed], places.start[listed + 1]):
            space.place_level[places.token[place]] = 0
    for place in range(1, met[0]):
        space.seen[met[place]] = False
