"""Asking blindly: a number goes out as an element that tells nothing, and is looked up here in the partner's own table.

The table is fetched in parts, each checked against the digest in the partner's signed answer, and kept while its key
lasts. With each evaluation the partner names the table of that moment; where it is another than the one kept here, the
parts that changed are fetched before anything is looked up, so that whoever may not answer any more is not found.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from stonebridge.domain.errors import BadInput
from stonebridge.exchange import voprf
from stonebridge.exchange.asking import Answer, NotAnswered, say
from stonebridge.exchange.models import Question
from stonebridge.identification.models import KeptPart, KeptTable
from stonebridge.identification.region.blind_answering import digest_of
from stonebridge.identification.region.blind_rows import ROW, ROWS_A_PART, SIZES, found
from stonebridge.identification.region.blind_tables import EPOCH, QUERY, TABLE, VERSION

TRIES = 3
"""How often a table that changes while it is fetched is fetched anew."""
AT_ONCE = 8
"""Parts that are fetched at the same time."""
_LONGEST = SIZES[-1] // ROWS_A_PART


@dataclass(frozen=True, slots=True)
class _Table:
    id: UUID
    public: bytes
    ends_at: datetime
    digests: tuple[str, ...]


def ask_blindly(question: Question, tokens: Sequence[bytes], now: datetime) -> Answer:
    """Ask for each token until one is found, outside any transaction. One evaluation is one unit of our quota there."""
    KeptTable.objects.filter(ends_at__lte=now).delete()
    try:
        for token in tokens:
            handle = _looked_up(question, token, now)
            if handle is not None:
                return Answer("hit", handle=str(handle))
    except NotAnswered as error:
        return Answer("waiting", trouble=error.trouble)
    return Answer("no_hit")


def _looked_up(question: Question, token: bytes, now: datetime) -> UUID | None:
    suite = voprf.Suite()
    table = _kept(question, now) or _fetched(question, now)
    for _ in range(TRIES):
        blinded = suite.blind(token)
        body = {"epoch": str(table.id), "element": blinded.element.hex()}
        said = say(question, body, profile=QUERY, version=VERSION, now=now)
        if said == {"answer": "other_epoch"}:
            table = _fetched(question, now)
            continue
        y = _finalised(suite, blinded, said, table.public)
        for _ in range(TRIES):
            if digest_of(list(table.digests)) == said["table"]:
                return found(_parts(table), y)
            former, table = table, _fetched(question, now)
            if former.id != table.id:
                break
    raise NotAnswered("not_now")


def _finalised(suite: voprf.Suite, blinded: voprf.Blinded, said: Mapping[str, Any], public: bytes) -> bytes:
    """The output, once the proof shows that it was made with the key of the table."""
    if set(said) != {"answer", "element", "proof", "table"} or said["answer"] != "evaluated":
        raise NotAnswered("not_understood")
    try:
        answer = voprf.Evaluated((bytes.fromhex(said["element"]),), bytes.fromhex(said["proof"]))
        return suite.finalise([blinded], answer, public)[0]
    except (BadInput, ValueError, TypeError):
        raise NotAnswered("another_key") from None


def _kept(question: Question, now: datetime) -> _Table | None:
    kept = KeptTable.objects.filter(partner=question.partner, purpose=question.purpose, ends_at__gt=now).first()
    return None if kept is None else _Table(kept.id, bytes(kept.public), kept.ends_at, tuple(kept.digests))


def _fetched(question: Question, now: datetime) -> _Table:
    """The partner's table as it is now: parts that are here already stay."""
    for _ in range(TRIES):
        table = _index(say(question, {"ask": "index"}, profile=TABLE, version=VERSION, now=now), now)
        here = dict(KeptPart.objects.filter(table_id=table.id).values_list("number", "digest"))
        wanted = [number for number, digest in enumerate(table.digests) if here.get(number) != digest]
        with ThreadPoolExecutor(max_workers=AT_ONCE) as threads:
            came = list(threads.map(partial(_part, question, table, now), wanted))
        parts = {number: rows for number, rows in zip(wanted, came, strict=True) if rows is not None}
        if len(parts) == len(wanted):
            _keep(question, table, parts)
            return table
    raise NotAnswered("not_now")


def _index(said: Mapping[str, Any], now: datetime) -> _Table:
    try:
        if set(said) != {"answer", "epoch", "public", "ends_at", "parts"} or said["answer"] != "index":
            raise ValueError
        digests, ends_at = tuple(said["parts"]), datetime.fromisoformat(said["ends_at"])
        if not 1 <= len(digests) <= _LONGEST or not all(isinstance(each, str) and len(each) == 64 for each in digests):
            raise ValueError
        if not now < ends_at <= now + EPOCH:
            raise ValueError
        public = bytes.fromhex(said["public"])
        if len(public) != voprf.ELEMENT_BYTES:
            raise ValueError
        return _Table(UUID(said["epoch"]), public, ends_at, digests)
    except (ValueError, TypeError, AttributeError):
        raise NotAnswered("not_understood") from None


def _part(question: Question, table: _Table, now: datetime, number: int) -> bytes | None:
    """The rows of a part; None where it is not what the index named, because it has changed or was never that.

    In a thread of its own, whose connection to the database it closes.
    """
    body = {"ask": "part", "epoch": str(table.id), "part": number}
    try:
        said = say(question, body, profile=TABLE, version=VERSION, now=now)
    finally:
        connection.close()
    if set(said) != {"answer", "rows"} or said["answer"] != "part":
        return None
    try:
        rows = base64.b64decode(said["rows"], validate=True)
    except (ValueError, TypeError):
        return None
    right = len(rows) == ROWS_A_PART * ROW and hashlib.sha256(rows).hexdigest() == table.digests[number]
    return rows if right else None


def _keep(question: Question, table: _Table, parts: Mapping[int, bytes]) -> None:
    with transaction.atomic(durable=True):
        others = KeptTable.objects.filter(partner=question.partner, purpose=question.purpose).exclude(id=table.id)
        others.delete()
        kept, _ = KeptTable.objects.update_or_create(
            id=table.id,
            defaults={"public": table.public, "ends_at": table.ends_at, "digests": list(table.digests)},
            create_defaults={
                "partner": question.partner, "purpose": question.purpose, "public": table.public,
                "ends_at": table.ends_at, "digests": list(table.digests),
            },
        )  # fmt: skip
        for number, rows in parts.items():
            KeptPart.objects.update_or_create(
                table=kept, number=number, defaults={"rows": rows, "digest": table.digests[number]}
            )


def _parts(table: _Table) -> list[bytes]:
    rows = KeptPart.objects.filter(table_id=table.id).order_by("number").values_list("rows", flat=True)
    return [bytes(each) for each in rows]
