"""What may be read of the register: plain values under a permit, complete before the first byte leaves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from stonebridge.accounts.models import Officer
from stonebridge.domain.errors import NotFound
from stonebridge.domain.partial_date import PartialDate
from stonebridge.registry.models import IdentityStatement, NamePart, Person
from stonebridge.registry.panels import panels
from stonebridge.registry.statements import birth_of
from stonebridge.safeguards.gate import Permit
from stonebridge.safeguards.models import HistoryEntry, Hold, Restriction
from stonebridge.safeguards.policy import Action

READING = (Action.READ, Action.DISCLOSE, Action.AMEND)


@dataclass(frozen=True, slots=True)
class NameRead:
    part: NamePart
    text: str
    latin: str
    script: str
    position: int


@dataclass(frozen=True, slots=True)
class StatementRead:
    """One statement of identity. ``superseded`` says that a later one takes its place."""

    id: UUID
    standing: str
    stated_at: datetime
    recorded_by: str
    reason: str
    superseded: bool
    names: tuple[NameRead, ...]
    sex: str
    birth: PartialDate
    birth_place: str
    birth_state: str
    nationalities: tuple[tuple[str, str, str], ...]
    """State, how it is known, code as printed."""
    stateless: str

    def text(self, *parts: NamePart, position: int | None = None) -> str:
        """These parts of the name as given, in order."""
        return " ".join(
            name.text for part in parts for name in self.names
            if name.part == part and position in {None, name.position}
        )  # fmt: skip

    def latin(self, *parts: NamePart) -> str:
        """The same parts in Latin letters, as far as they stand beside the original."""
        return " ".join(
            name.latin or name.text for part in parts for name in self.names if name.part == part and not name.position
        )

    @property
    def main_name(self) -> str:
        """Given and family name of the first name given; a single name alone, or whatever name there is."""
        return (
            self.text(NamePart.GIVEN, NamePart.FAMILY, position=0)
            or " ".join(name.text for name in self.names[:2])
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DocumentRead:
    kind: str
    number: str
    issuing_state: str
    expires_on: date | None
    seen: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ArrivalRead:
    category: str
    crossing_point: str
    place: str
    company: str
    arrived_on: date
    met_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class RelativeRead:
    reference: str
    name: str
    relation: str
    known_by: str
    group: str


@dataclass(frozen=True, slots=True)
class EventRead:
    event: str
    happened_at: datetime
    recorded_at: datetime
    by: str
    purpose: str
    basis: str
    detail: dict[str, object]


@dataclass(frozen=True, slots=True)
class PanelRead:
    name: str
    template: str
    data: object


@dataclass(frozen=True, slots=True)
class PersonRead:
    """A person's record as it stands, statements first made first."""

    id: UUID
    reference: str
    registered_at: datetime
    registered_by: str
    unit: str
    basis: str
    language: str
    interpreter: str
    notice: str
    notice_version: str
    read_back: str
    no_documents: str
    no_documents_account: str
    statements: tuple[StatementRead, ...]
    documents: tuple[DocumentRead, ...]
    arrivals: tuple[ArrivalRead, ...]
    family: tuple[RelativeRead, ...]
    family_references: tuple[str, ...]
    history: tuple[EventRead, ...]
    restricted_since: datetime | None
    restriction_reason: str
    holds: tuple[str, ...]

    @property
    def statement(self) -> StatementRead:
        """The statement to go by."""
        return best_statement(self.statements)


def best_statement(statements: Sequence[StatementRead]) -> StatementRead:
    """The best borne out of those that none takes the place of, the latest of these."""
    order = ("declared", "documented", "established")
    current = [each for each in statements if not each.superseded] or statements
    return max(current, key=lambda each: (order.index(each.standing), each.stated_at))


def person_of(reference: str) -> UUID:
    """Whose record a reference means, readable or not: the gate judges and logs the rest.

    Raises:
        NotFound: nobody's.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_of(%s)", [reference])
        found: tuple[UUID | None] | None = cursor.fetchone()
    if found is None or found[0] is None:
        raise NotFound("person", reference)
    return found[0]


def read_person(permit: Permit, id: UUID) -> PersonRead:
    """Everything of the register about one person, as plain values.

    Raises:
        NotPermitted: the permit does not cover the person.
        NotFound: the row is not open for this purpose.
    """
    permit.require(*READING, person=id)
    person = (
        Person.objects.filter(id=id)
        .prefetch_related("statements__names", "statements__nationalities", "documents", "arrivals", "families__group")
        .first()
    )
    if person is None:
        raise NotFound("person", id)
    statements = list(person.statements.all())
    left_out = frozenset[str]().union(*(panel.leaves_out(permit, id) for panel in panels()))
    history = list(
        HistoryEntry.objects.filter(person_id=id).exclude(event__in=left_out).order_by("-recorded_at", "-id")
    )
    names = officers({person.registered_by, *(each.recorded_by for each in statements)})
    restriction = Restriction.objects.filter(person_id=id, lifted_at__isnull=True).first()
    holds = Hold.objects.filter(Q(assigned_at__isnull=True) | Q(belongs=True), person_id=id).order_by("arose_at")
    return PersonRead(
        id=person.id, reference=person.reference, registered_at=person.registered_at,
        registered_by=names.get(person.registered_by, person.registered_by), unit=person.unit, basis=person.basis,
        language=person.language, interpreter=person.interpreter, notice=person.notice,
        notice_version=person.notice_version, read_back=person.read_back, no_documents=person.no_documents,
        no_documents_account=person.no_documents_account,
        statements=statements_of(person, names),
        documents=tuple(
            DocumentRead(each.kind, each.number, each.issuing_state, each.expires_on, each.seen, each.recorded_at)
            for each in sorted(person.documents.all(), key=lambda row: row.recorded_at)
        ),
        arrivals=tuple(
            ArrivalRead(each.category, each.crossing_point, each.place, each.company, each.arrived_on, each.met_at,
                        each.recorded_at)
            for each in sorted(person.arrivals.all(), key=lambda row: row.met_at)
        ),
        family=tuple(_relatives(person)),
        family_references=tuple(member.group.reference for member in person.families.all()),
        history=tuple(
            EventRead(each.event, each.happened_at, each.recorded_at, each.actor_name, each.purpose, each.basis,
                      dict(each.detail))
            for each in history
        ),
        restricted_since=restriction.restricted_at if restriction else None,
        restriction_reason=restriction.reason if restriction else "",
        holds=tuple(hold.fact for hold in holds),
    )  # fmt: skip


def statements_of(person: Person, names: Mapping[str, str] | None = None) -> tuple[StatementRead, ...]:
    """The statements of a person already read, first made first. ``names`` are officers' by reference."""
    rows = list(person.statements.all())
    replaced = {row.supersedes_id for row in rows}
    known = names or {}
    return tuple(
        _statement(row, by=known.get(row.recorded_by, row.recorded_by), superseded=row.id in replaced) for row in rows
    )


def read_panels(permit: Permit, id: UUID) -> tuple[PanelRead, ...]:
    """What rooms above the register show of a person, under the same permit."""
    return tuple(PanelRead(panel.name, panel.template, panel.build(permit, id)) for panel in panels())


def officers(references: Iterable[str]) -> dict[str, str]:
    """The names of officers by the reference under which they acted."""
    ids = []
    for reference in references:
        try:
            ids.append(UUID(reference))
        except ValueError:
            continue
    return {str(officer.id): officer.full_name for officer in Officer.objects.filter(id__in=ids)}


def _statement(row: IdentityStatement, *, by: str, superseded: bool) -> StatementRead:
    order = list(NamePart)
    names = sorted(row.names.all(), key=lambda name: (name.position, order.index(NamePart(name.part))))
    return StatementRead(
        id=row.id, standing=row.standing, stated_at=row.stated_at, recorded_by=by, reason=row.reason,
        superseded=superseded,
        names=tuple(NameRead(NamePart(name.part), name.text, name.latin, name.script, name.position) for name in names),
        sex=row.sex, birth=birth_of(row), birth_place=row.birth_place, birth_state=row.birth_state,
        nationalities=tuple((each.state, each.known_by, each.printed) for each in row.nationalities.all()),
        stateless=row.stateless,
    )  # fmt: skip


def _relatives(person: Person) -> Iterable[RelativeRead]:
    """Places in the family: this person's own, and the references of the others, whose records stay closed here."""
    for member in person.families.all():
        for each in member.group.members.select_related("person").order_by("id"):
            if each.person_id != person.id:
                yield RelativeRead(each.person.reference, "", each.relation, each.known_by, member.group.reference)
