"""Each rule at each door: refused when it should be, permitted when it may; and each wall behind a rule, by SQL.

The table is ``tests/rule_cases.py``. That it notices a rule or a wall that is taken away is a test of its own.
"""

from functools import partial

import pytest
from django.db import DatabaseError, connections

from rule_cases import DOORS, SERVICE, WALLS, SqlCase, World
from stonebridge.domain.cite import citations_of
from stonebridge.safeguards import gate, policy
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.policy import RULES, GateAlone, Rule, Wall

ROWS = [pytest.param(rule, case, id=f"{rule}-{door}") for door, cases in DOORS.items() for rule, case in cases.items()]
BY_NAME = {rule.name: rule for rule in RULES}
GATE_ALONE = [rule for rule in RULES if isinstance(rule.second_wall, GateAlone)]
WALLED = [rule for rule in RULES if isinstance(rule.second_wall, Wall)]


@pytest.fixture
def world() -> World:
    return World()


def named(rules: list[Rule]) -> list:
    return [pytest.param(rule, id=rule.name) for rule in rules]


def test_every_rule_of_the_policy_has_its_row_and_every_row_its_rule():
    assert set(SERVICE) == set(BY_NAME)


def test_every_row_of_another_door_belongs_to_a_rule():
    assert {name for cases in DOORS.values() for name in cases} <= set(BY_NAME)


@pytest.mark.parametrize(("rule", "case"), ROWS)
def test_what_a_rule_refuses_is_refused_by_it_alone(world, rule, case):
    with pytest.raises(Refused) as refusal:
        case.refused(world)
    assert [reason.name for reason in refusal.value.reasons] == [rule]


@pytest.mark.parametrize(("rule", "case"), ROWS)
def test_what_a_rule_permits_is_done(world, rule, case):
    case.permitted(world)


def without(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tuple(other for other in RULES if other is not rule)
    monkeypatch.setattr(policy, "reasons_to_refuse", partial(policy.reasons_to_refuse, rules=left))


@pytest.mark.parametrize("rule", named(GATE_ALONE))
def test_without_a_rule_of_the_gate_alone_its_refused_case_is_done(world, rule, monkeypatch):
    without(rule, monkeypatch)
    SERVICE[rule.name].refused(world)


@pytest.mark.parametrize("rule", named(WALLED))
def test_without_a_rule_that_has_a_second_wall_the_database_refuses(world, rule, monkeypatch):
    without(rule, monkeypatch)
    with pytest.raises(DatabaseError) as refusal:
        SERVICE[rule.name].refused(world)
    assert not isinstance(refusal.value, Refused)


@pytest.mark.parametrize("rule", named(GATE_ALONE))
def test_a_rule_that_the_gate_keeps_alone_says_why(rule):
    assert len(rule.second_wall.because.split()) >= 8


def test_every_wall_that_the_policy_names_is_attacked_and_no_other():
    assert {rule.second_wall.where for rule in WALLED} == set(WALLS)


def attempted(case: SqlCase, world: World) -> object:
    with gate.act(case.purpose):
        return case.attempt(world)


def prepared(case: SqlCase, world: World) -> World:
    case.prepare(world.ready())
    return world


@pytest.mark.parametrize("where", [name for name, case in WALLS.items() if case.message])
def test_the_wall_stands_against_sql_of_the_application(world, where):
    case = WALLS[where]
    prepared(case, world)
    with pytest.raises(DatabaseError, match=case.message):
        attempted(case, world)


@pytest.mark.parametrize("where", [name for name, case in WALLS.items() if not case.message])
def test_the_wall_hides_persons_from_sql_of_the_application(world, where):
    case = WALLS[where]
    prepared(case, world)
    found = attempted(case, world)
    assert (world.person,) not in found


@pytest.mark.parametrize("where", WALLS)
def test_without_the_wall_the_same_sql_succeeds(world, where):
    case = WALLS[where]
    prepared(case, world)
    with connections["owner"].cursor() as cursor:
        cursor.execute(case.without)
    assert attempted(case, world)


@pytest.mark.parametrize("rule", named(list(RULES)))
def test_every_rule_cites_an_article_and_says_one_sentence(rule):
    assert citations_of(rule.judge)
    assert rule.sentence.endswith(".")
