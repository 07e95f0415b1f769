"""A message that is kept: taken once, in the order of its conversation; its receipt leaves after the commit."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection

from stonebridge.domain.errors import NotFound, StonebridgeError
from stonebridge.exchange.envelope import Envelope, content_digest
from stonebridge.exchange.models import Incoming
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


def take(message: Envelope, sender: Partner, profile: Profile, request: Request, now: datetime) -> dict[str, Any]:
    """Keep a message, and answer the body of its receipt. One that is here already has the same receipt again.

    Raises:
        OutOfOrder: an earlier message of the conversation is missing, or another has this number.
        NotFound: it concerns nobody of ours whom this partner may speak of.
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
        former = Incoming.objects.filter(sender=sender.code, message=message.id).first()
        if former is None:
            person = profile.about(message, sender, now) if profile.about else None
            of_conversation = Incoming.objects.filter(sender=sender.code, conversation=message.conversation)
            last = of_conversation.order_by("-sequence").values_list("sequence", flat=True).first() or 0
            if message.sequence != last + 1:
                raise OutOfOrder(f"message {message.sequence} came after {last}")
            Incoming.objects.create(
                sender=sender.code, message=message.id, person_id=person, conversation=message.conversation,
                sequence=message.sequence, profile=message.profile, purpose=message.purpose, basis=message.basis,
                role=message.role, case=message.case, body=message.body, digest=digest, evidence=as_evidence(request),
                received_at=now,
            )  # fmt: skip
        elif former.digest != digest:
            raise OutOfOrder("another message has this number")
    return {"answer": "received", "digest": digest}


def whom(message: Incoming) -> UUID:
    """The person of ours whom a message is about.

    Raises:
        NotFound: it is about nobody.
    """
    if message.person_id is None:
        raise NotFound("person of message", message.message)
    return message.person_id
