"""From rows back to what they state: a birth date with its precision, and a record for the matcher."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from stonebridge.domain.actor import Purpose
from stonebridge.domain.calendars import Calendar
from stonebridge.domain.partial_date import PartialDate, Precision
from stonebridge.matching.record import Identity, Record
from stonebridge.registry.models import IdentityStatement, NamePart, Person

SEARCHABLE_FOR = (Purpose.REGISTRATION, Purpose.IDENTIFICATION, Purpose.BORDER_CHECK, Purpose.READMISSION)
VISIBLE = {purpose: 1 << place for place, purpose in enumerate(SEARCHABLE_FOR)}


def birth_of(statement: IdentityStatement) -> PartialDate:
    """The birth date as stated, with what it can mean."""
    return PartialDate(
        text=statement.birth_text,
        precision=Precision(statement.birth_precision or Precision.UNKNOWN),
        calendar=Calendar(statement.birth_calendar or Calendar.GREGORIAN),
        year=statement.birth_year,
        month=statement.birth_month,
        day=statement.birth_day,
        earliest=statement.birth_earliest,
        latest=statement.birth_latest,
        day_confirmed=statement.birth_day_confirmed,
    )


def identity_for_matcher(statement: IdentityStatement, documents: Iterable[tuple[str, str]] = ()) -> Identity:
    """One statement as the matcher compares it. ``documents`` are (issuing state, number)."""

    def spoken(*parts: NamePart) -> str:
        return " ".join(name.text for part in parts for name in statement.names.all() if name.part == part)

    return Identity(
        given=spoken(NamePart.GIVEN, NamePart.PATRONYMIC),
        family=spoken(NamePart.FAMILY, NamePart.BIRTH),
        father=spoken(NamePart.FATHER, NamePart.GRANDFATHER),
        mother=spoken(NamePart.MOTHER),
        birth=birth_of(statement).as_matcher_text(),
        sex=statement.sex,
        nationalities=tuple(known.state for known in statement.nationalities.all()),
        documents=tuple(f"{issuer}:{number}" if issuer else number for issuer, number in documents),
        birth_place=statement.birth_place,
    )


def record_for_matcher(person: Person) -> Record:
    """A person with every statement on record, visible for the purposes of ``SEARCHABLE_FOR``."""
    documents = [(document.issuing_state, document.number) for document in person.documents.all()]
    return Record(
        id=person.id,
        visible=sum(VISIBLE.values()),
        identities=tuple(identity_for_matcher(statement, documents) for statement in person.statements.all()),
    )


class MatcherRegister:
    """What the matcher's feed asks of the register. Whoever is restricted does not appear: row security hides them.

    Used inside a transaction whose purpose is identification.
    """

    def ids(self) -> Iterable[UUID]:
        """Every person who may be found."""
        return Person.objects.order_by("id").values_list("id", flat=True)

    def load(self, ids: Sequence[UUID]) -> Iterable[Record]:
        """These persons as they are now."""
        persons = Person.objects.filter(id__in=list(ids)).prefetch_related(
            "statements__names", "statements__nationalities", "documents"
        )
        return [record_for_matcher(person) for person in persons]
