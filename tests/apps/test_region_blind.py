"""A partner asks by a number without showing it: who can be found so, what each side learns, and what an attacker gets."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import IntegrityError

from node_under_test import NodeDatabase
from people import NOW, actor, amira
from region_bench import SERBIA, joined, question, said, sent, signed
from rule_cases import SCREENED
from stonebridge.domain.actor import Actor, Purpose, Role
from stonebridge.domain.exact_tokens import TokenKind, exact_token
from stonebridge.exchange import voprf
from stonebridge.exchange.envelope import ANSWER_SIZES, SIZES, from_bytes
from stonebridge.exchange.models import Incoming
from stonebridge.exchange.partners import Partner
from stonebridge.identification.models import BlindChange, BlindPart, BlindTable
from stonebridge.identification.region.blind_rows import HALF, ROW, ROWS_A_PART, found
from stonebridge.identification.region.blind_tables import keep_tables
from stonebridge.law import codes
from stonebridge.registry.models import Person
from stonebridge.registry.registration import StatedDocument
from stonebridge.remedies.services import record_claim, record_origin
from stonebridge.safeguards import gate
from stonebridge.safeguards.policy import Claim, Fact
from stonebridge.safeguards.services import restrict

BLIND = {"person_query": [1], "blind_query": [1], "blind_table": [1], "follow_up": [1], "follow_up_answer": [1]}
PASSPORT = StatedDocument(kind="passport", number="N 123-4567", issuing_state="SYR", seen="original")
TOKEN = exact_token(TokenKind.DOCUMENT, "SYR", "N1234567", codes.states())


@pytest.fixture(autouse=True)
def serbia() -> Partner:
    """rs is a partner that asks and is asked blindly."""
    return let_in(replace(SERBIA, profiles=BLIND))


def let_in(partner: Partner) -> Partner:
    return joined(
        partner, actor(Role.ADMINISTRATOR, f"Ada {uuid4()}"), actor(Role.DATA_PROTECTION_OFFICER, f"Do {uuid4()}")
    )


def known(
    clerk: Actor, vera: Actor, *, origin: Fact | None = Fact.NO, claim: Claim = Claim.NONE,
    documents: tuple[StatedDocument, ...] = (PASSPORT,),
) -> Person:  # fmt: skip
    """Amira, on record with her passport."""
    person = amira(clerk, needs=SCREENED, documents=documents)
    record_claim(person.id, claim, asked_on=NOW.date(), actor=clerk, purpose=Purpose.REGISTRATION, basis="public_task",
                 now=NOW)  # fmt: skip
    if origin is not None:
        record_origin(person.id, "SRB", origin, reason="She says so.", actor=vera, purpose=Purpose.REGISTRATION,
                      basis="public_task", now=NOW)  # fmt: skip
    return person


def claims(person: Person, clerk: Actor) -> None:
    record_claim(person.id, Claim.PENDING, actor=clerk, purpose=Purpose.REGISTRATION, basis="public_task",
                 now=NOW + timedelta(minutes=1))  # fmt: skip


def listed() -> set[UUID]:
    """Everybody in any table."""
    with gate.act(Purpose.IDENTIFICATION):
        persons = b"".join(bytes(each.persons) for each in BlindPart.objects.all())
    return {UUID(bytes=persons[at : at + HALF]) for at in range(0, len(persons), HALF)} - {UUID(int=0)}


def index() -> dict[str, Any]:
    return said(signed(question({"ask": "index"}, profile="blind_table")))


def part(number: int = 0, **changes: Any) -> dict[str, Any]:
    asked = {"ask": "part", "epoch": index()["epoch"], "part": number} | changes
    response = sent(signed(question(asked, profile="blind_table")))
    return from_bytes(response.body, ANSWER_SIZES).body


def evaluation(element: bytes, epoch: str = "") -> dict[str, Any]:
    body = {"epoch": epoch or index()["epoch"], "element": element.hex()}
    return said(signed(question(body, profile="blind_query")))


def looked_up(token: bytes = TOKEN) -> UUID | None:
    """What rs finds for a token, by our answers alone."""
    suite, table = voprf.Suite(), index()
    blinded = suite.blind(token)
    answer = evaluation(blinded.element)
    evaluated = voprf.Evaluated((bytes.fromhex(answer["element"]),), bytes.fromhex(answer["proof"]))
    (y,) = suite.finalise([blinded], evaluated, bytes.fromhex(table["public"]))
    return found([base64.b64decode(part(number)["rows"]) for number in range(len(table["parts"]))], y)


def kept_now() -> None:
    keep_tables(datetime.now(UTC))


# Being asked


def test_a_partner_finds_by_the_number_of_a_passport_whoever_may_be_told(clerk, vera):
    known(clerk, vera)
    kept_now()
    assert looked_up() is not None


def test_another_number_is_not_found(clerk, vera):
    known(clerk, vera)
    kept_now()
    assert looked_up(exact_token(TokenKind.DOCUMENT, "SYR", "N1234568", codes.states())) is None
    assert looked_up(exact_token(TokenKind.NATIONAL, "SYR", "N1234567", codes.states())) is None


def test_a_personal_number_is_found_as_one(clerk, vera):
    number = StatedDocument(kind="national_number", number="0703994 45001 7", issuing_state="MKD", seen="claimed")
    known(clerk, vera, documents=(number,))
    kept_now()
    assert looked_up(exact_token(TokenKind.NATIONAL, "MKD", "0703994450017", codes.states())) is not None


def test_a_document_of_nobody_or_without_a_usable_number_is_asked_by_nobody(clerk, vera):
    documents = tuple(
        StatedDocument(kind="passport", number=number, issuing_state=issuer, seen="claimed")
        for number, issuer in (("N1234567", ""), ("?", "SYR"))
    )
    person = known(clerk, vera, documents=documents)
    kept_now()
    assert listed() == set()
    assert person.reference


def test_before_a_table_is_made_nothing_is_answered(clerk):
    assert said(signed(question({"ask": "index"}, profile="blind_table"))) == {"answer": "refused", "why": "not_now"}


def test_a_claim_takes_her_out_of_the_table_of_a_state_of_origin(clerk, vera):
    person = known(clerk, vera, origin=Fact.YES)
    kept_now()
    assert listed() == {person.id}
    claims(person, clerk)
    kept_now()
    assert listed() == set()
    assert looked_up() is None


def test_a_restriction_takes_her_out_and_its_end_puts_her_in_again(clerk, vera):
    person = known(clerk, vera)
    kept_now()
    restrict(person.id, "She disputes it.", actor=actor(Role.DATA_PROTECTION_OFFICER, "Lira"),
             basis="oversight_of_access", now=NOW)  # fmt: skip
    kept_now()
    assert listed() == set()


def test_somebody_registered_later_is_found_under_the_same_key(clerk, vera):
    kept_now()
    epoch = index()["epoch"]
    known(clerk, vera)
    kept_now()
    assert looked_up() is not None
    assert index()["epoch"] == epoch


def test_who_did_not_change_stays_in_place_and_a_change_replaces_padding_too(clerk, vera):
    known(clerk, vera)
    kept_now()
    before = rows()
    other = amira(clerk, needs=SCREENED)
    claims(other, clerk)
    kept_now()
    assert rows() == before
    known(clerk, vera, documents=(replace(PASSPORT, number="N7654321"),))
    kept_now()
    assert 32 <= len(set(before) ^ set(rows())) / 2 <= 33


def rows() -> list[bytes]:
    with gate.act(Purpose.IDENTIFICATION):
        held = b"".join(bytes(each.rows) for each in BlindPart.objects.all())
    return [held[at : at + ROW] for at in range(0, len(held), ROW)]


def test_two_records_of_one_number_take_two_rows(clerk, vera):
    one, other = known(clerk, vera), known(clerk, vera)
    kept_now()
    assert listed() == {one.id, other.id}
    assert len(set(rows())) == ROWS_A_PART


def test_each_day_has_a_key_of_its_own_and_the_old_one_is_gone(clerk, vera):
    known(clerk, vera)
    kept_now()
    former = index()["epoch"]
    keep_tables(datetime.now(UTC) + timedelta(hours=23, minutes=1))
    with gate.act(Purpose.IDENTIFICATION):
        assert not BlindTable.objects.filter(id=former).exists()
        assert BlindTable.objects.count() == 1


def test_the_database_keeps_no_key_longer_than_a_day(clerk):
    table = BlindTable(id=uuid4(), partner="me", state="MNE", purpose="identification", key=b"", public=b"",
                       begins_at=NOW, ends_at=NOW + timedelta(hours=24, seconds=1))  # fmt: skip
    with pytest.raises(IntegrityError, match="a_blind_key_lasts_a_day"), gate.act(Purpose.IDENTIFICATION):
        table.save(force_insert=True)


def test_an_element_of_an_old_epoch_is_not_evaluated(clerk, vera):
    known(clerk, vera)
    kept_now()
    blinded = voprf.Suite().blind(TOKEN)
    assert evaluation(blinded.element, epoch=str(uuid4())) == {"answer": "other_epoch"}
    assert part(epoch=str(uuid4())) == {"answer": "other_epoch"}


def test_each_evaluation_is_a_unit_of_the_quota_and_tables_are_none(clerk, vera, serbia):
    known(clerk, vera)
    kept_now()
    let_in(replace(serbia, quota=2))
    element = voprf.Suite().blind(TOKEN).element
    epoch = index()["epoch"]
    told = [evaluation(element, epoch)["answer"] for _ in range(3)]
    assert told == ["evaluated", "evaluated", "refused"]
    assert index()["answer"] == "index"


def test_a_replayed_evaluation_is_refused(clerk, vera):
    kept_now()
    body = {"epoch": index()["epoch"], "element": voprf.Suite().blind(TOKEN).element.hex()}
    request = signed(question(body, profile="blind_query"))
    assert said(request)["answer"] == "evaluated"
    assert said(request) == {"answer": "refused", "why": "replayed"}


def test_each_partner_has_a_table_and_key_of_its_own(clerk, vera):
    known(clerk, vera)
    record_origin(amira(clerk, needs=SCREENED, documents=(PASSPORT,)).id, "SRB", Fact.NO, reason="No.", actor=vera,
                  purpose=Purpose.REGISTRATION, basis="public_task", now=NOW)  # fmt: skip
    let_in(replace(SERBIA, code="al", state="ALB", key="ab" * 32, profiles=BLIND))
    kept_now()
    with gate.act(Purpose.IDENTIFICATION):
        tables = list(BlindTable.objects.order_by("partner"))
        assert [each.partner for each in tables] == ["al", "rs"]
        assert tables[0].public != tables[1].public
        persons = {each.partner: any(bytes(each.parts.get().persons)) for each in tables}
    assert persons == {"al": False, "rs": True}


def test_the_table_of_another_partner_is_not_given(clerk, vera):
    let_in(replace(SERBIA, code="al", state="ALB", key="ab" * 32, profiles=BLIND))
    kept_now()
    with gate.act(Purpose.IDENTIFICATION):
        other = BlindTable.objects.get(partner="al")
    assert part(epoch=str(other.id)) == {"answer": "other_epoch"}
    assert evaluation(voprf.Suite().blind(TOKEN).element, str(other.id)) == {"answer": "other_epoch"}


def test_a_revoked_partner_loses_its_table_and_its_key(clerk, serbia):
    kept_now()
    let_in(replace(serbia, profiles={"person_query": [1]}))
    kept_now()
    with gate.act(Purpose.IDENTIFICATION):
        assert not BlindTable.objects.exists()


@pytest.mark.parametrize(
    ("profile", "body", "why"),
    [
        ("blind_table", {}, "ask"), ("blind_table", {"ask": "all"}, "ask"),
        ("blind_table", {"ask": "part", "epoch": "", "part": "0"}, "part"),
        ("blind_table", {"ask": "part", "epoch": "", "part": 9}, "part"), ("blind_query", {}, "element"),
        ("blind_query", {"epoch": "", "element": 1}, "element"),
        ("blind_query", {"epoch": "", "element": "zz"}, "element"),
        ("blind_query", {"epoch": "", "element": "00" * 32}, "element"),
        ("blind_query", {"epoch": "", "element": "ff" * 32}, "element"),
    ],
)  # fmt: skip
def test_what_is_no_blind_question_is_refused_with_a_word(clerk, profile, body, why):
    kept_now()
    epoch = {"epoch": index()["epoch"]} if "epoch" in body else {}
    answer = said(signed(question(body | epoch, profile=profile)))
    assert answer == {"answer": "refused", "why": f"not_understood:{why}"}


def test_every_answer_but_a_part_is_as_long_as_every_other(clerk, vera):
    known(clerk, vera)
    kept_now()
    epoch, element = index()["epoch"], voprf.Suite().blind(TOKEN).element.hex()
    bodies = [
        {"epoch": epoch, "element": element},
        {"epoch": "x", "element": element},
        {"epoch": epoch, "element": "00"},
    ]
    assert {len(sent(signed(question(each, profile="blind_query"))).body) for each in bodies} == {SIZES[0]}


def test_nothing_of_a_blind_question_and_no_number_stays_in_the_database(clerk, vera, node_database: NodeDatabase):
    kept_now()
    element = voprf.Suite().blind(TOKEN).element
    answer = evaluation(element)
    with psycopg.connect(node_database.urls["owner"]) as connection:
        tables = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', "
            "'information_schema')"
        ).fetchall()
        dump = "\n".join(
            str(row)
            for (table,) in tables
            for row in connection.execute(f"SELECT t::text FROM {table} t")  # noqa: S608 names from the catalogue
        )
    assert element.hex() not in dump
    assert answer["element"] not in dump
    assert "blind_query" in dump


def test_who_may_not_answer_is_in_no_table_by_sql_whatever_the_application_believes(clerk, vera, node_database):
    person = known(clerk, vera, origin=Fact.YES, claim=Claim.PENDING)
    kept_now()
    with psycopg.connect(node_database.urls["app"]) as connection:
        connection.execute("SELECT set_config('stonebridge.purpose', 'identification', true)")
        (told,) = connection.execute("SELECT may_be_told(%s, 'SRB')", [person.id]).fetchone()
        held = connection.execute("SELECT string_agg(persons, ''::bytea) FROM identification_blindpart").fetchone()[0]
    assert told is False
    assert person.id.bytes not in bytes(held)


def test_what_changed_is_forgotten_once_every_table_has_followed(clerk, vera):
    known(clerk, vera)
    assert BlindChange.objects.exists()
    kept_now()
    assert not BlindChange.objects.exists()


# The follow-up


def test_the_handle_of_a_blind_hit_is_followed_up_as_any_other(clerk, vera):
    person = known(clerk, vera)
    kept_now()
    body = {"handle": str(looked_up()), "wanted": ["names"], "reason": "To tell who she is."}
    assert said(signed(question(body, profile="follow_up")))["answer"] == "received"
    with gate.act(Purpose.IDENTIFICATION):
        assert Incoming.objects.get().person_id == person.id


def test_a_handle_made_up_or_of_another_partner_means_nobody(clerk, vera):
    known(clerk, vera)
    kept_now()
    handle = looked_up()
    let_in(replace(SERBIA, code="al", state="ALB", profiles=BLIND, key="ab" * 32))
    body = {"handle": str(uuid4()), "wanted": ["names"], "reason": "To tell who she is."}
    assert said(signed(question(body, profile="follow_up")))["answer"] == "received"
    assert handle is not None
    with gate.act(Purpose.IDENTIFICATION):
        assert not Incoming.objects.exists()
