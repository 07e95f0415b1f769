"""Reading the log is itself logged, counting is exact, and without the log nobody sees anything."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction

from access_log import BROKEN, NOON, event_about, reads, rows_of, write
from people import NOW, actor, amira
from stonebridge.domain.actor import Purpose, Role
from stonebridge.domain.errors import BadInput, Unavailable
from stonebridge.registry.models import Name
from stonebridge.safeguards import gate
from stonebridge.safeguards.log import erasure
from stonebridge.safeguards.log.reading import entries_about, entries_between
from stonebridge.safeguards.log.sequencer import Sequencer
from stonebridge.safeguards.log.store import ACCESS, PROTECTION
from stonebridge.safeguards.log.verify import verify
from stonebridge.safeguards.policy import Action

READS = int(os.environ.get("STONEBRIDGE_ATTACK_READS", "10000"))
AT_ONCE, IN_A_LIST = 4, 25


def names_of(by, *persons: UUID) -> list[str]:
    """What a page about these persons reads."""
    with gate.act(Purpose.REGISTRATION):
        gate.permit(by, Action.READ, purpose=Purpose.REGISTRATION, basis="public_task", now=NOW, persons=persons)
        return list(Name.objects.filter(statement__person_id__in=persons).values_list("text", flat=True))


@pytest.mark.attack
def test_ten_thousand_reads_leave_ten_thousand_entries():
    clerk = actor(Role.REGISTRATION_CLERK)
    persons = [amira(clerk, given="Amira " + "abcdefghijklmnopqrstuvwxyz"[number]).id for number in range(IN_A_LIST)]
    before = len(rows_of("SELECT id FROM {entry}"))

    def read_lists(number: int) -> int:
        try:
            return sum(len(names_of(clerk, *persons)) // 2 for _ in range(number))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as officers:
        read = sum(officers.map(read_lists, [READS // AT_ONCE // IN_A_LIST] * AT_ONCE))
    assert read == READS
    assert len(rows_of("SELECT id FROM {entry}")) - before == READS
    Sequencer().checkpoint(NOON)
    assert verify(ACCESS) == (before + READS, [])


@pytest.mark.parametrize("statement", BROKEN.values(), ids=BROKEN)
def test_without_the_log_nothing_is_read(server, node_database, statement):
    clerk = actor(Role.REGISTRATION_CLERK)
    person = amira(clerk)
    with psycopg.connect(server.superuser_url(node_database.name), autocommit=True) as superuser:
        superuser.execute(statement)
    with pytest.raises(Unavailable, match="access log"):
        names_of(clerk, person.id)


def test_with_the_connection_cut_between_the_log_and_the_end_nothing_is_handed_out(server, node_database):
    clerk = actor(Role.REGISTRATION_CLERK)
    person = amira(clerk)
    with psycopg.connect(server.superuser_url(node_database.name), autocommit=True) as superuser:

        def cut() -> None:
            superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename = 'app' AND datname = current_database()"
            )

        with pytest.raises((DatabaseError, Unavailable)):
            read_and(cut, clerk, person.id)
    said = [bytes(event) for (event,) in rows_of("SELECT event FROM {entry} ORDER BY written_at DESC")]
    assert b'"rolled_back":"yes"' in said[0]


def read_and(then, by, person: UUID) -> list[str]:
    with gate.act(Purpose.REGISTRATION):
        gate.permit(by, Action.READ, purpose=Purpose.REGISTRATION, basis="public_task", now=NOW, persons=[person])
        found = list(Name.objects.filter(statement__person_id=person).values_list("text", flat=True))
        then()
    return found


def test_without_the_log_nothing_is_changed(server, node_database):
    clerk = actor(Role.REGISTRATION_CLERK)
    with psycopg.connect(server.superuser_url(node_database.name), autocommit=True) as superuser:
        superuser.execute(BROKEN["no right"])
    with pytest.raises(Unavailable):
        amira(clerk)
    with gate.act(Purpose.REGISTRATION):
        assert not Name.objects.exists()


# reading the log


def permit_to_read(*persons: UUID, by=None):
    by = by or actor(Role.DATA_PROTECTION_OFFICER)
    return gate.permit(
        by, Action.READ_LOG, purpose=Purpose.DATA_PROTECTION, basis="oversight_of_access", now=NOON, persons=persons
    )


def test_the_log_is_not_read_before_the_reading_is_logged():
    write(reads(3))
    for ask in (
        lambda: entries_about(UUID(int=1)),
        lambda: entries_between(NOON - timedelta(days=1), NOON + timedelta(days=1)),
    ):
        with pytest.raises(DatabaseError, match="has logged this reading"), gate.act(Purpose.DATA_PROTECTION):
            ask()


def test_who_reads_the_log_finds_everything_about_a_person_and_the_reading_itself():
    write(reads(6))
    with gate.act(Purpose.DATA_PROTECTION):
        permit_to_read(UUID(int=1))
        found = entries_about(UUID(int=1))
    assert sorted(entry.event.action for entry in found) == ["read", "read", "read_log"]


def test_a_reading_about_one_person_opens_nothing_about_another():
    write(reads(6))
    with gate.act(Purpose.DATA_PROTECTION):
        permit_to_read(UUID(int=1))
        with pytest.raises(DatabaseError, match="has logged this reading"), transaction.atomic():
            entries_about(UUID(int=2))


def test_a_reading_that_was_logged_before_opens_nothing_later():
    with gate.act(Purpose.DATA_PROTECTION):
        permit_to_read(UUID(int=1))
    with pytest.raises(DatabaseError, match="has logged this reading"), gate.act(Purpose.DATA_PROTECTION):
        entries_about(UUID(int=1))


def test_entries_of_a_time_are_those_from_its_beginning_to_before_its_end_latest_first():
    write([event_about(1, at=NOON + timedelta(hours=hour)) for hour in range(4)])
    with gate.act(Purpose.DATA_PROTECTION):
        permit_to_read()
        found = entries_between(NOON + timedelta(hours=1), NOON + timedelta(hours=3))
    assert [entry.event.at.hour for entry in found] == [14, 13]


def test_entries_of_one_officer_are_found_and_no_more_than_asked_for():
    write(reads(5))
    with gate.act(Purpose.DATA_PROTECTION):
        permit_to_read()
        since, until = NOON - timedelta(hours=1), NOON + timedelta(hours=1)
        assert len(entries_between(since, until, actor=event_about(1).actor, most=2)) == 2
        assert entries_between(since, until, actor="nobody") == []


def append_by_hand(event: bytes) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT log.append(%s, %s, %s, %s)", [event_about(1).id, bytes(32), event, bytes(32)])


@pytest.mark.parametrize("event", [b"", b"x", b"\xff", b"[]", b'{"actor": "\\u0000"}'])
def test_what_would_make_the_log_unreadable_does_not_get_in(event):
    with pytest.raises(DatabaseError):
        append_by_hand(event)


def test_a_false_entry_hides_no_other():
    append_by_hand(b"{}")
    write(reads(2))
    with gate.act(Purpose.DATA_PROTECTION):
        permit_to_read()
        found = entries_between(NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    assert [entry.event is None for entry in found].count(True) == 1
    assert len(found) == 2 + 1 + 1  # two reads, the false entry, this reading


def test_a_nul_is_refused_before_it_reaches_the_log():
    with pytest.raises(BadInput, match="NUL"):
        event_about(1, subject="a\0b")


# erasure


def erase(entries, *, store=ACCESS) -> int:
    by = actor(Role.DATA_PROTECTION_OFFICER)
    return erasure.erase(entries, actor=by, basis="oversight_of_access", now=NOON, store=store)


def test_erasure_takes_what_was_said_and_leaves_the_proof():
    entries = write(reads(4))
    Sequencer().checkpoint(NOON)
    assert erase(entries[:2]) == 2
    kept = rows_of("SELECT salt, event FROM {entry} WHERE id = ANY(%s)", [entries[:2]])
    assert kept == [(None, None), (None, None)]
    assert verify(ACCESS) == (4, [])
    Sequencer().checkpoint(NOON)
    assert verify(ACCESS) == (5, [])


def test_what_was_erased_is_shown_as_such():
    (entry, *_) = write(reads(1))
    erase([entry])
    with gate.act(Purpose.DATA_PROTECTION):
        permit_to_read(UUID(int=0), by=actor(Role.DATA_PROTECTION_OFFICER, "Other"))
        assert [row.event for row in entries_about(UUID(int=0)) if row.id == entry] == [None]


def test_erasing_twice_erases_once():
    entries = write(reads(1))
    assert (erase(entries), erasure_again(entries)) == (1, 0)


def erasure_again(entries) -> int:
    return erasure.erase(
        entries, actor=actor(Role.DATA_PROTECTION_OFFICER, "Other"), basis="oversight_of_access", now=NOON
    )


def test_the_protection_log_is_erased_by_itself():
    entries = write([event_about(1, action="open_referral"), event_about(2)])
    assert erase(entries, store=PROTECTION) == 1
    Sequencer().checkpoint(NOON)
    assert verify(PROTECTION) == (2, [])


@pytest.mark.parametrize("alias", ["default", "log", "vault", "protection"])
def test_nobody_but_retention_erases(alias):
    entries = write(reads(1))
    with pytest.raises(DatabaseError, match="permission denied"), connections[alias].cursor() as cursor:
        cursor.execute(
            "UPDATE log.entry SET salt = NULL, event = NULL, erasure_id = %s WHERE id = ANY(%s)", [entries[0], entries]
        )
