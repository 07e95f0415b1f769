"""What the gate learns from here, and all that it learns: whether a referral is open, closed, or unknown."""

from uuid import UUID

from django.db import connection

from stonebridge.safeguards.policy import Fact

_FACT = {"open": Fact.YES, "closed": Fact.NO}


def referral_open(person: UUID) -> Fact:
    """Asked through a function of the protection schema, which the application can call but not look behind."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT protection.open_referral(%s)", [person])
        (answer,) = cursor.fetchone()
    return _FACT.get(answer, Fact.UNKNOWN)
