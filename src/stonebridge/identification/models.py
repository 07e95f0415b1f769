"""Searches, candidates, adjudication, links. Tables only.

A judgement is a row and is never changed; a link is a statement that may be
withdrawn by another statement; an identity is derived from the links in force.
"""

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from uuid_utils.compat import uuid7

from stonebridge.registry.models import Person


def _choices(*values: str) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class GalleryChange(models.Model):
    """A person whose record in the matcher's gallery must be renewed; written with the change itself."""

    id = models.BigAutoField(primary_key=True)
    person_id = models.UUIDField()
    made_at = models.DateTimeField()

    class Meta:
        db_table_comment = "A person whose record in the gallery must be renewed"

    def __str__(self) -> str:
        return f"change {self.pk}"


class GalleryPosition(models.Model):
    """The order of committed changes, given after commit by the one sequencer."""

    position = models.BigIntegerField(primary_key=True)
    change = models.OneToOneField(GalleryChange, on_delete=models.PROTECT, related_name="sequenced")

    class Meta:
        db_table_comment = "The order of committed changes, given after commit by the one sequencer"

    def __str__(self) -> str:
        return f"position {self.pk}"


class Search(models.Model):
    """A search for a registered person among all others: what the matcher had seen, and with which version."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    probe = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="searches")
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=_choices("waiting", "answered", "failed"), default="waiting")
    answered_at = models.DateTimeField(null=True)
    position = models.BigIntegerField(null=True, help_text="Position of the gallery that the search has seen")
    matcher_version = models.CharField(max_length=80, blank=True, default="")
    share_searched = models.FloatField(null=True, help_text="Share of the visible gallery that was searched, 0 to 1")
    attempts = models.IntegerField(default=0, help_text="How often it could not be answered")
    try_after = models.DateTimeField(null=True, help_text="When to try again; empty: at once")
    trouble = models.CharField(max_length=200, blank=True, default="", help_text="Why it could not be answered")

    class Meta:
        db_table_comment = "A search for a registered person among all others"
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], condition=Q(state="waiting"), name="search_waiting"),
        ]

    def __str__(self) -> str:
        return self.reference


class FingerPicture(models.Model):
    """A picture of a finger on its way to be compared: whether it was read, and what came of it. No minutiae, no picture."""

    id = models.UUIDField(primary_key=True, editable=False, help_text="As in the vault")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="finger_pictures")
    position = models.SmallIntegerField(help_text="Finger position 1-10 of ANSI/NIST-ITL")
    taken_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=_choices("waiting", "read", "failed"), default="waiting")
    fault = models.CharField(max_length=12, choices=_choices("tampered", "empty", "broken"), blank=True, default="")
    quality = models.SmallIntegerField(null=True, help_text="0 to 100, in the manner of NFIQ 2")
    minutiae = models.SmallIntegerField(null=True)
    done_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0, help_text="How often it could not be read for want of a reader")
    try_after = models.DateTimeField(null=True)

    class Meta:
        db_table_comment = "A picture of a finger: whether it was read for comparison, and what came of it"
        ordering: ClassVar = ["position", "taken_at"]
        indexes: ClassVar = [
            models.Index(fields=["taken_at"], condition=Q(state="waiting"), name="finger_picture_waiting"),
        ]

    def __str__(self) -> str:
        return f"picture of finger {self.position}"


class Candidate(models.Model):
    """Somebody whom a search names as possibly the same person, with the explanation as it was then."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    search = models.ForeignKey(Search, on_delete=models.PROTECT, related_name="candidates")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="candidacies")
    rank = models.SmallIntegerField()
    score = models.FloatField(help_text="Bits of evidence, as the matcher's version reckons")
    comparisons = models.JSONField(help_text="Each feature: name, score, sentence key, both values")

    class Meta:
        db_table_comment = "Somebody whom a search names as possibly the same person"
        ordering: ClassVar = ["rank"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["search", "person"], name="one_candidacy_a_search")]

    def __str__(self) -> str:
        return f"candidate {self.rank}"


class TaskQuerySet(models.QuerySet["Task"]):
    def between(self, one: UUID, other: UUID) -> "TaskQuerySet":
        """Tasks about these two records, whichever was the probe."""
        return self.filter(Q(probe_id=one, candidate_id=other) | Q(probe_id=other, candidate_id=one))


class Task(models.Model):
    """A pair of records that officers are to judge: from a search, as a blind second, or planted to measure."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    probe = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    candidate = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    search = models.ForeignKey(Search, null=True, on_delete=models.PROTECT, related_name="tasks")
    why = models.CharField(max_length=20, choices=_choices("search", "planted", "review"))
    planted_truth = models.CharField(max_length=4, choices=_choices("yes", "no"), blank=True, default="")
    score = models.FloatField(null=True)
    comparisons = models.JSONField(default=list)
    matcher_version = models.CharField(max_length=80, blank=True, default="")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    needed = models.SmallIntegerField(
        default=1, help_text="Opinions needed: 1, a blind second, or a third on disagreement"
    )
    state = models.CharField(max_length=10, choices=_choices("open", "settled", "undecided"), default="open")
    outcome = models.CharField(max_length=12, blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    objects = TaskQuerySet.as_manager()

    class Meta:
        db_table_comment = "A pair of records that officers are to judge"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(probe=F("candidate")), name="a_pair_is_two_records"),
            models.UniqueConstraint(
                Least("probe", "candidate"),
                Greatest("probe", "candidate"),
                condition=Q(state="open"),
                name="one_open_task_a_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Judgement(models.Model):
    """One officer's opinion on a pair, with the explanation that was on the screen. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="judgements")
    ordinal = models.SmallIntegerField()
    officer_reference = models.CharField(max_length=80)
    officer_name = models.CharField(max_length=200)
    same_person = models.CharField(max_length=12, choices=_choices("yes", "no", "unsure", "insufficient"))
    justified = models.CharField(max_length=12, choices=_choices("yes", "no", "not_assessed"), default="not_assessed")
    justified_article = models.CharField(max_length=120, blank=True, default="")
    reasons = models.JSONField(default=list)
    remark = models.TextField(blank=True, default="")
    matcher_version = models.CharField(max_length=80, blank=True, default="")
    explanation_shown = models.JSONField(default=list)
    score_seen = models.BooleanField(default=False, help_text="Whether the score had been shown to this officer before")
    given_at = models.DateTimeField()

    class Meta:
        db_table_comment = "One officer's opinion on a pair; never changed"
        ordering: ClassVar = ["ordinal"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "officer_reference"], name="one_opinion_an_officer"),
            models.UniqueConstraint(fields=["task", "ordinal"], name="opinions_are_numbered"),
            models.CheckConstraint(
                condition=Q(justified="not_assessed") | ~Q(justified_article=""),
                name="opinion_on_lawfulness_has_article",
            ),
        ]

    def __str__(self) -> str:
        return f"opinion {self.ordinal}"


class Link(models.Model):
    """A statement about two records: open (yellow), or that they are the same person or are not.

    The pair is stored with the smaller identifier first. ``colour`` is derived by
    ``domain.links`` when the link is made and stored with the rule that gave it. A machine makes open yellow links
    alone; every other link carries the two officers, different from each other, on whose opinions it rests.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    first = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links_as_first")
    second = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="links_as_second")
    task = models.ForeignKey(Task, null=True, on_delete=models.PROTECT, related_name="links")
    same_person = models.CharField(max_length=4, choices=_choices("open", "yes", "no"))
    evidence_biometrics = models.CharField(max_length=10, choices=_choices("same", "different", "absent"))
    evidence_identity = models.CharField(max_length=10, choices=_choices("same", "similar", "different"))
    evidence_document = models.CharField(max_length=10, choices=_choices("same", "different", "absent"))
    colour = models.CharField(max_length=6, choices=_choices("yellow", "green", "white", "red"))
    colour_rule = models.CharField(max_length=40, help_text="The row or own rule of domain.links that gives the colour")
    justified = models.CharField(max_length=12, choices=_choices("yes", "no", "not_assessed"), default="not_assessed")
    justified_article = models.CharField(max_length=120, blank=True, default="")
    justified_by = models.CharField(max_length=80, blank=True, default="")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80, help_text="Reference of the actor; a machine's begins with clock:")
    officer_one = models.CharField(max_length=80, blank=True, default="")
    officer_two = models.CharField(max_length=80, blank=True, default="")
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    ended_at = models.DateTimeField(null=True, help_text="When it was withdrawn or superseded; the row stays")
    ended_by = models.CharField(max_length=80, blank=True, default="")
    ended_reason = models.TextField(blank=True, default="")

    class Meta:
        db_table_comment = "A dated, reasoned, reversible statement about two records"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="link_pair_is_ordered"),
            models.UniqueConstraint(
                fields=["first", "second"], condition=Q(ended_at__isnull=True), name="one_link_in_force_a_pair"
            ),
            models.CheckConstraint(
                condition=Q(colour="yellow", same_person="open") | ~Q(made_by__startswith="clock:"),
                name="machines_make_only_yellow",
            ),
            models.CheckConstraint(
                condition=~Q(same_person="yes")
                | (~Q(officer_one="") & ~Q(officer_two="") & ~Q(officer_one=F("officer_two"))),
                name="link_has_two_officers",
            ),
            models.CheckConstraint(
                condition=Q(justified="not_assessed") | (~Q(justified_article="") & ~Q(justified_by="")),
                name="justification_has_article",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | (~Q(ended_by="") & ~Q(ended_reason="")),
                name="link_ends_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.colour} link {self.reference}"


class BlindTable(models.Model):
    """What one partner may look up at home for one purpose, for at most a day: the key of it, and where it ends.

    Deleting the row destroys the key, and with it everything that was given out under it.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    partner = models.CharField(max_length=16)
    state = models.CharField(max_length=3)
    purpose = models.CharField(max_length=30)
    key = models.BinaryField(help_text="The scalar of the oblivious function, sealed by a key of the node")
    public = models.BinaryField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        db_table_comment = "What one partner may look up at home for one purpose, for at most a day"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner", "purpose"], name="one_blind_table_a_partner"),
            models.CheckConstraint(
                condition=Q(ends_at__lte=F("begins_at") + timedelta(hours=24)), name="a_blind_key_lasts_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"blind table {self.id}"


class BlindPart(models.Model):
    """A stretch of a blind table: the rows as the partner gets them, and beside them whom each is about; zero is padding."""

    id = models.BigAutoField(primary_key=True)
    table = models.ForeignKey(BlindTable, on_delete=models.CASCADE, related_name="parts")
    number = models.IntegerField()
    rows = models.BinaryField()
    persons = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        db_table_comment = "A stretch of a blind table, and whom each row is about"
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["table", "number"], name="one_blind_part_a_place")]

    def __str__(self) -> str:
        return f"part {self.number}"


class BlindChange(models.Model):
    """Somebody about whom something changed that decides what partners may look up. Written by triggers alone."""

    id = models.BigAutoField(primary_key=True)
    person_id = models.UUIDField()

    class Meta:
        db_table_comment = "Somebody about whom something changed that decides what partners may look up"

    def __str__(self) -> str:
        return f"change {self.id}"


class KeptTable(models.Model):
    """A partner's table as it gave it to this node, for the time that its key lasts. Its rows tell nothing by themselves."""

    id = models.UUIDField(primary_key=True, editable=False, help_text="The partner's own number of it")
    partner = models.CharField(max_length=16)
    purpose = models.CharField(max_length=30)
    public = models.BinaryField()
    ends_at = models.DateTimeField()
    digests = models.JSONField(help_text="SHA-256 of each part, in order, from the partner's signed answer")

    class Meta:
        db_table_comment = "A partner's table as it gave it to this node, while its key lasts"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner", "purpose"], name="one_kept_table_a_partner"),
        ]

    def __str__(self) -> str:
        return f"kept table {self.id}"


class KeptPart(models.Model):
    """A stretch of a partner's table."""

    id = models.BigAutoField(primary_key=True)
    table = models.ForeignKey(KeptTable, on_delete=models.CASCADE, related_name="parts")
    number = models.IntegerField()
    rows = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        db_table_comment = "A stretch of a partner's table"
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["table", "number"], name="one_kept_part_a_place")]

    def __str__(self) -> str:
        return f"part {self.number}"
