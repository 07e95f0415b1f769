"""Cases: work, findings, appeals and gates; nothing reaches a transfer while a gate is shut or unknown."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connections

from case_bench import APPEAL, BY_FINDING, CaseWorld
from people import NOW, TODAY, actor
from rule_cases import join, make_link, opinion
from stonebridge.casework import gates, services
from stonebridge.casework.gates import Found
from stonebridge.casework.models import Case, Finding, Step
from stonebridge.casework.services import GateIsShut
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import BadInput, NotFound, WrongState
from stonebridge.remedies.appeals import end_remedy
from stonebridge.remedies.services import record_claim
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.policy import Claim, Fact
from stonebridge.site.wiring import wire

pytestmark = pytest.mark.attack


@pytest.fixture
def world() -> CaseWorld:
    return CaseWorld()


def test_a_case_goes_the_whole_way_when_every_gate_is_open(world):
    world.before_transfer()
    assert world.leave("handed_over") == "after_transfer"
    assert world.leave("in_order") == "completed"
    assert world.case.ended_at == NOW


@pytest.mark.parametrize("guard", BY_FINDING)
@pytest.mark.parametrize("answer", [Found.OBSTACLE, Found.UNKNOWN])
def test_a_finding_that_does_not_open_keeps_the_person_here(world, guard, answer):
    world.before_transfer().find(guard, answer, NOW + timedelta(minutes=1))
    with pytest.raises(GateIsShut) as shut:
        world.leave("handed_over")
    assert [each.guard.id for each in shut.value.gates] == [guard]


@pytest.mark.parametrize("guard", BY_FINDING)
def test_what_was_found_shuts_by_itself_on_its_day(world, guard):
    world.before_transfer()
    with pytest.raises(GateIsShut) as shut:
        world.leave("handed_over", NOW + timedelta(days=31))
    assert guard in [each.guard.id for each in shut.value.gates]


@pytest.mark.parametrize("claim", sorted(set(Claim) - {Claim.NONE, Claim.FINALLY_REJECTED}))
def test_a_claim_keeps_the_person_here(world, claim):
    world.before_transfer().claims(claim)
    with pytest.raises(GateIsShut) as shut:
        world.leave("handed_over")
    assert [each.guard.id for each in shut.value.gates] == ["claim"]


def test_a_referral_keeps_the_person_here_and_says_no_more_than_ask_protection(world):
    world.before_transfer().referred()
    with pytest.raises(GateIsShut) as shut:
        world.leave("handed_over")
    assert [(each.guard.id, each.opening) for each in shut.value.gates] == [("trafficking", "unknown")]


@pytest.mark.parametrize("suspends", [Fact.YES, Fact.UNKNOWN])
def test_an_appeal_keeps_the_person_here_until_its_decision(world, suspends):
    world.before_transfer()
    appeal = world.appeal(replace(APPEAL, suspends=suspends))
    with pytest.raises(GateIsShut):
        world.leave("handed_over")
    end_remedy(appeal, "dismissed", "Judgment 12/2026 of today.", TODAY, **world.how(world.supervisor))
    assert world.leave("handed_over") == "after_transfer"


def test_an_appeal_that_does_not_suspend_needs_its_ground(world):
    with pytest.raises(BadInput, match="why"):
        world.appeal(replace(APPEAL, suspends=Fact.NO))
    world.before_transfer().appeal(replace(APPEAL, suspends=Fact.NO, why="Article 9(1): no suspensive effect."))
    assert world.leave("handed_over") == "after_transfer"


def test_only_a_supervisor_ends_an_appeal(world):
    appeal = world.appeal()
    with pytest.raises(Refused):
        end_remedy(appeal, "dismissed", "Judgment 12/2026.", TODAY, **world.how())


def test_a_fact_of_somebody_who_may_be_the_same_person_keeps_the_person_here(world):
    world.before_transfer().ready()
    with gate.act(Purpose.IDENTIFICATION):
        make_link(world, task=None)
    record_claim(
        world.other, Claim.PENDING, actor=world.clerk, purpose=Purpose.REGISTRATION, basis="public_task",
        now=NOW + timedelta(seconds=1),
    )  # fmt: skip
    with pytest.raises(GateIsShut) as shut:
        world.leave("handed_over")
    assert [each.guard.id for each in shut.value.gates] == ["claim"]


def linked(world: CaseWorld, same_person: str) -> CaseWorld:
    """A case ready to be moved, and a case of the same kind of another record, opened before the two were tied."""
    world.before_transfer().ready()
    world.open(world.other)
    if same_person == "yes":
        opinion(world, world.examiner, 1)
        opinion(world, world.second_examiner, 2)
        join(world, world.second_examiner)
    else:
        with gate.act(Purpose.IDENTIFICATION):
            make_link(world, task=None, same_person=same_person)
    return world


def found_beside(world: CaseWorld, answer: Found, guard: str = "child") -> str:
    """Found in the case of the other record, no later than this case found the contrary."""
    with gate.act(Purpose.READMISSION):
        beside = Case.objects.get(person_id=world.other).reference
    services.find(beside, guard, answer, "The guardian is gone.", expires_on=TODAY, **world.how(now=NOW))
    return beside


@pytest.mark.parametrize("same_person", ["yes", "open"])
@pytest.mark.parametrize("answer", [Found.OBSTACLE, Found.UNKNOWN])
def test_what_a_case_of_a_linked_record_found_keeps_the_person_here(world, answer, same_person):
    found_beside(linked(world, same_person), answer)
    with pytest.raises(DatabaseError, match="step_finds_gates_open: child"):
        by_sql(world, "handed_over", "after_transfer")
    with pytest.raises(GateIsShut) as shut:
        world.leave("handed_over")
    assert [(each.guard.id, each.opening) for each in shut.value.gates] == [("child", "unknown")]


def test_what_a_case_of_a_record_that_is_tied_no_more_found_keeps_nobody(world):
    found_beside(linked(world, "no"), Found.OBSTACLE)
    assert world.leave("handed_over") == "after_transfer"


def test_what_a_linked_case_found_opens_nothing_here(world):
    found_beside(linked(world, "yes"), Found.NOT_APPLICABLE)
    world.find("child", Found.UNKNOWN, NOW + timedelta(minutes=1))
    with pytest.raises(GateIsShut):
        world.leave("handed_over")


def test_what_an_ended_case_found_counts_until_the_running_one_found_out_later(world):
    beside = found_beside(linked(world, "yes"), Found.OBSTACLE)
    services.leave_stage(beside, "dropped", "A second case.", **world.how(world.supervisor))
    assert world.leave("handed_over") == "after_transfer"


def test_silence_founds_nothing_while_no_value_is_verified(world):
    world.found_open().work().leave("submitted")
    with pytest.raises(GateIsShut) as shut:
        world.leave("silent", NOW + timedelta(days=60))
    assert [(each.guard.id, each.opening) for each in shut.value.gates] == [("silence", "unknown")]


def test_work_that_is_undone_or_lacks_its_second_hand_keeps_a_case(world):
    world.found_open()
    with pytest.raises(WrongState, match="unfinished"):
        world.leave("submitted")
    for outcome in ("submitted", "agreed", "depart"):
        world.work().leave(outcome)
    services.do_task(world.reference, "recheck", "Asked.", **world.how(world.supervisor))
    services.do_task(world.reference, "hand_over", "Signed.", **world.how(world.supervisor))
    with pytest.raises(WrongState, match="a second officer"):
        world.leave("handed_over")
    with pytest.raises(WrongState, match="your own work"):
        services.second_task(world.reference, "recheck", **world.how(world.supervisor))


def test_a_task_is_done_by_whom_the_process_names(world):
    with pytest.raises(WrongState, match="the work of: social worker"):
        services.do_task(world.reference, "state_care_needs", "Done.", **world.how())


def test_somebody_without_the_role_opens_and_sees_nothing(world):
    with pytest.raises(Refused):
        services.open_case(world.person, "readmission_requesting", actor=world.clerk, basis="public_task", now=NOW)
    with pytest.raises(NotFound):
        services.do_task(world.reference, "choose_agreement", "x", **world.how() | {"purpose": Purpose.RETURN})


def test_a_second_case_of_the_same_kind_is_not_opened(world):
    assert world.reference
    with pytest.raises(WrongState, match="running for this person"):
        services.open_case(world.person, "readmission_requesting", actor=world.worker, basis="public_task", now=NOW)


@pytest.mark.parametrize("expires", [None, TODAY - timedelta(days=1)])
def test_an_opening_answer_needs_its_last_day(world, expires):
    with pytest.raises(BadInput, match="expires_on"):
        services.find(world.reference, "family", Found.NO_OBSTACLE, "Weighed.", expires_on=expires, **world.how())


def test_refoulement_applies_to_everybody(world):
    with pytest.raises(BadInput, match="applies to everybody"):
        world.find("non_refoulement", Found.NOT_APPLICABLE)


# past the services: the database alone


def by_sql(world: CaseWorld, outcome: str, stage: str, *, leap: int = 1, at: datetime = NOW) -> None:
    with gate.act(Purpose.READMISSION):
        case = Case.objects.get(reference=world.reference)
        Step.objects.create(
            case=case, sequence=case.steps.count() + leap, stage=stage, outcome=outcome, reason="x", entered_at=at,
            entered_by="x",
        )  # fmt: skip


SUSPENDING = {
    "claim": lambda world: world.claims(Claim.PENDING),
    "appeal": lambda world: world.appeal(),
    "referral": lambda world: world.referred(),
    "refoulement": lambda world: world.find("non_refoulement", Found.OBSTACLE, NOW + timedelta(minutes=1)),
    "unknown": lambda world: world.find("child", Found.UNKNOWN, NOW + timedelta(minutes=1)),
}


@pytest.mark.parametrize("fact", SUSPENDING)
def test_the_database_refuses_a_transfer_past_the_services(world, fact):
    SUSPENDING[fact](world.before_transfer())
    with pytest.raises(DatabaseError, match="step_finds_gates_open"):
        by_sql(world, "handed_over", "after_transfer")
    assert world.case.stage == "transfer"


@pytest.mark.parametrize("fact", SUSPENDING)
def test_without_its_trigger_the_database_lets_the_transfer_through(world, fact):
    SUSPENDING[fact](world.before_transfer())
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP TRIGGER step_finds_gates_open ON casework_step")
    by_sql(world, "handed_over", "after_transfer")


def test_the_database_judges_what_was_found_on_the_day_of_the_step_and_not_on_its_own(world):
    world.before_transfer()
    with pytest.raises(DatabaseError, match="step_finds_gates_open"):
        by_sql(world, "handed_over", "after_transfer", at=NOW + timedelta(days=31))
    by_sql(world, "handed_over", "after_transfer", at=NOW + timedelta(days=30))


def test_a_step_dated_back_finds_no_older_day_than_the_case_has_reached(world):
    world.found_open().work().leave("submitted")
    world.work().leave("agreed")
    world.work().leave("depart", NOW + timedelta(days=30))
    later = world.how(now=NOW + timedelta(minutes=1))
    services.find(world.reference, "family", Found.NO_OBSTACLE, "Weighed.", expires_on=TODAY, **later)
    with pytest.raises(DatabaseError, match="step_finds_gates_open"):
        by_sql(world, "handed_over", "after_transfer", at=NOW)


def test_a_step_that_the_process_does_not_declare_is_refused(world):
    assert world.reference
    with pytest.raises(DatabaseError, match="step_follows_declaration"):
        by_sql(world, "handed_over", "after_transfer")
    with pytest.raises(DatabaseError, match="step_follows_declaration"):
        by_sql(world, "dropped", "withdrawn", leap=2)


def test_a_case_neither_begins_in_the_middle_nor_jumps(world):
    assert world.reference
    with pytest.raises(DatabaseError, match="a_case_begins_at_the_beginning"), gate.act(Purpose.READMISSION):
        Case.objects.create(
            reference="MK-X", person_id=world.person, process="readmission_requesting", version=1,
            purpose="readmission", stage="transfer", opened_at=NOW, opened_by="x",
        )  # fmt: skip
    with pytest.raises(DatabaseError, match="stage_is_that_of_the_latest_step"), gate.act(Purpose.READMISSION):
        Case.objects.filter(reference=world.reference).update(stage="after_transfer")


@pytest.mark.parametrize("statement", [
    "UPDATE casework_finding SET answer = 'no_obstacle'", "DELETE FROM casework_finding",
    "UPDATE casework_step SET stage = 'completed'", "DELETE FROM casework_step",
    "INSERT INTO casework_guardedexit (process, version, stage, outcome, \"to\", guard)"
    " VALUES ('readmission_requesting', 1, 'transfer', 'handed_over', 'completed', '')",
])  # fmt: skip
def test_what_was_found_and_declared_is_not_rewritten(world, statement):
    world.found_open()
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        gate.act(Purpose.READMISSION),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_case_is_hidden_from_other_purposes(world):
    world.found_open()
    with gate.act(Purpose.IDENTIFICATION):
        assert not Case.objects.exists()
        assert not Finding.objects.exists()


def test_a_guard_without_its_source_is_a_matter_of_findings_and_never_open_by_itself(world):
    world.before_transfer()
    gates.register({})
    try:
        with pytest.raises(GateIsShut):
            world.leave("handed_over")
    finally:
        wire()


def test_an_officer_of_another_role_may_not_decide(world):
    border = actor(Role.BORDER_OFFICER)
    with pytest.raises((Refused, WrongState)):
        services.leave_stage(world.reference, "dropped", "x", **world.how(border))
