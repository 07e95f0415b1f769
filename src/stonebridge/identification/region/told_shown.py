"""What partners are told, and have said, of data that was given: in the words of the page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stonebridge.domain.errors import NotFound
from stonebridge.exchange.inbox import whom
from stonebridge.exchange.models import Incoming, Outgoing
from stonebridge.identification.region.conversation import identity_rows
from stonebridge.identification.region.corrections import BY_GATE, CORRECTION, NO_PARTNER, NO_VERSION, WITHDRAWN
from stonebridge.identification.region.follow_up import ANSWER
from stonebridge.identification.region.kept_back import may_be_sent
from stonebridge.identification.region.timeline import WANTED, partner_name
from stonebridge.identification.region.told import ACKNOWLEDGED
from stonebridge.matching.stored_record import identity_from_json
from stonebridge.registry.models import Person

Text = str | Promise
SAID = {
    "amended": _("What it gave is corrected"), "erased": _("What it gave is erased there"),
    "link": _("A link that rested on our data no longer holds"),
}  # fmt: skip
TOLD = {
    "amended": _("Told that what it was given is corrected"), "erased": _("Told that what it was given is erased here"),
    "link": _("Told that a link no longer holds"),
}  # fmt: skip
NEXT = {
    "amended": _("Compare both, put right what was taken over into our records, and look again at what was decided on it."),
    "erased": _("Look whether the law still lets us keep what was taken over from it. If not, ask data protection to erase it."),
    "link": _("Look again at what was decided here because the two were taken for one person."),
}  # fmt: skip
STATES = {
    "waiting": (_("Sent, no receipt yet"), "yellow"), "received": (_("Received"), "blue"),
    "acknowledged": (_("Acknowledged by an officer there"), "green"),
    "kept_back": (_("Kept back; data protection decides"), "grey"), "settled": (_("Kept back; decided"), "grey"),
    "work": (_("Waits for an officer here"), "yellow"), "noted": (_("Acknowledged here"), "green"),
}  # fmt: skip
KEPT = {
    CORRECTION: _("Word that what it was given is corrected"), WITHDRAWN: _("Word that a link no longer holds"),
    ANSWER: _("Data that a supervisor gave"), "follow_up": _("A request for more"),
}  # fmt: skip
WHY = {
    BY_GATE: _("A safeguard of this node refused when it was decided: a state of origin, a hold, a referral, or what nobody knows."),
    NO_PARTNER: _("It is no partner any more."), NO_VERSION: _("It understands no message of this kind."),
    "": _("The facts changed while it waited: a state of origin, a hold, a referral, or what nobody knows."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """Something told to a partner or said by one about a person, and how far it has come."""

    text: Text
    partner: str
    at: datetime
    state: Text
    colour: str
    work: UUID | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a partner said, beside what it had said before."""

    id: UUID
    person: UUID
    partner: str
    text: Text
    received_at: datetime
    changed: tuple[Text, ...]
    before: tuple[list[dict[str, Any]], ...]
    now: tuple[list[dict[str, Any]], ...]
    next_step: Text


@dataclass(frozen=True, slots=True)
class KeptBack:
    """A message that may not leave: to whom, what it is, why, and whether it can be sent at all."""

    id: UUID
    person: UUID | None
    partner: str
    text: Text
    why: Text
    since: datetime
    may_be_sent: bool


def lines_about(person: UUID) -> tuple[Line, ...]:
    """What was told and said about this person after data were given, oldest first, inside the transaction of a permit."""
    profiles = (CORRECTION, WITHDRAWN)
    acknowledged = set(
        Incoming.objects.filter(person_id=person, profile=ACKNOWLEDGED).values_list("body__of", flat=True)
    )
    sent = [
        Line(TOLD[_kind(each)], partner_name(each.partner), each.made_at, *STATES[_state(each, acknowledged)])
        for each in Outgoing.objects.filter(person_id=person, profile__in=profiles)
    ]
    came = [
        Line(
            SAID[_kind(each)], partner_name(each.sender), each.received_at, *STATES["noted" if each.noted_at else "work"],
            work=None if each.noted_at else each.id,
        )
        for each in Incoming.objects.filter(Q(person_id=person) | _of_what_was_kept(person), profile__in=profiles)
    ]  # fmt: skip
    return tuple(sorted(sent + came, key=lambda line: line.at))


def _of_what_was_kept(person: UUID) -> Q:
    """What the partner says of the answer from which this record was taken; nothing where it was taken from none."""
    answers = Incoming.objects.filter(id__in=Person.objects.filter(id=person).values("draft"), profile=ANSWER)
    taken_from = answers.first()
    if taken_from is None:
        return Q(pk__in=())
    return Q(sender=taken_from.sender, profile=CORRECTION, body__of=str(taken_from.message))


def said(row: Incoming) -> Said:
    """What a partner said, as the officer who acknowledges it sees it."""
    earlier = (
        Incoming.objects.filter(sender=row.sender, profile=CORRECTION, body__of=row.body["of"])
        .filter(body__revision__lt=row.body["revision"])
        .order_by("body__revision")
        .last()
    )
    given = Incoming.objects.filter(sender=row.sender, message=row.body["of"], profile=ANSWER).first()
    before = (earlier or given) if row.profile == CORRECTION else None
    return Said(
        id=row.id, person=whom(row), partner=partner_name(row.sender), text=SAID[_kind(row)], received_at=row.received_at,
        changed=tuple(WANTED[each] for each in row.body.get("changed", [])), before=_statements(before),
        now=_statements(row), next_step=NEXT[_kind(row)],
    )  # fmt: skip


def read_said(message: UUID) -> Said:
    """A message of a partner that waits, inside a running transaction.

    Raises:
        NotFound: none of this number that the purpose opens.
    """
    found = Incoming.objects.filter(id=message, profile__in=(CORRECTION, WITHDRAWN), noted_at__isnull=True).first()
    if found is None:
        raise NotFound("message", message)
    return said(found)


def kept(row: Outgoing) -> KeptBack:
    """A message that was kept back, as data protection sees it."""
    return KeptBack(
        row.id, row.person_id, partner_name(row.partner), KEPT.get(row.profile, row.profile), WHY.get(row.trouble, WHY[""]),
        row.made_at, may_be_sent(row),
    )  # fmt: skip


def _kind(row: Incoming | Outgoing) -> str:
    return str(row.body["kind"]) if row.profile == CORRECTION else "link"


def _state(row: Outgoing, acknowledged: set[Any]) -> str:
    if row.settled_at is not None:
        return "settled"
    return "acknowledged" if str(row.id) in acknowledged else row.state


def _statements(row: Incoming | None) -> tuple[list[dict[str, Any]], ...]:
    return tuple(identity_rows(identity_from_json(each)) for each in row.body.get("identities", [])) if row else ()
