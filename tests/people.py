"""The cast of the tests: invented people, and officers in post, each with a second factor."""

from datetime import UTC, date, datetime
from typing import TypeVar

from django.db.models import Model, QuerySet

from node_under_test import READER
from stonebridge.accounts.actors import actor_for
from stonebridge.accounts.models import Mandate, Officer, Organisation, OrganisationKind, Posting
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.domain.partial_date import parse_birth_date
from stonebridge.registry.models import NamePart, Person
from stonebridge.registry.registration import (
    Registration,
    StatedArrival,
    StatedDocument,
    StatedIdentity,
    StatedNationality,
    names_as_given,
)  # fmt: skip
from stonebridge.registry.services import register_person

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
M = TypeVar("M", bound=Model)
PASSWORD = "a long enough password"
BASIS = {
    Purpose.REGISTRATION: "public_task",
    Purpose.IDENTIFICATION: "public_task",
    Purpose.DATA_PROTECTION: "oversight_of_access",
    Purpose.REFERRAL: "victim_identification",
    Purpose.PROTECTION_CLAIM: "protection_claim",
}


def on_record(model: type[M]) -> "QuerySet[M]":
    """Rows of this table, seen as the application sees them for identification, in a connection of its own."""
    return model._default_manager.using(READER)


def officer(
    role: Role, name: str = "", *, organisation: str = "Authority", kind: str = OrganisationKind.AUTHORITY
) -> Officer:
    """An officer in post in this role since the beginning of the year."""
    name = name or role.value.replace("_", " ").title()
    employer, _ = Organisation.objects.get_or_create(name=organisation, defaults={"kind": kind})
    made = Officer(email=f"{name.lower().replace(' ', '.')}@test.example", full_name=name, created_at=NOW)
    made.set_password(PASSWORD)
    made.save()
    Posting.objects.create(
        officer=made,
        organisation=employer,
        unit="Tabanovce",
        role=role,
        starts_on=date(2026, 1, 1),
        appointed_by="test",
    )
    return made


def actor(role: Role, name: str = "", *, second_factor: bool = True) -> Actor:
    """The actor of an officer in post."""
    return actor_for(officer(role, name), today=TODAY, second_factor=second_factor)


def worker(role: Role, *purposes: Purpose) -> Actor:
    """A worker of a non-governmental organisation, with a mandate for ``purposes``."""
    made = officer(role, organisation="Open Door", kind=OrganisationKind.NGO)
    for purpose in purposes:
        Mandate.objects.create(
            organisation=Organisation.objects.get(name="Open Door"), purpose=purpose, basis="agreement 12/2026",
            starts_on=date(2026, 1, 1),
        )  # fmt: skip
    return actor_for(made, today=TODAY, second_factor=True)


def registration(
    given: str = "Amira", family: str = "Haddad", *, birth: str = "07.03.1994", sex: str = "f", nationality: str = "SYR",
    documents: tuple[StatedDocument, ...] = (), **more: object,
) -> Registration:  # fmt: skip
    """What a clerk hands in for an invented person."""
    return Registration(
        identity=StatedIdentity(
            names=names_as_given({NamePart.GIVEN: given, NamePart.FAMILY: family}, {}),
            sex=sex,
            birth=parse_birth_date(birth, today=TODAY),
            nationalities=(StatedNationality(nationality),),
        ),
        arrival=StatedArrival(category="irregular_crossing", arrived_on=TODAY, met_at=NOW, place="Tabanovce"),
        notice="acknowledged",
        documents=documents,
        **more,  # type: ignore[arg-type]  # fields of a registration, by name
    )


def amira(clerk: Actor, **changes: object) -> Person:
    """Amira Haddad, registered."""
    return register_person(
        registration(**changes),  # type: ignore[arg-type]  # fields of a registration, by name
        actor=clerk, basis=BASIS[Purpose.REGISTRATION], now=NOW,
    )  # fmt: skip
