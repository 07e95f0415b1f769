"""Nodes that are broken in one way each, by putting something else in the place of a part. The product has no switch.

A harness that does not turn red on each of these would show nothing by being green.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, connections, transaction

from stonebridge.domain.errors import StonebridgeError
from stonebridge.exchange import inbox, outbox, receiving
from stonebridge.exchange.envelope import Envelope, content_digest
from stonebridge.exchange.models import Incoming, Outgoing
from stonebridge.exchange.partners import Partner
from stonebridge.exchange.profiles import Profile
from stonebridge.exchange.transports import https, signatures
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit

Patch = Callable[[object, str, object], None]
"""Puts a value in the place of an attribute: ``setattr`` in a process, that of pytest in a test."""
LATER = 0.4
"""Seconds between the halves of what should be one transaction."""
pending: list[threading.Timer] = []
"""What a broken node would still do; a process that is killed does not, and a test kills by cancelling."""
UNGUARDED = """
ALTER TABLE exchange_incoming DROP CONSTRAINT IF EXISTS a_message_is_taken_once;
ALTER TABLE exchange_incoming DROP CONSTRAINT IF EXISTS one_place_in_a_conversation;
"""
"""What a node without these safeguards does not have in its database either."""


def later(act: Callable[[], object]) -> None:
    """Do it after a while, in a thread of its own, unless the process is killed before."""

    def run() -> None:
        try:
            act()
        except StonebridgeError:
            pass
        finally:
            connections.close_all()

    pending.append(threading.Timer(LATER, run))
    pending[-1].start()


def keep(message: Envelope, sender: Partner, profile: Profile, request: signatures.Request, now: datetime) -> None:
    """Keep a message without looking at what was taken before."""
    person = profile.about(message, sender, now) if profile.about else None
    Incoming.objects.create(
        sender=sender.code, message=message.id, person_id=person, conversation=message.conversation,
        sequence=message.sequence, profile=message.profile, purpose=message.purpose, basis=message.basis,
        role=message.role, case=message.case, body=message.body, digest=content_digest(message),
        mark=inbox.mark_of(content_digest(message)), evidence=inbox.as_evidence(request), received_at=now,
    )  # fmt: skip


def receipt(message: Envelope) -> dict[str, Any]:
    return {"answer": "received", "digest": content_digest(message)}


def no_dedupe(patch: Patch) -> None:
    """A message that comes again is taken again."""

    def take(message: Envelope, sender: Partner, profile: Profile, request: signatures.Request, now: datetime) -> Any:
        with gate.act(message.purpose):
            taken = Incoming.objects.filter(sender=sender.code, conversation=message.conversation)
            if message.sequence > taken.values("sequence").distinct().count() + 1:
                raise inbox.OutOfOrder("too early")
            keep(message, sender, profile, request, now)
        return receipt(message)

    patch(receiving, "take", take)


def early_receipt(patch: Patch) -> None:
    """The receipt leaves before the message is kept."""
    take = inbox.take

    def promise(message: Envelope, *rest: Any) -> Any:
        later(lambda: take(message, *rest))
        return receipt(message)

    patch(receiving, "take", promise)


def dual_write(patch: Patch) -> None:
    """The message is queued in a transaction of its own, after the decision that sends it."""
    queue = outbox.queue

    def queue_later(permit: Permit, to: Partner, body: dict[str, Any], *, profile: str, version: int,
                    conversation: UUID, case: str, person: UUID | None) -> Outgoing:  # fmt: skip
        def write() -> None:
            with gate.act(permit.purpose):
                allowed = gate.permit(permit.actor, permit.action, purpose=permit.purpose, basis=permit.basis,
                                      now=permit.at, persons=[person] if person else [], to_state=to.state)  # fmt: skip
                queue(allowed, to, body, profile=profile, version=version, conversation=conversation, case=case,
                      person=person)  # fmt: skip

        transaction.on_commit(lambda: later(write))
        return Outgoing()

    patch(outbox, "queue", queue_later)


def no_order_check(patch: Patch) -> None:
    """Everything that waits is sent at once, the latest first, and whatever comes is taken."""

    def take(message: Envelope, sender: Partner, profile: Profile, request: signatures.Request, now: datetime) -> Any:
        with gate.act(message.purpose):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"inbox:{message.id}"])
            if not Incoming.objects.filter(sender=sender.code, message=message.id).exists():
                keep(message, sender, profile, request, now)
        return receipt(message)

    def due(purpose: Any, now: datetime) -> list[tuple[UUID, str]]:
        with gate.act(purpose):
            waiting = Outgoing.objects.filter(state="waiting", purpose=purpose).order_by("-sequence")
            return list(waiting.values_list("id", "partner")[:20])

    patch(receiving, "take", take)
    patch(outbox, "_due", due)


def unchecked_digest(patch: Patch) -> None:
    """The signature is verified, and that the content is what it was made for is not."""

    class Unchecked(signatures._Verifier):
        def verify(self, message: Any, **options: Any) -> Any:
            options["body"] = None
            return [_WithBody(each) for each in super().verify(message, **options)]

    patch(signatures, "_Verifier", Unchecked)


class _WithBody:
    """A result of which somebody believes that the content was checked."""

    def __init__(self, result: Any) -> None:
        self.parameters, self.body = result.parameters, b""


def replay_window(patch: Patch) -> None:
    """Signatures of a day are accepted, and which were here before is forgotten at once."""
    note = receiving._note

    def forgetful(question: Envelope, sender: Partner, signed: signatures.Signed, now: datetime) -> None:
        note(question, sender, signatures.Signed(signed.key_id, signed.created, uuid4().hex[:24]), now)

    patch(receiving, "_note", forgetful)
    patch(signatures, "LONGEST_WAY", timedelta(days=1))


class Anything(str):
    """The digest of a receipt that nobody compares."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


def unbound_signature(patch: Patch) -> None:
    """Any answer that the partner ever signed passes for the answer to this request."""

    def verify(response: signatures.Response, **options: Any) -> signatures.Signed:
        keys = options["keys"]
        (code,) = signatures_keyids(response)
        if keys(code) is None:
            raise signatures.NotAuthentic("a key of nobody")
        return signatures.Signed(code, options["now"], "")

    patch(https, "verify_response", verify)


def signatures_keyids(response: signatures.Response) -> list[str]:
    """Who says to have signed it."""
    named = {name.lower(): value for name, value in response.headers.items()}.get("signature-input", "")
    return [named.split('keyid="')[1].split('"')[0]] if 'keyid="' in named else ["nobody"]


def unread_receipt(patch: Patch) -> None:
    """What a receipt names is not compared with what was sent."""
    patch(outbox, "content_digest", lambda message: Anything())


def unbound_receipt(patch: Patch) -> None:
    """Any receipt passes for the receipt of any message."""
    unbound_signature(patch)
    unread_receipt(patch)


VARIANTS: dict[str, Callable[[Patch], None]] = {
    each.__name__: each
    for each in (no_dedupe, early_receipt, dual_write, no_order_check, unchecked_digest, replay_window, unbound_receipt)
}
NEED_NO_CONSTRAINTS = {"no_dedupe", "no_order_check"}
