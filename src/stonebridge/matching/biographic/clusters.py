"""Groups of rows that pairs hold together. A group is a proposal: nothing is merged, and the weakest pair is named."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that may be one person."""

    first: int
    second: int
    bits: float
    probability: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """Rows that may be one person; ``weakest`` is the least bits among the pairs that hold it together."""

    rows: tuple[int, ...]
    weakest: float
    missing: int  # pairs within the group that were not found alike: many speak against one person


def clusters(pairs: Iterable[Pair], least: float) -> list[Cluster]:
    """Groups held together by pairs of at least the probability ``least``, each with the pairs that it lacks.

    Pairs are taken strongest first. Two groups are joined only if at least half of the pairs
    between them were found, so that one wrong pair does not chain two families into one.

    >>> [cluster.rows for cluster in clusters([Pair(1, 2, 30.0, 0.9), Pair(2, 3, 25.0, 0.8)], 0.5)]
    [(1, 2), (3,)]
    """
    strong = sorted(
        (pair for pair in pairs if pair.probability >= least), key=lambda pair: (-pair.bits, pair.first, pair.second)
    )
    group_of: dict[int, int] = {}
    members: dict[int, set[int]] = {}
    linked: dict[int, set[int]] = {}
    weakest: dict[int, float] = {}
    for pair in strong:
        linked.setdefault(pair.first, set()).add(pair.second)
        linked.setdefault(pair.second, set()).add(pair.first)
        for row in (pair.first, pair.second):
            if row not in group_of:
                group_of[row] = row
                members[row] = {row}
    for pair in strong:
        one, other = group_of[pair.first], group_of[pair.second]
        if one == other:
            continue
        between = sum(len(linked[row] & members[other]) for row in members[one])
        if 2 * between < len(members[one]) * len(members[other]) + (len(members[one]) * len(members[other]) > 1):
            continue
        if len(members[one]) < len(members[other]):
            one, other = other, one
        for row in members[other]:
            group_of[row] = one
        members[one] |= members.pop(other)
        weakest[one] = min(weakest.get(one, pair.bits), weakest.pop(other, pair.bits), pair.bits)
    found = []
    for group, rows in members.items():
        have = sum(len(linked[row] & rows) for row in rows) // 2
        found.append(Cluster(tuple(sorted(rows)), weakest.get(group, 0.0), len(rows) * (len(rows) - 1) // 2 - have))
    return sorted(found, key=lambda cluster: cluster.rows)
