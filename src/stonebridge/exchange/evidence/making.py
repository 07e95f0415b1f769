"""The bundle of a conversation: every message as it went over the line, its receipt, and its acts in the access log."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.models import Q

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.exchange.evidence import bundle
from stonebridge.exchange.letter_file import entered
from stonebridge.exchange.letters import BY, file_of
from stonebridge.exchange.models import Cosigned, Handle, Incoming, Outgoing, Question
from stonebridge.exchange.partners import keys_of, own_key
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.log import merkle
from stonebridge.safeguards.log.checkpoint import Note, open_checkpoint
from stonebridge.safeguards.log.entry import Event, first_id
from stonebridge.safeguards.log.store import ACCESS, SEQUENCER_ALIAS
from stonebridge.safeguards.policy import Action

ENTRY_OF_THE_LOG = tuple[int | None, bytes, bytes, bytes]


def conversation_of(reference: str) -> tuple[UUID, UUID]:
    """The conversation of a question's reference, of its own number, or of that of a partner's message; and about whom.

    Raises:
        NotFound: none that the purpose of the running transaction opens.
    """
    question = Question.objects.filter(reference=reference).first()
    if question is not None:
        return question.conversation, question.person_id
    try:
        number = UUID(reference)
    except ValueError:
        raise NotFound("conversation", reference) from None
    found: Incoming | Outgoing | None = Incoming.objects.filter(Q(id=number) | Q(conversation=number)).first()
    found = found or Outgoing.objects.filter(conversation=number, person_id__isnull=False).first()
    if found is None or found.person_id is None:
        raise NotFound("conversation", reference)
    return found.conversation, found.person_id


def make(
    reference: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime, action: Action = Action.READ
) -> bytes:  # fmt: skip
    """The bundle of a conversation, as a file; that it was made stands in the access log.

    Raises:
        Refused: the gate says no.
        NotFound: no such conversation.
    """
    with gate.act(purpose):
        conversation, person = conversation_of(reference)
        permit = gate.permit(
            actor, action, purpose=purpose, basis=basis, now=now, persons=[person], subject=f"evidence:{reference}"
        )
        content, acts = _content(permit, conversation, reference)
    content["log"] = _places(acts, str(content["partner"]))
    return bundle.seal(content, Ed25519PrivateKey.from_private_bytes(settings.EXCHANGE_KEY))


def _content(permit: Permit, conversation: UUID, reference: str) -> tuple[dict[str, Any], set[tuple[datetime, str]]]:
    """What was said, and the acts behind it as moment and actor, inside the transaction of the permit."""
    sent = list(Outgoing.objects.filter(conversation=conversation).order_by("sequence"))
    came = list(Incoming.objects.filter(conversation=conversation).order_by("sequence"))
    question = Question.objects.filter(conversation=conversation).first()
    partner = question.partner if question else (came[0].sender if came else sent[0].partner)
    acts = {(each.made_at, each.made_by) for each in sent}
    acts |= {(each.received_at, each.evidence.get("entered_by") or f"partner:{each.sender}") for each in came}
    acts |= {
        (each.received_at, (each.receipt or {})["entered_by"]) for each in sent if each.received_at and _by_letter(each)
    }
    if question:
        acts.add((question.asked_at, question.asked_by))
    else:
        named = [each.body["handle"] for each in came if each.body.get("handle")]
        handles = Handle.objects.filter(partner=partner, id__in=named)
        acts |= {(each.made_at, f"partner:{partner}") for each in handles}
    content = {
        "node": settings.NODE.code, "partner": partner, "reference": reference, "conversation": str(conversation),
        "made_at": permit.at.isoformat(), "keys": keys_with(partner),
        "question": _question(question), "messages": [*map(sent_as_evidence, sent), *map(came_as_evidence, came)],
    }  # fmt: skip
    return content, acts


def keys_with(partner: str) -> dict[str, list[str]]:
    """Our key, and every key that a partner has had, in hexadecimal."""
    return {settings.NODE.code: [own_key()], partner: keys_of(partner)}


def _question(row: Question | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "number": str(row.id), "profile": row.profile, "asked_at": row.asked_at.isoformat(), "answer": row.state,
        "answered_at": row.answered_at.isoformat() if row.answered_at else None, "handle": row.handle,
    }  # fmt: skip


def sent_as_evidence(row: Outgoing) -> dict[str, Any]:
    """A message of ours and its receipt, in the form of a bundle."""
    kept: dict[str, Any] = row.receipt or {}
    if _by_letter(row):
        told = {name: kept.get(name, "") for name in ("sent_on", "received_on", "reference", "scan_digest")}
        return {
            "from": settings.NODE.code, "sequence": row.sequence, "state": row.state, "sent": None, "receipt": None,
            "letter": told | {"file": file_of(row).decode()},
        }  # fmt: skip
    receipt = {name: kept[name] for name in ("status", "headers", "body")} if kept.get("request") else None
    return {
        "from": settings.NODE.code, "sequence": row.sequence, "state": row.state, "sent": kept.get("request"),
        "receipt": receipt,
    }  # fmt: skip


def came_as_evidence(row: Incoming) -> dict[str, Any]:
    """A message of a partner, in the form of a bundle."""
    sent = row.evidence if "body" in row.evidence else None
    told = {"from": row.sender, "sequence": row.sequence, "state": "received", "sent": sent, "receipt": None}
    if row.evidence.get("by") == BY:
        said = entered(row.sender, str(row.conversation), row.profile, row.case, row.body)
        told["entered"] = {"said": said, "digest": row.digest, "at": row.evidence["entered_at"]}
    return told


def _by_letter(row: Outgoing) -> bool:
    kept: dict[str, Any] = row.receipt or {}
    return kept.get("by") == BY


def _places(acts: Iterable[tuple[datetime, str]], partner: str) -> dict[str, Any] | None:
    """Where the acts stand in the access log, and what proves it; None where this process may not read the log."""
    try:
        with transaction.atomic(using=SEQUENCER_ALIAS):
            entries = [each for at, actor in sorted(acts) for each in _entries(at, actor)]
            return _proved(entries, partner)
    except DatabaseError:
        return None


def _entries(at: datetime, actor: str) -> Iterable[ENTRY_OF_THE_LOG]:
    """The entries of one act, as number, tag, salt and event."""
    with connections[SEQUENCER_ALIAS].cursor() as cursor:
        cursor.execute(
            ACCESS.sql("SELECT number, entry.person_tag, salt, event FROM {entry} AS entry"
                       " LEFT JOIN {leaf} AS leaf ON leaf.entry_id = entry.id"
                       " WHERE entry.id >= %s AND entry.id < %s AND event IS NOT NULL ORDER BY number"),
            [first_id(at), first_id(at + timedelta(milliseconds=1))],
        )  # fmt: skip
        found = cursor.fetchall()
    for number, tag, salt, data in found:
        event = Event.from_bytes(bytes(data))
        if (event.at, event.actor) == (at, actor):
            yield number, bytes(tag), bytes(salt), bytes(data)


def _proved(entries: list[ENTRY_OF_THE_LOG], partner: str) -> dict[str, Any] | None:
    note = _note(max((number for number, *_ in entries if number is not None), default=0), partner)
    if note is None:
        return None
    size = open_checkpoint(note, ACCESS.signing_key.verifier()).head.size
    leaves = _leaves(size)
    told = [
        {"number": number, "tag": tag.hex(), "salt": salt.hex(), "event": event.decode(),
         "proof": [step.hex() for step in merkle.inclusion_proof(leaves, number - 1)]}
        for number, tag, salt, event in entries if number is not None and number <= size
    ]  # fmt: skip
    return {
        "key": ACCESS.signing_key.verifier().to_text(), "note": note.decode(), "entries": told,
        "later": len(entries) - len(told),
    }  # fmt: skip


def _note(number: int, partner: str) -> bytes | None:
    """The checkpoint that the partner has witnessed, if it covers entry ``number``; else our latest, if any."""
    witnessed = Cosigned.objects.filter(witness=partner, note__isnull=False).first()
    if witnessed is not None and witnessed.note is not None:
        note = bytes(witnessed.note)
        if open_checkpoint(note, ACCESS.signing_key.verifier()).head.size >= number:
            return Note.from_bytes(note).to_bytes()
    with connections[SEQUENCER_ALIAS].cursor() as cursor:
        cursor.execute(ACCESS.sql("SELECT note FROM {checkpoint} ORDER BY id DESC LIMIT 1"))
        row = cursor.fetchone()
    return None if row is None else bytes(row[0])


def _leaves(size: int) -> list[bytes]:
    with connections[SEQUENCER_ALIAS].cursor() as cursor:
        cursor.execute(ACCESS.sql("SELECT leaf_hash FROM {leaf} WHERE number <= %s ORDER BY number"), [size])
        return [bytes(leaf) for (leaf,) in cursor.fetchall()]
