"""How every message leaves for a partner, and for which role of its author."""

from datetime import datetime

from django.conf import settings

from stonebridge.domain.errors import Unavailable
from stonebridge.exchange import contacts
from stonebridge.exchange.envelope import Envelope, to_bytes
from stonebridge.exchange.partners import Partner, own_key_id
from stonebridge.exchange.transports import https
from stonebridge.exchange.transports.signatures import Response
from stonebridge.exchange.urls import PATH
from stonebridge.safeguards.gate import Permit


def send(message: Envelope, to: Partner, now: datetime) -> Response:
    """Send a message, signed by this node, and bring its answer home, signed by the partner.

    Raises:
        Unavailable: the partner did not answer, or what came back was not its answer.
        BadInput: no size holds the message.
    """
    if not to.has_node:
        raise Unavailable(to.names["en"], "It has no node: letters to it are printed and sent by hand.")
    content = to_bytes(message)
    try:
        response = https.send(
            to.address.rstrip("/") + "/" + PATH, content, key_id=own_key_id(), private=settings.EXCHANGE_KEY,
            partner=to.code, key=bytes.fromhex(to.key), now=now, tls=settings.NODE.tls, pinned=to.certificate,
        )  # fmt: skip
    except Unavailable:
        contacts.note_silence(to.code, now)
        raise
    contacts.note_answer(to.code, now)
    return response


def role_of(permit: Permit) -> str:
    """The role in which the partner is told that somebody asks: the first by name of those that the actor has."""
    return min((role.value for role in permit.actor.roles), default="")
