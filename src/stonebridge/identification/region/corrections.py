"""What a partner was given and is so no longer is told to each of them, in the transaction of the decision.

``correction`` says what is on record now of the fields that were given, or that it is erased; ``link_withdrawn`` says
only that a link no longer holds which rested on what the partner gave. Each goes through the gate and the outbox; what
the gate keeps back waits for data protection, and holds nothing of the person.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from stonebridge.domain.actor import Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.exchange import outbox
from stonebridge.exchange.models import Incoming, Outgoing
from stonebridge.exchange.partners import partner
from stonebridge.exchange.profiles import spoken
from stonebridge.identification.region.follow_up import ANSWER, ASK, FIELDS, statements
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Permit, Refused
from stonebridge.safeguards.history import record
from stonebridge.safeguards.policy import Action

CORRECTION, WITHDRAWN = "correction", "link_withdrawn"
VERSIONS = (2, 1)
"""Of ``correction``: the second names the fields that changed."""
AMENDED, ERASED = "amended", "erased"
BY_GATE, NO_PARTNER, NO_VERSION = "gate", "no_partner", "no_version"
"""Why a message was kept back from the start."""


def tell_amended(permit: Permit, person: UUID) -> None:
    """Tell each partner who was given data of this person what is on record now, if it differs from what it was told."""
    permit.require(permit.action, person=person)
    for given in _given_by_us([person]):
        outbox.lock(given.conversation)
        tell_again(permit, given)


def tell_again(permit: Permit, given: Outgoing) -> bool:
    """Tell what is on record now of what was ``given``; False when the partner was told nothing else before."""
    if given.person_id is None:
        raise NotFound("person of message", given.id)
    asked = Incoming.objects.get(sender=given.partner, conversation=given.conversation, profile=ASK)
    now_ = statements(given.person_id, asked.body["wanted"], Purpose(given.purpose))
    told = _told_last(given)
    if now_ == told:
        return False
    body = {"kind": AMENDED, "identities": now_, "changed": _changed(told, now_)}
    _tell(permit, given, CORRECTION, body, str(given.id), person=given.person_id)
    return True


def tell_erased(permit: Permit, persons: Iterable[UUID]) -> list[str]:
    """Tell each partner who was given data of these persons that it is erased here; the partners who are being told.

    Nothing of the message names anybody, so that it outlives the erasure: the number of the former message is enough.
    """
    permit.require(Action.ERASE)
    told = []
    for given in _given_by_us(persons):
        if given.state == "received" or given.tries:
            outbox.lock(given.conversation)
            body: dict[str, Any] = {"kind": ERASED, "identities": [], "changed": []}
            if _tell(permit, given, CORRECTION, body, str(given.id), person=None):
                told.append(given.partner)
    return sorted(set(told))


def tell_link_withdrawn(permit: Permit, persons: Iterable[UUID]) -> None:
    """Tell each partner on whose data a link of these records rested that it no longer holds, and nothing else."""
    permit.require(Action.WITHDRAW_LINK)
    for came in Incoming.objects.filter(person_id__in=list(persons), profile=ANSWER, body__answer="given"):
        _tell(permit, came, WITHDRAWN, {}, str(came.message), person=came.person_id)


def _given_by_us(persons: Iterable[UUID]) -> list[Outgoing]:
    found = Outgoing.objects.filter(person_id__in=list(persons), profile=ANSWER, body__answer="given")
    return list(found.exclude(state="kept_back"))


def _told_last(given: Outgoing) -> object:
    later = Outgoing.objects.filter(profile=CORRECTION, partner=given.partner, body__of=str(given.id))
    last = later.exclude(state="kept_back").order_by("made_at", "body__revision").last()
    return (last or given).body["identities"]


def _changed(told: Any, now_: list[dict[str, Any]]) -> list[str]:
    def of(identities: Iterable[dict[str, Any]], names: tuple[str, ...]) -> list[list[Any]]:
        return [[each.get(name) for name in names] for each in identities]

    return sorted(group for group, names in FIELDS.items() if of(told, names) != of(now_, names))


def _tell(
    permit: Permit, like: Outgoing | Incoming, profile: str, said: dict[str, Any], of: str, *, person: UUID | None
) -> bool:
    """Queue a message about an earlier one, or keep it back; whether it was queued. ``person`` is None once erased."""
    code = like.partner if isinstance(like, Outgoing) else like.sender
    subject = person or like.person_id
    former = Outgoing.objects.filter(profile=profile, partner=code, body__of=of)
    body = {"of": of, "revision": former.count() + 1, **said}
    detail = {"partner": code, "kind": said.get("kind", "link")}
    if profile == WITHDRAWN:
        body = {"of": of, "revision": body["revision"]}
    try:
        to = partner(code)
        version = spoken(profile, to)
        sending = gate.permit(
            permit.actor, Action.CORRECT, purpose=permit.purpose, basis=permit.basis, now=permit.at,
            persons=[subject] if subject else [], to_state=to.state,
        )  # fmt: skip
    except (NotFound, Refused) as error:
        why = BY_GATE if isinstance(error, Refused) else NO_VERSION if "version" in str(error) else NO_PARTNER
        if former.filter(state="kept_back", settled_at__isnull=True, person_id=person).exists():
            return False
        body |= {"identities": [], "changed": []} if profile == CORRECTION else {}
        outbox.keep_back(permit, body, profile=profile, person=person, like=like, partner=code,
                         to_state=_state(like, code), why=why)  # fmt: skip
        record("correction_kept_back", f"message:{of}", person=person, permit=permit, detail=detail)
        return False
    if profile == CORRECTION and version == 1:
        del body["changed"]
    outbox.queue(sending, to, body, profile=profile, version=version, conversation=uuid4(), case=like.case,
                 person=person, like=like)  # fmt: skip
    former.filter(state="kept_back", settled_at__isnull=True).update(
        settled_at=permit.at, settled_by=permit.actor.reference, settled_reason="A later message says more."
    )
    record("correction_sent", f"message:{of}", person=person, permit=permit, detail=detail)
    return True


def _state(like: Outgoing | Incoming, code: str) -> str:
    """The state that would have learnt of it, also of a partner who is none any more."""
    if isinstance(like, Outgoing):
        return like.to_state
    asked = Outgoing.objects.filter(partner=code, conversation=like.conversation).first()
    return asked.to_state if asked else ""
