"""A person is erased by two officers; whatever was ever said of them is then nowhere, and the logs still verify."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction

from identification_bench import answered, found_pair, judge, link_of
from people import BASIS, NOW, TODAY, actor, amira, on_record, registration
from rule_cases import SCREENED
from sign_ins import sign_in_at_a_terminal
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import NotFound, WrongState
from stonebridge.exchange.models import Incoming, Outgoing
from stonebridge.identification.models import GalleryChange, Task
from stonebridge.identification.services import withdraw_link
from stonebridge.protection.services import close_referral, open_referral
from stonebridge.registry.models import Person
from stonebridge.registry.registration import Capture, StatedDocument
from stonebridge.registry.services import register_person
from stonebridge.remedies.services import note_disclosure, record_claim, record_origin
from stonebridge.rights.models import Erasure, Ground
from stonebridge.rights.services import ask_for_erasure, confirm_erasure
from stonebridge.safeguards import gate
from stonebridge.safeguards.gate import Refused
from stonebridge.safeguards.log.sequencer import Sequencer
from stonebridge.safeguards.log.store import ACCESS, PROTECTION
from stonebridge.safeguards.log.verify import verify
from stonebridge.safeguards.models import Hold
from stonebridge.safeguards.policy import Action, Claim, Fact
from stonebridge.safeguards.services import assign_hold, lift_restriction, restrict
from stonebridge.site.command import main

CANARY = "Qanaryz"
OVERSIGHT = BASIS[Purpose.DATA_PROTECTION]
PUBLIC_TASK = "public_task"
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def mila():
    return actor(Role.DATA_PROTECTION_OFFICER, "Mila Asks")


@pytest.fixture
def bojan():
    return actor(Role.DATA_PROTECTION_OFFICER, "Bojan Confirms")


def ask(person: Person, by, now=LATER) -> Erasure:
    return ask_for_erasure(
        person.reference, Ground.NO_LONGER_NEEDED, f"{CANARY} asked for it.", actor=by, basis=OVERSIGHT, now=now
    )


def confirm(person: Person, by, now=LATER):
    return confirm_erasure(person.reference, actor=by, basis=OVERSIGHT, now=now)


def tables_that_hold(server, node_database, *needles: str) -> set[str]:
    """Every table of the database in which a row, read as text, holds one of these; bytes are looked at in hexadecimal."""
    wanted = [form.lower() for needle in needles for form in (needle, needle.encode().hex(), needle.replace("-", ""))]
    with closing(psycopg.connect(server.superuser_url(node_database.name))) as connection:
        tables = connection.execute(
            "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables"
            " WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        return {
            table for (table,) in tables
            if connection.execute(
                f"SELECT 1 FROM {table} t WHERE lower(row_to_json(t)::text) ~ %s LIMIT 1",  # noqa: S608 of the catalogue
                ["|".join(wanted)],
            ).fetchone()
        }  # fmt: skip


def told_of_all(clerk) -> Person:
    """Somebody of whom every field of a registration that takes a text tells the canary."""
    handed = registration(
        given=CANARY, family=f"{CANARY} Haddad", documents=(StatedDocument("passport", f"{CANARY}1", "SYR"),),
        language="ar", interpreter=CANARY, no_documents_account=CANARY, relation="head",
        needs=SCREENED | {"afraid": "yes"}, claim="none", claim_asked_on=TODAY,
        captures=(Capture("finger", 1, "image/png", CANARY.encode(), 1, 1),),
    )  # fmt: skip
    identity = replace(handed.identity, birth_place=CANARY, reason=CANARY)
    arrival = replace(handed.arrival, place=CANARY)
    return register_person(replace(handed, identity=identity, arrival=arrival), actor=clerk, basis=PUBLIC_TASK, now=NOW)


def lived_through_all(matcher, clerk, jana, petar, vera, mila) -> tuple[Person, Person]:
    """The person, and another with whom a link was made and withdrawn: every service that takes a text got the canary."""
    person = told_of_all(clerk)
    other = amira(clerk, given=CANARY, family=f"{CANARY} Haddad", needs=SCREENED, claim="none", claim_asked_on=TODAY)
    answered(matcher)
    protection = actor(Role.PROTECTION_OFFICER)
    for reference in referred(person, protection):
        close_referral(reference, CANARY, actor=protection, basis=BASIS[Purpose.REFERRAL], now=NOW)
    restrict(person.id, CANARY, actor=mila, basis=OVERSIGHT, now=NOW)
    lift_restriction(person.id, CANARY, actor=mila, basis=OVERSIGHT, now=NOW)
    how = {"actor": vera, "purpose": Purpose.IDENTIFICATION, "basis": PUBLIC_TASK, "now": NOW}
    record_origin(person.id, "TUR", Fact.NO, reason=CANARY, **how)
    record_claim(
        person.id, Claim.NONE, asked_on=TODAY, reason=CANARY, actor=vera, purpose=Purpose.PROTECTION_CLAIM,
        basis=BASIS[Purpose.PROTECTION_CLAIM], now=NOW + timedelta(seconds=1),
    )  # fmt: skip
    return person, other


def referred(person: Person, protection) -> list[str]:
    open_referral(
        person.id, person.reference, "fear", CANARY, actor=protection, purpose=Purpose.REFERRAL,
        basis=BASIS[Purpose.REFERRAL], now=NOW,
    )  # fmt: skip
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT reference FROM protection.referral WHERE person_id = %s", [person.id])
        return [reference for (reference,) in cursor.fetchall()]


def judged_and_withdrawn(person: Person, other: Person, jana, petar, vera) -> None:
    task = on_record(Task).between(person.id, other.id).get(state="open")
    judge(task, jana, "no")
    link = link_of(person.id, other.id)
    withdraw_link(link.reference, CANARY, actor=vera, basis=PUBLIC_TASK, now=NOW)
    again = on_record(Task).between(person.id, other.id).get(state="open")
    judge(again, jana, "no")
    judge(again, petar, "no")
    for hold in on_record(Hold).filter(assigned_at__isnull=True):
        assign_hold(hold.id, belongs=False, reason=CANARY, actor=vera, basis=PUBLIC_TASK, now=NOW)


def handed_out(person: Person, vera) -> None:
    with gate.act(Purpose.IDENTIFICATION):
        permit = gate.permit(
            vera, Action.DISCLOSE, purpose=Purpose.IDENTIFICATION, basis=PUBLIC_TASK, now=NOW, persons=[person.id],
            to_state="TUR",
        )  # fmt: skip
        note_disclosure(permit, person.id, b"file", form="pdf", recipient=f"{CANARY} ministry", to_state="TUR")


@pytest.mark.usefixtures("nothing_is_drawn")
def test_nothing_that_was_ever_said_of_an_erased_person_is_found_anywhere(
    server, node_database, matcher, clerk, jana, petar, vera, mila, bojan
):
    person, other = lived_through_all(matcher, clerk, jana, petar, vera, mila)
    judged_and_withdrawn(person, other, jana, petar, vera)
    handed_out(person, vera)
    Sequencer().checkpoint(NOW)
    assert tables_that_hold(server, node_database, CANARY) >= {
        "public.registry_name", "public.registry_document", "public.registry_arrival", "public.registry_person",
        "public.registry_searchkey", "public.identification_task", "public.identification_judgement",
        "public.remedies_protectionclaim", "public.remedies_origin", "public.remedies_disclosure",
        "public.safeguards_restriction", "public.safeguards_historyentry",
    }  # fmt: skip
    ask(person, mila)
    ask(other, mila)
    assert confirm(person, bojan).recipients == [f"{CANARY} ministry"]
    confirm(other, bojan)
    answered(matcher)
    Sequencer().checkpoint(LATER)
    assert tables_that_hold(server, node_database, CANARY, person.reference, other.reference) == set()
    assert tables_that_hold(server, node_database, str(person.id)) <= {
        "public.identification_gallerychange",
        "public.identification_blindchange",
    }
    assert matcher.status().records == 0
    assert (verify(ACCESS)[1], verify(PROTECTION)[1]) == ([], [])


@pytest.mark.usefixtures("nothing_is_drawn")
def test_what_was_said_to_partners_and_by_them_goes_with_the_person(server, node_database, clerk, mila, bojan):
    person = amira(clerk, needs=SCREENED, claim="none", claim_asked_on=TODAY)
    about = {
        "person_id": person.id, "conversation": uuid4(), "sequence": 1, "purpose": "identification",
        "basis": PUBLIC_TASK, "body": {"given": CANARY},
    }  # fmt: skip
    on_record(Outgoing).create(partner="rs", profile="follow_up_answer", version=1, made_at=NOW, made_by="x", **about)
    on_record(Incoming).create(
        sender="rs", message=uuid4(), profile="follow_up", digest="", evidence={}, received_at=NOW, **about
    )
    held = {"public.exchange_outgoing", "public.exchange_incoming"}
    assert tables_that_hold(server, node_database, CANARY) >= held
    ask(person, mila)
    confirm(person, bojan)
    assert tables_that_hold(server, node_database, CANARY) == set()


def test_one_officer_alone_erases_nobody(clerk, mila):
    person = amira(clerk)
    ask(person, mila)
    with pytest.raises(WrongState, match="your own"):
        confirm(person, mila)
    assert on_record(Person).filter(id=person.id).exists()


def test_what_nobody_asked_for_is_not_confirmed(clerk, bojan):
    with pytest.raises(NotFound):
        confirm(amira(clerk), bojan)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.DATA_PROTECTION_OFFICER}))
def test_nobody_but_data_protection_asks(clerk, role):
    with pytest.raises(Refused, match="the_role_may_do_this"):
        ask(amira(clerk), actor(role, "Somebody"))


def _restricted(person, mila, vera, clerk):
    restrict(person.id, "They contest it.", actor=mila, basis=OVERSIGHT, now=NOW)


def _claiming(person, mila, vera, clerk):
    record_claim(
        person.id, Claim.PENDING, actor=clerk, purpose=Purpose.REGISTRATION, basis=PUBLIC_TASK,
        now=NOW + timedelta(seconds=1),
    )  # fmt: skip


def _referred(person, mila, vera, clerk):
    referred(person, actor(Role.PROTECTION_OFFICER))


def _held(person, mila, vera, clerk):
    on_record(Hold).create(person_id=person.id, fact="claim", arose_at=NOW, arose_from="MK-LINK-0001")


KEEPERS: Mapping[str, object] = {
    "restriction": _restricted, "claim": _claiming, "referral": _referred, "hold": _held,
}  # fmt: skip


@pytest.mark.parametrize("keeper", KEEPERS)
def test_what_keeps_a_record_keeps_it_when_asked_when_confirmed_and_by_sql(clerk, mila, bojan, vera, keeper):
    person = amira(clerk)
    demand = ask(person, mila)
    KEEPERS[keeper](person, mila, vera, clerk)
    with pytest.raises(WrongState, match="kept by a safeguard"):
        confirm(person, bojan)
    with gate.act(Purpose.DATA_PROTECTION):
        Erasure.objects.filter(id=demand.id).update(confirmed_at=NOW, confirmed_by=bojan.reference)
    with pytest.raises(DatabaseError, match="erasure_waits"):
        erase_by_sql(demand)
    assert Person.objects.using("reader").filter(id=person.id).exists() or keeper == "restriction"


def test_a_pair_that_waits_for_judgement_keeps_both_records(matcher, clerk, mila):
    one, *_ = found_pair(matcher, clerk)
    with pytest.raises(WrongState, match="kept by a safeguard"):
        ask(one, mila)


def erase_by_sql(demand: Erasure, alias: str = "retention") -> None:
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute("SELECT erase_person(%s)", [demand.id])


def test_the_database_erases_nobody_on_the_word_of_one(clerk, mila):
    with pytest.raises(DatabaseError, match="erasure_has_two_officers"):
        erase_by_sql(ask(amira(clerk), mila))


def test_the_database_erases_nobody_on_the_word_of_somebody_who_is_no_data_protection_officer(clerk, mila):
    demand = ask(amira(clerk), mila)
    with gate.act(Purpose.DATA_PROTECTION):
        Erasure.objects.filter(id=demand.id).update(confirmed_at=NOW, confirmed_by=clerk.reference)
    with pytest.raises(DatabaseError, match="erasure_has_two_officers"):
        erase_by_sql(demand)


@pytest.mark.parametrize("alias", ["default", "vault", "protection", "log"])
def test_nobody_but_retention_erases(clerk, mila, alias):
    with pytest.raises(DatabaseError, match="permission denied"):
        erase_by_sql(ask(amira(clerk), mila), alias)


def test_what_was_confirmed_and_interrupted_is_carried_out_when_confirmed_again(clerk, mila, bojan):
    person = amira(clerk)
    demand = ask(person, mila)
    with gate.act(Purpose.DATA_PROTECTION):
        Erasure.objects.filter(id=demand.id).update(confirmed_at=NOW, confirmed_by=bojan.reference)
    assert confirm(person, bojan).records == 1
    assert GalleryChange.objects.filter(person_id=person.id).exists()


def test_another_officer_confirms_at_a_terminal_and_whoever_asked_does_not(clerk, mila, own_state_folder, capsys):
    person, other = amira(clerk), amira(clerk)
    ask(person, mila)
    sign_in_at_a_terminal(Role.DATA_PROTECTION_OFFICER)
    assert main(["person", "erase", other.reference, "--ground", "17(1)(a)", "--reason", "Its time is over."]) == 0
    assert main(["person", "erase", other.reference, "--confirm"]) == 2
    assert "another data protection officer" in capsys.readouterr().err
    assert main(["person", "erase", person.reference, "--confirm"]) == 1  # the matcher does not run
    assert "Erased 1 records" in capsys.readouterr().out
    assert list(on_record(Person).values_list("id", flat=True)) == [other.id]
