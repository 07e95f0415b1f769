"""Messages that must arrive: queued with the decision that sends them, delivered in order until a receipt is here.

Before each try the database judges once more whether anything about the person may go there; facts change while a
partner is down. What may not go any more is kept back, and data protection is told.
"""

import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Q

from stonebridge.accounts.models import Notice
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import BadInput, NotFound, Unavailable
from stonebridge.exchange import envelope as forms
from stonebridge.exchange import sending
from stonebridge.exchange.envelope import Envelope, content_digest
from stonebridge.exchange.inbox import as_evidence
from stonebridge.exchange.models import Incoming, Outgoing
from stonebridge.exchange.partners import Partner, nodes, partner, partners
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.policy import Action

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=5)
KEPT_BACK = "message_kept_back"
_SENDING = (Action.ASK_PARTNER, Action.DISCLOSE, Action.CORRECT, Action.MANAGE_PARTNERS)

logger = logging.getLogger(__name__)


def queue(
    permit: Permit, to: Partner, body: dict[str, Any], *, profile: str, version: int, conversation: UUID, case: str,
    person: UUID | None, like: Outgoing | Incoming | None = None,
) -> Outgoing:  # fmt: skip
    """Queue a message inside the transaction of the decision that sends it. ``person`` is whom it tells of, if anybody.

    It goes for the purpose and on the basis of the permit, or of the message ``like`` which it is.

    Raises:
        NotPermitted: the permit does not cover the person, or this state.
    """
    permit.require(*_SENDING, person=person, to_state=to.state if person else "")
    lock(conversation)
    former = Outgoing.objects.filter(partner=to.code, conversation=conversation)
    last = former.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    return Outgoing.objects.create(
        partner=to.code, to_state=to.state, person_id=person, conversation=conversation, sequence=last + 1,
        profile=profile, version=version, purpose=like.purpose if like else permit.purpose,
        basis=like.basis if like else permit.basis, role=sending.role_of(permit), case=case, body=body,
        made_at=permit.at, made_by=permit.actor.reference,
    )  # fmt: skip


def keep_back(
    permit: Permit, body: dict[str, Any], *, profile: str, person: UUID | None, like: Outgoing | Incoming, partner: str,
    to_state: str, why: str,
) -> Outgoing:  # fmt: skip
    """Put a message that may not leave before data protection, inside the transaction of the decision behind it."""
    permit.require(permit.action, person=person)
    return Outgoing.objects.create(
        partner=partner, to_state=to_state, person_id=person, conversation=uuid4(), sequence=1, profile=profile, version=1,
        purpose=like.purpose, basis=like.basis, case=like.case, body=body, made_at=permit.at,
        made_by=permit.actor.reference, state="kept_back", trouble=why,
    )  # fmt: skip


def lock(conversation: UUID) -> None:
    """Let whoever says something in a conversation wait for one another, until the running transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"outbox:{conversation}"])


def deliver_due(now: datetime) -> bool:
    """Try every message that is due, the first of each conversation; whether any arrived, so that more may wait.

    A partner that cannot be reached is left alone until the next time, so that the others do not wait for it.
    """
    arrived, silent = 0, set[str]()
    listed = {each for known in nodes() for each in known.purposes}
    for purpose in sorted(listed | {Purpose.ADMINISTRATION.value}):
        for id, to in _due(Purpose(purpose), now):
            if to in silent:
                continue
            try:
                arrived += _deliver(id, Purpose(purpose), now)
            except Unavailable as error:
                silent.add(to)
                _note(id, Purpose(purpose), error.code)
    return arrived > 0


def _due(purpose: Purpose, now: datetime) -> Iterable[tuple[UUID, str]]:
    with gate.act(purpose):
        by_letter = [each.code for each in partners() if not each.has_node]
        waiting = Outgoing.objects.filter(state="waiting", purpose=purpose).exclude(partner__in=by_letter)
        waiting = waiting.order_by("conversation", "sequence")
        firsts = waiting.distinct("conversation").values_list("id", flat=True)
        due = Outgoing.objects.filter(Q(try_after__isnull=True) | Q(try_after__lte=now), id__in=list(firsts))
        on_their_way = {str(id) for id in waiting.order_by().values_list("id", flat=True)}
        rows = due.order_by("made_at").values_list("id", "partner", "body__of")
        return [
            (id, to) for id, to, of in rows if of not in on_their_way
        ]  # what is told of an answer never overtakes it


def _deliver(id: UUID, purpose: Purpose, now: datetime) -> bool:
    """Try one message; whether it arrived.

    Raises:
        Unavailable: the partner cannot be reached, or what came back is not its answer.
    """
    try:
        with gate.act(purpose):
            row = Outgoing.objects.select_for_update(skip_locked=True).filter(id=id, state="waiting").first()
            if row is None:
                return False
            row.tries += 1
            row.try_after = now + min(FIRST_PAUSE * 2 ** min(row.tries, 10), LONGEST_PAUSE)
            row.save(update_fields=["tries", "try_after"])
    except DatabaseError as error:
        if "disclosure_" not in str(error):
            raise
        keep_waiting_back(id, purpose, now)
        return False
    try:
        to = partner(row.partner)
        if row.person_id is not None and to.state != row.to_state:
            keep_waiting_back(id, purpose, now)  # it was judged for another state
            return False
        message = message_of(row, now)
        response = sending.send(message, to, now)
        said = forms.from_bytes(response.body).body
    except (NotFound, BadInput) as error:
        _note(id, purpose, error.code)
        return False
    if response.status_code != 202 or said != {"answer": "received", "digest": content_digest(message)}:
        _note(id, purpose, str(said.get("why", "no_receipt"))[:40])
        return False
    receipt = {
        "status": response.status_code, "headers": response.headers, "body": response.body.decode(),
        "request": as_evidence(response.request),
    }  # fmt: skip
    with gate.act(purpose):
        Outgoing.objects.filter(id=id, state="waiting").update(
            state="received", received_at=now, receipt=receipt, trouble=""
        )
    return True


def message_of(row: Outgoing, now: datetime) -> Envelope:
    """The message of a row, as it is sent now."""
    return Envelope(
        profile=row.profile, version=row.version, sender=settings.NODE.code, recipient=row.partner, id=row.id,
        conversation=row.conversation, sequence=row.sequence, purpose=Purpose(row.purpose), basis=row.basis,
        role=row.role, case=row.case, sent_at=now, salt=secrets.token_hex(forms.SALT_BYTES), body=row.body,
    )  # fmt: skip


def _note(id: UUID, purpose: Purpose, trouble: str) -> None:
    with gate.act(purpose):
        Outgoing.objects.filter(id=id, state="waiting").update(trouble=trouble)


def keep_waiting_back(id: UUID, purpose: Purpose, now: datetime) -> None:
    """Nothing about the person may go there any more; the reason stands in the person's record, not here."""
    with gate.act(purpose):
        if Outgoing.objects.filter(id=id, state="waiting").update(state="kept_back", trouble=""):
            named = {"message": str(id)}
            Notice.objects.create(role=Role.DATA_PROTECTION_OFFICER, kind=KEPT_BACK, named=named, made_at=now)
    logger.warning("a message was kept back")
