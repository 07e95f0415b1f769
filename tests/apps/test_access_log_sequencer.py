from datetime import timedelta
from threading import Event as Stop
from threading import Thread
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction
from django.test import override_settings

from access_log import NOON, Superuser, event_about, reads, rows_of, write
from stonebridge.domain.errors import Tampered
from stonebridge.safeguards.log import holder, sequencer
from stonebridge.safeguards.log.checkpoint import open_checkpoint
from stonebridge.safeguards.log.sequencer import CHECKPOINT_AFTER, CHECKPOINT_EVERY, Sequencer
from stonebridge.safeguards.log.store import ACCESS, PROTECTION
from stonebridge.safeguards.log.verify import verify


def numbered(store=ACCESS) -> list[UUID]:
    return [entry for (entry,) in rows_of("SELECT entry_id FROM {leaf} ORDER BY number", store=store)]


def signed_sizes(store=ACCESS) -> list[int]:
    return [size for (size,) in rows_of("SELECT size FROM {checkpoint} ORDER BY id", store=store)]


def test_entries_are_numbered_in_the_order_in_which_they_came():
    entries = write(reads(3))
    assert Sequencer().step(NOON) == 3
    assert numbered() == entries


def test_an_entry_that_was_rolled_back_gets_no_number():
    with transaction.atomic():
        write(reads(1))
        transaction.set_rollback(True)
    assert Sequencer().step(NOON) == 0
    assert verify(ACCESS) == (0, [])


def test_a_transaction_that_commits_late_is_not_missed(node_database):
    working = Sequencer()
    late = UUID(int=1)
    with psycopg.connect(node_database.urls["app"]) as slow:
        slow.execute("SELECT log.append(%s, %s, %s, %s)", [late, bytes(32), b"{}", bytes(32)])
        write(reads(2))
        assert working.step(NOON) == 2
    assert working.step(NOON) == 1
    assert numbered()[2] == late


def test_a_sequencer_that_starts_anew_goes_on_where_the_last_one_stopped():
    write(reads(4))
    Sequencer().step(NOON)
    write(reads(4))
    Sequencer().step(NOON)
    assert len(numbered()) == 8
    assert verify(ACCESS) == (8, [])


def test_two_sequencers_share_the_work_without_harm():
    one, other = Sequencer(), Sequencer()
    write(reads(2))
    one.step(NOON)
    write(reads(2))
    other.step(NOON)
    write(reads(2))
    one.step(NOON)
    assert verify(ACCESS) == (6, [])


def test_a_sequencer_waits_while_another_works(node_database):
    write(reads(2))
    with psycopg.connect(node_database.urls["log"]) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [ACCESS.lock])
        assert Sequencer().step(NOON) == 0
    assert Sequencer().step(NOON) == 2


def test_more_than_a_batch_is_numbered_batch_by_batch(monkeypatch):
    monkeypatch.setattr(sequencer, "BATCH", 10)
    write(reads(25))
    working = Sequencer()
    assert [working.step(NOON), working.step(NOON), working.step(NOON), working.step(NOON)] == [10, 10, 5, 0]
    assert verify(ACCESS) == (25, [])


def test_the_first_entries_are_signed_at_once_and_later_ones_within_a_minute():
    working = Sequencer()
    write(reads(1))
    working.step(NOON)
    write(reads(1))
    working.step(NOON + timedelta(seconds=30))
    assert signed_sizes() == [1]
    working.step(NOON + CHECKPOINT_EVERY)
    assert signed_sizes() == [1, 2]
    assert timedelta(seconds=60) > CHECKPOINT_EVERY + timedelta(seconds=sequencer.PAUSE)


def test_many_entries_are_signed_without_waiting():
    working = Sequencer()
    write(reads(1))
    working.step(NOON)
    write(reads(CHECKPOINT_AFTER))
    working.step(NOON + timedelta(seconds=1))
    assert signed_sizes() == [1, CHECKPOINT_AFTER + 1]


def test_nothing_new_is_not_signed_again():
    write(reads(1))
    Sequencer().checkpoint(NOON)
    Sequencer().checkpoint(NOON + timedelta(hours=1))
    assert signed_sizes() == [1]


def test_every_witness_gets_every_checkpoint(tmp_path):
    folders = [tmp_path / "authority", tmp_path / "partner"]
    with override_settings(WITNESS_FOLDERS=folders):
        write(reads(1))
        Sequencer().checkpoint(NOON)
        write(reads(1))
        Sequencer().checkpoint(NOON)
    names = [sorted(path.name for path in folder.iterdir()) for folder in folders]
    assert names == [["access-000000000001.checkpoint", "access-000000000002.checkpoint"]] * 2


def test_a_witness_that_cannot_be_reached_gets_its_checkpoints_later(witness):
    witness.write_text("not a folder")
    working = Sequencer()
    write(reads(1))
    working.checkpoint(NOON)
    witness.unlink()
    working.step(NOON)
    assert holder.last_number(witness, "access") == 1


def test_the_checkpoint_commits_to_the_protection_log(witness):
    write([event_about(1), event_about(1, action="open_referral")])
    Sequencer().checkpoint(NOON)
    sent = open_checkpoint((witness / "access-000000000001.checkpoint").read_bytes(), ACCESS.signing_key.verifier())
    theirs = (witness / "protection-000000000001.checkpoint").read_bytes()
    assert sent.protection == open_checkpoint(theirs, PROTECTION.signing_key.verifier()).head
    assert (sent.head.size, sent.protection.size) == (1, 1)


def test_the_same_person_has_unrelated_tags_in_the_two_logs():
    write([event_about(1), event_about(1, action="open_referral")])
    access = rows_of("SELECT person_tag FROM {entry}")
    protection = rows_of("SELECT person_tag FROM {entry}", store=PROTECTION)
    assert access != protection


def test_a_sequencer_refuses_to_sign_a_log_that_was_cut(server, node_database):
    write(reads(5))
    Sequencer().checkpoint(NOON)
    superuser = Superuser(server.superuser_url(node_database.name))
    superuser.do("DELETE FROM {leaf} WHERE number > 3")
    superuser.do("DELETE FROM {checkpoint}")
    write(reads(5))
    with pytest.raises(Tampered, match="ends at entry 3, but 5 entries were signed"):
        Sequencer().checkpoint(NOON)
    assert signed_sizes() == []


def test_a_sequencer_refuses_to_go_on_from_a_leaf_that_was_changed(server, node_database):
    write(reads(5))
    Sequencer().step(NOON)
    Superuser(server.superuser_url(node_database.name)).do(
        "UPDATE {leaf} SET commitment = %s WHERE number = 2", bytes(32)
    )
    with pytest.raises(Tampered, match="entry 2"):
        Sequencer().step(NOON)


def test_a_sequencer_refuses_to_sign_a_history_rewritten_without_a_seam(server, node_database):
    write(reads(5))
    Sequencer().checkpoint(NOON)
    superuser = Superuser(server.superuser_url(node_database.name))
    superuser.do("DELETE FROM {leaf} WHERE number = 2")
    superuser.do("DELETE FROM {checkpoint}")
    superuser.close_the_gaps()
    write(reads(5))
    with pytest.raises(Tampered):
        Sequencer().checkpoint(NOON)


def test_a_failed_step_leaves_nothing_half_done(node_database, server):
    working = Sequencer()
    write(reads(2))
    working.step(NOON)
    write(reads(2))
    superuser = psycopg.connect(server.superuser_url(node_database.name), autocommit=True)
    superuser.execute("REVOKE INSERT ON log.leaf FROM log")
    with pytest.raises(DatabaseError):
        working.step(NOON)
    superuser.execute("GRANT INSERT ON log.leaf TO log")
    assert working.step(NOON) == 2
    assert verify(ACCESS) == (4, [])


def test_the_worker_numbers_what_comes_until_it_is_told_to_stop(monkeypatch):
    monkeypatch.setattr(sequencer, "PAUSE", 0.02)
    stop = Stop()
    write(reads(3))

    def clock():
        stop.set()
        return NOON

    worker = Thread(target=lambda: (sequencer.run(stop, clock), connections.close_all()))
    worker.start()
    worker.join(10)
    assert len(numbered()) == 3
