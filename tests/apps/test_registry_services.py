"""A registration is kept whole, through the gate, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections

from people import BASIS, NOW, actor, amira, on_record, registration
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import WrongState
from stonebridge.domain.partial_date import unknown_date
from stonebridge.identification.models import GalleryChange, Search
from stonebridge.registry.models import FamilyMember, Name, Person
from stonebridge.registry.registration import Capture
from stonebridge.registry.services import add_captures, amend_identity, register_person
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.models import HistoryEntry


def test_a_registered_person_stands_in_the_register_with_names_as_given():
    person = amira(actor(Role.REGISTRATION_CLERK), given="Амира", family="Хадад")
    with gate.act(Purpose.REGISTRATION):
        names = list(Name.objects.filter(statement__person=person).values_list("part", "text", "script", "latin"))
    assert names == [("family", "Хадад", "cyrillic", "Hadad"), ("given", "Амира", "cyrillic", "Amira")]


def test_a_registration_leaves_history_a_change_for_the_matcher_and_a_search():
    person = amira(actor(Role.REGISTRATION_CLERK))
    assert set(on_record(HistoryEntry).values_list("event", flat=True)) == {"registered", "claim_recorded"}
    assert GalleryChange.objects.get().person_id == person.id
    assert on_record(Search).get().probe_id == person.id


def test_without_a_purpose_the_database_shows_nobody_not_even_to_its_owner():
    amira(actor(Role.REGISTRATION_CLERK))
    assert not Person.objects.exists()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_searchkey")
        assert cursor.fetchone() == (0,)


def test_an_examiner_registers_nobody_and_the_refusal_is_logged():
    examiner = actor(Role.EXAMINER)
    with pytest.raises(Refused) as refusal:
        amira(examiner)
    assert {rule.name for rule in refusal.value.reasons} == {"the_role_may_do_this", "the_purpose_is_the_actors"}
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM log.entry")
        assert cursor.fetchone() == (1,)


def test_a_refused_registration_leaves_nothing_half_done():
    clerk = actor(Role.REGISTRATION_CLERK)
    handed_in = registration(birth="about 4", captures=(Capture("finger", 1, "image/png", b"x", 1, 1),))
    with pytest.raises(Refused, match="small_children"):
        register_person(handed_in, actor=clerk, basis=BASIS[Purpose.REGISTRATION], now=NOW)
    with gate.act(Purpose.REGISTRATION):
        assert not Person.objects.exists()
    assert not on_record(HistoryEntry).exists()


def test_the_application_keeps_fingerprints_in_the_vault_and_cannot_read_them():
    clerk = actor(Role.REGISTRATION_CLERK)
    amira(clerk, captures=(Capture("finger", 1, "image/png", b"ridges", 10, 10),))
    with connections["vault"].cursor() as cursor:
        cursor.execute("SELECT count(*), bool_or(sealed LIKE %s) FROM vault.biometric_record", [b"%ridges%"])
        assert cursor.fetchone() == (1, False)
    with pytest.raises(Exception, match="permission denied"), connections["default"].cursor() as cursor:
        cursor.execute("SELECT * FROM vault.biometric_record")


def test_answers_about_needs_go_where_the_application_cannot_read_them():
    clerk = actor(Role.REGISTRATION_CLERK)
    amira(clerk, needs={"afraid": "yes"})
    assert not on_record(HistoryEntry).filter(event__contains="referral").exists()
    with pytest.raises(Exception, match="permission denied"), connections["default"].cursor() as cursor:
        cursor.execute("SELECT * FROM protection.referral")
    with connections["protection"].cursor() as cursor:
        cursor.execute("SELECT kind FROM protection.referral")
        assert cursor.fetchall() == [("fear",)]


def test_one_draft_handed_in_from_five_sides_at_once_is_one_person():
    clerk, draft = actor(Role.REGISTRATION_CLERK), uuid4()

    def hand_in(_: int) -> str:
        try:
            return register_person(
                registration(), actor=clerk, basis=BASIS[Purpose.REGISTRATION], now=NOW, draft=draft
            ).reference
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as sides:
        assert len(set(sides.map(hand_in, range(5)))) == 1
    with gate.act(Purpose.REGISTRATION):
        assert Person.objects.count() == 1


def test_a_draft_that_somebody_else_handed_in_answers_nobodys_reference():
    draft = uuid4()
    register_person(
        registration(), actor=actor(Role.REGISTRATION_CLERK), basis=BASIS[Purpose.REGISTRATION], now=NOW, draft=draft
    )
    with pytest.raises(WrongState, match="handed in by somebody else"):
        register_person(
            registration(), actor=actor(Role.REGISTRATION_CLERK, "Other Clerk"), basis=BASIS[Purpose.REGISTRATION],
            now=NOW, draft=draft,
        )  # fmt: skip


def test_a_family_is_formed_around_a_relative_who_is_registered():
    clerk = actor(Role.REGISTRATION_CLERK)
    mother = amira(clerk)
    child = amira(clerk, given="Nur", family_of=mother.id, relation="child")
    with gate.act(Purpose.REGISTRATION):
        places = FamilyMember.objects.filter(group__members__person=child).values_list("person_id", "relation")
        assert set(places) == {(mother.id, "head"), (child.id, "child")}


def amended_birth(person, birth, clerk):
    amend_identity(
        person.id, registration(birth=birth).identity, supersedes=None, actor=clerk, purpose=Purpose.REGISTRATION,
        basis=BASIS[Purpose.REGISTRATION], now=NOW + timedelta(minutes=1),
    )  # fmt: skip


def give_a_finger(person, clerk):
    finger = Capture("finger", 1, "image/png", b"ridges", 10, 10)
    later = NOW + timedelta(minutes=2)
    add_captures(person.id, [finger], actor=clerk, basis=BASIS[Purpose.REGISTRATION], now=later)


def test_a_later_statement_of_more_years_does_not_open_a_childs_hand():
    clerk = actor(Role.REGISTRATION_CLERK)
    child = amira(clerk, birth="about 4")
    amended_birth(child, "about 20", clerk)
    with pytest.raises(Refused, match="small_children"):
        give_a_finger(child, clerk)


def test_an_estimated_age_answers_for_a_birth_that_nobody_knew():
    clerk = actor(Role.REGISTRATION_CLERK)
    unknown = registration()
    unknown = replace(unknown, identity=replace(unknown.identity, birth=unknown_date()))
    person = register_person(unknown, actor=clerk, basis=BASIS[Purpose.REGISTRATION], now=NOW)
    with pytest.raises(Refused, match="small_children"):
        give_a_finger(person, clerk)
    amended_birth(person, "about 20", clerk)
    give_a_finger(person, clerk)
    assert on_record(HistoryEntry).filter(event="finger_taken").count() == 1
