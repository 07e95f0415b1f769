"""Where the gate learns its facts: providers that the site registers in one table.

A room below cannot ask a room above; it asks through this table instead. A fact
without a provider is unknown.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from stonebridge.safeguards.policy import Claim, Fact


def _identity_of_itself(person: UUID) -> frozenset[UUID]:
    return frozenset({person})


def _no_neighbours(persons: frozenset[UUID]) -> frozenset[UUID]:
    return frozenset()


def _unknown_claim(person: UUID) -> Claim:
    return Claim.UNKNOWN


def _unknown_origins(person: UUID) -> Mapping[str, Fact]:
    return {}


def _unknown(person: UUID) -> Fact:
    return Fact.UNKNOWN


def _no_basis(purpose: str, basis: str) -> Fact:
    return Fact.UNKNOWN


def _find_nobody(reference: str) -> UUID | None:
    return None


def _no_references(persons: Iterable[UUID]) -> Mapping[UUID, str]:
    return {}


def _lock_nothing(persons: frozenset[UUID]) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Providers:
    """One function a fact. ``identity_of`` answers all records linked as the same person, the record included;
    ``yellow_neighbours`` the records outside an identity to which an open yellow link leads; ``lock`` locks the
    records in the order of their identifiers. ``find`` answers the record of a reference, and ``references`` the
    references of records, as far as the purpose of the running transaction opens them."""

    identity_of: Callable[[UUID], frozenset[UUID]] = _identity_of_itself
    yellow_neighbours: Callable[[frozenset[UUID]], frozenset[UUID]] = _no_neighbours
    claim: Callable[[UUID], Claim] = _unknown_claim
    origins: Callable[[UUID], Mapping[str, Fact]] = _unknown_origins
    referral_open: Callable[[UUID], Fact] = _unknown
    basis_is_listed: Callable[[str, str], Fact] = _no_basis
    lock: Callable[[frozenset[UUID]], None] = _lock_nothing
    find: Callable[[str], UUID | None] = _find_nobody
    references: Callable[[Iterable[UUID]], Mapping[UUID, str]] = _no_references


_registered = Providers()


def register(providers: Providers) -> None:
    """Set the table of providers. Called once, by the site's wiring, when the node starts."""
    global _registered  # one table a process, set at start
    _registered = providers


def registered() -> Providers:
    """The table in force."""
    return _registered
