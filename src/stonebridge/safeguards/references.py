"""A random reference for a new row: drawn again when another row has it already."""

from collections.abc import Callable
from typing import TypeVar

import psycopg
from django.conf import settings
from django.db import IntegrityError, transaction

from stonebridge.domain.references import new_reference

Kept = TypeVar("Kept")
TRIES = 5
"""Draws of 31 bits each: with ten million rows, all five collide once in 10^11 times."""


def with_new_reference(keep: Callable[[str], Kept], *, draw: Callable[[str], str] = new_reference) -> Kept:
    """What ``keep`` makes under a fresh reference of this node, inside a running transaction.

    Raises:
        IntegrityError: the row cannot be kept for another reason, or every draw is taken.
    """
    for _ in range(TRIES - 1):
        try:
            with transaction.atomic():
                return keep(draw(settings.NODE.references))
        except IntegrityError as error:
            if not _is_taken(error):
                raise
    return keep(draw(settings.NODE.references))


def _is_taken(error: IntegrityError) -> bool:
    cause = error.__cause__
    return isinstance(cause, psycopg.errors.UniqueViolation) and "_reference_" in (cause.diag.constraint_name or "")
