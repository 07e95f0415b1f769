"""Fill the register of a node in bulk with invented people of whom a partner may be told. Run in that node's environment.

``python filling.py REGISTER.csv PARTNER ADDRESS KEY``. What officers would have recorded is there for each person: a
statement of identity, the answers about immediate needs, that no protection is claimed, and that the partner's state
is none of origin. Histories, logs and the keys of the search by name are left out: no question reads them.
"""

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import django

django.setup()

from django.conf import settings  # noqa: E402 needs the apps
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402
from uuid_utils.compat import uuid7  # noqa: E402

from stonebridge.domain.actor import Purpose  # noqa: E402
from stonebridge.domain.errors import BadInput  # noqa: E402
from stonebridge.domain.name_keys import sort_key  # noqa: E402
from stonebridge.domain.names import script_of  # noqa: E402
from stonebridge.domain.partial_date import PartialDate, parse_birth_date, unknown_date  # noqa: E402
from stonebridge.domain.references import new_reference  # noqa: E402
from stonebridge.registry.models import Document, IdentityStatement, Name, Nationality, Person  # noqa: E402
from stonebridge.remedies.models import Origin, ProtectionClaim  # noqa: E402
from stonebridge.safeguards import gate  # noqa: E402
from stonebridge.safeguards.sealing import KeyEncryptionKey, seal  # noqa: E402
from stonebridge.site.demo.partners import join_partners  # noqa: E402
from stonebridge.site.node import load_node  # noqa: E402

AT_ONCE = 2000
QUOTA = 10_000_000
"""Messages an hour: the benchmark measures how fast answers are, not how few."""
BY = "bench"
_taken: set[str] = set()
NEEDS = {"alone": "no", "injured": "no", "afraid": "no", "pregnant": "no"}


def main() -> None:
    register, partner, address, key = sys.argv[1:]
    now = timezone.now()
    state = load_node(settings.NODE.folder.parent / partner).state
    with Path(register).open(newline="", encoding="utf-8") as stream:
        for rows in batched_rows(csv.DictReader(stream)):
            _add(rows, state, now)
    join_partners([(partner, address, key)], now, quota=QUOTA)


def batched_rows(rows: "csv.DictReader[str]") -> Iterator[Sequence[dict[str, str]]]:
    """Some rows at a time, so that no transaction is long."""
    kept: list[dict[str, str]] = []
    for row in rows:
        kept.append(row)
        if len(kept) == AT_ONCE:
            yield kept
            kept = []
    yield kept


def _add(rows: Sequence[dict[str, str]], state: str, now: datetime) -> None:
    persons = [
        Person(id=uuid7(), reference=_fresh_reference(), collected_for=Purpose.REGISTRATION,
               basis="public_task", registered_at=now, registered_by=BY, unit=BY, notice="acknowledged",
               notice_version="demo")
        for _ in rows
    ]  # fmt: skip
    statements = [_statement(person, row, now) for person, row in zip(persons, rows, strict=True)]
    stated = list(zip(statements, rows, strict=True))
    with gate.act(Purpose.REGISTRATION):
        Person.objects.bulk_create(persons)
        IdentityStatement.objects.bulk_create(statements)
        Name.objects.bulk_create(name for statement, row in stated for name in _names(statement, row))
        Nationality.objects.bulk_create(
            Nationality(statement=statement, state=row["nationality"], known_by="declared")
            for statement, row in stated if row["nationality"]
        )  # fmt: skip
        Document.objects.bulk_create(
            Document(person=person, kind="passport", number=row["doc"], issuing_state=row["nationality"], seen="original",
                     recorded_at=now, recorded_by=BY)
            for person, row in zip(persons, rows, strict=True) if row["doc"]
        )  # fmt: skip
        ProtectionClaim.objects.bulk_create(
            ProtectionClaim(
                person=person, state="none", asked_on=now.date(), as_of=now, recorded_at=now, recorded_by=BY
            )
            for person in persons
        )
        Origin.objects.bulk_create(
            Origin(person=person, state=state, is_origin="no", reason="Invented.", recorded_at=now, recorded_by=BY)
            for person in persons
        )
        with connection.cursor() as cursor:
            cursor.executemany(
                "SELECT protection.keep_screening(%s, %s, %s, %s, %s)",
                [_screened(person.id, now) for person in persons],
            )


def _fresh_reference() -> str:
    """One that is not taken yet: among so many at once, two in three billion do meet."""
    while (made := new_reference(settings.NODE.references)) in _taken:
        pass
    _taken.add(made)
    return made


def _statement(person: Person, row: dict[str, str], now: datetime) -> IdentityStatement:
    birth = _birth(row["birth"], now)
    return IdentityStatement(
        person=person, standing="declared", stated_at=now, recorded_by=BY, sex=row["sex"], birth_text=birth.text,
        birth_calendar=birth.calendar, birth_precision=birth.precision, birth_year=birth.year, birth_month=birth.month,
        birth_day=birth.day, birth_earliest=birth.earliest, birth_latest=birth.latest, birth_place=row["pob"],
    )  # fmt: skip


def _birth(text: str, now: datetime) -> PartialDate:
    try:
        return parse_birth_date(text, today=now.date())
    except BadInput:
        return unknown_date()


def _names(statement: IdentityStatement, row: dict[str, str]) -> Iterator[Name]:
    for part in ("given", "family", "father", "mother"):
        if text := row[part]:
            yield Name(
                statement=statement, part=part, text=text, script=script_of(text).value, sort_key=sort_key(text)[:240]
            )


def _screened(person: UUID, now: datetime) -> tuple[Any, ...]:
    id, key = uuid7(), KeyEncryptionKey("protection", settings.PROTECTION_KEY)
    return id, person, seal(json.dumps(NEEDS).encode(), id, key, kind="screening"), now, BY


if __name__ == "__main__":
    main()
