"""What the gate learns from here: which records are one identity, which open links lead out of it, whose a pair is."""

from uuid import UUID

from django.db import connection

from stonebridge.domain.errors import NotFound


def identity_of(person: UUID) -> frozenset[UUID]:
    """All records that links in force join to ``person``, itself included. One walk in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_of(%s)", [person])
        return frozenset(record for (record,) in cursor.fetchall())


def yellow_neighbours(persons: frozenset[UUID]) -> frozenset[UUID]:
    """Records outside an identity to which an open yellow link in force leads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT yellow_neighbours(%s)", [sorted(persons)])
        return frozenset(record for (record,) in cursor.fetchall())


def pair_of(reference: str) -> tuple[UUID, UUID]:
    """The probe and the candidate of the pair of this reference, readable or not: the gate judges and logs the rest.

    Raises:
        NotFound: no such pair.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pair_of(%s)", [reference])
        found: tuple[list[UUID] | None] | None = cursor.fetchone()
    if found is None or found[0] is None:
        raise NotFound("pair", reference)
    probe, candidate = found[0]
    return probe, candidate
