"""What the application's own role can do with SQL, having got past everything above: too little to matter.

The role can name any purpose: row security guards against what was forgotten, grants and
triggers against what was meant.
"""

from collections.abc import Iterator
from contextlib import closing
from uuid import UUID

import psycopg
import pytest
from django.db import connections

from people import NOW, amira, on_record
from rule_cases import SCREENED, World, make_link
from stonebridge.domain.actor import Purpose
from stonebridge.identification.models import Candidate, Judgement, Search
from stonebridge.registry.registration import Capture, StatedDocument
from stonebridge.safeguards import gate
from stonebridge.safeguards.models import Hold, Restriction
from stonebridge.safeguards.services import restrict

OF_A_PAIR = (
    "identification_search", "identification_candidate", "identification_task", "identification_judgement",
    "identification_link",
)  # fmt: skip
OF_THE_SAFEGUARDS = ("safeguards_historyentry", "safeguards_restriction", "safeguards_hold")
OF_A_PERSON = (
    "registry_person", "registry_identitystatement", "registry_name", "registry_searchkey", "registry_nationality",
    "registry_document", "registry_arrival", "registry_familymember", "remedies_protectionclaim", "remedies_origin",
    *OF_A_PAIR, *OF_THE_SAFEGUARDS,
)  # fmt: skip
KEPT = (
    "registry_person", "registry_identitystatement", "registry_name", "registry_document", "registry_arrival",
    "identification_judgement", "identification_candidate", "safeguards_historyentry", "safeguards_emergencyaccess",
    "remedies_protectionclaim", "remedies_origin", "remedies_disclosure", "log.entry", "log.leaf", "log.checkpoint",
    "log.queue", "protection.referral", "protection.screening", "protection.log_entry", "protection.log_leaf",
    "vault.biometric_record",
)  # fmt: skip
HIDDEN = (
    "vault.biometric_record", "protection.referral", "protection.screening", "log.entry", "log.leaf", "log.queue",
    "protection.log_entry", "protection.log_leaf", "protection.log_checkpoint", "protection.log_queue",
)  # fmt: skip
UNCHANGEABLE = (
    "UPDATE registry_identitystatement SET sex = 'x'",
    "UPDATE registry_name SET text = 'x'",
    "UPDATE registry_person SET reference = 'x'",
    "UPDATE identification_judgement SET same_person = 'no'",
    "UPDATE identification_link SET same_person = 'no'",
    "UPDATE identification_link SET officer_two = 'x'",
    "UPDATE identification_task SET comparisons = '[]'",
    "UPDATE safeguards_historyentry SET actor_name = 'x'",
    "UPDATE safeguards_restriction SET person_id = gen_random_uuid()",
    "UPDATE safeguards_emergencyaccess SET ends_at = now() + interval '9 years'",
    "UPDATE remedies_protectionclaim SET state = 'none'",
    "UPDATE remedies_origin SET is_origin = 'no'",
    "UPDATE accounts_posting SET role = 'supervisor'",
    "UPDATE log.entry SET salt = NULL",
    "UPDATE vault.biometric_record SET sealed = ''",
    "UPDATE protection.referral SET closed_at = now()",
)


@pytest.fixture(scope="module")
def world(attacked) -> World:
    made = World().ready()
    extra = StatedDocument("passport", "N0012345", "SYR")
    amira(
        made.clerk, given="Nour", documents=(extra,), needs=SCREENED | {"afraid": "yes"},
        captures=(Capture("finger", 1, "image/png", b"ridges", 1, 1),), relation="head",
    )  # fmt: skip
    made.comes_from("SYR").referred()
    judged(made)
    third = amira(made.clerk, given="Third").id
    restrict(third, "They dispute it.", actor=made.data_protection, basis="oversight_of_access", now=NOW)
    on_record(Hold).create(person_id=made.other, fact="claim", arose_at=NOW, arose_from="MK-LINK-0001")
    on_record(Candidate).create(
        search=on_record(Search).get(probe=made.person), person_id=made.other, rank=1, score=1.0,
        comparisons=[{"feature": "name", "probe": "Amira", "candidate": "Amirah"}],
    )  # fmt: skip
    return made


def judged(world: World) -> None:
    """One opinion on the pair, and the open link between its two records."""
    on_record(Judgement).create(
        task=world.task, ordinal=1, officer_reference=world.examiner.reference, officer_name=world.examiner.name,
        same_person="unsure", given_at=NOW, explanation_shown=[{"feature": "name", "probe": "Amira"}],
    )  # fmt: skip
    with gate.act(Purpose.IDENTIFICATION):
        make_link(world)


@pytest.fixture
def app(attacked) -> Iterator[psycopg.Connection]:
    """A connection of the application's role, with nothing of the application around it."""
    with closing(psycopg.connect(attacked.urls["app"], autocommit=True)) as connection:
        yield connection


def purpose(app: psycopg.Connection, name: str) -> None:
    app.execute("SELECT set_config('stonebridge.purpose', %s, false)", [name])


def count(app: psycopg.Connection, table: str) -> int:
    return app.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 tables of this file


@pytest.mark.parametrize("table", OF_A_PERSON)
def test_without_a_purpose_a_table_of_persons_cannot_even_be_asked(world, app, table):
    with pytest.raises(psycopg.errors.UndefinedObject, match=r"stonebridge\.purpose"):
        count(app, table)


@pytest.mark.parametrize("name", ["statistics", "administration", "referral", "incident", "", "registration "])
@pytest.mark.parametrize("table", OF_A_PERSON)
def test_a_purpose_that_is_not_the_registers_shows_nobody(world, app, table, name):
    purpose(app, name)
    assert count(app, table) == 0


@pytest.mark.parametrize("table", OF_A_PERSON)
def test_the_harness_sees_rows_where_the_purpose_is_the_registers(world, app, table):
    purpose(app, "registration")
    assert count(app, table) > 0


@pytest.mark.parametrize("table", [*OF_A_PAIR, *OF_THE_SAFEGUARDS])
def test_without_its_row_security_a_table_would_be_read_for_no_purpose(world, app, attacked, table):
    with closing(psycopg.connect(attacked.urls["owner"], autocommit=True)) as owner:
        owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        try:
            assert count(app, table) > 0
        finally:
            owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def test_what_explains_a_pair_closes_with_either_person(world, app):
    with closing(psycopg.connect(app.info.dsn, password=app.info.password)) as mine:
        purpose(mine, "identification")
        mine.execute(
            "INSERT INTO safeguards_restriction (id, person_id, reason, ground, restricted_at, restricted_by, lifted_by)"
            " VALUES (gen_random_uuid(), %s, 'x', '18(1)', now(), 'x', '')",
            [world.other],
        )
        assert [count(mine, f"identification_{table}") for table in ("candidate", "task", "judgement")] == [0, 0, 0]
        mine.rollback()
    purpose(app, "identification")
    assert count(app, "identification_task") > 0


def test_the_gate_learns_of_every_link_whatever_the_purpose(world, app):
    purpose(app, "statistics")
    assert app.execute("SELECT yellow_neighbours(ARRAY[%s]::uuid[])", [world.person]).fetchall() == [(world.other,)]


@pytest.mark.parametrize("table", OF_A_PERSON)
def test_settings_that_the_application_forges_open_no_table(world, app, table):
    app.execute("SELECT set_config('stonebridge.resolving', 'yes', false)")
    app.execute("SELECT set_config('stonebridge.erasing', 'yes', false)")
    purpose(app, "statistics")
    assert count(app, table) == 0


def test_what_a_reference_means_is_an_identifier_and_nothing_stays_open_after_it(world, app):
    purpose(app, "statistics")
    app.execute("BEGIN")
    found = app.execute("SELECT pair_of(%s)", [world.task.reference]).fetchone()
    still = app.execute("SELECT current_setting('stonebridge.resolving')").fetchone()
    rows = count(app, "identification_task")
    app.execute("ROLLBACK")
    assert (found, still, rows) == (([world.person, world.other],), ("no",), 0)


def test_the_gate_learns_of_every_restriction_and_hold_whatever_the_purpose(world, app):
    purpose(app, "statistics")
    restricted = on_record(Restriction).values_list("person_id", flat=True).get()
    assert app.execute("SELECT is_restricted(ARRAY[%s]::uuid[])", [restricted]).fetchone() == (True,)
    assert app.execute("SELECT hold_stands(ARRAY[%s]::uuid[])", [world.other]).fetchone() == (True,)
    assert app.execute("SELECT is_restricted(ARRAY[%s]::uuid[])", [world.person]).fetchone() == (False,)


def test_row_security_is_not_switched_off_by_the_application(world, app):
    app.execute("SET row_security = off")
    purpose(app, "statistics")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        count(app, "registry_person")


@pytest.mark.parametrize(
    "statement",
    ["SET ROLE owner", "SET ROLE protection", "SET SESSION AUTHORIZATION vault", "SET session_replication_role = replica",
     "ALTER TABLE registry_person DISABLE ROW LEVEL SECURITY", "DROP TRIGGER disclosure_is_open ON remedies_disclosure",
     "CREATE TABLE public.mine (id int)", "CREATE SCHEMA mine", "CREATE FUNCTION public.mine() RETURNS int RETURN 1",
     "COPY registry_person TO PROGRAM 'cat'", "SELECT pg_read_file('/etc/passwd')",
     "CREATE POLICY mine ON registry_person USING (true)", "SELECT lo_import('/etc/passwd')", "BEGIN; LOCK TABLE log.entry", "CREATE TEMP TABLE mine (id int)"],
)  # fmt: skip
def test_the_application_gives_itself_no_more_rights(world, app, statement):
    with pytest.raises(psycopg.errors.Error, match=r"permission denied|must be|not a member"):
        app.execute(statement)


@pytest.mark.parametrize("table", HIDDEN)
def test_what_the_application_may_not_read_it_cannot_read(world, app, table):
    purpose(app, "registration")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        count(app, table)


@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_nothing_that_was_kept_is_taken_away(world, app, table, statement):
    purpose(app, "data_protection")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement.format(table))


@pytest.mark.parametrize("statement", UNCHANGEABLE)
def test_nothing_that_was_said_is_changed(world, app, statement):
    purpose(app, "data_protection")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement)


def test_even_the_owner_changes_no_entry_of_the_log(world):
    for statement in ("UPDATE log.entry SET event = ''", "DELETE FROM log.entry", "TRUNCATE log.leaf CASCADE"):
        with pytest.raises(Exception, match=r"refused|never changed"), connections["owner"].cursor() as cursor:
            cursor.execute(statement)


# names of the application's own, put where those of the node are looked for


SHADOWS = (
    "CREATE TEMP TABLE referral (person_id uuid, closed_at timestamptz)",
    "CREATE TEMP TABLE screening (person_id uuid)",
    "INSERT INTO pg_temp.screening SELECT id FROM public.registry_person",
    "CREATE TEMP TABLE registry_person AS SELECT * FROM public.registry_person",
    "CREATE TEMP TABLE safeguards_restriction (person_id uuid, lifted_at timestamptz)",
    "CREATE TEMP TABLE safeguards_hold (person_id uuid, assigned_at timestamptz, belongs boolean)",
    "CREATE FUNCTION pg_temp.is_restricted(uuid[]) RETURNS boolean LANGUAGE sql AS $$ SELECT false $$",
    "CREATE FUNCTION pg_temp.hold_stands(uuid[]) RETURNS boolean LANGUAGE sql AS $$ SELECT false $$",
    "CREATE TEMP TABLE identification_link (first_id uuid, second_id uuid, ended_at timestamptz, same_person text)",
    "CREATE TEMP TABLE remedies_protectionclaim AS SELECT c.person_id, 'none' AS state, now() AS as_of,"
    " now() AS recorded_at, gen_random_uuid() AS id FROM public.remedies_protectionclaim c",
    "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS $$ SELECT ''::bytea $$",
    "CREATE FUNCTION pg_temp.open_referral(uuid) RETURNS text LANGUAGE sql AS $$ SELECT 'closed' $$",
    "CREATE FUNCTION pg_temp.latest_claim(uuid) RETURNS text LANGUAGE sql AS $$ SELECT 'none' $$",
    "CREATE FUNCTION pg_temp.identity_of(uuid) RETURNS SETOF uuid LANGUAGE sql AS $$ SELECT $1 $$",
    "SET search_path = pg_temp, public, pg_catalog",
)


@pytest.fixture(scope="module")
def shadowed(world, server, attacked) -> Iterator[psycopg.Connection]:
    """A connection of the application, on a server that was set up to allow tables of its own."""
    with closing(psycopg.connect(server.superuser_url(attacked.name), autocommit=True)) as superuser:
        superuser.execute(f'GRANT TEMPORARY ON DATABASE "{attacked.name}" TO app')
    with closing(psycopg.connect(attacked.urls["app"], autocommit=True)) as made:
        shadow(made)
        yield made


def shadow(app: psycopg.Connection) -> None:
    purpose(app, "identification")
    for statement in SHADOWS:
        app.execute(statement)


def test_tables_of_the_applications_own_do_not_close_a_referral(world, shadowed):
    answer = shadowed.execute("SELECT protection.open_referral(%s)", [world.person]).fetchone()
    assert answer == ("open",)


def test_tables_of_the_applications_own_do_not_open_a_disclosure(world, shadowed):
    with pytest.raises(psycopg.errors.RaiseException, match="disclosure_awaits_referral"):
        shadowed.execute(
            "INSERT INTO public.remedies_disclosure (id, person_id, recipient, to_state, purpose, basis, form, digest,"
            " disclosed_at, disclosed_by) VALUES (gen_random_uuid(), %s, 'x', 'SYR', 'x', 'x', 'pdf', '', now(), 'x')",
            [world.person],
        )


def test_a_hash_of_the_applications_own_does_not_get_into_the_log(world, shadowed):
    shadowed.execute("SELECT log.append(%s, %s, %s, %s)", [UUID(int=9), bytes(32), b"{}", bytes(32)])
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT octet_length(commitment) FROM log.entry WHERE id = %s", [UUID(int=9)])
        assert cursor.fetchone() == (32,)


def test_every_function_that_runs_with_its_owners_rights_pins_where_it_looks():
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT proname, proconfig FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace"
            " WHERE prosecdef AND nspname IN ('public', 'vault', 'protection', 'log')"
        )
        found = cursor.fetchall()
    assert len(found) >= 5
    assert [name for name, config in found if not str(config).endswith("pg_temp']")] == []


def test_every_function_of_the_node_pins_where_it_looks():
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace"
            " WHERE nspname IN ('public', 'vault', 'protection', 'log') AND proconfig IS NULL"
        )
        assert cursor.fetchall() == []


def test_the_application_makes_no_functions_where_others_look():
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_namespace WHERE has_schema_privilege('app', oid, 'CREATE') AND nspname !~ '^pg_temp'"
        )
        assert cursor.fetchall() == []
