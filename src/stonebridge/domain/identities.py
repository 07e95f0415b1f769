"""An identity is the records that stand under active same-person links. It is derived, never stored.

It follows from the first answer of each judgement alone. Withdrawing a link therefore gives
back exactly the identities that were there before it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from stonebridge.domain.links import SamePerson


@dataclass(frozen=True, slots=True)
class Link:
    """An active link between two records. ``same_person`` is ``None`` while nobody has judged it."""

    first: UUID
    second: UUID
    same_person: SamePerson | None = None

    @property
    def joins(self) -> bool:
        return self.same_person is SamePerson.YES

    @property
    def is_open(self) -> bool:
        """Whether it may yet turn out to join."""
        return self.same_person not in {SamePerson.YES, SamePerson.NO}


def identities(records: Iterable[UUID], links: Iterable[Link]) -> tuple[frozenset[UUID], ...]:
    """Every identity among ``records``, in the order of its first record; records of a joining link always count."""
    parent: dict[UUID, UUID] = {}

    def root(record: UUID) -> UUID:
        parent.setdefault(record, record)
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    for record in records:
        root(record)
    for link in links:
        if link.joins:
            parent[root(link.second)] = root(link.first)
    found: dict[UUID, set[UUID]] = {}
    for record in list(parent):
        found.setdefault(root(record), set()).add(record)
    return tuple(sorted((frozenset(each) for each in found.values()), key=min))


def identity_of(record: UUID, links: Iterable[Link]) -> frozenset[UUID]:
    """All records linked as the same person as this one, itself included."""
    return next(each for each in identities([record], links) if record in each)


def open_neighbours(identity: Collection[UUID], links: Iterable[Link]) -> frozenset[UUID]:
    """Records outside ``identity`` that an open link ties to it: what suspends them makes that fact unknown here."""
    return frozenset(
        other
        for link in links
        if link.is_open
        for here, other in ((link.first, link.second), (link.second, link.first))
        if here in identity and other not in identity
    )


def contradictions(identity: Collection[UUID], links: Iterable[Link]) -> tuple[Link, ...]:
    """Links that say two records of one identity are two persons: the judgements disagree and one must be withdrawn."""
    return tuple(
        link
        for link in links
        if link.same_person is SamePerson.NO and link.first in identity and link.second in identity
    )


def joins_needs_second(first: UUID, second: UUID, links: Iterable[Link]) -> bool:
    """Whether saying "same person" of these two joins two identities, so that a second officer must agree."""
    return second not in identity_of(first, links)
