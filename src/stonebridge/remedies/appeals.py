"""Appeals and court orders: recorded when somebody brings one, ended by the decision that ends it."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from stonebridge.domain.actor import Actor, Purpose
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.registry.submissions import identifier
from stonebridge.remedies.models import Remedy
from stonebridge.safeguards import gate
from stonebridge.safeguards.history import record
from stonebridge.safeguards.policy import Action, Fact
from stonebridge.safeguards.references import with_new_reference

KINDS = ("appeal", "court_order")
BRINGERS = ("person", "counsel", "guardian", "authority")
OUTCOMES = ("allowed", "dismissed", "withdrawn", "lifted")


@dataclass(frozen=True, slots=True)
class Brought:
    """An appeal or a court order as it was handed in. ``suspends`` is *unknown* until somebody has looked; *no* needs ``why``."""

    kind: str
    brought_by: str
    before: str
    against: str
    lodged_on: date
    suspends: Fact = Fact.UNKNOWN
    why: str = ""
    number: str = ""


def record_remedy(
    person: UUID, brought: Brought, *, actor: Actor, purpose: Purpose, basis: str, now: datetime,
    submission: UUID | None = None,
) -> str:  # fmt: skip
    """Record an appeal or a court order, and answer its reference; of one ``submission``, the page's number, once.

    From now on it keeps what it suspends from happening.

    Raises:
        Refused: the gate says no.
        BadInput: a field that cannot be used.
    """
    _check(brought, now.date())
    with gate.act(purpose):
        permit = gate.permit(actor, Action.RECORD_REMEDY, purpose=purpose, basis=basis, now=now, persons=[person])
        id = identifier(submission, person, brought, permit=permit)
        if submission and (kept := Remedy.objects.filter(id=id).first()):
            return kept.reference
        made = with_new_reference(lambda reference: Remedy.objects.create(
            id=id, reference=reference, person_id=person, kind=brought.kind,
            brought_by=brought.brought_by, before=brought.before.strip(), number=brought.number.strip(),
            against=brought.against.strip(), lodged_on=brought.lodged_on, suspends=brought.suspends,
            why=brought.why.strip(), recorded_at=now, recorded_by=actor.reference,
        ))  # fmt: skip
        record("remedy_recorded", f"remedy:{made.reference}", person=person, permit=permit,
               detail={"kind": brought.kind, "suspends": brought.suspends.value})  # fmt: skip
        return made.reference


def end_remedy(
    reference: str,
    outcome: str,
    ending: str,
    ended_on: date,
    *,
    actor: Actor,
    purpose: Purpose,
    basis: str,
    now: datetime,
) -> None:
    """Record the decision that ends an appeal or a court order; a supervisor does, who names the decision.

    Raises:
        NotFound: none of this reference that the purpose opens.
        Refused: the gate says no.
        WrongState: it has ended.
        BadInput: no such outcome, no decision named, or a day before it was lodged or still to come.
    """
    if outcome not in OUTCOMES:
        raise BadInput("outcome", outcome, f"Name one of: {', '.join(OUTCOMES)}.")
    if not ending.strip():
        raise BadInput("ending", ending, "Name the decision with its date and number, so that somebody can check it.")
    with gate.act(purpose):
        found = Remedy.objects.filter(reference=reference).first()
        if found is None:
            raise NotFound("appeal or court order", reference)
        permit = gate.permit(
            actor, Action.END_REMEDY, purpose=purpose, basis=basis, now=now, persons=[found.person_id],
            subject=f"remedy:{reference}",
        )  # fmt: skip
        if not found.lodged_on <= ended_on <= now.date():
            raise BadInput("ended_on", ended_on, f"Name a day from {found.lodged_on} to today.")
        ended = Remedy.objects.filter(id=found.id, ended_on__isnull=True).update(
            ended_on=ended_on, outcome=outcome, ending=ending.strip(), ended_at=now, ended_by=actor.reference
        )
        if not ended:
            raise WrongState(f"{found.kind} {reference}", "ended", "one that stands")
        record(
            "remedy_ended", f"remedy:{reference}", person=found.person_id, permit=permit, detail={"outcome": outcome}
        )


def _check(brought: Brought, today: date) -> None:
    for field, allowed in (("kind", KINDS), ("brought_by", BRINGERS)):
        if getattr(brought, field) not in allowed:
            raise BadInput(field, getattr(brought, field), f"Name one of: {', '.join(allowed)}.")
    for field, longest in (("before", 200), ("against", 400)):
        if not getattr(brought, field).strip() or len(getattr(brought, field)) > longest:
            raise BadInput(field, getattr(brought, field), f"Write it in 1 to {longest} characters.")
    if len(brought.number) > 80:
        raise BadInput("number", brought.number, "Write it in at most 80 characters.")
    if brought.lodged_on > today:
        raise BadInput("lodged_on", brought.lodged_on, "This day has not come yet.")
    if brought.suspends is Fact.NO and not brought.why.strip():
        raise BadInput("why", brought.why, "Say by which rule or decision it does not suspend.")
