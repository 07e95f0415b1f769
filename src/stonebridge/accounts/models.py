"""Officers, organisations and their mandates, postings. Tables only; decisions are the gate's."""

from collections.abc import Iterator
from datetime import UTC, date
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from uuid_utils.compat import uuid7

from stonebridge.domain.actor import Purpose, Role


class OfficerManager(BaseUserManager["Officer"]):
    def get_by_natural_key(self, username: str | None) -> "Officer":
        return self.get(email__iexact=username)


class Officer(AbstractBaseUser):
    """Whoever signs in: an officer of the authority, or a worker of an organisation.

    There is no superuser and no staff flag: what someone may do follows from
    postings in force and from the gate alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=200)
    language = models.CharField(max_length=8, default="en")
    shortcuts = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    signed_out_at = models.DateTimeField(null=True, blank=True, help_text="Every session from before is over")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]
    objects = OfficerManager()

    class Meta:
        db_table_comment = "Whoever signs in; what they may do follows from postings in force"

    def __str__(self) -> str:
        return self.full_name

    def get_session_auth_hash(self) -> str:
        """What a session must know: it changes with the password, and when every session is ended at once."""
        return self._hash_of_sessions(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under secret keys that were replaced."""
        return (self._hash_of_sessions(secret) for secret in settings.SECRET_KEY_FALLBACKS)

    def _hash_of_sessions(self, secret: str | bytes) -> str:
        until = "" if self.signed_out_at is None else self.signed_out_at.astimezone(UTC).isoformat()
        return salted_hmac(
            "stonebridge.session", f"{self.password} {until}", secret=secret, algorithm="sha256"
        ).hexdigest()


class OrganisationKind(models.TextChoices):
    AUTHORITY = "authority"
    MUNICIPALITY = "municipality"
    NGO = "ngo"
    INTERNATIONAL = "international"


class Organisation(models.Model):
    """The node's own authority, or another organisation that works here under a mandate."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)

    class Meta:
        db_table_comment = "The node's own authority, or an organisation that works here under a mandate"

    def __str__(self) -> str:
        return self.name


def in_force(on: date) -> Q:
    """Rows whose first day has come, whose last day, if any, has not passed, and which nobody has ended."""
    return Q(starts_on__lte=on, ended_at__isnull=True) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))


class Mandate(models.Model):
    """For which purposes an organisation other than the authority may act, and on what basis."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mandates")
    purpose = models.CharField(max_length=30, choices=[(p.value, p.value) for p in Purpose])
    basis = models.CharField(max_length=200, help_text="The agreement or act that gives the mandate")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Ended before its last day, at once")

    class Meta:
        db_table_comment = "For which purposes an organisation may act, and on what basis"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="mandate_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.purpose}"


class Posting(models.Model):
    """A role that somebody holds in a unit, from a day to a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="postings")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="postings")
    unit = models.CharField(max_length=120)
    role = models.CharField(max_length=40, choices=[(r.value, r.value) for r in Role])
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Ended before its last day, at once")
    appointed_by = models.CharField(max_length=80, help_text="Reference of the actor who made the posting")

    class Meta:
        db_table_comment = "A role that somebody holds in a unit, from a day to a day"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["officer", "organisation", "unit", "role", "starts_on"], name="one_posting_a_role_and_start"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="posting_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer}: {self.role}, {self.unit}"


class Notice(models.Model):
    """Something an officer must be told by name, such as a use of emergency access."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    role = models.CharField(max_length=40, choices=[(r.value, r.value) for r in Role])
    kind = models.CharField(max_length=40)
    text = models.TextField(
        blank=True, default="", help_text="What somebody wrote; empty where the kind has a sentence"
    )
    named = models.JSONField(default=dict, help_text="What the sentence of this kind names: no person on record")
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(Officer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table_comment = "Something that the holders of a role must be told, such as a use of emergency access"

    def __str__(self) -> str:
        return f"{self.role}: {self.kind}"


class SecondFactorReset(models.Model):
    """Two administrators take an officer's second factor away: one asks with a reason, another does it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="second_factor_resets")
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    asked_by_name = models.CharField(max_length=200)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.CharField(max_length=80, blank=True, default="")
    done = models.BooleanField(null=True, help_text="Whether the second factor was taken away; empty until settled")

    class Meta:
        db_table_comment = "Two administrators take an officer's second factor away"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, done__isnull=True)
                | Q(settled_at__isnull=False, done=False)
                | Q(settled_at__isnull=False, done=True) & ~Q(settled_by=models.F("asked_by")),
                name="reset_takes_two_administrators",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="reset_has_a_reason"),
            models.UniqueConstraint(
                fields=["officer"], condition=Q(settled_at__isnull=True), name="one_open_reset_an_officer"
            ),
        ]

    def __str__(self) -> str:
        return f"reset for {self.officer}"
