"""Each rule at each door: refused when it should be, permitted when it may; and each wall behind a rule, by SQL.

The table is ``tests/rule_doors.py``, with the reasons in ``tests/rule_reasons.toml`` where a door does not lead to a rule. That it notices a rule or a wall that is taken away is a test of its own.
"""

from contextlib import suppress
from functools import partial

import pytest
from django.db import DatabaseError, connections

from rule_cases import SERVICE, WALLS, SqlCase, World
from rule_doors import DOORS, REASONS, NotThere, TurnedAway, reason
from stonebridge.domain.cite import citations_of
from stonebridge.safeguards import gate, policy
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.policy import RULES, GateAlone, Rule, Wall
from stonebridge.site import documentation

ROWS = [pytest.param(rule, case, id=f"{rule}-{door}") for door, cases in DOORS.items() for rule, case in cases.items()]
OTHER_DOORS = [
    pytest.param(rule, case, id=f"{rule}-{door}")
    for door, cases in DOORS.items()
    for rule, case in cases.items()
    if door != "service"
]
BY_NAME = {rule.name: rule for rule in RULES}
GATE_ALONE = [rule for rule in RULES if isinstance(rule.second_wall, GateAlone)]
WALLED = [rule for rule in RULES if isinstance(rule.second_wall, Wall)]


@pytest.fixture
def world(tmp_path, monkeypatch) -> World:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))  # a terminal of its own
    return World()


def named(rules: list[Rule]) -> list:
    return [pytest.param(rule, id=rule.name) for rule in rules]


def refusing(error: Refused | TurnedAway) -> set[str]:
    return set(error.rules) if isinstance(error, TurnedAway) else {rule.name for rule in error.reasons}


def test_every_rule_has_a_refused_case_at_every_door_or_a_written_reason():
    cells = [(rule, door) for rule in BY_NAME for door in DOORS]
    assert [(rule, door) for rule, door in cells if (rule in DOORS[door]) == bool(reason(rule, door))] == []


def test_every_row_and_every_reason_belongs_to_a_rule_of_the_policy():
    rows = {name for cases in DOORS.values() for name in cases}
    assert rows | set(REASONS) == set(BY_NAME) | {"every_rule"}


def test_the_documentation_names_every_door():
    assert set(documentation.DOORS) == set(DOORS)


def test_a_reason_is_a_sentence_that_someone_can_check():
    texts = [text for doors in REASONS.values() for text in doors.values()]
    assert [text for text in texts if len(text.split()) < 10] == []


@pytest.mark.parametrize(("rule", "case"), ROWS)
def test_what_a_rule_refuses_is_refused_by_it_alone(world, rule, case):
    with pytest.raises((Refused, TurnedAway)) as refusal:
        case.refused(world)
    assert refusing(refusal.value) == {rule}


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


@pytest.mark.parametrize(("rule", "case"), OTHER_DOORS)
def test_without_the_rule_what_it_refused_at_a_door_is_done_or_stopped_by_the_database_alone(
    world, rule, case, monkeypatch
):
    without(BY_NAME[rule], monkeypatch)
    with suppress(DatabaseError, NotThere):
        case.refused(world)


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
