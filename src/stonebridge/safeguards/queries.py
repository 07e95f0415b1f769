"""What may be read of restrictions, holds and emergencies: plain values, under a permit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stonebridge.accounts.models import Officer
from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.domain.references import parse_reference
from stonebridge.safeguards import gate
from stonebridge.safeguards.facts import registered
from stonebridge.safeguards.models import EmergencyAccess, Hold, Restriction
from stonebridge.safeguards.policy import Action


@dataclass(frozen=True, slots=True)
class RestrictionSeen:
    person: str
    reason: str
    ground: str
    restricted_at: datetime
    restricted_by: str
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class HoldSeen:
    id: UUID
    person: str
    fact: str
    link: str
    arose_at: datetime


@dataclass(frozen=True, slots=True)
class EmergencySeen:
    id: UUID
    officer: str
    reference: str
    reason: str
    declared_at: datetime
    ends_at: datetime
    reviewed_at: datetime | None
    justified: bool | None
    review: str


def person_of(reference: str, purpose: Purpose) -> UUID:
    """The record of a reference, as far as the purpose opens it. Nothing of it is shown by this.

    Raises:
        BadInput: this is no reference.
        NotFound: no such record.
    """
    with gate.act(purpose):
        found = registered().find(parse_reference(reference))
    if found is None:
        raise NotFound("person", reference)
    return found


def restrictions(*, actor: Actor, basis: str, now: datetime) -> Sequence[RestrictionSeen]:
    """The restrictions in force, then those that were lifted, the latest first.

    Raises:
        Refused: the gate says no.
    """
    purpose = Purpose.DATA_PROTECTION
    with gate.act(purpose):
        rows = list(Restriction.objects.order_by("-restricted_at"))
        gate.permit(
            actor, Action.RESTRICT, purpose=purpose, basis=basis, now=now, persons={row.person_id for row in rows},
            subject="list of restrictions",
        )  # fmt: skip
        references = registered().references(row.person_id for row in rows)
        names = _names(row.restricted_by for row in rows)
        seen = [
            RestrictionSeen(
                references.get(row.person_id, ""), row.reason, row.ground, row.restricted_at,
                names.get(row.restricted_by, row.restricted_by), row.lifted_at,
            )
            for row in rows
        ]  # fmt: skip
        return sorted(seen, key=lambda each: each.lifted_at is not None)


def open_holds(*, actor: Actor, basis: str, now: datetime) -> Sequence[HoldSeen]:
    """The holds that nobody has assigned, the oldest first. Whoever is closed by a restriction is left out.

    Raises:
        Refused: the gate says no.
    """
    purpose = Purpose.IDENTIFICATION
    with gate.act(purpose):
        rows = list(Hold.objects.filter(assigned_at__isnull=True).order_by("arose_at", "id"))
        references = registered().references(row.person_id for row in rows)
        rows = [row for row in rows if row.person_id in references]
        gate.permit(
            actor, Action.ASSIGN_HOLD, purpose=purpose, basis=basis, now=now, persons={row.person_id for row in rows},
            subject="list of holds",
        )  # fmt: skip
        return [HoldSeen(row.id, references[row.person_id], row.fact, row.arose_from, row.arose_at) for row in rows]


def emergencies(*, actor: Actor, basis: str, now: datetime) -> Sequence[EmergencySeen]:
    """Every use of emergency access, those that wait for a review first.

    Raises:
        Refused: the gate says no.
    """
    with gate.act(Purpose.DATA_PROTECTION):
        gate.permit(
            actor, Action.READ_LOG, purpose=Purpose.DATA_PROTECTION, basis=basis, now=now, subject="emergencies"
        )
        rows = list(EmergencyAccess.objects.order_by("-declared_at"))
        names = _names(row.officer_reference for row in rows)
    seen = [
        EmergencySeen(
            row.id, names.get(row.officer_reference, row.officer_reference), row.officer_reference, row.reason,
            row.declared_at, row.ends_at, row.reviewed_at, row.justified, row.review,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(seen, key=lambda each: each.reviewed_at is not None)


def running_emergency(actor: Actor, now: datetime) -> datetime | None:
    """When the actor's own emergency ends, if one runs."""
    ends = EmergencyAccess.objects.filter(officer_reference=actor.reference, declared_at__lte=now, ends_at__gt=now)
    return ends.order_by("-ends_at").values_list("ends_at", flat=True).first()


def _names(references: Iterable[str]) -> Mapping[str, str]:
    wanted = set(references)
    return {str(id): name for id, name in Officer.objects.values_list("id", "full_name") if str(id) in wanted}
