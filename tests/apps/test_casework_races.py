"""Races between a transfer and what forbids it, on two connections, past the gate: the database alone must hold.

Each race has a counterpart in which the wall is taken away, and the same harness then sees what must not happen.
``STONEBRIDGE_CASE_ROUNDS`` sets how many rounds are run of each; ``scripts/bench cases`` runs 10,000.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from django.db import connections

from case_bench import CaseWorld
from people import NOW
from races import ROUNDS, Turn, by_sql, fresh, overtaken, race
from rule_cases import make_link
from stonebridge.domain.actor import Purpose
from stonebridge.safeguards import gate

pytestmark = pytest.mark.attack
TRANSFER = (
    "INSERT INTO casework_step (id, case_id, sequence, stage, outcome, reason, entered_at, entered_by)"
    " SELECT gen_random_uuid(), c.id, 1 + (SELECT count(*) FROM casework_step s WHERE s.case_id = c.id),"
    " 'after_transfer', 'handed_over', 'x', %s, 'x' FROM casework_case c WHERE c.person_id = %s"
)
CLAIM = (
    "INSERT INTO remedies_protectionclaim (id, person_id, state, asked_on, as_of, recorded_at, recorded_by, reason)"
    " VALUES (gen_random_uuid(), %s, %s, now(), clock_timestamp(), now(), 'x', '')"
)
REMEDY = (
    "INSERT INTO remedies_remedy (id, reference, person_id, kind, brought_by, before, number, against, lodged_on, suspends,"
    " why, recorded_at, recorded_by, outcome, ending, ended_by) VALUES (gen_random_uuid(), %s, %s, %s, 'counsel', 'Court',"
    " '', 'the decision', now(), 'yes', '', now(), 'x', '', '', '')"
)
REFER = "SELECT protection.refer(gen_random_uuid(), %s, %s, 'trafficking', '', now(), 'x')"
FINDING = (
    "INSERT INTO casework_finding (id, case_id, guard, answer, evidence, basis, expires_on, found_at, found_by)"
    " SELECT gen_random_uuid(), c.id, %s, %s, 'x', 'x', '2100-01-01', clock_timestamp(), 'x'"
    " FROM casework_case c WHERE c.person_id = %s"
)
LINK = (
    "INSERT INTO identification_link (id, reference, first_id, second_id, same_person, evidence_biometrics,"
    " evidence_identity, evidence_document, colour, colour_rule, justified, justified_article, justified_by, made_at,"
    " made_by, officer_one, officer_two, ended_by, ended_reason) VALUES (gen_random_uuid(), %s, %s, %s, 'open', 'absent',"
    " 'similar', 'absent', 'yellow', 'test', 'not_assessed', '', '', now(), 'x', 'x', '', '', '')"
)
NO_WALL = ("DROP TRIGGER step_finds_gates_open ON casework_step",)
NO_LOCKS = (
    "CREATE OR REPLACE FUNCTION lock_identity(record uuid) RETURNS uuid[] LANGUAGE sql"
    " AS $$ SELECT array_agg(i ORDER BY i) FROM identity_of(record) AS i $$",
    "CREATE OR REPLACE FUNCTION lock_facts(records uuid[]) RETURNS void LANGUAGE sql AS $$ SELECT $$",
    "DROP TRIGGER link_waits_its_turn ON identification_link",
)
RACES = int(os.environ.get("STONEBRIDGE_CASE_ROUNDS", ROUNDS // 10))
UNDONE = ("casework_step", "casework_finding", "remedies_remedy")
"""Tables from which the tests, as their owner, take a row back for the next round."""
Fact = tuple[Callable[[], Callable[[Turn], None]], tuple[str, ...]]


@pytest.fixture
def world() -> CaseWorld:
    """A case before the hand-over with every gate open; beside the person, somebody tied by an open link."""
    made = CaseWorld().before_transfer()
    made.ready()
    owner(*(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in UNDONE))
    return made


@pytest.fixture
def app(node_database) -> str:
    return node_database.urls["app"]


def owner(*statements: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('stonebridge.erasing', 'yes', false)")
        for statement in statements:
            cursor.execute(statement)


UNDO_TRANSFER = "DELETE FROM casework_step WHERE outcome = 'handed_over'"
NO_CLAIM = "DELETE FROM remedies_protectionclaim WHERE state = 'pending'"
NO_REMEDY = "DELETE FROM remedies_remedy"
NO_REFERRAL = "UPDATE protection.referral SET closed_at = now(), closed_by = 'x' WHERE closed_at IS NULL"
NO_OBSTACLE = "DELETE FROM casework_finding WHERE answer = 'obstacle'"
NO_LINK = "DELETE FROM identification_link"
FACTS: dict[str, Callable[[str, CaseWorld], Fact]] = {
    "claim": lambda app, world: (lambda: by_sql(app, CLAIM, world.person, "pending"), (NO_CLAIM,)),
    "claim of a neighbour": lambda app, world: (lambda: by_sql(app, CLAIM, world.other, "pending"), (NO_CLAIM,)),
    "appeal": lambda app, world: (
        lambda: by_sql(app, REMEDY, fresh().hex[:20], world.person, "appeal", purpose="readmission"), (NO_REMEDY,),
    ),
    "court order of a neighbour": lambda app, world: (
        lambda: by_sql(app, REMEDY, fresh().hex[:20], world.other, "court_order", purpose="readmission"), (NO_REMEDY,),
    ),
    "referral": lambda app, world: (
        lambda: by_sql(app, REFER, fresh().hex[:20], world.person, purpose="referral"), (NO_REFERRAL,),
    ),
    "guardian lost": lambda app, world: (
        lambda: by_sql(app, FINDING, "child", "obstacle", world.person, purpose="readmission"), (NO_OBSTACLE,),
    ),
    "guardian of a neighbour lost": lambda app, world: (
        lambda: by_sql(app, FINDING, "child", "obstacle", world.other, purpose="readmission"), (NO_OBSTACLE,),
    ),
    "new link": lambda app, world: (
        lambda: by_sql(app, LINK, fresh().hex[:20], *sorted((world.person, world.other)), purpose="identification"),
        (NO_LINK,),
    ),
}  # fmt: skip


def prepared(name: str, app: str, world: CaseWorld) -> Fact:
    """The fact, on a stage set for it: a neighbour who is tied already, or who claims and is not tied yet."""
    if "neighbour" in name:
        with gate.act(Purpose.IDENTIFICATION):
            make_link(world, task=None)
    if name == "guardian of a neighbour lost":
        world.open(world.other)
    if name == "new link":
        by_sql(app, CLAIM, world.other, "pending")(Turn())
    return FACTS[name](app, world)


def rounds(app: str, world: CaseWorld, fact: Fact, number: int = RACES) -> Iterator[list[Turn]]:
    """Transfers against the fact, each from the same beginning."""
    brought, undone = fact
    for _ in range(number):
        yield race(by_sql(app, TRANSFER, NOW, world.person, purpose="readmission"), brought())
        owner(UNDO_TRANSFER, *undone)


@pytest.mark.parametrize("name", FACTS)
def test_no_transfer_overtakes_what_forbids_it(world, app, name):
    turns = list(rounds(app, world, prepared(name, app, world)))
    assert [pair for pair in turns if overtaken(*pair)] == []
    assert all(pair[1].done for pair in turns)
    assert any(not pair[0].done for pair in turns)


@pytest.mark.parametrize(
    ("name", "without"),
    [(name, NO_WALL) for name in FACTS] + [(name, NO_LOCKS) for name in FACTS if name != "guardian lost"],
    ids=[f"{name} without check" for name in FACTS]
    + [f"{name} without locks" for name in FACTS if name != "guardian lost"],
)  # a finding waits for its case's row as well, by the foreign key
def test_the_harness_sees_a_transfer_overtake_once_the_wall_is_gone(world, app, name, without):
    fact = prepared(name, app, world)
    owner(*without)
    assert any(overtaken(*pair) for pair in rounds(app, world, fact, ROUNDS))


def test_the_bench_hands_over_when_nothing_forbids_it(world, app):
    turn = Turn()
    by_sql(app, TRANSFER, NOW, world.person, purpose="readmission")(turn)
    assert turn.done, turn.refusal
    assert world.case.opened_at == NOW
