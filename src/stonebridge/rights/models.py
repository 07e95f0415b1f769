"""Demands to erase a person's records. Tables only; what stays of one that was carried out names nobody but officers."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7


class Ground(models.TextChoices):
    """Why data must go: a letter of Article 17(1) of Regulation (EU) 2016/679."""

    NO_LONGER_NEEDED = "17(1)(a)"
    CONSENT_WITHDRAWN = "17(1)(b)"
    OBJECTED = "17(1)(c)"
    UNLAWFUL = "17(1)(d)"
    LEGAL_OBLIGATION = "17(1)(e)"


class Erasure(models.Model):
    """One data-protection officer asks that a person be erased, another confirms. Carried out, it forgets whom and why."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField(null=True, help_text="Empty once it is carried out")
    ground = models.CharField(max_length=20, choices=Ground.choices)
    reason = models.TextField(help_text="Emptied when it is carried out")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=80, blank=True, default="")
    records = models.IntegerField(default=0, help_text="How many records of the register it took away")

    class Meta:
        db_table_comment = "A demand to erase a person's records; carried out, it names nobody but the two officers"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person_id"], name="one_erasure_a_person"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by="")
                | Q(confirmed_at__isnull=False) & ~Q(confirmed_by="") & ~Q(confirmed_by=F("asked_by")),
                name="erasure_has_two_officers",
            ),
            models.CheckConstraint(
                condition=Q(person_id__isnull=False) | Q(confirmed_at__isnull=False, reason=""),
                name="erasure_forgets_whom_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"erasure {self.id}"
