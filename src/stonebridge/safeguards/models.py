"""Restrictions, holds, emergencies and the history. Tables only; the history is append-only by grants.

A person is named by ``person_id``: the register stands above this room, and its
migration adds the foreign keys.
"""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from stonebridge.domain.actor import ActorKind, Purpose

EMERGENCY_LASTS = timedelta(minutes=30)


class HistoryEntry(models.Model):
    """One change of state: what happened, when, by whom, for which purpose and on what basis."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField(null=True, db_index=True)
    event = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, help_text="What the event is about, as kind:reference")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in ActorKind])
    actor_reference = models.CharField(max_length=80)
    actor_name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=30, choices=[(p.value, p.value) for p in Purpose])
    basis = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)

    class Meta:
        db_table_comment = "One change of state; append-only"
        ordering: ClassVar = ["recorded_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(actor_reference="") & ~Q(actor_name=""), name="history_names_its_actor"
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="history_names_its_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject}"


class Restriction(models.Model):
    """Processing of a person's data is restricted (GDPR Art. 18) until it is lifted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField(db_index=True)
    reason = models.TextField()
    ground = models.CharField(max_length=20, default="18(1)", help_text="Article of Regulation (EU) 2016/679")
    restricted_at = models.DateTimeField()
    restricted_by = models.CharField(max_length=80)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        db_table_comment = "Processing of a person's data is restricted until it is lifted"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_id"], condition=Q(lifted_at__isnull=True), name="one_open_restriction_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"restriction of {self.person_id}"


class Hold(models.Model):
    """What stood in the way of an identity stays with each of its records after a link is withdrawn.

    Withdrawing a link lifts no hold until an officer has assigned it anew: to this
    person (it stays), or not (it ends).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField(db_index=True)
    fact = models.CharField(max_length=40, help_text="The fact that held the identity, such as a claim")
    arose_at = models.DateTimeField()
    arose_from = models.CharField(max_length=80, help_text="The link whose withdrawal left the hold")
    assigned_at = models.DateTimeField(null=True, blank=True)
    assigned_by = models.CharField(max_length=80, blank=True, default="")
    belongs = models.BooleanField(null=True, help_text="Whether the fact is this person's; empty until assigned")
    reason = models.TextField(blank=True, default="")

    class Meta:
        db_table_comment = "What held an identity stays with each record after a link is withdrawn, until assigned"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(assigned_at__isnull=True, belongs__isnull=True)
                | Q(assigned_at__isnull=False, belongs__isnull=False) & ~Q(reason=""),
                name="hold_is_assigned_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"hold on {self.person_id}: {self.fact}"


class EmergencyAccess(models.Model):
    """An officer has declared an emergency: reading is open to them, with a reason, until it ends by itself."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    officer_reference = models.CharField(max_length=80, db_index=True)
    reason = models.TextField()
    declared_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.CharField(max_length=80, blank=True, default="")
    justified = models.BooleanField(null=True, help_text="What the review found; empty until reviewed")
    review = models.TextField(blank=True, default="")

    class Meta:
        db_table_comment = "An officer's declared emergency; ends by itself"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(reason=""), name="emergency_has_a_reason"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("declared_at")), name="emergency_ends"),
            models.CheckConstraint(
                condition=Q(ends_at__lte=models.F("declared_at") + EMERGENCY_LASTS), name="emergency_is_short"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, justified__isnull=True)
                | Q(reviewed_at__isnull=False, justified__isnull=False)
                & ~Q(review="")
                & ~Q(reviewed_by=models.F("officer_reference")),
                name="emergency_is_reviewed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"emergency of {self.officer_reference}"
