"""What an administrator reads of officers and organisations: never anything of people on the move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils import timezone

from stonebridge.accounts.models import Mandate, Officer, Organisation, Posting, SecondFactorReset, in_force
from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import NotFound
from stonebridge.safeguards import gate
from stonebridge.safeguards.models import HistoryEntry
from stonebridge.safeguards.policy import Action

PURPOSE = Purpose.ADMINISTRATION
LAST_EVENTS = 50


@dataclass(frozen=True, slots=True)
class PostingSeen:
    id: UUID
    role: str
    unit: str
    organisation: str
    starts_on: date
    ends_on: date | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class OfficerSeen:
    """An officer in the list: the postings are those in force or to come."""

    id: UUID
    name: str
    email: str
    is_active: bool
    has_second_factor: bool
    last_login: datetime | None
    postings: Sequence[PostingSeen]


@dataclass(frozen=True, slots=True)
class EventSeen:
    event: str
    at: datetime
    by: str
    detail: dict[str, str]


@dataclass(frozen=True, slots=True)
class ResetSeen:
    """A request to take a second factor away. ``own`` means that this actor cannot be the one who does it."""

    id: UUID
    officer: str
    officer_id: UUID
    reason: str
    asked_by: str
    asked_at: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class MandateSeen:
    id: UUID
    purpose: str
    agreement: str
    starts_on: date
    ends_on: date | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class OrganisationSeen:
    id: UUID
    name: str
    kind: str
    mandates: Sequence[MandateSeen]
    workers: Sequence[tuple[UUID, str, str]]


def officers(text: str, *, closed: bool, actor: Actor, basis: str, now: datetime) -> list[OfficerSeen]:
    """The officers whose name, address or unit holds ``text``, by name; closed accounts only if asked for.

    Raises:
        Refused: the gate says no.
    """
    with gate.act(PURPOSE):
        _ask(actor, basis, now, "officers")
        found = Officer.objects.prefetch_related("postings__organisation").order_by("full_name")
        if not closed:
            found = found.filter(is_active=True)
        if text:
            found = found.filter(
                Q(full_name__icontains=text) | Q(email__icontains=text) | Q(postings__unit__icontains=text)
            ).distinct()
        enrolled = set(Authenticator.objects.filter(type=Authenticator.Type.TOTP).values_list("user_id", flat=True))
        return [_officer(each, enrolled, now) for each in found]


def officer(
    officer_id: UUID, *, actor: Actor, basis: str, now: datetime
) -> tuple[OfficerSeen, list[EventSeen], ResetSeen | None]:
    """One officer with every posting, what administrators did, and a request for the second factor that waits.

    Raises:
        Refused: the gate says no.
        NotFound: no such officer.
    """
    with gate.act(PURPOSE):
        _ask(actor, basis, now, f"officer:{officer_id}")
        found = Officer.objects.prefetch_related("postings__organisation").filter(id=officer_id).first()
        if found is None:
            raise NotFound("officer", officer_id)
        enrolled = set(Authenticator.objects.filter(user=found).values_list("user_id", flat=True))
        entries = HistoryEntry.objects.filter(subject=f"officer:{officer_id}").order_by("-recorded_at", "-id")
        events = [
            EventSeen(entry.event, entry.recorded_at, entry.actor_name, dict(entry.detail))
            for entry in entries[:LAST_EVENTS]
        ]
        waiting = SecondFactorReset.objects.filter(officer=found, settled_at__isnull=True).first()
        return (
            _officer(found, enrolled, now, every=True), events, _reset(waiting, actor) if waiting else None
        )  # fmt: skip


def open_resets(*, actor: Actor, basis: str, now: datetime) -> list[ResetSeen]:
    """The requests to take a second factor away that nobody has settled.

    Raises:
        Refused: the gate says no.
    """
    with gate.act(PURPOSE):
        _ask(actor, basis, now, "resets")
        waiting = SecondFactorReset.objects.filter(settled_at__isnull=True).select_related("officer")
        return [_reset(each, actor) for each in waiting.order_by("asked_at")]


def organisations(*, actor: Actor, basis: str, now: datetime) -> list[OrganisationSeen]:
    """The organisations with their mandates and workers, the authority first.

    Raises:
        Refused: the gate says no.
    """
    with gate.act(PURPOSE):
        _ask(actor, basis, now, "organisations")
        today = timezone.localdate(now)
        found = Organisation.objects.prefetch_related("mandates")
        return sorted((_organisation(each, today) for each in found), key=lambda o: (o.kind != "authority", o.name))


def _ask(actor: Actor, basis: str, now: datetime, subject: str) -> None:
    gate.permit(actor, Action.POST, purpose=PURPOSE, basis=basis, now=now, subject=subject)


def _officer(found: Officer, enrolled: set[UUID], now: datetime, *, every: bool = False) -> OfficerSeen:
    today = timezone.localdate(now)
    postings = [
        PostingSeen(
            posting.id, posting.role, posting.unit, posting.organisation.name, posting.starts_on, posting.ends_on,
            _is_over(posting, today),
        )
        for posting in sorted(found.postings.all(), key=lambda posting: posting.starts_on, reverse=True)
    ]  # fmt: skip
    return OfficerSeen(
        found.id, found.full_name, found.email, found.is_active, found.id in enrolled, found.last_login,
        [posting for posting in postings if every or not posting.is_over],
    )  # fmt: skip


def _is_over(row: Posting | Mandate, today: date) -> bool:
    return row.ended_at is not None or (row.ends_on is not None and row.ends_on < today)


def _reset(asked: SecondFactorReset, actor: Actor) -> ResetSeen:
    own = actor.reference in {asked.asked_by, str(asked.officer_id)}
    return ResetSeen(
        asked.id, asked.officer.full_name, asked.officer_id, asked.reason, asked.asked_by_name, asked.asked_at, own
    )


def _organisation(found: Organisation, today: date) -> OrganisationSeen:
    mandates = [
        MandateSeen(
            mandate.id, mandate.purpose, mandate.basis, mandate.starts_on, mandate.ends_on, _is_over(mandate, today)
        )
        for mandate in found.mandates.order_by("-starts_on")
    ]
    in_post = found.postings.filter(in_force(today), officer__is_active=True).select_related("officer")
    workers = [(posting.officer_id, posting.officer.full_name, posting.role) for posting in in_post]
    return OrganisationSeen(found.id, found.name, found.kind, mandates, sorted(workers, key=lambda who: who[1]))
