"""What a partner says of data that it was given or gave: taken as work for an officer, who acknowledges it.

Only a partner that gave the data may correct it, and only in the fields that were asked for; of anything else the
place alone is kept, and its receipt is the same. The newest correction of an answer counts, whichever came first. The acknowledgement leaves through the gate; where it may not, it stays here.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.exchange import outbox
from stonebridge.exchange.envelope import Envelope
from stonebridge.exchange.inbox import whom
from stonebridge.exchange.models import Incoming, Outgoing
from stonebridge.exchange.partners import Partner, partner
from stonebridge.exchange.profiles import Profile, spoken
from stonebridge.identification.region.corrections import AMENDED, CORRECTION, ERASED, VERSIONS, WITHDRAWN
from stonebridge.identification.region.follow_up import ANSWER, ASK, FIELDS
from stonebridge.identification.region.messages import STATEMENTS
from stonebridge.matching.stored_record import identity_from_json
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit, Refused
from stonebridge.safeguards.history import record
from stonebridge.safeguards.policy import Action

ACKNOWLEDGED = "acknowledgement"
LONGEST_NOTE = 2000


def waiting(purpose: Purpose) -> list[Incoming]:
    """What partners have said for this purpose and nobody has acknowledged, the newest of each, oldest first."""
    rows = Incoming.objects.filter(profile__in=(CORRECTION, WITHDRAWN), purpose=purpose, noted_at__isnull=True)
    newest: dict[tuple[str, str, str], Incoming] = {}
    for row in rows.order_by("received_at", "id"):
        about = row.sender, row.profile, row.body["of"]
        if about not in newest or newest[about].body["revision"] < row.body["revision"]:
            newest[about] = row
    return list(newest.values())


def acknowledge(message: UUID, note: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime) -> bool:
    """Say that an officer has seen what a partner said, and what follows from it; whether the partner is told so.

    Raises:
        Refused: this officer may not act for this person and purpose.
        NotFound: no such message waits for this purpose.
        WrongState: it is acknowledged, or the partner has said something newer.
        BadInput: nothing is said of what follows.
    """
    if not 1 <= len(note.strip()) <= LONGEST_NOTE:
        raise BadInput("note", note, f"Say in at most {LONGEST_NOTE} characters what follows from it.")
    with gate.act(purpose):
        row = Incoming.objects.filter(
            id=message, profile__in=(CORRECTION, WITHDRAWN), purpose=purpose
        ).select_for_update().first()  # fmt: skip
        if row is None:
            raise NotFound("message", message)
        person = whom(row)
        permit = gate.permit(
            actor, Action.ASK_PARTNER, purpose=purpose, basis=basis, now=now, persons=[person],
            subject=f"message:{row.message}",
        )  # fmt: skip
        if row.noted_at is not None:
            raise WrongState("this message", "acknowledged", "another message")
        same = Incoming.objects.filter(sender=row.sender, profile=row.profile, body__of=row.body["of"])
        if same.filter(body__revision__gt=row.body["revision"]).exists():
            raise WrongState("this message", "overtaken", "the newer message of the partner")
        is_told = False
        for each in same.filter(noted_at__isnull=True).order_by("body__revision"):
            Incoming.objects.filter(id=each.id).update(noted_at=now, noted_by=actor.reference, note=note.strip())
            is_told = _tell_sender(permit, each, person)
        record("correction_noted", f"message:{row.message}", person=person, permit=permit,
               detail={"partner": row.sender, "reason": note.strip()[:200]})  # fmt: skip
    return is_told


def _tell_sender(permit: Permit, row: Incoming, person: UUID) -> bool:
    try:
        to = partner(row.sender)
        version = spoken(ACKNOWLEDGED, to)
        sending = gate.permit(
            permit.actor, Action.ASK_PARTNER, purpose=permit.purpose, basis=permit.basis, now=permit.at,
            persons=[person], to_state=to.state,
        )  # fmt: skip
    except (NotFound, Refused):
        return False
    outbox.queue(sending, to, {"of": str(row.message)}, profile=ACKNOWLEDGED, version=version, conversation=uuid4(),
                 case=row.case, person=person, like=row)  # fmt: skip
    return True


def _corrected(message: Envelope, sender: Partner, now: datetime) -> UUID:
    body = message.body
    expected = {"of", "revision", "kind", "identities"} | ({"changed"} if message.version >= 2 else set())
    identities = body.get("identities")
    if set(body) != expected or body["kind"] not in (AMENDED, ERASED):
        raise BadInput("body", "…", "Send what a correction of this version has.")
    if not isinstance(identities, list) or len(identities) > STATEMENTS or (body["kind"] == ERASED and identities):
        raise BadInput("identities", "…", f"Send at most {STATEMENTS} statements of identity; none once erased.")
    changed = body.get("changed", [])
    if not isinstance(changed, list) or not all(isinstance(each, str) and each in FIELDS for each in changed):
        raise BadInput("changed", "…", f"Name of: {', '.join(sorted(FIELDS))}.")
    for each in identities:
        identity_from_json(each)
    of, _ = _of(message), _revision(message)
    given = Incoming.objects.filter(sender=sender.code, message=of, profile=ANSWER, body__answer="given").first()
    if given is None:
        raise NotFound("answer", of)
    asked = Outgoing.objects.filter(conversation=given.conversation, partner=sender.code, profile=ASK).first()
    wanted: list[str] = asked.body["wanted"] if asked else []
    if {name for each in identities for name in each} - {name for group in wanted for name in FIELDS[group]}:
        raise NotFound("field that was asked for in answer", of)
    _require_first(message, sender, of)
    return whom(given)


def _withdrawn(message: Envelope, sender: Partner, now: datetime) -> UUID:
    if set(message.body) != {"of", "revision"}:
        raise BadInput("body", "…", "Send of and revision.")
    of, _ = _of(message), _revision(message)
    given = Outgoing.objects.filter(id=of, partner=sender.code, profile=ANSWER, body__answer="given").first()
    if given is None or given.person_id is None:
        raise NotFound("answer", of)
    _require_first(message, sender, of)
    return given.person_id


def _acknowledged(message: Envelope, sender: Partner, now: datetime) -> UUID | None:
    if set(message.body) != {"of"}:
        raise BadInput("body", "…", "Send the number of the message that is acknowledged.")
    of = _of(message)
    sent = Outgoing.objects.filter(id=of, partner=sender.code, profile__in=(CORRECTION, WITHDRAWN)).first()
    if sent is None:
        raise NotFound("message", of)
    if Incoming.objects.filter(sender=sender.code, profile=ACKNOWLEDGED, body__of=str(of)).exists():
        raise NotFound("acknowledgement that is missing", of)
    return sent.person_id


def _of(message: Envelope) -> UUID:
    try:
        return UUID(message.body["of"])
    except (ValueError, TypeError, AttributeError):
        raise BadInput("of", "…", "Name the message by its number.") from None


def _revision(message: Envelope) -> int:
    revision: Any = message.body["revision"]
    if type(revision) is not int or not 1 <= revision < 2**31:
        raise BadInput("revision", "…", "Send a whole number from 1 on.")
    return revision


def _require_first(message: Envelope, sender: Partner, of: UUID) -> None:
    """Each revision of what is said about an earlier message counts once."""
    outbox.lock(of)
    earlier = Incoming.objects.filter(sender=sender.code, profile=message.profile, body__of=str(of))
    if earlier.filter(body__revision=_revision(message)).exists():
        raise NotFound("revision that is missing of message", of)


CORRECTIONS = Profile(CORRECTION, VERSIONS, about=_corrected)
WITHDRAWALS = Profile(WITHDRAWN, (1,), about=_withdrawn)
ACKNOWLEDGEMENTS = Profile(ACKNOWLEDGED, (1,), about=_acknowledged)
