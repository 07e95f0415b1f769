"""The access log as data protection reads it. Every reading stands in the log itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connections

from stonebridge.accounts.models import Officer
from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.domain.references import parse_reference
from stonebridge.safeguards import gate
from stonebridge.safeguards.facts import registered
from stonebridge.safeguards.history import record
from stonebridge.safeguards.log import holder
from stonebridge.safeguards.log.reading import Logged, entries_about, entries_between
from stonebridge.safeguards.log.store import ACCESS
from stonebridge.safeguards.policy import Action

PURPOSE = Purpose.DATA_PROTECTION
MOST = 100
"""So many entries of a time are looked through at once."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the log in plain values. ``action`` is empty when the entry was erased."""

    number: int | None
    at: datetime | None
    actor: str
    officer: str
    unit: str
    action: str
    purpose: str
    basis: str
    person: str
    outcome: str
    detail: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found; ``is_cut`` when there were more entries than are looked through at once."""

    lines: Sequence[Line]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class WitnessSeen:
    """A witness of the log, and whether it holds the last checkpoint."""

    name: str
    holds_last: bool


@dataclass(frozen=True, slots=True)
class LogState:
    """What was signed last: how many entries, when; and who holds it outside."""

    size: int
    signed_at: datetime | None
    witnesses: Sequence[WitnessSeen]


def look(
    *, since: datetime, until: datetime, officer: str = "", reference: str = "", actor: Actor, basis: str, now: datetime
) -> Looked:
    """Entries from ``since`` to before ``until``, latest first: of one officer, or about one person, if named.

    About a person means about every record linked as the same person.

    Raises:
        Refused: the gate says no.
        NotFound, BadInput: no such record.
    """
    with gate.act(PURPOSE):
        if reference:
            person = _person(reference)
            permit = gate.permit(actor, Action.READ_LOG, purpose=PURPOSE, basis=basis, now=now, persons=[person])
            found = [entry for record in sorted(permit.persons) for entry in entries_about(record)]
            found = [entry for entry in found if _is_between(entry, since, until, officer)]
            found.sort(key=lambda entry: entry.id, reverse=True)
            return Looked(_lines(found[:MOST]), is_cut=len(found) > MOST)
        gate.permit(actor, Action.READ_LOG, purpose=PURPOSE, basis=basis, now=now)
        found = entries_between(since, until, actor=officer, most=MOST + 1)
        return Looked(_lines(found[:MOST]), is_cut=len(found) > MOST)


def of_officer(
    officer: str, *, since: datetime, until: datetime, actor: Actor, basis: str, now: datetime
) -> Sequence[Line]:
    """What one officer did in a time, earliest first.

    Raises:
        Refused: the gate says no.
    """
    looked = look(since=since, until=until, officer=officer, actor=actor, basis=basis, now=now)
    return tuple(reversed(looked.lines))


def export_about(reference: str, *, actor: Actor, basis: str, now: datetime) -> dict[str, object]:
    """Who looked at a person's data, for the person: when, from which unit, what, for which purpose, on what basis.

    Officers are told apart and not named. What was erased is counted.

    Raises:
        Refused: the gate says no.
        NotFound, BadInput: no such record.
    """
    with gate.act(PURPOSE):
        person = _person(reference)
        permit = gate.permit(
            actor, Action.READ_LOG, purpose=PURPOSE, basis=basis, now=now, persons=[person], subject="access request"
        )
        found = [entry for record in sorted(permit.persons) for entry in entries_about(record)]
        lines = _lines(sorted(found, key=lambda entry: entry.id))
        record("log_exported", f"person:{parse_reference(reference)}", person=person, permit=permit)
    numbers: dict[str, int] = {}
    told = [
        {
            "at": line.at.isoformat() if line.at else None,
            "officer": numbers.setdefault(line.officer, len(numbers) + 1),
            "unit": line.unit,
            "action": line.action,
            "purpose": line.purpose,
            "legal_basis": line.basis,
            "record": line.person,
            "outcome": line.outcome,
            "number_in_log": line.number,
        }
        for line in lines
        if line.action
    ]
    return {
        "node": settings.NODE.code,
        "about": parse_reference(reference),
        "made_at": now.isoformat(),
        "entries": told,
        "erased": sum(not line.action for line in lines),
    }


def state() -> LogState:
    """The last checkpoint and the witnesses that hold it. Tells nothing about anybody."""
    with connections["default"].cursor() as cursor:
        cursor.execute(ACCESS.sql("SELECT size, signed_at, note FROM {checkpoint} ORDER BY id DESC LIMIT 1"))
        last = cursor.fetchone()
    if last is None:
        return LogState(0, None, [])
    size, signed_at, note = last
    return LogState(size, signed_at, [_witness(folder, bytes(note)) for folder in settings.WITNESS_FOLDERS])


def _witness(folder: Path, note: bytes) -> WitnessSeen:
    number = holder.last_number(folder, ACCESS.name)
    path = folder / f"{ACCESS.name}-{number:012d}.checkpoint"
    return WitnessSeen(folder.name, path.exists() and path.read_bytes() == note)


def _person(reference: str) -> UUID:
    found = registered().find(parse_reference(reference))
    if found is None:
        raise NotFound("person", reference)
    return found


def _is_between(entry: Logged, since: datetime, until: datetime, officer: str) -> bool:
    event = entry.event
    return event is not None and since <= event.at < until and officer in ("", event.actor)


def _lines(found: Iterable[Logged]) -> list[Line]:
    entries = list(found)
    events = [entry.event for entry in entries if entry.event]
    references = registered().references({event.person for event in events if event.person})
    known = {str(id): name for id, name in Officer.objects.values_list("id", "full_name")}
    return [_line(entry, known, references) for entry in entries]


def _line(entry: Logged, known: Mapping[str, str], references: Mapping[UUID, str]) -> Line:
    event = entry.event
    if event is None:
        return Line(entry.number, None, "", "", "", "", "", "", "", "", {})
    return Line(
        number=entry.number, at=event.at, actor=known.get(event.actor, event.actor), officer=event.actor,
        unit=event.unit, action=event.action, purpose=event.purpose, basis=event.basis,
        person=references.get(event.person, "") if event.person else "", outcome=event.outcome.value,
        detail=event.detail,
    )  # fmt: skip
