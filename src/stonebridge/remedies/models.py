"""Claims for protection and states of origin, as far as they are asked and recorded; what goes out of the node."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from stonebridge.registry.models import Person


def _choices(*values: str) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class ProtectionClaim(models.Model):
    """The state of a claim for protection from a moment on. The latest row of a person counts; none is unknown."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="claims")
    state = models.CharField(
        max_length=20,
        choices=_choices("none", "pending", "granted", "withdrawn", "finally_rejected", "unknown"),
    )
    asked_on = models.DateField(null=True, help_text="For none: the day on which the person was asked and said no")
    as_of = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table_comment = "The state of a claim for protection from a moment on"
        ordering: ClassVar = ["as_of", "recorded_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state="none") | Q(asked_on__isnull=False), name="no_claim_means_asked_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.state}"


class Origin(models.Model):
    """Whether a state is one from which the person fled or comes. Unknown until a supervisor records a reasoned no."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="origins")
    state = models.CharField(max_length=3)
    is_origin = models.CharField(max_length=8, choices=_choices("yes", "no", "unknown"))
    reason = models.TextField(blank=True, default="")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)

    class Meta:
        db_table_comment = "Whether a state is one from which the person fled or comes"
        ordering: ClassVar = ["recorded_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(is_origin="no") | ~Q(reason=""), name="no_origin_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.is_origin}"


class Disclosure(models.Model):
    """A person's file handed out: to the person, or to an authority of this or another state."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="disclosures")
    recipient = models.CharField(max_length=200)
    to_state = models.CharField(
        max_length=3, blank=True, default="", help_text="State of the recipient; empty for the person"
    )
    purpose = models.CharField(max_length=30)
    basis = models.CharField(max_length=80)
    form = models.CharField(max_length=8, choices=_choices("pdf", "json"))
    digest = models.CharField(max_length=64, help_text="SHA-256 of the bytes handed out, in hexadecimal")
    disclosed_at = models.DateTimeField()
    disclosed_by = models.CharField(max_length=80)

    class Meta:
        db_table_comment = "A person's file handed out"

    def __str__(self) -> str:
        return f"disclosure to {self.recipient}"


class Remedy(models.Model):
    """An appeal or a court order: since when it stands, whether it suspends, and how it ended."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    person_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=20, choices=_choices("appeal", "court_order"))
    brought_by = models.CharField(max_length=20, choices=_choices("person", "counsel", "guardian", "authority"))
    before = models.CharField(max_length=200, help_text="Court or authority")
    number = models.CharField(max_length=80, blank=True, default="", help_text="Its own number there")
    against = models.CharField(max_length=400, help_text="The decision or act")
    lodged_on = models.DateField()
    suspends = models.CharField(max_length=8, choices=_choices("yes", "no", "unknown"))
    why = models.TextField(blank=True, default="", help_text="For no: the rule or the decision")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    ended_on = models.DateField(null=True)
    outcome = models.CharField(
        max_length=20, blank=True, default="", choices=_choices("allowed", "dismissed", "withdrawn", "lifted")
    )
    ending = models.TextField(blank=True, default="", help_text="The decision that ends it, so that it can be checked")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        db_table_comment = "An appeal or a court order"
        ordering: ClassVar = ["-lodged_on", "-recorded_at"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(suspends="no") | ~Q(why=""), name="no_suspension_has_a_ground"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, outcome="", ending="", ended_at__isnull=True, ended_by="")
                | Q(ended_on__isnull=False, ended_at__isnull=False) & ~Q(outcome="") & ~Q(ending="") & ~Q(ended_by=""),
                name="an_ending_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
