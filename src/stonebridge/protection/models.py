"""Immediate needs and referrals: a schema, a role, a key and a log of their own.

That a row exists is itself secret. The application inserts through functions and
never reads; it learns of a referral only through a function that answers open,
closed or unknown.
"""

from typing import ClassVar

from django.db import models
from uuid_utils.compat import uuid7


def _choices(*values: str) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class Screening(models.Model):
    """The answers to the questions about immediate needs, sealed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField(db_index=True)
    sealed = models.BinaryField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)

    class Meta:
        db_table = '"protection"."screening"'
        db_table_comment = "The answers to the questions about immediate needs, sealed"

    def __str__(self) -> str:
        return "screening"


class Referral(models.Model):
    """A person referred for protection. Open until a protection officer closes it with a reason."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    person_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=20, choices=_choices("child", "trafficking", "medical", "fear", "other"))
    sealed = models.BinaryField(help_text="Name as known, reason and details")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, blank=True, default="")
    sealed_closing = models.BinaryField(default=b"")

    class Meta:
        db_table = '"protection"."referral"'
        db_table_comment = "A person referred for protection"
        ordering: ClassVar = ["opened_at"]

    def __str__(self) -> str:
        return self.reference
