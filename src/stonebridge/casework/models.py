"""A case of one person under a declared process, the steps it took, the work done and what was found. Tables only.

A step, a piece of work and a finding are added and never changed. ``person_id`` is a key of the register that takes
the case along when the person is erased.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7


def _choices(*values: str) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class Case(models.Model):
    """A process that runs for a person. ``stage`` is that of the latest step."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    person_id = models.UUIDField(db_index=True)
    process = models.CharField(max_length=40)
    version = models.IntegerField()
    purpose = models.CharField(max_length=30)
    stage = models.CharField(max_length=40)
    agreement = models.CharField(
        max_length=40, blank=True, default="", help_text="Under which it runs, as law names it"
    )
    counterpart = models.CharField(max_length=2, blank=True, default="", help_text="The other state, ISO 3166")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "A process that runs for a person"
        ordering: ClassVar = ["-opened_at"]

    def __str__(self) -> str:
        return f"case {self.reference}"


class Step(models.Model):
    """A case came to a stage, by an outcome of the one before; the first by being opened."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    sequence = models.IntegerField()
    stage = models.CharField(max_length=40)
    outcome = models.CharField(max_length=40, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=80)

    class Meta:
        db_table_comment = "A case came to a stage"
        ordering: ClassVar = ["case", "sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "sequence"], name="one_step_at_a_time"),
            models.CheckConstraint(condition=Q(sequence=1) | ~Q(outcome=""), name="a_step_has_its_outcome"),
        ]

    def __str__(self) -> str:
        return f"step {self.sequence} to {self.stage}"


class Work(models.Model):
    """A task that was done during one stay at a stage; some need another officer's hand."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="work")
    step = models.IntegerField(help_text="The step by which the case came to the stage")
    task = models.CharField(max_length=40)
    note = models.TextField()
    done_at = models.DateTimeField()
    done_by = models.CharField(max_length=80)
    seconded_at = models.DateTimeField(null=True)
    seconded_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        db_table_comment = "A task that was done during one stay at a stage"
        ordering: ClassVar = ["done_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "step", "task"], name="a_task_is_done_once"),
            models.CheckConstraint(
                condition=Q(seconded_at__isnull=True, seconded_by="")
                | Q(seconded_at__isnull=False) & ~Q(seconded_by="") & ~Q(seconded_by=F("done_by")),
                name="the_second_hand_is_anothers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} done"


class Finding(models.Model):
    """What an officer found on a guard of the case, on which evidence and until when. The latest of a guard counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="findings")
    guard = models.CharField(max_length=40)
    answer = models.CharField(max_length=20, choices=_choices("no_obstacle", "obstacle", "not_applicable", "unknown"))
    evidence = models.TextField()
    basis = models.CharField(max_length=120, help_text="Instrument and article on which it rests")
    expires_on = models.DateField(null=True)
    found_at = models.DateTimeField()
    found_by = models.CharField(max_length=80)

    class Meta:
        db_table_comment = "What an officer found on a guard of a case"
        ordering: ClassVar = ["found_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(evidence=""), name="a_finding_has_evidence"),
            models.CheckConstraint(
                condition=~Q(answer__in=["no_obstacle", "not_applicable"]) | Q(expires_on__isnull=False),
                name="what_opens_ends_by_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guard}: {self.answer}"


class GuardedExit(models.Model):
    """An exit of a process with one of its guards, as declared: what the database asks at the moment of leaving.

    The exit of no stage by no outcome leads to where a case begins.
    """

    process = models.CharField(max_length=40)
    version = models.IntegerField()
    stage = models.CharField(max_length=40, blank=True, default="")
    outcome = models.CharField(max_length=40, blank=True, default="")
    to = models.CharField(max_length=40)
    guard = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        db_table_comment = "An exit of a process with one of its guards, as declared; empty for an exit without any"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["process", "version", "stage", "outcome", "guard"], name="a_guard_of_an_exit_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process} {self.stage} {self.outcome}: {self.guard}"
