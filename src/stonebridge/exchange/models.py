"""Partners, what this node asked them, and what reached it from them. Tables only.

Of a question that a partner asks, its number, purpose and time are kept, and never whom it was about; only a hit
leaves a handle that names the person answered for, as every disclosure is on record.
"""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7


def _choices(*values: str) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class PartnerList(models.Model):
    """The list of partners as this node has signed it. The latest counts; earlier ones stay."""

    number = models.BigAutoField(primary_key=True)
    content = models.BinaryField(help_text="JSON, exactly as signed")
    signature = models.BinaryField(help_text="Ed25519, by this node's own key")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        db_table_comment = "The list of partners as this node has signed it"

    def __str__(self) -> str:
        return f"list {self.number}"


class PartnerProposal(models.Model):
    """A partner whom one officer proposes, and whom another joins after comparing the fingerprint of its key."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=16)
    content = models.JSONField()
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        db_table_comment = "A partner proposed by one officer and joined by another"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | (~Q(settled_by="") & ~Q(settled_by=models.F("proposed_by"))),
                name="joining_takes_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"proposal of {self.code}"


class Question(models.Model):
    """A question about a person of ours to one partner: who asked why, and what came back."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    conversation = models.UUIDField(default=uuid4)
    person_id = models.UUIDField()
    partner = models.CharField(max_length=16)
    to_state = models.CharField(max_length=3)
    profile = models.CharField(max_length=40)
    purpose = models.CharField(max_length=30)
    basis = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=_choices("waiting", "no_hit", "hit"), default="waiting")
    answered_at = models.DateTimeField(null=True)
    handle = models.CharField(max_length=36, blank=True, default="", help_text="What the partner asks to be named by")
    tries = models.IntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=40, blank=True, default="")
    ask_after = models.DateTimeField(null=True, help_text="When the clock asks again; empty: it does not")

    class Meta:
        db_table_comment = "A question about a person of ours to one partner"
        ordering: ClassVar = ["-asked_at", "partner"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="waiting", answered_at__isnull=True)
                | (~Q(state="waiting") & Q(answered_at__isnull=False)),
                name="an_answer_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state="hit") & ~Q(handle="") | ~Q(state="hit") & Q(handle=""), name="a_hit_has_a_handle"
            ),
            models.CheckConstraint(condition=~Q(to_state=""), name="a_question_names_a_state"),
        ]

    def __str__(self) -> str:
        return f"question {self.reference}"


class Received(models.Model):
    """A message that reached this node, whatever became of it: sender, number, purpose and time, and nothing of what it said."""

    id = models.BigAutoField(primary_key=True)
    sender = models.CharField(max_length=16)
    nonce = models.CharField(max_length=24)
    message = models.UUIDField()
    profile = models.CharField(max_length=40)
    purpose = models.CharField(max_length=30)
    basis = models.CharField(max_length=80)
    role = models.CharField(max_length=40, blank=True, default="")
    received_at = models.DateTimeField()

    class Meta:
        db_table_comment = "A message that reached this node: sender, number, purpose and time"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender", "nonce"], name="nothing_is_received_twice"),
        ]
        indexes: ClassVar = [models.Index(fields=["sender", "purpose", "received_at"], name="received_in_an_hour")]

    def __str__(self) -> str:
        return f"message {self.message}"


class Handle(models.Model):
    """A hit that a partner was told of: by this it may ask for more, and nobody else may."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    partner = models.CharField(max_length=16)
    question = models.UUIDField(help_text="The number of the partner's question")
    person_id = models.UUIDField()
    to_state = models.CharField(max_length=3)
    purpose = models.CharField(max_length=30)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table_comment = "A hit that a partner was told of, by which it may ask for more"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner", "question"], name="one_handle_a_question"),
            models.CheckConstraint(condition=~Q(to_state=""), name="a_handle_names_a_state"),
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("made_at")), name="a_handle_ends"),
        ]

    def __str__(self) -> str:
        return f"handle {self.id}"


class Outgoing(models.Model):
    """A message that must arrive: kept until the partner's signed receipt for it is here.

    Without a person it tells nothing of anybody, as *postponed* does. One that was kept back waits for data protection.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    partner = models.CharField(max_length=16)
    to_state = models.CharField(max_length=3)
    person_id = models.UUIDField(null=True)
    conversation = models.UUIDField()
    sequence = models.IntegerField()
    profile = models.CharField(max_length=40)
    version = models.IntegerField()
    purpose = models.CharField(max_length=30)
    basis = models.CharField(max_length=80)
    role = models.CharField(max_length=40, blank=True, default="")
    case = models.CharField(max_length=40, blank=True, default="")
    body = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=_choices("waiting", "received", "kept_back"), default="waiting")
    tries = models.IntegerField(default=0)
    try_after = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=40, blank=True, default="")
    received_at = models.DateTimeField(null=True)
    receipt = models.JSONField(
        null=True,
        help_text="Status, headers and body of the signed receipt, and the request that it answers, as they came",
    )
    settled_at = models.DateTimeField(null=True, help_text="When data protection decided what becomes of one kept back")
    settled_by = models.CharField(max_length=80, blank=True, default="")
    settled_reason = models.TextField(blank=True, default="")

    class Meta:
        db_table_comment = "A message that must arrive, kept until its signed receipt is here"
        ordering: ClassVar = ["made_at", "sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["partner", "conversation", "sequence"], name="one_message_a_place"),
            models.CheckConstraint(
                condition=~Q(state="received") | Q(receipt__isnull=False, received_at__isnull=False),
                name="received_means_a_receipt",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(state="kept_back") & ~Q(settled_by="") & ~Q(settled_reason=""),
                name="what_was_kept_back_is_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.id}"


class Incoming(models.Model):
    """A message of a partner that was taken: once, in its order, with the signature under it as evidence.

    What came in is never changed; beside it stands which officer has dealt with it, when and how.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sender = models.CharField(max_length=16)
    message = models.UUIDField()
    person_id = models.UUIDField(null=True, help_text="The person of ours whom it is about, if anybody")
    conversation = models.UUIDField()
    sequence = models.IntegerField()
    profile = models.CharField(max_length=40)
    purpose = models.CharField(max_length=30)
    basis = models.CharField(max_length=80)
    role = models.CharField(max_length=40, blank=True, default="")
    case = models.CharField(max_length=40, blank=True, default="")
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    mark = models.CharField(max_length=64, default="", help_text="The digest under the data-protection key")
    evidence = models.JSONField(help_text="Address, headers and bytes of the signed request, as they came")
    received_at = models.DateTimeField()
    noted_at = models.DateTimeField(null=True)
    noted_by = models.CharField(max_length=80, blank=True, default="")
    note = models.TextField(blank=True, default="")

    class Meta:
        db_table_comment = "A message of a partner that was taken, once and in its order"
        ordering: ClassVar = ["received_at", "sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender", "message"], name="a_message_is_taken_once"),
            models.UniqueConstraint(fields=["sender", "conversation", "sequence"], name="one_place_in_a_conversation"),
            models.CheckConstraint(
                condition=Q(noted_at__isnull=True) | ~Q(noted_by=""), name="somebody_has_noted_a_message"
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.message}"


class Place(models.Model):
    """The place of a partner's message that was taken and concerns nobody of ours, or nobody any more; nothing of what it said.

    With it the partner has the same receipt for the same message, and the next one of the conversation follows on.
    """

    id = models.BigAutoField(primary_key=True)
    sender = models.CharField(max_length=16)
    message = models.UUIDField()
    conversation = models.UUIDField()
    sequence = models.IntegerField()
    mark = models.CharField(max_length=64, help_text="Its digest under the data-protection key")

    class Meta:
        db_table_comment = "The place of a partner's message that concerns nobody of ours, or nobody any more"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender", "message"], name="a_place_is_of_one_message"),
            models.UniqueConstraint(fields=["sender", "conversation", "sequence"], name="a_place_is_taken_once"),
        ]

    def __str__(self) -> str:
        return f"place of {self.message}"


class Contact(models.Model):
    """How it stands with a partner: since when it answers this node or is silent, and what it last said of itself."""

    partner = models.CharField(max_length=16, primary_key=True)
    tried_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    silent_since = models.DateTimeField(null=True)
    greeted = models.JSONField(null=True, help_text="Its last greeting: profiles, purposes, clock")

    class Meta:
        db_table_comment = "Since when a partner answers this node or is silent, and what it last said of itself"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=False) | Q(silent_since__isnull=False), name="a_try_has_its_end"
            ),
        ]

    def __str__(self) -> str:
        return f"contact with {self.partner}"


class Witnessed(models.Model):
    """The last checkpoint of a partner's access log that this node has witnessed; the next must continue it.

    Without a note nothing is held: an officer has settled an alarm, and the next checkpoint is the first.
    """

    partner = models.CharField(max_length=16, primary_key=True)
    key = models.CharField(max_length=200, help_text="The log's public key, as the partner first named it")
    note = models.BinaryField(null=True, help_text="The checkpoint, signed by the log and by us, byte for byte")
    seen_at = models.DateTimeField()

    class Meta:
        db_table_comment = "The last checkpoint of a partner's access log that this node has witnessed"

    def __str__(self) -> str:
        return f"log of {self.partner}"


class Cosigned(models.Model):
    """The last checkpoint of our own log that a partner has witnessed, with its signature."""

    witness = models.CharField(max_length=16, primary_key=True)
    note = models.BinaryField(null=True, help_text="The checkpoint with its cosignature, byte for byte")
    cosigned_at = models.DateTimeField(null=True)
    waits_since = models.DateTimeField(help_text="The first try since its last signature")
    tried_at = models.DateTimeField()

    class Meta:
        db_table_comment = "The last checkpoint of our own log that a partner has witnessed"

    def __str__(self) -> str:
        return f"witness {self.witness}"


class WitnessAlarm(models.Model):
    """Something wrong with a log that nodes witness: a partner's, or our own as a partner sees it. It stays on record."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    partner = models.CharField(max_length=16)
    is_ours = models.BooleanField(help_text="Our own log, as this partner sees it; else the partner's")
    kind = models.CharField(max_length=20)
    held = models.TextField(blank=True, default="", help_text="The checkpoint that was held, as it was signed")
    given = models.TextField(blank=True, default="", help_text="What came instead")
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, blank=True, default="")
    reason = models.TextField(blank=True, default="")

    class Meta:
        db_table_comment = "Something wrong with a log that nodes witness for one another"
        ordering: ClassVar = ["-raised_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["partner", "is_ours", "kind"],
                condition=Q(settled_at__isnull=True),
                name="one_open_alarm_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | (~Q(settled_by="") & ~Q(reason="")),
                name="an_alarm_is_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.partner}"
