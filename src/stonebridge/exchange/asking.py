"""Questions to partners: put on record and through the gate first, then sent, then settled by what came back.

A question that finds no answer stays *waiting*, and is asked again by the clock; it then has the same number, so that a partner who did
answer counts it once, and it passes the gate again, because facts change.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import connection

from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import BadInput, NotFound, StonebridgeError, Unavailable, WrongState
from stonebridge.exchange import envelope as forms
from stonebridge.exchange import sending
from stonebridge.exchange.envelope import Envelope
from stonebridge.exchange.models import Question
from stonebridge.exchange.partners import Partner, partner
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.history import record
from stonebridge.safeguards.policy import Action
from stonebridge.safeguards.references import with_new_reference

AGAIN_FIRST, AGAIN_LONGEST, AGAIN_FOR = timedelta(minutes=1), timedelta(hours=4), timedelta(days=3)
"""When the clock asks again after no answer: the first pause, which doubles, the longest, and for how long in all."""
QUESTIONS_AN_HOUR = 60
"""Questions that one officer may ask in an hour, over all partners."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a partner said: ``no_hit`` or ``hit`` with its handle; or ``waiting``, and why nothing usable came."""

    state: str
    handle: str = ""
    trouble: str = ""


def put(permit: Permit, person: UUID, to: Partner, profile: str) -> Question:
    """Put a question about ``person`` on record, inside the transaction of the permit. The database judges once more.

    Raises:
        WrongState: this officer has asked too much lately.
    """
    permit.require(Action.ASK_PARTNER, person=person, to_state=to.state)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"asked:{permit.actor.reference}"])
    lately = Question.objects.filter(
        asked_by=permit.actor.reference, asked_at__gt=permit.at - timedelta(hours=1)
    ).count()
    if lately >= QUESTIONS_AN_HOUR:
        raise WrongState("your hour", f"used up by {lately} questions", "a pause, or a colleague who asks")
    question = with_new_reference(lambda reference: Question.objects.create(
        reference=reference, person_id=person, partner=to.code, to_state=to.state, profile=profile,
        purpose=permit.purpose, basis=permit.basis, role=sending.role_of(permit), asked_at=permit.at,
        asked_by=permit.actor.reference, ask_after=permit.at + AGAIN_FIRST,
    ))  # fmt: skip
    record("partner_asked", f"question:{question.reference}", person=person, permit=permit, detail={"partner": to.code})
    return question


def question_of(reference: str) -> Question:
    """A question by its reference, inside a running transaction.

    Raises:
        NotFound: none of this reference that the purpose opens.
    """
    found = Question.objects.filter(reference=reference).first()
    if found is None:
        raise NotFound("question", reference)
    return found


def require_waiting(permit: Permit, question: Question) -> None:
    """Let a question that waits for its answer be asked again under this permit.

    Raises:
        WrongState: it is answered.
    """
    permit.require(Action.ASK_PARTNER, Action.ASK_AGAIN, person=question.person_id, to_state=question.to_state)
    if question.state != "waiting":
        raise WrongState("this question", "answered", "a new question")


class NotAnswered(StonebridgeError):
    """Nothing usable came back; ``trouble`` says why, in a word."""

    code: ClassVar[str] = "not_answered"

    def __init__(self, trouble: str) -> None:
        super().__init__(f"nothing usable came back: {trouble}")
        self.trouble = trouble


def send(question: Question, body: dict[str, Any], *, version: int, now: datetime) -> Answer:
    """Send a question, outside any transaction, and read the answer."""
    try:
        return _read(say(question, body, profile=question.profile, version=version, now=now))
    except NotAnswered as error:
        return Answer("waiting", trouble=error.trouble)
    except BadInput:
        return Answer("waiting", trouble="not_understood")


def say(question: Question, body: dict[str, Any], *, profile: str, version: int, now: datetime) -> Mapping[str, Any]:
    """Send one message of a question, outside any transaction; the body of its answer.

    Raises:
        NotAnswered: the partner is none any more, could not be reached, refused, or says what this node cannot read.
    """
    try:
        to = partner(question.partner)
        message = Envelope(
            profile=profile, version=version, sender=settings.NODE.code, recipient=to.code, id=question.id,
            conversation=question.conversation, sequence=1, purpose=Purpose(question.purpose), basis=question.basis,
            role=question.role, case=question.reference, sent_at=now, salt=secrets.token_hex(forms.SALT_BYTES), body=body,
        )  # fmt: skip
        answer = forms.from_bytes(sending.send(message, to, now).body, forms.ANSWER_SIZES)
    except NotFound:
        raise NotAnswered("no_partner") from None
    except Unavailable:
        raise NotAnswered("not_reached") from None
    except BadInput:
        raise NotAnswered("not_understood") from None
    if answer.body.get("answer") == "refused":
        raise NotAnswered(str(answer.body.get("why", ""))[:40])
    bound = (answer.sender, answer.recipient, answer.conversation, answer.sequence) == (
        message.recipient, message.sender, message.conversation, message.sequence + 1,
    )  # fmt: skip
    if not bound:
        raise NotAnswered("not_understood")
    return answer.body


def settle(permit: Permit, reference: str, answer: Answer) -> None:
    """Keep what came back, in a transaction of its own. An answer already kept stays."""
    question = Question.objects.select_for_update().get(reference=reference)
    permit.require(Action.READ, Action.ASK_AGAIN, person=question.person_id)
    if question.state != "waiting":
        return
    question.tries, question.tried_at, question.trouble = question.tries + 1, permit.at, answer.trouble
    question.state, question.handle = answer.state, answer.handle
    question.answered_at = None if answer.state == "waiting" else permit.at
    question.ask_after = next_try(question, permit.at) if answer.state == "waiting" else None
    question.save(update_fields=["tries", "tried_at", "trouble", "state", "handle", "answered_at", "ask_after"])
    event = "partner_silent" if answer.state == "waiting" else "partner_answered"
    record(event, f"question:{reference}", person=question.person_id, permit=permit,
           detail={"partner": question.partner, "answer": answer.state})  # fmt: skip


def next_try(question: Question, now: datetime) -> datetime | None:
    """When the clock asks again after one more try without an answer; None where it is to end."""
    at = now + min(AGAIN_FIRST * 2 ** min(question.tries, 10), AGAIN_LONGEST)
    return at if at <= question.asked_at + AGAIN_FOR else None


def _read(said: Mapping[str, Any]) -> Answer:
    if set(said) != {"answer", "handle"}:
        raise BadInput("answer", "…", "It says neither hit with a handle nor no hit.")
    if said["answer"] == "no_hit" and said["handle"] == "":
        return Answer("no_hit")
    if said["answer"] == "hit":
        try:
            return Answer("hit", handle=str(UUID(said["handle"])))
        except (ValueError, TypeError, AttributeError):
            pass
    raise BadInput("answer", "…", "It says neither hit with a handle nor no hit.")
