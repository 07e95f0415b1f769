"""What lower rooms learn from the register: it locks the records of an identity, and knows their references."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from stonebridge.registry.models import Person


def lock(persons: frozenset[UUID]) -> None:
    """Lock the records in the order of their identifiers, so that two acts on one identity wait for each other."""
    list(Person.objects.locked(*sorted(persons)).values_list("id", flat=True))


def find(reference: str) -> UUID | None:
    """The record of this reference, if the purpose of the running transaction opens it."""
    return Person.objects.filter(reference=reference).values_list("id", flat=True).first()


def references(persons: Iterable[UUID]) -> Mapping[UUID, str]:
    """The references of these records, as far as the purpose of the running transaction opens them."""
    return dict(Person.objects.filter(id__in=set(persons)).values_list("id", "reference"))
