"""A message that is kept: taken once, in the order of its conversation; its receipt leaves after the commit.

The receipt is the same whatever the cause. A message about a restricted record is kept with it, and seen when the
restriction ends; of one that concerns nobody of ours, or nobody any more, its place alone is kept.
"""

import hmac
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Max

from stonebridge.domain.errors import NotFound, StonebridgeError
from stonebridge.exchange.envelope import Envelope, content_digest
from stonebridge.exchange.models import Incoming, Place
from stonebridge.exchange.partners import Partner
from stonebridge.exchange.profiles import Profile
from stonebridge.exchange.transports.signatures import Request
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Action


class OutOfOrder(StonebridgeError):
    """A message that does not follow the last one taken, or has the number of another; it is not kept."""

    code: ClassVar[str] = "out_of_order"


def as_evidence(request: Request) -> dict[str, Any]:
    """A signed request to keep: its address, its headers and its bytes, as they went over the line."""
    return {"url": request.url, "headers": dict(request.headers), "body": request.body.decode()}


def mark_of(digest: str) -> str:
    """By what a message is known again whatever became of the person: its digest under the data-protection key (HMAC-SHA256).

    It outlives an erased person's message, and whoever has the database alone cannot try what that may have said.
    """
    return hmac.digest(settings.DATA_PROTECTION_KEY, b"message:" + digest.encode(), "sha256").hex()


def take(message: Envelope, sender: Partner, profile: Profile, request: Request, now: datetime) -> dict[str, Any]:
    """Keep a message, and answer the body of its receipt. One that is here already has the same receipt again.

    Raises:
        OutOfOrder: an earlier message of the conversation is missing, or another has this number.
        Refused: the partner may not say this for this purpose or on this basis.
    """
    digest = content_digest(message)
    with gate.act(message.purpose):
        gate.permit(
            sender.actor, Action.ANSWER_PARTNER, purpose=message.purpose, basis=message.basis, now=now,
            subject=f"message:{message.id}",
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"inbox:{message.conversation}"])
        with gate.whatever_is_restricted():
            former = _mark_taken(message, sender)
            if former is None:
                _keep(message, sender, profile, request, digest, now)
            elif former != mark_of(digest):
                raise OutOfOrder("another message has this number")
    return {"answer": "received", "digest": digest}


def _mark_taken(message: Envelope, sender: Partner) -> str | None:
    for kind in (Incoming, Place):
        mark = kind.objects.filter(sender=sender.code, message=message.id).values_list("mark", flat=True).first()
        if mark is not None:
            return str(mark)
    return None


def _keep(
    message: Envelope, sender: Partner, profile: Profile, request: Request, digest: str, now: datetime
) -> None:  # fmt: skip
    try:
        person, is_ours = profile.about(message, sender, now) if profile.about else None, True
    except NotFound:
        person, is_ours = None, False
    last = max(
        kind.objects.filter(sender=sender.code, conversation=message.conversation).aggregate(last=Max("sequence"))[
            "last"
        ]
        or 0
        for kind in (Incoming, Place)
    )
    if message.sequence != last + 1:
        raise OutOfOrder(f"message {message.sequence} came after {last}")
    place = {"sender": sender.code, "message": message.id, "conversation": message.conversation,
             "sequence": message.sequence, "mark": mark_of(digest)}  # fmt: skip
    if not is_ours:
        Place.objects.create(**place)
        return
    Incoming.objects.create(
        **place, digest=digest, person_id=person, profile=message.profile, purpose=message.purpose, basis=message.basis,
        role=message.role, case=message.case, body=message.body, evidence=as_evidence(request), received_at=now,
    )  # fmt: skip


def whom(message: Incoming) -> UUID:
    """The person of ours whom a message is about.

    Raises:
        NotFound: it is about nobody.
    """
    if message.person_id is None:
        raise NotFound("person of message", message.message)
    return message.person_id
