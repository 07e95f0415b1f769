"""Every table that the application can read is closed by rows, or stands on the reviewed list with its reason."""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import closing

import psycopg
import pytest

from node_under_test import ROOT

REVIEWED: Mapping[str, str] = tomllib.loads((ROOT / "tests" / "row_security.toml").read_text(encoding="utf-8"))
OPEN = """
SELECT CASE WHEN nspname = 'public' THEN relname ELSE nspname || '.' || relname END
  FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
 WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND nspname IN ('public', 'vault', 'protection', 'log')
   AND (has_table_privilege('app', c.oid, 'SELECT') OR has_any_column_privilege('app', c.oid, 'SELECT'))
   AND NOT (relrowsecurity AND relforcerowsecurity
            AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive))
"""
TELLING_NOBODY = {"log.checkpoint", "protection.log_checkpoint"}
"""What a log signed of itself: sizes, roots and moments, which witnesses hold too."""


@pytest.fixture
def owner(attacked) -> Iterator[psycopg.Connection]:
    """The owner of the tables, with whatever it does taken back."""
    with closing(psycopg.connect(attacked.urls["owner"])) as connection:
        yield connection
        connection.rollback()


def read_by_the_application_whole(owner: psycopg.Connection) -> set[str]:
    return {table for (table,) in owner.execute(OPEN)} - TELLING_NOBODY


def test_every_table_without_row_security_is_on_the_reviewed_list(owner):
    assert sorted(read_by_the_application_whole(owner) ^ set(REVIEWED)) == []


def test_each_reason_says_what_keeps_the_table_from_telling_of_a_person():
    assert [table for table, why in REVIEWED.items() if len(why) < 15] == []


def test_a_new_table_of_persons_without_row_security_is_noticed(owner):
    owner.execute("CREATE TABLE incidents_witness (person_id uuid, told text)")
    owner.execute("GRANT SELECT (told) ON incidents_witness TO app")
    assert read_by_the_application_whole(owner) - set(REVIEWED) == {"incidents_witness"}


def test_a_table_whose_row_security_is_taken_away_is_noticed(owner):
    owner.execute("ALTER TABLE identification_task DISABLE ROW LEVEL SECURITY")
    owner.execute("ALTER TABLE registry_name NO FORCE ROW LEVEL SECURITY")
    assert read_by_the_application_whole(owner) - set(REVIEWED) == {"identification_task", "registry_name"}


@pytest.mark.parametrize("table", ["identification_search", "safeguards_historyentry"])
def test_a_policy_that_opens_a_table_to_everybody_is_noticed(owner, table):
    owner.execute(f"CREATE POLICY mine ON {table} TO app USING (true)")
    assert policies_without_a_person_or_purpose(owner) == {table}


def test_every_policy_of_the_application_asks_for_a_purpose_or_for_a_row_that_does(owner):
    assert policies_without_a_person_or_purpose(owner) == set()


def policies_without_a_person_or_purpose(owner: psycopg.Connection) -> set[str]:
    """Tables that a policy opens to the application, or to everybody, whatever the purpose."""
    found = owner.execute(
        "SELECT tablename FROM pg_policies WHERE permissive = 'PERMISSIVE' AND roles && '{app,public}'::name[]"
        " AND coalesce(qual, '') !~ 'stonebridge.purpose|registry_person|registry_identitystatement|identification_task|casework_case'"
    )
    return {table for (table,) in found}
