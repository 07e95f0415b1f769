"""Attacks on the gate itself: forged, stretched and stale permits, and officers who should not be let through."""

import copy
import json
import pickle
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connections, transaction

from people import BASIS, NOW, TODAY, actor, amira, officer, on_record, worker
from stonebridge.accounts.actors import actor_for
from stonebridge.accounts.models import Notice, Posting
from stonebridge.domain.actor import Purpose, Role, clock
from stonebridge.domain.errors import BadInput
from stonebridge.registry.models import Person
from stonebridge.remedies.services import keep_claim, note_disclosure
from stonebridge.safeguards import facts, gate
from stonebridge.safeguards.gate import NotPermitted, Permit, Refused
from stonebridge.safeguards.history import record
from stonebridge.safeguards.models import EmergencyAccess, HistoryEntry
from stonebridge.safeguards.policy import OF_THE_CLOCK, Action, Fact
from stonebridge.safeguards.services import declare_emergency


def logged() -> list[dict]:
    """Every event of the access log, as its owner sees it, in the order of writing."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT event FROM log.entry JOIN log.queue ON entry_id = id ORDER BY arrived")
        return [json.loads(bytes(event)) for (event,) in cursor.fetchall()]


def read_permit(by, *persons: UUID, purpose=Purpose.REGISTRATION, basis=BASIS[Purpose.REGISTRATION], **more) -> Permit:
    return gate.permit(by, Action.READ, purpose=purpose, basis=basis, now=NOW, persons=persons, **more)


def refused_rules(by, action: Action = Action.READ, *, purpose=Purpose.REGISTRATION, now=NOW, **more) -> set[str]:
    with pytest.raises(Refused) as refusal, gate.act(purpose):
        gate.permit(by, action, purpose=purpose, basis=more.pop("basis", "public_task"), now=now, **more)
    return {rule.name for rule in refusal.value.reasons}


def read_and_fail(by, *persons: UUID) -> None:
    with gate.act(Purpose.REGISTRATION):
        read_permit(by, *persons)
        raise OSError("something fails later")


def read_and_disguise(by) -> None:
    with gate.act(Purpose.REGISTRATION):
        try:
            read_permit(by)
        except Refused as refusal:
            raise KeyError from refusal


def test_nobody_but_the_gate_makes_a_permit():
    clerk = actor(Role.REGISTRATION_CLERK)
    with gate.act(Purpose.REGISTRATION):
        real = read_permit(clerk)
        with pytest.raises(NotPermitted, match="only the gate"):
            Permit(
                id=uuid4(), actor=clerk, action=Action.READ, persons=frozenset(), purpose=Purpose.REGISTRATION,
                basis="public_task", at=NOW, by_emergency=False, to_state=None, transaction=real.transaction, seal=object(),
            )  # fmt: skip


def test_a_permit_is_not_widened_by_replacing_its_parts():
    clerk = actor(Role.REGISTRATION_CLERK)
    with gate.act(Purpose.REGISTRATION), pytest.raises(ValueError, match="seal"):
        replace(read_permit(clerk), persons=frozenset({uuid4()}))


def test_a_permit_is_for_the_persons_it_names():
    clerk = actor(Role.REGISTRATION_CLERK)
    person = amira(clerk)
    with gate.act(Purpose.REGISTRATION), pytest.raises(NotPermitted, match="does not cover"):
        record("read", "person:x", person=uuid4(), permit=read_permit(clerk, person.id))


def test_a_permit_is_for_the_act_it_names():
    clerk = actor(Role.REGISTRATION_CLERK)
    person = amira(clerk)
    with gate.act(Purpose.REGISTRATION), pytest.raises(NotPermitted, match="read was used to"):
        keep_claim(read_permit(clerk, person.id), person.id, "pending", None)


def test_a_permit_is_for_the_state_it_names():
    officer_in_charge = actor(Role.DATA_PROTECTION_OFFICER)
    person = amira(actor(Role.REGISTRATION_CLERK))
    with gate.act(Purpose.DATA_PROTECTION):
        permit = gate.permit(
            officer_in_charge, Action.DISCLOSE, purpose=Purpose.DATA_PROTECTION, basis="oversight_of_access", now=NOW,
            persons=[person.id],
        )  # fmt: skip
        with pytest.raises(NotPermitted, match="towards a state"):
            note_disclosure(permit, person.id, b"file", form="pdf", recipient="Embassy", to_state="SYR")


def test_a_permit_ends_with_its_transaction():
    clerk = actor(Role.REGISTRATION_CLERK)
    with gate.act(Purpose.REGISTRATION):
        permit = read_permit(clerk)
    with pytest.raises(NotPermitted, match="outside its transaction"):
        permit.require(Action.READ)


def test_a_permit_is_no_good_in_the_next_transaction():
    clerk = actor(Role.REGISTRATION_CLERK)
    with gate.act(Purpose.REGISTRATION):
        permit = read_permit(clerk)
    with gate.act(Purpose.REGISTRATION), pytest.raises(NotPermitted, match="outside its transaction"):
        permit.require(Action.READ)


def test_a_permit_of_the_register_is_no_good_in_the_protection_store():
    clerk = actor(Role.REGISTRATION_CLERK)
    with gate.act(Purpose.REGISTRATION):
        permit = read_permit(clerk)
        with gate.act(Purpose.REFERRAL, using="protection"), pytest.raises(NotPermitted):
            permit.require(Action.READ)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda permit: pickle.loads(pickle.dumps(permit))])  # noqa: S301 our own bytes
def test_a_permit_that_was_copied_with_its_transaction_opens_nothing(copied):
    clerk = actor(Role.REGISTRATION_CLERK)
    with gate.act(Purpose.REGISTRATION):
        permit = read_permit(clerk)
        with pytest.raises((NotPermitted, TypeError)):
            copied(permit).require(Action.READ)


def test_a_permit_to_register_covers_only_somebody_whom_it_brings_into_being():
    clerk = actor(Role.REGISTRATION_CLERK)
    known = amira(clerk)
    with gate.act(Purpose.REGISTRATION):
        permit = gate.permit(clerk, Action.REGISTER, purpose=Purpose.REGISTRATION, basis="public_task", now=NOW)
        new = permit.for_somebody_new()
        assert known.id not in new.persons
        assert not Person.objects.filter(id__in=new.persons).exists()
        with pytest.raises(NotPermitted):
            keep_claim(new, known.id, "pending", None)
        with pytest.raises(NotPermitted, match="one new person"):
            new.for_somebody_new()


def test_a_permit_to_read_brings_nobody_into_being():
    clerk = actor(Role.REGISTRATION_CLERK)
    with gate.act(Purpose.REGISTRATION), pytest.raises(NotPermitted, match="used to register"):
        read_permit(clerk).for_somebody_new()


def test_the_gate_answers_only_in_a_transaction_with_its_purpose():
    clerk = actor(Role.REGISTRATION_CLERK)
    with pytest.raises(NotPermitted, match="no transaction for registration"):
        read_permit(clerk)
    with gate.act(Purpose.IDENTIFICATION), pytest.raises(NotPermitted, match="no transaction for registration"):
        read_permit(clerk)


def test_one_business_transaction_does_not_hide_in_another():
    with gate.act(Purpose.REGISTRATION), pytest.raises(RuntimeError, match="durable"), gate.act(Purpose.IDENTIFICATION):
        pass


def test_the_gate_answers_nothing_that_a_savepoint_could_take_back():
    clerk = actor(Role.REGISTRATION_CLERK)
    with gate.act(Purpose.REGISTRATION), transaction.atomic(), pytest.raises(NotPermitted, match="savepoint"):
        read_permit(clerk)


def test_what_was_read_in_a_transaction_that_is_taken_back_stays_logged():
    clerk = actor(Role.REGISTRATION_CLERK)
    person = amira(clerk)
    before = len(logged())
    with gate.act(Purpose.REGISTRATION):
        read_permit(clerk, person.id)
        transaction.set_rollback(True)
    with pytest.raises(OSError, match="fails later"):
        read_and_fail(clerk, person.id)
    told = [(event["action"], event["outcome"], event["detail"]) for event in logged()[before:]]
    assert told == [("read", "permitted", {"rolled_back": "yes"})] * 2


def test_a_refusal_that_somebody_swallows_is_logged_all_the_same():
    examiner = actor(Role.EXAMINER)
    with gate.act(Purpose.REGISTRATION):
        with pytest.raises(Refused):
            read_permit(examiner)
        assert on_record(HistoryEntry).count() == 0
    assert [(event["outcome"], event["detail"]) for event in logged()] == [
        ("refused", {"rules": "the_purpose_is_the_actors"})
    ]


def test_a_refusal_turned_into_another_error_is_logged_all_the_same():
    examiner = actor(Role.EXAMINER)
    with pytest.raises(KeyError):
        read_and_disguise(examiner)
    assert [event["outcome"] for event in logged()] == ["refused"]


def test_each_record_of_an_identity_has_its_own_entry():
    clerk = actor(Role.REGISTRATION_CLERK)
    one, other = amira(clerk), amira(clerk, given="Amirah")
    with gate.act(Purpose.REGISTRATION):
        read_permit(clerk, one.id, other.id)
    assert {event["person"] for event in logged() if event["action"] == "read"} == {str(one.id), str(other.id)}


@pytest.mark.parametrize("broken", ["identity_of", "yellow_neighbours", "claim", "origins", "referral_open"])
def test_a_fact_that_cannot_be_told_permits_nothing(broken, monkeypatch):
    supervisor = actor(Role.SUPERVISOR)
    person = amira(actor(Role.REGISTRATION_CLERK))

    def failing(*_: object) -> Fact:
        raise OSError("the room does not answer")

    monkeypatch.setattr(facts, "_registered", replace(facts.registered(), **{broken: failing}))
    given = None
    with pytest.raises(OSError, match="does not answer"), gate.act(Purpose.IDENTIFICATION):
        given = gate.permit(
            supervisor, Action.DISCLOSE, purpose=Purpose.IDENTIFICATION, basis="public_task", now=NOW,
            persons=[person.id], to_state="DEU",
        )  # fmt: skip
    assert given is None


def test_facts_that_no_room_provides_are_unknown_and_refuse(monkeypatch):
    supervisor = actor(Role.SUPERVISOR)
    person = amira(actor(Role.REGISTRATION_CLERK))
    monkeypatch.setattr(facts, "_registered", facts.Providers())
    rules = refused_rules(
        supervisor, Action.DISCLOSE, purpose=Purpose.IDENTIFICATION, persons=[person.id], to_state="DEU"
    )
    assert rules == {
        "a_legal_basis_is_named", "nothing_goes_to_a_state_of_origin", "an_open_referral_keeps_a_person_here",
    }  # fmt: skip


def test_a_basis_that_the_law_on_file_does_not_list_opens_nothing():
    assert refused_rules(actor(Role.REGISTRATION_CLERK), basis="because_i_say_so") == {"a_legal_basis_is_named"}


def test_a_basis_listed_for_another_purpose_opens_nothing():
    assert refused_rules(actor(Role.REGISTRATION_CLERK), basis="oversight_of_access") == {"a_legal_basis_is_named"}


def test_a_password_alone_opens_nothing():
    clerk = actor(Role.REGISTRATION_CLERK, second_factor=False)
    assert refused_rules(clerk) == {"a_second_factor_was_shown"}


def test_a_posting_that_has_ended_opens_nothing():
    former = officer(Role.REGISTRATION_CLERK)
    Posting.objects.filter(officer=former).update(ends_on=TODAY - timedelta(days=1))
    rules = refused_rules(actor_for(former, today=TODAY, second_factor=True))
    assert rules == {"the_purpose_is_the_actors", "the_role_may_do_this"}


def test_a_posting_that_has_not_begun_opens_nothing():
    future = officer(Role.REGISTRATION_CLERK)
    rules = refused_rules(actor_for(future, today=TODAY.replace(year=2025), second_factor=True))
    assert rules == {"the_purpose_is_the_actors", "the_role_may_do_this"}


def test_a_locked_officer_opens_nothing():
    locked = officer(Role.REGISTRATION_CLERK)
    locked.is_active = False
    rules = refused_rules(actor_for(locked, today=TODAY, second_factor=True))
    assert rules == {"the_purpose_is_the_actors", "the_role_may_do_this"}


@pytest.mark.parametrize("action", sorted(set(Action) - OF_THE_CLOCK))
def test_the_clock_does_nothing_that_a_human_must_do(action):
    rules = refused_rules(clock("matcher"), action, purpose=Purpose.IDENTIFICATION, article="32")
    assert "an_actor_is_named" in rules


def test_the_clock_joins_nobody_even_with_two_opinions():
    rules = refused_rules(
        clock("matcher"), Action.LINK, purpose=Purpose.IDENTIFICATION, joins=True, agreeing=frozenset({"a", "b"})
    )
    assert rules == {"an_actor_is_named"}


def test_an_empty_name_is_no_second_officer():
    rules = refused_rules(
        actor(Role.EXAMINER), Action.LINK, purpose=Purpose.IDENTIFICATION, joins=True, agreeing=frozenset({"a", ""})
    )
    assert rules == {"joining_takes_two_officers"}


# emergency access


def border_officer_in_an_emergency():
    person = amira(actor(Role.REGISTRATION_CLERK))
    by = actor(Role.BORDER_OFFICER)
    declare_emergency("A child is missing at the border.", actor=by, now=NOW)
    return by, person


def test_an_emergency_opens_reading_and_says_so_in_the_log_and_to_data_protection():
    by, person = border_officer_in_an_emergency()
    with gate.act(Purpose.REGISTRATION):
        assert read_permit(by, person.id).by_emergency
    assert logged()[-2]["action"] == "declare_emergency"
    assert logged()[-1]["detail"] == {"emergency": "A child is missing at the border."}
    assert Notice.objects.get().role == Role.DATA_PROTECTION_OFFICER


@pytest.mark.parametrize(
    "action", [Action.REGISTER, Action.AMEND, Action.LINK, Action.DISCLOSE, Action.READ_LOG, Action.POST]
)
def test_an_emergency_opens_no_change(action):
    by, person = border_officer_in_an_emergency()
    assert "the_role_may_do_this" in refused_rules(by, action, persons=[person.id])


def test_an_emergency_does_not_open_the_protection_store():
    by, person = border_officer_in_an_emergency()
    rules = refused_rules(by, Action.READ_REFERRAL, purpose=Purpose.REFERRAL, basis="victim_identification")
    assert rules == {"the_purpose_is_the_actors", "the_role_may_do_this"}
    rules = refused_rules(by, purpose=Purpose.REFERRAL, basis="victim_identification", persons=[person.id])
    assert rules == {"the_protection_store_serves_protection"}


def test_an_emergency_ends_by_itself_to_the_second():
    by, _ = border_officer_in_an_emergency()
    with gate.act(Purpose.REGISTRATION):
        assert gate.permit(
            by,
            Action.READ,
            purpose=Purpose.REGISTRATION,
            basis="public_task",
            now=NOW + timedelta(minutes=29, seconds=59),
        )
    assert refused_rules(by, now=NOW + timedelta(minutes=30))


def test_an_emergency_opens_nothing_before_it_was_declared():
    by, _ = border_officer_in_an_emergency()
    assert refused_rules(by, now=NOW - timedelta(seconds=1))


def test_an_emergency_is_its_officers_own():
    border_officer_in_an_emergency()
    assert refused_rules(actor(Role.BORDER_OFFICER, "Somebody Else"))


def test_an_emergency_replaces_no_second_factor():
    by, _ = border_officer_in_an_emergency()
    assert refused_rules(replace(by, second_factor=False)) == {"a_second_factor_was_shown"}


def test_an_emergency_ends_with_the_posting():
    by, _ = border_officer_in_an_emergency()
    without_post = replace(by, roles=frozenset(), purposes=frozenset())
    assert refused_rules(without_post) == {"the_purpose_is_the_actors", "the_role_may_do_this"}


def test_nobody_out_of_post_declares_an_emergency():
    former = officer(Role.BORDER_OFFICER)
    Posting.objects.filter(officer=former).update(ends_on=TODAY - timedelta(days=1))
    with pytest.raises(BadInput, match="in post"):
        declare_emergency("I still want to look.", actor=actor_for(former, today=TODAY, second_factor=True), now=NOW)


def test_a_worker_of_an_organisation_declares_no_emergency():
    with pytest.raises(BadInput, match="officer in post"):
        declare_emergency("Please.", actor=worker(Role.SOCIAL_WORKER, Purpose.REFERRAL), now=NOW)


def test_the_database_keeps_no_emergency_that_lasts_longer():
    with pytest.raises(IntegrityError, match="emergency_is_short"):
        EmergencyAccess.objects.create(
            officer_reference="x", reason="for ever", declared_at=NOW, ends_at=NOW + timedelta(minutes=31)
        )
