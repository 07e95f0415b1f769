"""After a hit: the asking node says what it needs and why; an officer of the other node decides, and only that is sent.

Two profiles, so that disclosure cannot happen by accident: ``follow_up`` asks, ``follow_up_answer`` gives or postpones.
*Postponed* names no reason and is the same whatever the cause.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.exchange import outbox
from stonebridge.exchange.asking import question_of
from stonebridge.exchange.envelope import Envelope
from stonebridge.exchange.inbox import whom
from stonebridge.exchange.models import Handle, Incoming, Outgoing
from stonebridge.exchange.partners import Partner, partner
from stonebridge.exchange.profiles import Profile
from stonebridge.identification.region.blind_answering import person_behind
from stonebridge.identification.region.messages import STATEMENTS
from stonebridge.matching.record import Identity
from stonebridge.matching.stored_record import identity_from_json, identity_to_json
from stonebridge.registry.models import IdentityStatement, Person
from stonebridge.registry.statements import record_for_matcher
from stonebridge.safeguards import gate
from stonebridge.safeguards.history import record
from stonebridge.safeguards.policy import Action

ASK, ANSWER, VERSION = "follow_up", "follow_up_answer", 1
FIELDS = {
    "names": ("given", "family", "father", "mother"), "birth": ("birth", "birth_place"), "sex": ("sex",),
    "nationalities": ("nationalities",), "documents": ("documents",),
}  # fmt: skip
"""What can be asked for, and which fields of a statement each covers."""
FIELDS_FOR = {
    Purpose.IDENTIFICATION: frozenset(FIELDS), Purpose.READMISSION: frozenset(FIELDS),
    Purpose.BORDER_CHECK: frozenset({"names", "birth", "documents"}),
}  # fmt: skip
"""The most that each purpose may be given; our own choice until the parties agree theirs."""
LONGEST_REASON = 300
POSTPONED: dict[str, Any] = {"answer": "postponed", "identities": []}


def ask_for_more(
    question: str, wanted: list[str], reason: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime
) -> None:
    """Ask the partner that answered *hit* for these fields, once for each question.

    Raises:
        Refused: nothing about the person may go there.
        NotFound: no such question.
        WrongState: it was no hit, or more is asked for already.
        BadInput: no field, one that the purpose does not allow, or no reason.
    """
    check_wanted(wanted, reason, purpose)
    with gate.act(purpose):
        found = question_of(question)
        outbox.lock(found.conversation)
        to = partner(found.partner)
        permit = gate.permit(
            actor, Action.ASK_PARTNER, purpose=purpose, basis=basis, now=now, persons=[found.person_id],
            to_state=to.state,
        )  # fmt: skip
        if found.state != "hit":
            raise WrongState("this question", "without a hit", "a partner that knows somebody who fits")
        if Outgoing.objects.filter(conversation=found.conversation, profile=ASK).exists():
            raise WrongState("this question", "followed up already", "the partner's answer")
        body = {"handle": found.handle, "wanted": sorted(wanted), "reason": reason.strip()}
        outbox.queue(permit, to, body, profile=ASK, version=VERSION, conversation=found.conversation,
                     case=found.reference, person=found.person_id)  # fmt: skip
        record("more_asked", f"question:{question}", person=found.person_id, permit=permit,
               detail={"partner": to.code, "wanted": ", ".join(sorted(wanted))})  # fmt: skip


def open_requests() -> list[Incoming]:
    """Requests of partners that nobody has decided, oldest first, inside a running transaction."""
    decided = Outgoing.objects.filter(profile=ANSWER).values("conversation")
    return list(Incoming.objects.filter(profile=ASK).exclude(conversation__in=decided).order_by("received_at"))


def decide(
    request: UUID, give: bool, reason: str, *, actor: Actor, purpose: Purpose, basis: str, now: datetime
) -> None:  # fmt: skip
    """Give a partner what it asks for, as far as the purpose allows; or postpone, with a reason that stays here.

    Raises:
        Refused: nothing about the person may go to that state; postponing stays possible.
        NotFound: no such request, or the partner was revoked.
        WrongState: it is decided.
        BadInput: no reason.
    """
    if not reason.strip():
        raise BadInput("reason", reason, "Say why, in a sentence that somebody else can judge.")
    with gate.act(purpose):
        asked = Incoming.objects.filter(id=request, profile=ASK).first()
        if asked is None:
            raise NotFound("request", request)
        outbox.lock(asked.conversation)
        to = partner(asked.sender)
        permit = gate.permit(
            actor, Action.DISCLOSE, purpose=purpose, basis=basis, now=now, persons=[whom(asked)],
            to_state=to.state if give else None,
        )  # fmt: skip
        if Outgoing.objects.filter(conversation=asked.conversation, profile=ANSWER).exists():
            raise WrongState("this request", "decided", "a new request of the partner")
        body = (
            {"answer": "given", "identities": statements(whom(asked), asked.body["wanted"], Purpose(asked.purpose))}
            if give
            else POSTPONED
        )
        outbox.queue(permit, to, body, profile=ANSWER, version=VERSION, conversation=asked.conversation,
                     case=asked.case, person=asked.person_id if give else None)  # fmt: skip
        record("given_to_partner" if give else "postponed_to_partner", f"request:{asked.id}", person=asked.person_id,
               permit=permit, detail={"partner": to.code, "reason": reason.strip()[:200]})  # fmt: skip


def identities_given(body: dict[str, Any]) -> tuple[Identity, ...]:
    """The statements in an answer; none when it is postponed.

    Raises:
        BadInput: it is not of this form.
    """
    given = body.get("identities")
    if set(body) != {"answer", "identities"} or not isinstance(given, list) or len(given) > STATEMENTS:
        raise BadInput("identities", "…", f"Send at most {STATEMENTS} statements of identity.")
    if body["answer"] not in {"given", "postponed"} or (body["answer"] == "given") is not bool(given):
        raise BadInput("answer", "…", "Give statements, or postpone without any.")
    return tuple(identity_from_json(each) for each in given)


def statements(person: UUID, wanted: Iterable[str], purpose: Purpose) -> list[dict[str, Any]]:
    """What is on record of a person, of these fields as far as the purpose allows; without what another has replaced.

    Raises:
        NotFound: no such person.
    """
    names = {name for each in set(wanted) & FIELDS_FOR.get(purpose, frozenset()) for name in FIELDS[each]}
    in_force = IdentityStatement.objects.filter(superseded_by__isnull=True).prefetch_related("names", "nationalities")
    found = (
        Person.objects.filter(id=person)
        .prefetch_related(Prefetch("statements", queryset=in_force), "documents")
        .first()
    )
    if found is None:
        raise NotFound("person", person)
    told = [
        {name: value for name, value in identity_to_json(each).items() if name in names}
        for each in record_for_matcher(found).identities[-STATEMENTS:]
    ]
    return [{name: list(value) if isinstance(value, tuple) else value for name, value in each.items()} for each in told]


def check_wanted(wanted: list[str], reason: str, purpose: Purpose) -> None:
    """Refuse a request that names no field, one that the purpose does not allow, or no reason."""
    allowed = FIELDS_FOR.get(purpose, frozenset())
    if not wanted or set(wanted) - allowed:
        raise BadInput("wanted", wanted, f"Choose of: {', '.join(sorted(allowed))}.")
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        raise BadInput("reason", reason, f"Say in at most {LONGEST_REASON} characters what it is needed for.")


def _handle_asked_about(message: Envelope, sender: Partner, now: datetime) -> UUID:
    body = message.body
    wanted = body.get("wanted")
    if (
        set(body) != {"handle", "wanted", "reason"}
        or not isinstance(wanted, list)
        or not isinstance(body["reason"], str)
    ):
        raise BadInput("body", "…", "Send handle, wanted and reason.")
    if not all(isinstance(each, str) for each in wanted):
        raise BadInput("wanted", "…", "Send a list of texts.")
    check_wanted(wanted, body["reason"], message.purpose)
    try:
        handle = UUID(body["handle"])
    except (ValueError, TypeError, AttributeError):
        raise BadInput("handle", "…", "Send the handle of a hit.") from None
    if Incoming.objects.filter(sender=sender.code, conversation=message.conversation, profile=ASK).exists():
        raise NotFound("conversation in which nothing is asked yet", message.conversation)  # once for each question
    found = Handle.objects.filter(id=handle, partner=sender.code, purpose=message.purpose, expires_at__gt=now).first()
    if found is not None:
        return found.person_id
    meant = person_behind(handle, sender, message.purpose, now)
    if meant is None:
        raise NotFound("handle", handle)
    return meant


def _question_answered(message: Envelope, sender: Partner, now: datetime) -> UUID:
    identities_given(message.body)
    asked = Outgoing.objects.filter(conversation=message.conversation, partner=sender.code, profile=ASK).first()
    if asked is None or asked.person_id is None:
        raise NotFound("question", message.conversation)
    return asked.person_id


FOLLOW_UP = Profile(ASK, (VERSION,), about=_handle_asked_about)
FOLLOW_UP_ANSWER = Profile(ANSWER, (VERSION,), about=_question_answered)
