"""What the database refuses to keep or to show, by the application's own role, after something has happened."""

from contextlib import closing
from uuid import UUID

import psycopg
import pytest
from django.db import connections

from people import NOW, actor, amira
from rule_cases import SCREENED, World, make_link
from stonebridge.domain.actor import Purpose, Role
from stonebridge.registry.models import IdentityStatement
from stonebridge.registry.registration import StatedDocument
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.policy import Action, Fact

OF_A_PERSON = (
    "registry_person", "registry_identitystatement", "registry_name", "registry_searchkey", "registry_nationality",
    "registry_document", "registry_arrival", "registry_familymember", "remedies_protectionclaim",
)  # fmt: skip


@pytest.fixture
def world() -> World:
    return World().ready()


@pytest.fixture
def app(node_database):
    """A connection of the application's role, with nothing of the application around it."""
    with closing(psycopg.connect(node_database.urls["app"], autocommit=True)) as connection:
        yield connection


def seen(app: psycopg.Connection, purpose: str) -> list[int]:
    """How many rows of each table of persons show for a purpose."""
    app.execute("SELECT set_config('stonebridge.purpose', %s, false)", [purpose])
    return [app.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in OF_A_PERSON]  # noqa: S608 ours


def test_of_a_restricted_person_nothing_is_seen(app):
    world = World()
    passport = StatedDocument("passport", "N0012345", "SYR")
    world.person = amira(world.clerk, documents=(passport,), relation="head").id
    assert 0 not in seen(app, "registration")
    world.restricted()
    assert set(seen(app, "registration")) == {0}
    assert 0 not in seen(app, "data_protection")


def join(world: World, **changes: object) -> None:
    with gate.act(Purpose.IDENTIFICATION):
        make_link(world, world.second_examiner.reference, same_person="yes", colour="white", **changes)


def test_no_link_joins_without_judgements(world):
    with pytest.raises(Exception, match="link_has_two_officers"):
        join(world)


def test_no_link_joins_without_a_task(world):
    with pytest.raises(Exception, match="link_has_two_officers"):
        join(world, task=None)


def test_no_link_joins_in_the_name_of_a_machine(world):
    with pytest.raises(Exception, match=r"machines_make_only_yellow|link_has_two_officers"):
        join(world, made_by="clock:search")


def test_a_link_that_ended_is_not_brought_back(world, app):
    with gate.act(Purpose.IDENTIFICATION):
        made = make_link(world, task=None)
    app.execute("SELECT set_config('stonebridge.purpose', 'identification', false)")
    app.execute(
        "UPDATE identification_link SET ended_at = now(), ended_by = 'x', ended_reason = 'x' WHERE id = %s", [made.id]
    )
    with pytest.raises(psycopg.errors.RaiseException, match="is history"):
        app.execute("UPDATE identification_link SET ended_at = NULL WHERE id = %s", [made.id])


# that somebody was referred is itself secret


def written(clerk, **needs: str) -> tuple[list, list, int]:
    """What a registration with these answers leaves where the application and data protection can see it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM log.entry")
        (before,) = cursor.fetchone()
    person = amira(clerk, given="Someone", needs=SCREENED | needs)
    with gate.act(Purpose.DATA_PROTECTION), connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT event, detail FROM safeguards_historyentry WHERE person_id = %s ORDER BY id", [person.id]
        )
        history = cursor.fetchall()
        statements = list(IdentityStatement.objects.filter(person=person).values_list("standing", flat=True))
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM log.entry")
        return history, statements, cursor.fetchone()[0] - before


def test_a_registration_that_refers_leaves_no_other_trace_than_one_that_does_not():
    clerk = actor(Role.REGISTRATION_CLERK)
    assert written(clerk, afraid="yes", injured="yes") == written(clerk)


def test_a_referral_that_is_open_and_one_that_nobody_knows_of_are_refused_in_the_same_words():
    world = World().ready()
    never_asked = amira(world.clerk, given="Unasked").id
    world.comes_from("DEU", Fact.NO).referred()

    def words(person: UUID) -> str:
        with pytest.raises(Refused) as refusal, gate.act(Purpose.IDENTIFICATION):
            gate.permit(
                world.supervisor, Action.DISCLOSE, purpose=Purpose.IDENTIFICATION, basis="public_task", now=NOW,
                persons=[person], to_state="ITA",
            )  # fmt: skip
        return str(refusal.value)

    assert words(world.person) == words(never_asked)
