"""What the gate learns from the register: it locks the records of an identity before it judges."""

from uuid import UUID

from stonebridge.registry.models import Person


def lock(persons: frozenset[UUID]) -> None:
    """Lock the records in the order of their identifiers, so that two acts on one identity wait for each other."""
    list(Person.objects.locked(*sorted(persons)).values_list("id", flat=True))
