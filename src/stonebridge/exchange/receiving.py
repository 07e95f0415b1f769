"""A message that comes in: authentic, new, within the quota, understood; then answered, signed and padded.

Whoever cannot be told apart from a stranger gets an empty answer. A message is noted before anything is done for
it, in a transaction of its own, so that a replay finds it there. Every answer leaves on the beat of one clock, and
none to a partner who was revoked while it was made.
"""

import logging
import secrets
import time
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput, StonebridgeError, Unavailable
from stonebridge.exchange import envelope as forms
from stonebridge.exchange.envelope import Envelope
from stonebridge.exchange.inbox import OutOfOrder, take
from stonebridge.exchange.models import Received
from stonebridge.exchange.partners import Partner, nodes, own_key_id
from stonebridge.exchange.profiles import profiles
from stonebridge.exchange.transports.signatures import (
    NONCE_BYTES,
    NotAuthentic,
    Request,
    Response,
    Signed,
    sign_response,
    verify_request,
)  # fmt: skip
from stonebridge.safeguards.gate import Refused

BEAT = 0.2
"""Seconds: an answer leaves at a multiple of this after its question came in, whatever it says."""
HOUR = timedelta(hours=1)
UNCOUNTED = 5000
"""Messages that a partner may send in an hour and purpose of profiles that its quota does not count."""
REFUSED = "refused"
NOT_NOW = 503, {"answer": REFUSED, "why": "not_now"}

logger = logging.getLogger(__name__)


class NotTaken(StonebridgeError):
    """A message of a partner that this node does not act on; the code is all that the partner is told."""

    code: ClassVar[str] = "not_taken"

    def __init__(self, why: str) -> None:
        super().__init__(f"the message is not taken: {why}")
        self.why = why


def receive(request: Request, *, now: datetime) -> Response:
    """Answer a message of a partner."""
    began = time.monotonic()
    try:
        sender, signed = _authentic(request, now)
    except NotAuthentic as error:
        logger.warning("a message was turned away: %s", error)
        response = Response(401, b"", request)
    else:
        response = _answer(request, sender, signed, now)
        _wait_for_the_beat(began)
        return response if sender in nodes() else Response(401, b"", request)
    _wait_for_the_beat(began)
    return response


def _authentic(request: Request, now: datetime) -> tuple[Partner, Signed]:
    known = {each.code: each for each in nodes()}
    keys = {code: bytes.fromhex(each.key) for code, each in known.items()}
    signed = verify_request(request, keys=keys.get, now=now)
    return known[signed.key_id], signed


def _answer(request: Request, sender: Partner, signed: Signed, now: datetime) -> Response:
    question: Envelope | None = None
    try:
        question = _understood(request.body, sender)
        _note(question, sender, signed, now)
        status, body = _acted_on(question, sender, request, now)
    except NotTaken as error:
        status, body = 409, {"answer": REFUSED, "why": error.why}
    except Refused:
        status, body = 403, {"answer": REFUSED, "why": "not_for_this_purpose"}
    except BadInput as error:
        status, body = 400, {"answer": REFUSED, "why": f"not_understood:{error.field[:40]}"}
    except (Unavailable, DatabaseError) as error:  # padded like any answer: a bare failure would tell kinds apart
        logger.warning("a message could not be answered: %s: %s", type(error).__name__, error)
        status, body = NOT_NOW
    except Exception:  # the last door to a partner: a bare failure has another length, and no signature
        logger.exception("a message could not be answered")
        status, body = NOT_NOW
    answered = (question or _stranger(sender, now)).answered(
        body, id=uuid4(), salt=secrets.token_hex(forms.SALT_BYTES), at=now
    )
    response = Response(status, forms.to_bytes(answered, forms.ANSWER_SIZES), request)
    sign_response(
        response, key_id=own_key_id(), private=settings.EXCHANGE_KEY, nonce=secrets.token_bytes(NONCE_BYTES), now=now
    )
    return response


def _acted_on(question: Envelope, sender: Partner, request: Request, now: datetime) -> tuple[int, dict[str, Any]]:
    profile = profiles()[question.profile]
    if profile.answer is not None:
        return 200, profile.answer(question, sender, now)
    try:
        return 202, take(question, sender, profile, request, now)
    except (OutOfOrder, IntegrityError):  # two at once may want one place
        raise NotTaken("order") from None


def _understood(content: bytes, sender: Partner) -> Envelope:
    question = forms.from_bytes(content)
    if question.sender != sender.code:
        raise NotTaken("sender")
    if question.recipient != settings.NODE.code:
        raise NotTaken("recipient")
    profile = profiles().get(question.profile)
    if profile is None or question.version not in profile.versions:
        raise NotTaken("profile")
    if profile.of_nodes and question.purpose is Purpose.ADMINISTRATION:
        return question
    if profile.of_nodes or question.purpose not in sender.purposes:
        raise NotTaken("purpose")
    if question.profile not in sender.profiles:
        raise NotTaken("profile")
    return question


def _note(question: Envelope, sender: Partner, signed: Signed, now: datetime) -> None:
    """Note that it came, once, within the quota; before anything is done for it."""
    try:
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"quota:{sender.code}"])
            Received.objects.create(
                sender=sender.code, nonce=signed.nonce, message=question.id, profile=question.profile,
                purpose=question.purpose, basis=question.basis, role=question.role, received_at=now,
            )  # fmt: skip
            lately = Received.objects.filter(sender=sender.code, purpose=question.purpose, received_at__gt=now - HOUR)
            uncounted = {each.name for each in profiles().values() if not each.is_counted}
            if question.profile in uncounted:
                came, quota = lately.filter(profile__in=uncounted).count(), UNCOUNTED
            else:
                came, quota = lately.exclude(profile__in=uncounted).count(), sender.quota
    except IntegrityError:
        raise NotTaken("replayed") from None
    if came > quota:
        raise NotTaken("quota")


def _stranger(sender: Partner, now: datetime) -> Envelope:
    """The frame of an answer to something that was no message."""
    return Envelope(
        profile="none", version=1, sender=sender.code, recipient=settings.NODE.code, id=uuid4(), conversation=uuid4(),
        sequence=1, purpose=Purpose.ADMINISTRATION, basis="none", role="", case="", sent_at=now, salt="00" * 32, body={},
    )  # fmt: skip


def _wait_for_the_beat(began: float) -> None:
    taken = time.monotonic() - began
    if taken > BEAT:
        logger.warning("an answer missed its beat: a node this busy lets its work be told by the clock")
    time.sleep(BEAT - taken % BEAT)
