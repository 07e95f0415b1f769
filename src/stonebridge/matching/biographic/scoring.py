"""One probe compared with one row: the bits of every feature. All other modules only choose which rows.

Ten features: given name, family name, father, mother, birth date, sex, nationality,
document, place of birth, and relatives. The last takes back what brothers, sisters and
twins share anyway: the chance of the observation is the sum over "stranger", "sibling"
and "twin", so that a family's common names, place and nationality can never outweigh
the register's siblings.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stonebridge.matching.biographic.evidence import (
    DOCUMENT_DIFFERS,
    DOCUMENT_NEAR,
    DOCUMENT_SAME,
    FAMILY_CONFLICT,
    GIVEN_CONFLICT,
    IN_FATHER,
    LEFT_OUT,
    MARRIED_CONFLICT,
    NO_NAME,
    OTHER_FIELD,
    PARENT_DIFFERS,
    PARENT_MOST,
    PARENT_SHARE,
    PLACE_DIFFERS,
    RELATIVES_CONFLICT,
    SAME_FIELD,
)
from stonebridge.matching.kernels import kernel

FEATURES = (
    "given_name", "family_name", "father_name", "mother_name", "birth_date", "sex", "nationality", "document",
    "birth_place", "relatives",
)  # fmt: skip
SLOTS = 12
"""Tokens of a probe: at most 8 names, 2 of the father, 2 of the mother."""
NONE, SAME, OTHER_SPELLING, SIMILAR, PARTLY, OTHER_FIELD_, DIFFERENT, MISSING = range(8)
"""How names agree, for the explanation."""


class Probe(NamedTuple):
    """One probe ready to be compared."""

    names: Any
    given: Any  # how many of the names are given names; the others are family names
    fathers: Any
    mothers: Any
    birth: Any
    sex: Any
    nationality: Any
    document: Any
    level: NDArray[np.int8]  # token, slot: level + 1, or 0 for no neighbour; all slots of a token in one line of memory
    bits: NDArray[np.float32]  # slot, level
    birth_bits: NDArray[np.float64]
    sex_bits: NDArray[np.float64]  # 1 where a given name agrees, the row's sex
    script_bits: NDArray[np.float64]  # by slot: what the script of a name explains of the next one's
    nationality_bits: NDArray[np.float64]  # same, different
    place_bits: NDArray[np.float32]  # by level + 1 of the row's place; 0 stands for another place
    place_level: NDArray[np.int8]  # by the row's place
    has_place: bool
    most: Any  # bits of the names at most
    beside: Any  # bits of everything but the birth date at most
    together: Any  # bits by which the names' common origin makes them agree by chance
    father_together: Any
    siblings: float  # log2 of expected siblings over persons
    twins: float


@kernel
def near_documents(one: Any, other: Any) -> bool:
    """Whether two packed numbers of one length differ in one sign, or in two neighbours exchanged."""
    difference = one ^ other
    places = 0
    first = -1
    second = -1
    length = 0
    longer = max(one, other)
    while longer:
        longer >>= np.uint64(6)
        length += 1
    for place in range(10):
        if (difference >> np.uint64(6 * place)) & np.uint64(63):
            places += 1
            if first < 0:
                first = place
            else:
                second = place
    if length < 6 or places > 2 or places == 0:
        return False
    if places == 1:
        return True
    low, high = np.uint64(6 * first), np.uint64(6 * second)
    mask = np.uint64(63)
    return (
        second == first + 1
        and (one >> low) & mask == (other >> high) & mask
        and (one >> high) & mask == (other >> low) & mask
    )


@kernel
def _how(matched: int, whole: int, worst: int, crossed: int, conflicts: int) -> int:
    """The word for a name field's agreement."""
    if whole == 0:
        return 0
    if matched == 0:
        return 6 if conflicts else 7
    if matched < whole or conflicts:
        return 4
    if crossed:
        return 5
    return 1 if worst == 0 else 2 if worst <= 2 else 3


@kernel
def compare(row: Any, columns: Any, probe: Any, dates: int, least: float, features: Any, how: Any) -> Any:
    """Fill ``features`` with bits and ``how`` with the kind of agreement; return the sum of the bits.

    ``dates`` is the level of the birth dates. A row that cannot reach ``least`` is given up early, with -1e9.
    """
    for place in range(10):
        features[place] = 0.0
        how[place] = 0
    start = np.int64(columns.start[row])
    packed = np.int64(columns.word[start])
    given, family, fathers, mothers = packed & 7, (packed >> 3) & 7, (packed >> 6) & 3, (packed >> 8) & 3
    sex = (packed >> 10) & 3
    names = given + family
    first = start + 2
    features[4] = probe.birth_bits[dates]
    how[4] = dates
    if probe.sex and sex:
        features[5] = max(probe.sex_bits[0, sex], probe.sex_bits[1, sex])
        how[5] = 1 if probe.sex == sex else 6
    nationality = (packed >> 14) - 1
    if probe.nationality >= -1 and nationality >= 0:
        features[6] = probe.nationality_bits[0 if nationality == probe.nationality else 1]
        how[6] = 1 if nationality == probe.nationality else 6
    if (packed >> 12) & 1:
        if probe.has_place:
            level = probe.place_level[columns.word[first]]
            features[8] = probe.place_bits[level]
            how[8] = 6 if level == 0 else 1 if level == 1 else 2 if level <= 3 else 3
        first += 1
    if (packed >> 13) & 1:
        if probe.document:
            document = np.uint64(columns.word[first]) | np.uint64(columns.word[first + 1]) << np.uint64(32)
            if document == probe.document:
                features[7] = DOCUMENT_SAME
                how[7] = 1
            elif near_documents(document, probe.document):
                features[7] = DOCUMENT_NEAR
                how[7] = 3
            else:
                features[7] = DOCUMENT_DIFFERS
                how[7] = 6
        first += 2
    most = features[4] + features[5] + features[6] + features[7] + features[8]
    if probe.fathers and fathers:
        most += PARENT_MOST
    if probe.mothers and mothers:
        most += PARENT_MOST
    if most + probe.most <= least:
        return -1e9
    for slot in range(probe.names):
        highest = 0.0
        for place in range(names + fathers):
            level = probe.level[columns.word[first + place], slot]
            if level > 0 and probe.bits[slot, level - 1] + SAME_FIELD > highest:
                highest = probe.bits[slot, level - 1] + SAME_FIELD
        most += highest
    if most <= least:
        return -1e9
    free_probe = (1 << probe.names) - 1
    free_row: Any = (1 << names) - 1
    matched_given = 0
    matched_family = 0
    worst_given = 0
    worst_family = 0
    crossed_given = 0
    crossed_family = 0
    given_found = 0.0
    scripted = 0.0
    for _ in range(min(probe.names, names)):
        best = -1e9
        best_slot = -1
        best_place = -1
        best_level = 0
        for slot in range(probe.names):
            if not (free_probe >> slot) & 1:
                continue
            for place in range(names):
                if not (free_row >> place) & 1:
                    continue
                level = probe.level[columns.word[first + place], slot]
                if level > 0:
                    value = probe.bits[slot, level - 1]
                    value += SAME_FIELD if (slot < probe.given) == (place < given) else OTHER_FIELD
                    if value > best:
                        best, best_slot, best_place, best_level = value, slot, place, level - 1
        if best_slot < 0:
            break
        free_probe &= ~(1 << best_slot)
        free_row &= ~(1 << best_place)
        if best_level == 0:
            best -= min(scripted, probe.script_bits[best_slot])
            scripted = max(scripted, probe.script_bits[best_slot])
        crossed = (best_slot < probe.given) != (best_place < given)
        if best_slot < probe.given:
            features[0] += best
            matched_given += 1
            worst_given = max(worst_given, best_level)
            crossed_given += crossed
        else:
            features[1] += best
            matched_family += 1
            worst_family = max(worst_family, best_level)
            crossed_family += crossed
        if best_place < given:
            given_found += best
    if matched_given + matched_family > 1:
        shared = probe.together * (matched_given + matched_family - 1) / (probe.names - 1)
        features[1 if matched_family else 0] -= shared
        if matched_given > 1:
            given_found -= shared * (matched_given - 1) / (matched_given + matched_family - 1)
    if probe.sex and sex:
        features[5] = probe.sex_bits[1 if matched_given else 0, sex]
    used_fathers: Any = 0
    if free_probe and fathers:
        for slot in range(probe.names):
            if not (free_probe >> slot) & 1:
                continue
            for place in range(names, names + fathers):
                level = probe.level[columns.word[first + place], slot]
                if level > 0 and probe.bits[slot, level - 1] > 2.0 and not (used_fathers >> (place - names)) & 1:
                    free_probe &= ~(1 << slot)
                    used_fathers |= 1 << (place - names)
                    features[0 if slot < probe.given else 1] += (
                        min(probe.bits[slot, level - 1], PARENT_MOST) + IN_FATHER
                    )
                    if slot < probe.given:
                        matched_given += 1
                        crossed_given += 1
                    else:
                        matched_family += 1
                        crossed_family += 1
                    break
    used_probe_fathers: Any = 0
    if free_row and probe.fathers:
        for place in range(names):
            if not (free_row >> place) & 1:
                continue
            for slot in range(8, 8 + probe.fathers):
                level = probe.level[columns.word[first + place], slot]
                if level > 0 and probe.bits[slot, level - 1] > 2.0 and not (used_probe_fathers >> (slot - 8)) & 1:
                    free_row &= ~(1 << place)
                    used_probe_fathers |= 1 << (slot - 8)
                    features[2] += (
                        min(max(probe.bits[slot, level - 1] - probe.father_together, 0.0), PARENT_MOST) + IN_FATHER
                    )
                    how[2] = 5
                    break
    left_given = 0
    left_family = 0
    for slot in range(probe.names):
        if (free_probe >> slot) & 1:
            if slot < probe.given:
                left_given += 1
            else:
                left_family += 1
    other_given = 0
    other_family = 0
    for place in range(names):
        if (free_row >> place) & 1:
            if place < given:
                other_given += 1
            else:
                other_family += 1
    conflicts_given = min(left_given, other_given)
    conflicts_family = min(left_family, other_family)
    left_given -= conflicts_given
    other_given -= conflicts_given
    left_family -= conflicts_family
    other_family -= conflicts_family
    crossing = min(left_given, other_family)
    left_given -= crossing
    other_family -= crossing
    conflicts_family += crossing
    crossing = min(left_family, other_given)
    left_family -= crossing
    other_given -= crossing
    conflicts_family += crossing
    given_lost = 0.0
    if conflicts_given:
        given_lost = (GIVEN_CONFLICT if matched_given == 0 else FAMILY_CONFLICT) + (
            conflicts_given - 1
        ) * FAMILY_CONFLICT
    features[0] += given_lost
    if conflicts_family:
        married = probe.sex == 2 and sex == 2 and matched_given > 0 and conflicts_given == 0
        features[1] += conflicts_family * (MARRIED_CONFLICT if married else FAMILY_CONFLICT)
    features[0] += (left_given + other_given) * LEFT_OUT
    features[1] += (left_family + other_family) * LEFT_OUT
    if matched_given + matched_family == 0 and probe.names and names:
        features[0] += NO_NAME
    how[0] = _how(matched_given, probe.given, worst_given, crossed_given, conflicts_given)
    how[1] = _how(matched_family, probe.names - probe.given, worst_family, crossed_family, conflicts_family)
    for parent in range(2):
        feature = 2 + parent
        mine = probe.fathers if parent == 0 else probe.mothers
        theirs = fathers if parent == 0 else mothers
        base = names if parent == 0 else names + fathers
        found = 0.0
        best_level = 9
        open_slots = 0
        open_places = 0
        for slot in range(mine):
            if parent == 0 and (used_probe_fathers >> slot) & 1:
                continue
            open_slots += 1
            for place in range(theirs):
                if parent == 0 and (used_fathers >> place) & 1:
                    continue
                level = probe.level[columns.word[first + base + place], 8 + 2 * parent + slot]
                if level > 0:
                    value = probe.bits[8 + 2 * parent + slot, level - 1]
                    if level == 1:
                        value -= min(scripted, probe.script_bits[8 + 2 * parent + slot])
                    if value > found:
                        found = value
                        best_level = level - 1
        for place in range(theirs):
            if not (parent == 0 and (used_fathers >> place) & 1):
                open_places += 1
        if open_slots and open_places:
            if best_level < 9:
                features[feature] += min(max(found - probe.father_together, 0.2 * found) * PARENT_SHARE, PARENT_MOST)
                how[feature] = 1 if best_level == 0 else 2 if best_level <= 2 else 3
            else:
                features[feature] += PARENT_DIFFERS
                how[feature] = 6
    total = 0.0
    for feature in range(9):
        total += features[feature]
    lost = min(given_lost, RELATIVES_CONFLICT) if conflicts_given and matched_given == 0 else given_lost
    own = given_found + lost + min(features[5], 0.0)
    if how[7] != 3:
        own += features[7]
    twins = own - probe.twins
    siblings = own + features[4] - probe.siblings
    strangers = total
    least = min(strangers, min(siblings, twins))
    together = least - np.log2(2.0 ** (least - strangers) + 2.0 ** (least - siblings) + 2.0 ** (least - twins))
    features[9] = together - total
    return together


__all__ = ["FEATURES", "PLACE_DIFFERS", "Probe", "compare"]
