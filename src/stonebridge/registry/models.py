"""Persons, statements of identity, documents, family, arrival. Tables only.

Nothing that was stated is overwritten: a new statement stands beside the old one.
Names stand as given, with their script. Keys for searching and sorting are
computed in Python and stored, so that they are equal on every node.
"""

from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from stonebridge.domain.actor import Purpose


def _choices(*values: str) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class PersonQuerySet(models.QuerySet["Person"]):
    def locked(self, *ids: UUID) -> "PersonQuerySet":
        """These persons, locked in the order of their identifiers."""
        return self.filter(id__in=ids).order_by("id").select_for_update(of=("self",))


class Person(models.Model):
    """A record of the register: one registration of one human being, who may have others."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    collected_for = models.CharField(max_length=30, choices=[(p.value, p.value) for p in Purpose])
    basis = models.CharField(max_length=80)
    registered_at = models.DateTimeField()
    registered_by = models.CharField(max_length=80)
    unit = models.CharField(max_length=120)
    language = models.CharField(
        max_length=12, blank=True, default="", help_text="Language spoken, as listed in law/codes"
    )
    interpreter = models.CharField(max_length=120, blank=True, default="")
    notice_version = models.CharField(max_length=20, blank=True, default="")
    notice = models.CharField(
        max_length=12, choices=_choices("acknowledged", "refused"), help_text="Answer to the notice"
    )
    read_back = models.CharField(max_length=12, choices=_choices("signed", "thumb", "refused"), blank=True, default="")
    draft = models.UUIDField(
        null=True, unique=True, help_text="Under which it was typed: handed in twice, it is one person"
    )
    no_documents = models.CharField(
        max_length=12, blank=True, default="", help_text="Why there is no document to show, by the person's own account",
        choices=_choices("lost", "stolen", "taken", "left_behind", "destroyed", "never_had", "not_said"),
    )  # fmt: skip
    no_documents_account = models.CharField(max_length=200, blank=True, default="")
    objects = PersonQuerySet.as_manager()

    class Meta:
        db_table_comment = "A record of the register: one registration of one human being"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(basis="") & ~Q(registered_by=""), name="person_has_basis_and_registrar"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Standing(models.TextChoices):
    """How far a statement is borne out."""

    DECLARED = "declared"
    DOCUMENTED = "documented"
    ESTABLISHED = "established"


class IdentityStatement(models.Model):
    """What was declared, documented or established about who somebody is, at one time. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="statements")
    standing = models.CharField(max_length=12, choices=Standing.choices)
    stated_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    reason = models.CharField(max_length=200, blank=True, default="", help_text="Why it stands beside the former one")
    sex = models.CharField(max_length=1, choices=_choices("f", "m", "x"), blank=True, default="")
    birth_text = models.CharField(max_length=80, blank=True, default="", help_text="The date as spoken or printed")
    birth_calendar = models.CharField(max_length=20, blank=True, default="")
    birth_precision = models.CharField(max_length=16, blank=True, default="")
    birth_year = models.SmallIntegerField(null=True)
    birth_month = models.SmallIntegerField(null=True)
    birth_day = models.SmallIntegerField(null=True)
    birth_earliest = models.DateField(null=True)
    birth_latest = models.DateField(null=True)
    birth_day_confirmed = models.BooleanField(default=False, help_text="Whether the day itself was said to be known")
    birth_place = models.CharField(max_length=120, blank=True, default="")
    birth_state = models.CharField(max_length=3, blank=True, default="")
    stateless = models.CharField(max_length=8, choices=_choices("yes", "no", "unknown", "claimed"), default="unknown")

    class Meta:
        db_table_comment = "What was declared, documented or established about who somebody is, at one time"
        ordering: ClassVar = ["stated_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(birth_month__isnull=True) | Q(birth_year__isnull=False), name="a_month_of_birth_has_a_year"
            ),
            models.CheckConstraint(
                condition=Q(birth_day__isnull=True) | Q(birth_month__isnull=False), name="a_day_of_birth_has_a_month"
            ),
            models.CheckConstraint(
                condition=Q(birth_latest__gte=models.F("birth_earliest")) | Q(birth_earliest__isnull=True),
                name="birth_range_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standing} statement of {self.person_id}"


class NamePart(models.TextChoices):
    GIVEN = "given"
    FAMILY = "family"
    FATHER = "father"
    GRANDFATHER = "grandfather"
    MOTHER = "mother"
    PATRONYMIC = "patronymic"
    BIRTH = "birth"
    ALIAS = "alias"


class Name(models.Model):
    """A part of a name exactly as given, with its script; the Latin form stands beside it, never instead."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    statement = models.ForeignKey(IdentityStatement, on_delete=models.PROTECT, related_name="names")
    part = models.CharField(max_length=12, choices=NamePart.choices)
    text = models.CharField(max_length=120)
    script = models.CharField(max_length=12)
    latin = models.CharField(max_length=160, blank=True, default="")
    position = models.SmallIntegerField(default=0)
    sort_key = models.CharField(max_length=240, blank=True, default="")

    class Meta:
        db_table_comment = "A part of a name exactly as given, with its script"
        ordering: ClassVar = ["part", "position"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="name_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.part} name"


class SearchKey(models.Model):
    """A folded key under which the search box finds a person: from a name, a document number or a handle."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="search_keys")
    kind = models.CharField(max_length=10, choices=_choices("name", "document"))
    key = models.CharField(max_length=120)

    class Meta:
        db_table_comment = "A folded key under which the search box finds a person"
        indexes: ClassVar = [
            models.Index(fields=["kind", "key", "person"], name="search_key_lookup"),
            models.Index(fields=["key"], opclasses=["text_pattern_ops"], name="search_key_prefix"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "kind", "key"], name="one_key_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} key"


class Nationality(models.Model):
    """A nationality, and how it is known. Statelessness and refugee status are statuses, not states."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    statement = models.ForeignKey(IdentityStatement, on_delete=models.PROTECT, related_name="nationalities")
    state = models.CharField(max_length=3)
    printed = models.CharField(max_length=3, blank=True, default="", help_text="The code as printed in a document")
    known_by = models.CharField(max_length=12, choices=_choices("declared", "presumed", "documented"))

    class Meta:
        db_table_comment = "A nationality, and how it is known"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "state", "known_by"], name="one_nationality_a_statement"),
        ]

    def __str__(self) -> str:
        return self.state


class Document(models.Model):
    """A document that was shown, copied or only spoken of."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=40)
    issuing_state = models.CharField(max_length=3, blank=True, default="")
    expires_on = models.DateField(null=True, blank=True)
    seen = models.CharField(max_length=10, choices=_choices("original", "copy", "claimed"))
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)

    class Meta:
        db_table_comment = "A document that was shown, copied or only spoken of"
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(number=""), name="document_has_a_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.issuing_state}"


class Arrival(models.Model):
    """When, where and as what somebody arrived, in the shape that Eurodac records need."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="arrivals")
    category = models.CharField(max_length=40, help_text="Category as listed in law/codes")
    crossing_point = models.CharField(max_length=40, blank=True, default="")
    place = models.CharField(max_length=120, blank=True, default="")
    company = models.CharField(
        max_length=8, choices=_choices("alone", "family", "others"), blank=True, default="",
        help_text="In whose company, by the person's own account",
    )  # fmt: skip
    arrived_on = models.DateField()
    met_at = models.DateTimeField(help_text="Apprehension, disembarkation or lodging of the claim")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table_comment = "When, where and as what somebody arrived"

    def __str__(self) -> str:
        return f"{self.category} on {self.arrived_on}"


class FamilyGroup(models.Model):
    """People who came as a family, by their own account."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    formed_at = models.DateTimeField()

    class Meta:
        db_table_comment = "People who came as a family, by their own account"

    def __str__(self) -> str:
        return self.reference


class FamilyMember(models.Model):
    """Somebody's place in a family group, and how it is known."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey(FamilyGroup, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="families")
    relation = models.CharField(
        max_length=20, choices=_choices("head", "spouse", "child", "parent", "sibling", "guardian", "other")
    )
    known_by = models.CharField(max_length=12, choices=_choices("declared", "documented"))

    class Meta:
        db_table_comment = "Somebody's place in a family group, and how it is known"
        constraints: ClassVar = [models.UniqueConstraint(fields=["group", "person"], name="one_place_a_family")]

    def __str__(self) -> str:
        return self.relation


class Draft(models.Model):
    """A registration as it is being typed: sealed, one officer's, and gone after some days."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    officer_reference = models.CharField(max_length=80, db_index=True)
    sealed = models.BinaryField()
    sealed_captures = models.BinaryField(default=b"", help_text="Portrait and fingerprints; apart, for they are large")
    version = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table_comment = "A registration as it is being typed: sealed, and gone after some days"

    def __str__(self) -> str:
        return f"draft of {self.officer_reference}"


class BiometricRecord(models.Model):
    """A fingerprint file, template or portrait, sealed, in the vault. The application may add, never read."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person_id = models.UUIDField(db_index=True)
    modality = models.CharField(max_length=10, choices=_choices("finger", "face"))
    category = models.CharField(max_length=40)
    position = models.SmallIntegerField(default=0, help_text="Finger position 1-10 of ANSI/NIST-ITL; 0 for a face")
    media = models.CharField(max_length=40)
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    missing = models.CharField(
        max_length=20, blank=True, default="", help_text="Why there is no print: missing, injured, refused"
    )
    place = models.CharField(max_length=120)
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=80)
    sent_at = models.DateTimeField(null=True)
    made_from = models.UUIDField(null=True, help_text="Of a template: the picture of this table in which it was read")
    sealed = models.BinaryField()

    class Meta:
        db_table = '"vault"."biometric_record"'
        db_table_comment = "A fingerprint file, template or portrait, sealed"

    def __str__(self) -> str:
        return f"{self.modality} {self.position}"
