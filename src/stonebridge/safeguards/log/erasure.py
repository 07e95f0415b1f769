"""Erasing what entries say, when their time is over, without taking anything from the proof.

Salt and event go; tag, inner hash and leaf stay, so every root stays what it was. The erasure is
an entry of its own, which names how many entries it emptied and a hash over their identifiers:
an entry that was emptied in any other way does not fit it, and verification tells.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connections, transaction

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.safeguards.log.append import append
from stonebridge.safeguards.log.entry import Event, Outcome
from stonebridge.safeguards.log.store import ACCESS, PROTECTION, LogStore

ACTION = "erase_log_entries"
ALIAS = "retention"


def erase(entries: Iterable[UUID], *, actor: Actor, basis: str, now: datetime, store: LogStore = ACCESS) -> int:
    """Empty these entries of the log, as the role ``retention``; how many were emptied."""
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute(
            store.sql("SELECT id FROM {entry} WHERE id = ANY(%s) AND erasure_id IS NULL FOR UPDATE"), [list(entries)]
        )
        erased = [entry for (entry,) in cursor.fetchall()]
        if not erased:
            return 0
        purpose = Purpose.REFERRAL if store is PROTECTION else Purpose.DATA_PROTECTION
        record = Event.of(
            actor, action=ACTION, purpose=purpose, basis=basis, person=None, outcome=Outcome.PERMITTED,
            at=now, subject_kind="log", subject=store.name, detail=described(erased),
        )  # fmt: skip
        append(record, using=ALIAS)
        cursor.execute(
            store.sql("UPDATE {entry} SET salt = NULL, event = NULL, erasure_id = %s WHERE id = ANY(%s)"),
            [record.id, erased],
        )
    return len(erased)


def described(erased: Iterable[UUID]) -> dict[str, str]:
    """How the record of an erasure tells which entries it emptied."""
    identifiers = sorted(entry.bytes for entry in erased)
    return {"entries": str(len(identifiers)), "sha256": hashlib.sha256(b"".join(identifiers)).hexdigest()}
