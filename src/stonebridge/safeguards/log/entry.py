"""One event of the access log, the bytes it is kept as, and the leaf that commits to it.

The leaf is SHA-256(0x00 || person tag || SHA-256(salt || event)). Erasure takes away salt and
event: without the random salt the inner hash tells nothing, and the leaf stays. The tag
stands for the person: only who holds the data-protection key can tell whose it is.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from stonebridge.domain.actor import Actor, ActorKind
from stonebridge.domain.errors import BadInput
from stonebridge.safeguards.log.merkle import leaf_hash

VERSION = 1
HASH_SIZE = 32
SALT_SIZE = 32
LONGEST_TEXT = 1000  # characters
MOST_DETAILS = 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Outcome(StrEnum):
    """What the gate answered."""

    PERMITTED = "permitted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Event:
    """Who did, or tried to do, what: to whom, when, for which purpose, on what basis, and what the gate answered.

    ``person`` is None when nobody's data were touched. ``detail`` holds short texts and never
    what a record says.

    Raises:
        BadInput: a moment without time zone, a missing actor or action, a text too long or not encodable.
    """

    id: UUID
    at: datetime
    actor_kind: ActorKind
    actor: str
    action: str
    purpose: str
    basis: str
    person: UUID | None
    outcome: Outcome
    unit: str = ""
    subject_kind: str = ""
    subject: str = ""
    case: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require_time_zone(self.at)
        for name in ("actor", "action", "purpose"):
            if not getattr(self, name):
                raise BadInput(name, "", "An entry of the access log names its actor, action and purpose.")
        for name in ("actor", "action", "purpose", "basis", "unit", "subject_kind", "subject", "case"):
            _require_short_text(name, getattr(self, name))
        if len(self.detail) > MOST_DETAILS:
            raise BadInput("detail", len(self.detail), f"Give at most {MOST_DETAILS} details.")
        for name, value in self.detail.items():
            _require_short_text("detail", name)
            _require_short_text(f"detail.{name}", value)

    @classmethod
    def of(
        cls, actor: Actor, *, action: str, purpose: str, basis: str, person: UUID | None, outcome: Outcome,
        at: datetime, subject_kind: str = "", subject: str = "", case: str = "",
        detail: Mapping[str, str] | None = None,
    ) -> "Event":  # fmt: skip
        """A new event of ``actor``, with an identifier of its own."""
        return cls(
            id=new_id(at), at=at, actor_kind=actor.kind, actor=actor.reference, unit=actor.unit, action=str(action),
            purpose=str(purpose), basis=basis, person=person, outcome=outcome, subject_kind=subject_kind,
            subject=subject, case=case, detail=dict(detail or {}),
        )  # fmt: skip

    def to_bytes(self) -> bytes:
        """The one encoding of this event: JSON in UTF-8 with sorted keys and no spaces."""
        return _encode(
            {
                "v": VERSION,
                "id": str(self.id),
                "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "actor_kind": self.actor_kind.value,
                "actor": self.actor,
                "unit": self.unit,
                "action": self.action,
                "purpose": self.purpose,
                "basis": self.basis,
                "person": None if self.person is None else str(self.person),
                "subject_kind": self.subject_kind,
                "subject": self.subject,
                "case": self.case,
                "outcome": self.outcome.value,
                "detail": dict(self.detail),
            }
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> "Event":
        """Read what ``to_bytes`` wrote.

        Raises:
            BadInput: these are not the bytes of an event, down to the last one.
        """
        remedy = "Keep the entry as it is: these are not the bytes of an event of the access log."
        try:
            read = json.loads(data)
            if read.pop("v") != VERSION:
                raise BadInput("event", data, "The event is of a version that this program does not read.")
            event = cls(
                id=UUID(read.pop("id")),
                at=datetime.fromisoformat(read.pop("at")),
                actor_kind=ActorKind(read.pop("actor_kind")),
                person=UUID(read["person"]) if read["person"] is not None else None,
                outcome=Outcome(read.pop("outcome")),
                **{name: value for name, value in read.items() if name != "person"},
            )
            if event.to_bytes() != data:
                raise BadInput("event", data, remedy)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadInput("event", data, remedy) from error
        return event


class Sealed(NamedTuple):
    """An event ready to be written: its bytes, its salt, and what the leaf is made of."""

    id: UUID
    salt: bytes
    event: bytes
    tag: bytes
    commitment: bytes


def seal(event: Event, key: bytes, *, salt: bytes | None = None) -> Sealed:
    """Salt ``event`` and charge it to its person under the data-protection ``key``."""
    salt = secrets.token_bytes(SALT_SIZE) if salt is None else salt
    body = event.to_bytes()
    return Sealed(event.id, salt, body, person_tag(key, event.person), commitment(salt, body))


def person_tag(key: bytes, person: UUID | None) -> bytes:
    """What stands for a person in the log: HMAC-SHA256 of the identifier; of nothing when nobody was touched."""
    return hmac.digest(key, b"" if person is None else person.bytes, "sha256")


def commitment(salt: bytes, event: bytes) -> bytes:
    """The inner hash of a leaf: SHA-256(salt || event)."""
    return hashlib.sha256(salt + event).digest()


def entry_hash(tag: bytes, inner: bytes) -> bytes:
    """The leaf of an entry: SHA-256(0x00 || person tag || inner hash)."""
    return leaf_hash(tag + inner)


def new_id(at: datetime) -> UUID:
    """A fresh UUID of version 7 (RFC 9562): the moment in milliseconds, then 74 random bits."""
    random = secrets.randbits(74)
    return UUID(int=first_id(at).int | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & ((1 << 62) - 1))


def first_id(at: datetime) -> UUID:
    """What no identifier made at ``at`` or later comes before."""
    _require_time_zone(at)
    return UUID(int=max((at - _EPOCH) // timedelta(milliseconds=1), 0) << 80)


def _encode(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _require_time_zone(at: datetime) -> None:
    if at.utcoffset() is None:
        raise BadInput("at", at, "Give a moment with its time zone.")


def _require_short_text(name: str, value: object) -> None:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise BadInput(name, value, f"Give a text of at most {LONGEST_TEXT} characters.")
    if "\0" in value:
        raise BadInput(name, value, "Give text without the character NUL.")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BadInput(name, value, "Give text without lone surrogates.") from error
