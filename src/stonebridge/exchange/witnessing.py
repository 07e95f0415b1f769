"""The profile ``checkpoint``: nodes witness one another's access logs.

A node sends each checkpoint with the proof that its logs only grew since the one that this witness signed last. The
witness compares it with what it holds, signs it, or raises an alarm on both sides. It sees sizes and roots, and nobody.
"""

import binascii
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction

from stonebridge.domain.errors import BadInput, NotFound, StonebridgeError, Tampered, Unavailable
from stonebridge.exchange import alarms, between_nodes
from stonebridge.exchange.envelope import Envelope
from stonebridge.exchange.evidence.bundle import witness_key
from stonebridge.exchange.models import Cosigned, Witnessed
from stonebridge.exchange.partners import Partner, nodes, partner
from stonebridge.exchange.profiles import Profile
from stonebridge.safeguards.log.checkpoint import (
    Checkpoint,
    Note,
    SigningKey,
    VerifierKey,
    cosigned_at,
    open_checkpoint,
)  # fmt: skip
from stonebridge.safeguards.log.following import follow, protection_of
from stonebridge.safeguards.log.merkle import Tree
from stonebridge.safeguards.log.store import ACCESS, PROTECTION, SEQUENCER_ALIAS, LogStore

NAME, VERSION = "checkpoint", 1
SENT_EVERY = timedelta(minutes=5)
"""A log that did not grow is witnessed again after so long, so that silence means something."""
TRIED_EVERY = timedelta(minutes=1)
MISSED_AFTER = timedelta(minutes=15)
"""Without a checkpoint, or a signature under one, for so long: an alarm (ASSURANCE 3.6)."""
MOST_STEPS = 64
"""Hashes of a proof; a log of 2^64 entries needs no more."""


def answer(message: Envelope, sender: Partner, now: datetime) -> dict[str, Any]:
    """Sign a partner's checkpoint, say which one is held, or raise an alarm.

    Raises:
        BadInput: the message is malformed.
    """
    note, key, old, proof, protection_proof = _given(message.body)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"witness:{sender.code}"])
        standing = alarms.open_alarm(sender.code, ours=False)
        if standing is not None:
            return {"answer": "alarm", "kind": standing.kind}
        row = Witnessed.objects.filter(partner=sender.code).first()
        kept = bytes(row.note) if row is not None and row.note is not None else None

        def alarm(kind: str) -> dict[str, Any]:
            alarms.raise_alarm(sender.code, kind, now, ours=False, held=kept or b"", given=note)
            return {"answer": "alarm", "kind": kind}

        if row is not None and row.key and row.key != key.to_text():
            return alarm(alarms.OTHER_KEY)
        if key.name != f"stonebridge/{sender.code}/access":
            return alarm(alarms.FORGED)
        try:
            given = open_checkpoint(note, key)
        except (Tampered, BadInput):
            return alarm(alarms.FORGED)
        held = None if kept is None else open_checkpoint(kept, key)
        sizes = (0, 0) if held is None else (held.head.size, protection_of(held).size)
        if held is not None:
            is_shorter = given.head.size < sizes[0] or protection_of(given).size < sizes[1]
            if old != sizes and not is_shorter and given != held:
                return {"answer": "held", "size": sizes[0], "protection": sizes[1]}
            finding = follow(held, given, proof, protection_proof)
            if finding is not None:
                return alarm(finding.kind)
        signed = _own_key().cosign(Note(Note.from_bytes(note).text, Note.from_bytes(note).signatures[:1]), now)
        Witnessed.objects.update_or_create(
            partner=sender.code, defaults={"key": key.to_text(), "note": signed.to_bytes(), "seen_at": now}
        )
    alarms.end_missing(sender.code, now, ours=False)
    return {"answer": "signed", "signature": signed.signatures[-1].to_line()}


CHECKPOINT = Profile(NAME, (VERSION,), answer, of_nodes=True, is_counted=False)


class Witnesses:
    """Brings our checkpoints to our witnesses, and watches for those of others that do not come."""

    def __init__(self) -> None:
        self._trees = {store.name: Tree() for store in (ACCESS, PROTECTION)}

    def step(self, now: datetime) -> bool:
        """Send what is due to each witness; raise what did not come. Nothing waits after that."""
        note = _latest()
        if note is not None:
            for code in settings.NODE.witnesses:
                self._bring(code, note, now)
        for row in Witnessed.objects.filter(seen_at__lt=now - MISSED_AFTER):
            if any(each.code == row.partner for each in nodes()):
                alarms.raise_alarm(row.partner, alarms.MISSING, now, ours=False)
        return False

    def _bring(self, code: str, note: bytes, now: datetime) -> None:
        try:
            to = partner(code)
        except NotFound:
            return
        row, _ = Cosigned.objects.get_or_create(
            witness=code, defaults={"waits_since": now, "tried_at": now - TRIED_EVERY}
        )
        if alarms.open_alarm(code, ours=True) is not None or not _is_due(row, note, now):
            return
        Cosigned.objects.filter(witness=code).update(tried_at=now)
        try:
            signed = self._sent(to, row, note, now)
        except (Unavailable, BadInput, Tampered):
            signed = False
        if signed:
            alarms.end_missing(code, now, ours=True)
        elif now - row.waits_since > MISSED_AFTER:
            alarms.raise_alarm(code, alarms.MISSING, now, ours=True)

    def _sent(self, to: Partner, row: Cosigned, note: bytes, now: datetime) -> bool:
        """Whether the witness has signed; at most two messages, the second with the proof from what it holds."""
        checkpoint = Checkpoint.from_text(Note.from_bytes(note).text)
        last = None if row.note is None else Checkpoint.from_text(Note.from_bytes(bytes(row.note)).text)
        old = (0, 0) if last is None else (last.head.size, protection_of(last).size)
        said = between_nodes.say(NAME, VERSION, self._body(checkpoint, note, old), to, now)
        if said.get("answer") == "held":
            told = (said.get("size"), said.get("protection"))
            if not all(type(each) is int and each >= 0 for each in told):
                raise BadInput("size", "…", "A size is a whole number.")
            old = (int(told[0] or 0), int(told[1] or 0))
            said = between_nodes.say(NAME, VERSION, self._body(checkpoint, note, old), to, now)
        if said.get("answer") == "alarm":
            held = b"" if row.note is None else bytes(row.note)
            alarms.raise_alarm(to.code, str(said.get("kind"))[:20], now, ours=True, held=held, given=note)
            return False
        if said.get("answer") != "signed":
            return False
        whole = note + str(said.get("signature")).encode()
        if not cosigned_at(whole, [witness_key(to.code, bytes.fromhex(to.key))]):
            raise Tampered("the checkpoint", f"node {to.code} has not signed it")
        Cosigned.objects.filter(witness=to.code).update(note=whole, cosigned_at=now, waits_since=now)
        return True

    def _body(self, checkpoint: Checkpoint, note: bytes, old: tuple[int, int]) -> dict[str, Any]:
        sizes = (checkpoint.head.size, protection_of(checkpoint).size)
        proofs = [
            self._proof(store, was, size) for store, was, size in zip((ACCESS, PROTECTION), old, sizes, strict=True)
        ]
        return {
            "key": ACCESS.signing_key.verifier().to_text(), "note": note.decode(), "old": list(old),
            "proof": _written(proofs[0]), "protection_proof": _written(proofs[1]),
        }  # fmt: skip

    def _proof(self, store: LogStore, old: int, size: int) -> list[bytes]:
        """That a log only grew; nothing where it cannot have, so that the witness sees that and says so."""
        tree = self._trees[store.name]
        with transaction.atomic(using=SEQUENCER_ALIAS), connections[SEQUENCER_ALIAS].cursor() as cursor:
            cursor.execute(
                store.sql("SELECT leaf_hash FROM {leaf} WHERE number > %s AND number <= %s ORDER BY number"),
                [tree.size, size],
            )
            for (leaf,) in cursor.fetchall():
                tree.append(bytes(leaf))
        return tree.consistency_proof(old, size) if 0 < old <= size <= tree.size else []


def _is_due(row: Cosigned, note: bytes, now: datetime) -> bool:
    if now - row.tried_at < TRIED_EVERY:
        return False
    if row.note is None or row.cosigned_at is None or now - row.cosigned_at >= SENT_EVERY:
        return True
    return Note.from_bytes(bytes(row.note)).text != Note.from_bytes(note).text


def _latest() -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute(ACCESS.sql("SELECT note FROM {checkpoint} ORDER BY id DESC LIMIT 1"))
        row = cursor.fetchone()
    return None if row is None else bytes(row[0])


def _own_key() -> SigningKey:
    return SigningKey(f"stonebridge/{settings.NODE.code}/witness", settings.EXCHANGE_KEY)


def _given(body: dict[str, Any]) -> tuple[bytes, VerifierKey, tuple[int, int], list[bytes], list[bytes]]:
    if set(body) != {"key", "note", "old", "proof", "protection_proof"}:
        raise BadInput("checkpoint", "…", "Send key, note, old sizes and both proofs.")
    note, key, old = body["note"], body["key"], body["old"]
    if not isinstance(note, str) or not isinstance(key, str):
        raise BadInput("note", "…", "Send the checkpoint and the key of the log as text.")
    if not isinstance(old, list) or len(old) != 2 or not all(type(each) is int and each >= 0 for each in old):
        raise BadInput("old", "…", "Send the two sizes that were witnessed last.")
    try:
        read = VerifierKey.from_text(key)
    except StonebridgeError:
        raise BadInput("key", "…", "Send the public key of the log.") from None
    return note.encode(), read, (old[0], old[1]), _hashes(body["proof"]), _hashes(body["protection_proof"])


def _hashes(given: object) -> list[bytes]:
    try:
        if isinstance(given, list) and len(given) <= MOST_STEPS:
            hashes = [b64decode(each) for each in given if isinstance(each, str)]
            if len(hashes) == len(given) and all(len(each) == 32 for each in hashes):
                return hashes
    except (binascii.Error, ValueError):
        pass
    raise BadInput("proof", "…", f"Send at most {MOST_STEPS} hashes in base64.")


def _written(hashes: list[bytes]) -> list[str]:
    return [b64encode(each).decode() for each in hashes]
