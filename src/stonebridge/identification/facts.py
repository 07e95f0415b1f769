"""What the gate learns from here: which records are one identity, and which open links lead out of it."""

from uuid import UUID

from django.db import connection


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
