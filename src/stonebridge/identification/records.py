"""A record as it stands beside another on the bench: what was stated, shown and seen, as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from stonebridge.registry.models import Person
from stonebridge.registry.statements import birth_of
from stonebridge.safeguards.gate import Permit

TAGS = {"arabic": "und-Arab", "cyrillic": "und-Cyrl", "latin": "und-Latn", "greek": "und-Grek"}


@dataclass(frozen=True, slots=True)
class Text:
    """A text as given, with the language tag of its script and what is noted beside it."""

    text: str
    lang: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """One statement of identity."""

    standing: str
    stated_at: datetime
    names: tuple[tuple[str, Text], ...]
    birth: str
    born_between: tuple[date, date] | None
    sex: str
    birth_place: str
    nationalities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordSeen:
    """A record of the register."""

    id: UUID
    reference: str
    registered_at: datetime
    unit: str
    language: str
    statements: tuple[Stated, ...]
    documents: tuple[Text, ...]
    arrivals: tuple[tuple[date, str], ...]

    @property
    def name(self) -> Text:
        """The first name stated, given name before family name."""
        for statement in self.statements:
            told = [text for part in ("given", "family") for kind, text in statement.names if kind == part]
            if told:
                return Text(" ".join(each.text for each in told), told[0].lang)
        return Text("—")


def records_seen(permit: Permit, persons: Iterable[UUID]) -> dict[UUID, RecordSeen]:
    """These records by their identifiers; whoever is closed to the purpose does not appear.

    Raises:
        NotPermitted: the permit does not cover one of them.
    """
    wanted = list(persons)
    for person in wanted:
        permit.require(permit.action, person=person)
    found = Person.objects.filter(id__in=wanted).prefetch_related(
        "statements__names", "statements__nationalities", "documents", "arrivals"
    )
    return {person.id: _seen(person) for person in found}


def _seen(person: Person) -> RecordSeen:
    return RecordSeen(
        id=person.id,
        reference=person.reference,
        registered_at=person.registered_at,
        unit=person.unit,
        language=person.language,
        statements=tuple(
            Stated(
                standing=each.standing,
                stated_at=each.stated_at,
                names=tuple(
                    (
                        name.part,
                        Text(name.text, TAGS.get(name.script, ""), name.latin if name.latin != name.text else ""),
                    )
                    for name in each.names.all()
                ),
                birth=each.birth_text,
                born_between=birth_of(each).range(),
                sex=each.sex,
                birth_place=each.birth_place,
                nationalities=tuple(known.state for known in each.nationalities.all()),
            )
            for each in person.statements.all()
        ),
        documents=tuple(
            Text(f"{document.issuing_state} {document.number}".strip(), note=document.seen)
            for document in person.documents.all()
        ),
        arrivals=tuple((arrival.arrived_on, arrival.place) for arrival in person.arrivals.all()),
    )
