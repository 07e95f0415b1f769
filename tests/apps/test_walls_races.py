"""Races between what forbids and what is forbidden, on two connections, past the gate: the database alone must hold.

Each race has a counterpart in which the wall is taken away, and the same harness then sees
what must not happen. ``STONEBRIDGE_ATTACK_ROUNDS`` sets how many rounds are run.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from uuid import UUID

import psycopg
import pytest
from django.db import connections

from people import NOW
from races import ROUNDS, Turn, by_sql, fresh, overtaken, pause, race
from rule_cases import World, make_link
from stonebridge.domain.actor import Purpose
from stonebridge.registry.models import Name
from stonebridge.safeguards import facts, gate
from stonebridge.safeguards.facts import Providers
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.policy import Action, Fact
from stonebridge.safeguards.services import lift_restriction, restrict

pytestmark = pytest.mark.attack
DISCLOSE = (
    "INSERT INTO remedies_disclosure (id, person_id, recipient, to_state, purpose, basis, form, digest, disclosed_at,"
    " disclosed_by) VALUES (gen_random_uuid(), %s, 'Embassy', 'SYR', 'identification', 'public_task', 'pdf', '', now(), 'x')"
)
CLAIM = (
    "INSERT INTO remedies_protectionclaim (id, person_id, state, asked_on, as_of, recorded_at, recorded_by, reason)"
    " VALUES (gen_random_uuid(), %s, %s, now(), clock_timestamp(), now(), 'x', '')"
)
REFER = "SELECT protection.refer(gen_random_uuid(), %s, %s, 'fear', '', now(), 'x')"
NO_LOCKS = (
    "CREATE OR REPLACE FUNCTION lock_identity(record uuid) RETURNS uuid[] LANGUAGE sql"
    " AS $$ SELECT array_agg(i ORDER BY i) FROM identity_of(record) AS i $$",
    "CREATE OR REPLACE FUNCTION lock_facts(records uuid[]) RETURNS void LANGUAGE sql AS $$ SELECT $$",
)


@pytest.fixture
def world() -> World:
    """A person who may be disclosed to a state from which they come: screened, asked, no claim; another, tied by yellow."""
    made = World().ready().comes_from("SYR")
    with gate.act(Purpose.IDENTIFICATION):
        make_link(made, task=None)
    return made


@pytest.fixture
def app(node_database) -> str:
    return node_database.urls["app"]


def owner(*statements: str) -> None:
    with connections["owner"].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def rounds(
    app: str, person: UUID, fact: Callable[[], Callable[[Turn], None]], undo: Callable[[], None]
) -> Iterator[list[Turn]]:
    """Disclosures against ``fact``, each from the same beginning."""
    for _ in range(ROUNDS):
        yield race(by_sql(app, DISCLOSE, person), fact())
        undo()


def claim_of(app: str, person: UUID) -> Callable[[], Callable[[Turn], None]]:
    return lambda: by_sql(app, CLAIM, person, "pending")


def no_claim(app: str, person: UUID) -> Callable[[], None]:
    return lambda: by_sql(app, CLAIM, person, "none")(Turn())


def referral_of(app: str, person: UUID) -> Callable[[], Callable[[Turn], None]]:
    return lambda: by_sql(app, REFER, fresh().hex[:20], person, purpose="referral")


def referrals_closed() -> None:
    owner("UPDATE protection.referral SET closed_at = now(), closed_by = 'x' WHERE closed_at IS NULL")


def test_no_disclosure_overtakes_a_claim(world, app):
    turns = list(rounds(app, world.person, claim_of(app, world.person), no_claim(app, world.person)))
    assert [pair for pair in turns if overtaken(*pair)] == []
    assert {pair[0].done for pair in turns} == {True, False}
    assert all(pair[1].done for pair in turns)


def test_no_disclosure_overtakes_a_claim_of_a_yellow_neighbour(world, app):
    turns = list(rounds(app, world.person, claim_of(app, world.other), no_claim(app, world.other)))
    assert [pair for pair in turns if overtaken(*pair)] == []
    assert {pair[0].done for pair in turns} == {True, False}


def test_no_disclosure_overtakes_a_referral(world, app):
    turns = list(rounds(app, world.person, referral_of(app, world.person), referrals_closed))
    assert [pair for pair in turns if overtaken(*pair)] == []
    assert {pair[0].done for pair in turns} == {True, False}
    assert all(pair[1].done for pair in turns)


@pytest.mark.parametrize(
    "without", [NO_LOCKS, ("DROP TRIGGER disclosure_is_open ON remedies_disclosure",)], ids=["no locks", "no check"]
)
@pytest.mark.parametrize("about", ["claim", "neighbour", "referral"])
def test_the_harness_sees_a_disclosure_overtake_once_the_wall_is_gone(world, app, without, about):
    owner(*without)
    fact, undo = {
        "claim": (claim_of(app, world.person), no_claim(app, world.person)),
        "neighbour": (claim_of(app, world.other), no_claim(app, world.other)),
        "referral": (referral_of(app, world.person), referrals_closed),
    }[about]
    assert any(overtaken(*pair) for pair in rounds(app, world.person, fact, undo))


def test_a_referral_waits_until_a_disclosure_that_was_judged_is_decided(world, app):
    with closing(psycopg.connect(app)) as first, closing(psycopg.connect(app)) as second:
        first.execute("SELECT set_config('stonebridge.purpose', 'identification', true)")
        first.execute(DISCLOSE, [world.person])
        second.execute("SET lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            second.execute(REFER, ["R", world.person])


# restriction against read, through the gate


def reading(world: World) -> Callable[[Turn], None]:
    """Read the person's names, dawdling between the gate's yes and the reading, and between reading and the end."""

    def side(turn: Turn) -> None:
        try:
            with gate.act(Purpose.IDENTIFICATION):
                gate.permit(
                    world.examiner, Action.READ, purpose=Purpose.IDENTIFICATION, basis="public_task", now=NOW,
                    persons=[world.person],
                )  # fmt: skip
                pause()
                turn.seen += Name.objects.filter(statement__person_id=world.person).values_list("text", flat=True)
                pause()
                turn.ending = time.monotonic()
            turn.done = bool(turn.seen)
        except Refused as refusal:
            turn.refusal = str(refusal)

    return side


def restricting(world: World) -> Callable[[Turn], None]:
    def side(turn: Turn) -> None:
        restrict(world.person, "Disputed.", actor=world.data_protection, basis="oversight_of_access", now=NOW)
        turn.ended, turn.done = time.monotonic(), True

    return side


def reads_against_restrictions(world: World) -> Iterator[list[Turn]]:
    assert world.data_protection
    for _ in range(ROUNDS // 4):
        yield race(reading(world), restricting(world))
        lift_restriction(world.person, "Settled.", actor=world.data_protection, basis="oversight_of_access", now=NOW)


def test_nobody_goes_on_reading_after_a_restriction_was_acknowledged(world):
    turns = list(reads_against_restrictions(world))
    assert [pair for pair in turns if overtaken(*pair)] == []
    assert {pair[0].done for pair in turns} == {True, False}
    assert all(pair[1].done for pair in turns)


def without_the_gates_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    unlocked = Providers(basis_is_listed=lambda purpose, basis: Fact.YES)
    monkeypatch.setattr(facts, "_registered", unlocked)


def test_the_harness_sees_reads_go_on_once_locks_and_row_security_are_gone(world, monkeypatch):
    without_the_gates_locks(monkeypatch)
    owner("DROP POLICY restriction_closes_person ON registry_person")
    assert any(overtaken(*pair) for pair in reads_against_restrictions(world))
