"""A receipt is the same whatever became of the person: on record, restricted, erased, or never known here."""

from dataclasses import replace
from importlib import import_module
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections

from people import BASIS, NOW, actor
from region_bench import question, sent, signed
from region_talk import LATER, given_by_us, given_to_us, in_act, screened, talking
from stonebridge.domain.actor import Purpose, Role
from stonebridge.exchange.envelope import ANSWER_SIZES, Envelope, content_digest, from_bytes
from stonebridge.exchange.inbox import mark_of
from stonebridge.exchange.models import Handle, Incoming, Place
from stonebridge.rights.models import Ground
from stonebridge.rights.services import ask_for_erasure, confirm_erasure
from stonebridge.safeguards import gate
from stonebridge.safeguards.services import lift_restriction, restrict

OVERSIGHT = BASIS[Purpose.DATA_PROTECTION]
FATES = ("open", "restricted", "erased")


@pytest.fixture
def lira():
    return actor(Role.DATA_PROTECTION_OFFICER, "Lira")


def restricted(person, lira):
    restrict(person.id, "She disputes it.", actor=lira, basis=OVERSIGHT, now=NOW)


def erased(person, lira):
    ask_for_erasure(person.reference, Ground.UNLAWFUL, "She asked.", actor=lira, basis=OVERSIGHT, now=LATER)
    confirm_erasure(person.reference, actor=actor(Role.DATA_PROTECTION_OFFICER, "Mila"), basis=OVERSIGHT, now=LATER)


def befalls(fate, person, lira):
    if fate != "open":
        {"restricted": restricted, "erased": erased}[fate](person, lira)


def messages(person, vera) -> list[Envelope]:
    """One of each kind about her, and what an honest partner would not send."""
    theirs, ours = given_to_us(person), given_by_us(person, vera)
    with gate.act(Purpose.IDENTIFICATION):
        handle = Handle.objects.create(
            partner="rs", question=uuid4(), person_id=person.id, to_state="SRB", purpose="identification", made_at=NOW,
            expires_at=NOW.replace(year=NOW.year + 10),
        )  # fmt: skip
    correction = question(
        {"of": str(theirs.message), "revision": 1, "kind": "amended", "identities": [{"birth": "1994-03-08"}],
         "changed": ["birth"]}, profile="correction", version=2,
    )  # fmt: skip
    return [
        correction,
        replace(correction, id=uuid4(), conversation=uuid4()),
        replace(correction, id=uuid4(), conversation=uuid4(), body=correction.body | {"identities": [{"sex": "f"}]}),
        question({"of": str(ours.id), "revision": 1}, profile="link_withdrawn"),
        question({"handle": str(handle.id), "wanted": ["names"], "reason": "To tell who."}, profile="follow_up"),
        question({"answer": "postponed", "identities": []}, profile="follow_up_answer", conversation=theirs.conversation,
                 sequence=2),
    ]  # fmt: skip


@pytest.mark.parametrize("fate", FATES)
def test_every_kept_message_has_the_same_receipt_whatever_became_of_the_person(clerk, vera, lira, fate):
    person = screened(clerk, vera)
    talking()
    told = messages(person, vera)
    befalls(fate, person, lira)
    for message in [*told, *told]:
        answer = sent(signed(message))
        said = from_bytes(answer.body, ANSWER_SIZES)
        assert (message.profile, answer.status_code, len(answer.body)) == (message.profile, 202, min(ANSWER_SIZES))
        assert said.body == {"answer": "received", "digest": content_digest(message)}
    assert len(in_act(Incoming)) == {"open": 6, "restricted": 0, "erased": 0}[fate]


@pytest.mark.parametrize("fate", FATES)
def test_order_and_number_are_kept_whatever_became_of_the_person(clerk, vera, lira, fate):
    person = screened(clerk, vera)
    talking()
    (correction, *_) = messages(person, vera)
    sent(signed(correction))
    befalls(fate, person, lira)
    forged = replace(correction, body=correction.body | {"revision": 5})
    late = replace(correction, id=uuid4(), sequence=3, body=correction.body | {"revision": 6})
    following = replace(late, sequence=2)
    said = [from_bytes(sent(signed(each)).body, ANSWER_SIZES).body.get("why") for each in (forged, late, following)]
    assert said == ["order", "order", None]


def test_what_came_while_a_record_was_restricted_is_seen_when_the_restriction_ends(clerk, vera, lira):
    person = screened(clerk, vera)
    talking()
    correction = messages(person, vera)[0]
    restricted(person, lira)
    sent(signed(correction))
    assert in_act(Incoming, profile="correction") == []
    lift_restriction(person.id, "It is settled.", actor=lira, basis=OVERSIGHT, now=LATER)
    assert [each.person_id for each in in_act(Incoming, profile="correction")] == [person.id]


def test_of_a_message_about_nobody_the_place_alone_is_kept(clerk, vera, lira):
    person = screened(clerk, vera)
    talking()
    correction = messages(person, vera)[0]
    erased(person, lira)
    sent(signed(correction))
    assert in_act(Incoming) == []
    (place,) = in_act(Place, message=correction.id)
    assert (place.sender, place.sequence, place.mark) == ("rs", 1, mark_of(content_digest(correction)))


def test_from_what_is_kept_of_an_erased_persons_messages_nobody_can_try_what_they_said(clerk, vera, lira, monkeypatch):
    person = screened(clerk, vera)
    talking()
    told = messages(person, vera)
    for message in told:
        sent(signed(message))
    erased(person, lira)
    kept = {each.mark for each in in_act(Place)}
    said = {content_digest(each) for each in told}
    assert kept >= {mark_of(each) for each in said}
    monkeypatch.setattr(settings, "DATA_PROTECTION_KEY", b"of somebody who has the database alone")
    assert not kept & (said | {mark_of(each) for each in said})


def test_what_was_kept_before_is_marked_with_the_key(clerk, vera):
    person = screened(clerk, vera)
    talking()
    correction = messages(person, vera)[0]
    sent(signed(correction))
    plain = content_digest(correction)
    step = import_module("stonebridge.exchange.migrations.0007_marks")
    with connections["owner"].schema_editor() as editor, editor.connection.cursor() as cursor:
        cursor.execute("ALTER TABLE exchange_incoming NO FORCE ROW LEVEL SECURITY")
        cursor.execute("UPDATE exchange_incoming SET mark = '' WHERE message = %s", [correction.id])
        cursor.execute("ALTER TABLE exchange_incoming FORCE ROW LEVEL SECURITY")
        step.mark_what_is_kept(None, editor)
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE oid = 'exchange_incoming'::regclass")
        assert cursor.fetchone() == (True,)
    (kept,) = in_act(Incoming, message=correction.id)
    assert (kept.digest, kept.mark) == (plain, mark_of(plain))
