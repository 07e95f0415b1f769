"""Fingers join a record on its way to the matcher: sealed as the vault keeps them, and opened by the matcher alone.

The worker hands over what it cannot have read: it asks the vault on the vault's own connection, under a permit of
its own, and sends the bytes on as they are.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from stonebridge.accounts.doors import DEFAULT_BASIS
from stonebridge.domain.actor import Purpose, clock
from stonebridge.identification.matcher.sealed_fingers import sealed_text
from stonebridge.matching.record import Record
from stonebridge.registry.vault import sealed_templates

PURPOSE = Purpose.IDENTIFICATION
BASIS = DEFAULT_BASIS[PURPOSE]
MACHINE = clock("search")


def with_fingers(records: Iterable[Record], *, now: datetime) -> list[Record]:
    """The same records with the fingers that the vault holds of them, on their first statement.

    Raises:
        Refused: the gate says no.
    """
    given = list(records)
    taken = sealed_templates([each.id for each in given], actor=MACHINE, purpose=PURPOSE, basis=BASIS, now=now)
    return [
        _joined(each, [sealed_text(one.id, one.position, one.sealed) for one in taken.get(each.id, ())])
        for each in given
    ]


def _joined(record: Record, fingers: list[str]) -> Record:
    if not fingers or not record.identities:
        return record
    first, *others = record.identities
    return replace(record, identities=(replace(first, fingers=tuple(fingers)), *others))
