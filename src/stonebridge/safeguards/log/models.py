"""The tables of the access log, and of the protection log beside it, alike in everything but the schema.

Entries come first, unnumbered, in the transaction of whoever reads or writes; the sequencer
takes them from the queue, makes leaves of them and signs checkpoints. Nothing is ever changed:
grants and triggers say so, and the leaves prove it. Erasure alone empties an entry.
"""

from typing import ClassVar

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q

ENTRY_COMMENT = "Who did what to whose data: an event, sealed with a salt; append-only, emptied by erasure alone"
QUEUE_COMMENT = "Entries that are committed but not yet numbered"
LEAF_COMMENT = "An entry's place in the log: its number, its leaf, and the chain of its person after it; append-only"
CHECKPOINT_COMMENT = "What the log signed of itself at one size, as it was sent to witnesses; append-only"


class AbstractEntry(models.Model):
    """An event as it was written. ``written_at`` is when its transaction began, by the database's clock."""

    id = models.UUIDField(primary_key=True, editable=False)
    written_at = models.DateTimeField(db_default=TransactionNow(), db_index=True)
    salt = models.BinaryField(null=True)
    event = models.BinaryField(null=True, help_text="The event in its one encoding; empty after erasure")
    person_tag = models.BinaryField(db_index=True, help_text="Stands for the person; HMAC of the identifier")
    commitment = models.BinaryField(help_text="SHA-256 of salt and event; stays after erasure")
    erasure_id = models.UUIDField(null=True, help_text="The entry that records the erasure of this one")

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(salt__isnull=False, event__isnull=False, erasure_id__isnull=True)
                | Q(salt__isnull=True, event__isnull=True, erasure_id__isnull=False),
                name="%(class)s_is_whole_or_erased",
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.id}"


class AbstractQueued(models.Model):
    """An entry that waits for its number."""

    arrived = models.BigAutoField(primary_key=True)
    entry_id = models.UUIDField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"entry {self.entry_id} waiting"


class AbstractLeaf(models.Model):
    """An entry's place in the log, counted from 1."""

    number = models.BigIntegerField(primary_key=True)
    entry_id = models.UUIDField(unique=True)
    person_tag = models.BinaryField()
    commitment = models.BinaryField()
    leaf_hash = models.BinaryField()
    person_length = models.BigIntegerField(help_text="How many entries the person's chain has with this one")
    person_head = models.BinaryField(help_text="The head of the person's chain with this one")

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(number__gte=1, person_length__gte=1), name="%(class)s_counts_from_1"),
            models.UniqueConstraint(fields=["person_tag", "person_length"], name="%(class)s_is_one_link_of_a_chain"),
        ]

    def __str__(self) -> str:
        return f"entry {self.number}"


class AbstractCheckpoint(models.Model):
    """A signed statement of the log's size and roots."""

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField()
    root = models.BinaryField()
    persons_root = models.BinaryField()
    note = models.BinaryField(help_text="The signed note, byte for byte")
    signed_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"checkpoint of {self.size} entries"


class Entry(AbstractEntry):
    class Meta(AbstractEntry.Meta):
        db_table = '"log"."entry"'
        db_table_comment = ENTRY_COMMENT


class Queued(AbstractQueued):
    class Meta(AbstractQueued.Meta):
        db_table = '"log"."queue"'
        db_table_comment = QUEUE_COMMENT


class Leaf(AbstractLeaf):
    class Meta(AbstractLeaf.Meta):
        db_table = '"log"."leaf"'
        db_table_comment = LEAF_COMMENT


class Checkpoint(AbstractCheckpoint):
    class Meta(AbstractCheckpoint.Meta):
        db_table = '"log"."checkpoint"'
        db_table_comment = CHECKPOINT_COMMENT


class ProtectionEntry(AbstractEntry):
    class Meta(AbstractEntry.Meta):
        db_table = '"protection"."log_entry"'
        db_table_comment = ENTRY_COMMENT


class ProtectionQueued(AbstractQueued):
    class Meta(AbstractQueued.Meta):
        db_table = '"protection"."log_queue"'
        db_table_comment = QUEUE_COMMENT


class ProtectionLeaf(AbstractLeaf):
    class Meta(AbstractLeaf.Meta):
        db_table = '"protection"."log_leaf"'
        db_table_comment = LEAF_COMMENT


class ProtectionCheckpoint(AbstractCheckpoint):
    class Meta(AbstractCheckpoint.Meta):
        db_table = '"protection"."log_checkpoint"'
        db_table_comment = CHECKPOINT_COMMENT
