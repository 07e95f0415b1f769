"""A file for another state, or for a purpose which need not know, is the same with and without a claim and a referral."""

import io
import re
from dataclasses import replace
from datetime import timedelta

import pypdf
import pytest

from people import BASIS, NOW, TODAY, registration
from rule_cases import SCREENED, World
from stonebridge.domain.actor import Purpose
from stonebridge.protection.services import close_referral, open_referral
from stonebridge.registry.handing_out import Recipient, hand_out
from stonebridge.registry.models import Person
from stonebridge.registry.services import register_person
from stonebridge.remedies.services import record_claim, record_origin
from stonebridge.safeguards.policy import Claim, Fact

AUTHORITY = Recipient("Ministry of Interior", "SRB")
ITSELF = Recipient("The person")


def registered(world: World, category: str, *, claims: bool) -> Person:
    """Amira, with or without a claim and a referral; for Serbia a supervisor has said that it is none of origin."""
    said = registration(needs=SCREENED, claim="pending" if claims else "none", claim_asked_on=TODAY)
    said = replace(said, arrival=replace(said.arrival, category=category))
    person = register_person(said, actor=world.clerk, basis=BASIS[Purpose.REGISTRATION], now=NOW)
    record_origin(
        person.id, "SRB", Fact.NO, reason="Transit alone.", actor=world.supervisor, purpose=Purpose.IDENTIFICATION,
        basis="public_task", now=NOW,
    )  # fmt: skip
    return person


def with_everything_to_hide(world: World) -> Person:
    """Claims protection, was an applicant on arrival, is named in events of that purpose, and was referred."""
    person = registered(world, "applicant", claims=True)
    later = NOW + timedelta(seconds=1)
    record_claim(
        person.id, Claim.GRANTED, actor=world.protection, purpose=Purpose.PROTECTION_CLAIM,
        basis=BASIS[Purpose.PROTECTION_CLAIM], now=later, asked_on=TODAY, reason="Decision 12/2026.",
    )  # fmt: skip
    referral = {"actor": world.protection, "basis": "victim_identification", "now": later}
    number = open_referral(person.id, "", "fear", "They are afraid.", purpose=Purpose.REFERRAL, **referral)
    close_referral(number, "They are safe.", **referral)
    return person


def content(world: World, person: Person, form: str, to: Recipient, purpose: Purpose) -> str:
    """The file without the two things by which any two files differ: reference and moment."""
    by = world.data_protection if purpose is Purpose.DATA_PROTECTION else world.supervisor
    file = hand_out(
        person.reference, form, to, actor=by, purpose=purpose, basis=BASIS[purpose],
        now=NOW + timedelta(minutes=1),
    ).content  # fmt: skip
    text = file.decode() if form == "json" else read(file)
    return re.sub(r"\b" + person.reference + r"\b", "REFERENCE", text)


def read(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.parametrize("form", ["json", "pdf"])
@pytest.mark.parametrize(
    ("to", "purpose"),
    [
        (AUTHORITY, Purpose.IDENTIFICATION),
        (AUTHORITY, Purpose.REGISTRATION),
        (AUTHORITY, Purpose.DATA_PROTECTION),
        (ITSELF, Purpose.IDENTIFICATION),
    ],
)
def test_a_file_is_the_same_with_and_without_a_claim_and_a_referral(form: str, to: Recipient, purpose: Purpose):
    world = World()
    plain = content(world, registered(world, "irregular_crossing", claims=False), form, to, purpose)
    assert content(world, with_everything_to_hide(world), form, to, purpose) == plain


def test_a_file_to_another_state_does_not_say_for_which_purpose_it_goes():
    world = World()
    person = registered(world, "applicant", claims=True)
    assert "protection_claim" not in content(world, person, "json", AUTHORITY, Purpose.PROTECTION_CLAIM)
