"""Answering a partner that asks blindly: its table in parts, and one evaluation of the oblivious function a question.

Neither the number asked for nor whether it was found reaches this node. What a hit is worth is judged when the partner
names the handle: nobody is told anything before an officer gives it.
"""

import base64
import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from stonebridge.domain.errors import BadInput, Unavailable
from stonebridge.exchange import voprf
from stonebridge.exchange.envelope import Envelope
from stonebridge.exchange.partners import Partner
from stonebridge.exchange.profiles import Profile
from stonebridge.identification.models import BlindTable
from stonebridge.identification.region.answering import HANDLE_LASTS
from stonebridge.identification.region.blind_rows import persons_behind
from stonebridge.identification.region.blind_tables import QUERY, TABLE, VERSION, open_key
from stonebridge.registry.models import Person
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Action

OTHER_EPOCH = {"answer": "other_epoch"}


def answer_table(question: Envelope, partner: Partner, now: datetime) -> dict[str, Any]:
    """What a partner's table is made of now, or one part of it.

    Raises:
        BadInput: the question is malformed, or names a part that there is not.
        Refused: the partner may not ask for this purpose or on this basis.
        Unavailable: the worker has made no table yet.
    """
    body = question.body
    if set(body) not in ({"ask"}, {"ask", "epoch", "part"}) or body["ask"] not in {"index", "part"}:
        raise BadInput("ask", "…", "Ask for the index, or for a part of an epoch.")
    with gate.act(question.purpose):
        table = _table(question, partner, now)
        if body["ask"] == "index":
            digests = list(table.parts.values_list("digest", flat=True))
            return {
                "answer": "index", "epoch": str(table.id), "public": bytes(table.public).hex(),
                "ends_at": table.ends_at.isoformat(), "parts": digests,
            }  # fmt: skip
        if body.get("epoch") != str(table.id):
            return dict(OTHER_EPOCH)
        found = table.parts.filter(number=body["part"]).first() if type(body["part"]) is int else None
        if found is None:
            raise BadInput("part", "…", "Ask for a part that the index names.")
        return {"answer": "part", "rows": base64.b64encode(found.rows).decode()}


def answer_blindly(question: Envelope, partner: Partner, now: datetime) -> dict[str, Any]:
    """One element evaluated under the key of the partner's table, with the proof that it was this key.

    Raises:
        BadInput: the question is malformed, or its element is none of the group.
        Refused: the partner may not ask for this purpose or on this basis.
        Unavailable: the worker has made no table yet.
    """
    element = _element(question.body)
    with gate.act(question.purpose):
        table = _table(question, partner, now)
        if question.body["epoch"] != str(table.id):
            return dict(OTHER_EPOCH)
        evaluated = voprf.Suite().evaluate(open_key(table), [element])
        return {
            "answer": "evaluated", "element": evaluated.elements[0].hex(), "proof": evaluated.proof.hex(),
            "table": digest_of(list(table.parts.values_list("digest", flat=True))),
        }  # fmt: skip


def person_behind(handle: UUID, partner: Partner, purpose: str, now: datetime) -> UUID | None:
    """The record of ours that a handle of a blind table means, if this purpose opens it."""
    meant = persons_behind(handle, settings.EXCHANGE_KEY, partner.code, purpose, now.date(), HANDLE_LASTS)
    return Person.objects.filter(id__in=list(meant)).values_list("id", flat=True).first()


def digest_of(parts: list[str]) -> str:
    """The digest of a whole table, from those of its parts in their order."""
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def _table(question: Envelope, partner: Partner, now: datetime) -> BlindTable:
    """The table in force, after asking the gate."""
    gate.permit(
        partner.actor, Action.ANSWER_PARTNER, purpose=question.purpose, basis=question.basis, now=now,
        subject=f"question:{question.id}",
    )  # fmt: skip
    table = BlindTable.objects.filter(partner=partner.code, state=partner.state, ends_at__gt=now).first()
    if table is None:
        raise Unavailable("the table for blind questions", "The worker makes it; look whether it runs.")
    return table


def _element(body: dict[str, Any]) -> bytes:
    if set(body) != {"epoch", "element"} or not isinstance(body["epoch"], str):
        raise BadInput("element", "…", "Send the epoch and one element.")
    try:
        element = bytes.fromhex(body["element"])
    except (TypeError, ValueError):
        raise BadInput("element", "…", "Send one element in hexadecimal digits.") from None
    return element


BLIND_QUERY = Profile(QUERY, (VERSION,), answer_blindly)
BLIND_TABLE = Profile(TABLE, (VERSION,), answer_table, is_counted=False)
