"""What the node does by itself, on a real database, with faults that really happen."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.test import override_settings

from node_under_test import NodeDatabase, point_django_at, set_up_django

set_up_django()

from access_log import Superuser, reads, rows_of, write  # noqa: E402 needs the apps
from stonebridge.accounts.models import Notice  # noqa: E402
from stonebridge.domain.errors import Unavailable  # noqa: E402
from stonebridge.registry.models import Draft  # noqa: E402
from stonebridge.safeguards.log import holder  # noqa: E402
from stonebridge.safeguards.log.store import ACCESS  # noqa: E402
from stonebridge.safeguards.log.verify import verify  # noqa: E402
from stonebridge.site import worker  # noqa: E402
from stonebridge.site.command import main  # noqa: E402
from stonebridge.site.embedded import Server  # noqa: E402
from stonebridge.site.worker import Duty, LogDuty, forget_expired, keep  # noqa: E402

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def witness(node_database: NodeDatabase, tmp_path: Path) -> Iterator[Path]:
    with override_settings(WITNESS_FOLDERS=[tmp_path / "witness"]):
        yield tmp_path / "witness"


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def running(target: Callable[..., None], *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=arguments, daemon=True)
    thread.start()
    return thread


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def leaves() -> int:
    return int(rows_of("SELECT count(*) FROM {leaf}")[0][0])


def test_entries_are_numbered_and_signed_without_anybody_asking(stop: threading.Event, witness: Path):
    write(reads(3))
    thread = running(worker.run, stop)
    wait_until(lambda: holder.last_number(witness, ACCESS.name) == 1)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
    assert verify(ACCESS) == (3, [])


def test_what_came_last_is_signed_before_the_node_stops(stop: threading.Event, witness: Path):
    write(reads(1))
    thread = running(worker.run, stop)
    wait_until(lambda: holder.last_number(witness, ACCESS.name) == 1)
    write(reads(1))
    stop.set()
    thread.join(10)
    assert rows_of("SELECT max(size) FROM {checkpoint}") == [(2,)]


def test_the_worker_goes_on_after_its_connections_were_cut(
    stop: threading.Event, server: Server, node_database: NodeDatabase
):
    write(reads(1))
    thread = running(worker.run, stop)
    wait_until(lambda: leaves() == 1)
    with psycopg.connect(server.superuser_url(), autocommit=True) as superuser:
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = 'log'",
            [node_database.name],
        )
    write(reads(1))
    wait_until(lambda: leaves() == 2)
    stop.set()
    thread.join(10)
    assert verify(ACCESS) == (2, [])


def test_a_duty_that_cannot_be_done_does_not_hold_up_another(stop: threading.Event):
    done: list[datetime] = []

    def fails(now: datetime) -> bool:
        raise Unavailable("the matcher", "Start it.")

    def succeeds(now: datetime) -> bool:
        done.append(now)
        return False

    running(keep, (Duty("searches", 0.01, fails), Duty("the log", 0.01, succeeds)), stop)
    wait_until(lambda: len(done) > 3)


def test_a_duty_is_done_again_at_once_while_more_waits(stop: threading.Event):
    left = [3]

    def work(now: datetime) -> bool:
        left[0] -= 1
        return left[0] > 0

    running(keep, (Duty("searches", 60, work),), stop)
    wait_until(lambda: left[0] == 0)


def test_a_fault_in_the_program_ends_the_process(stop: threading.Event):
    def is_wrong(now: datetime) -> bool:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keep((Duty("anything", 1, is_wrong), Duty("another", 1, lambda now: False)), stop)


def test_a_log_that_was_changed_is_not_signed_and_those_who_must_look_are_told_once(
    server: Server, node_database: NodeDatabase
):
    write(reads(2))
    LogDuty().step(NOW)
    Superuser(server.superuser_url(node_database.name)).do("UPDATE {leaf} SET commitment = sha256('') WHERE number = 1")
    write(reads(1))
    for _ in range(2):
        with pytest.raises(worker.Tampered):
            LogDuty().step(NOW)
    assert sorted(Notice.objects.values_list("role", "kind")) == [
        ("administrator", "log_tampered"),
        ("data_protection_officer", "log_tampered"),
    ]
    assert rows_of("SELECT max(size) FROM {checkpoint}") == [(2,)]


def test_drafts_whose_day_has_passed_are_gone_and_others_stay():
    for hours in (-1, 1):
        Draft.objects.create(
            officer_reference="clerk", sealed=b"", started_at=NOW, saved_at=NOW, expires_at=NOW + timedelta(hours=hours)
        )
    forget_expired(NOW)
    assert Draft.objects.get().expires_at > NOW


def test_a_command_without_its_database_says_so_and_never_that_the_answer_is_no(
    node_database: NodeDatabase, capsys: pytest.CaptureFixture[str]
):
    point_django_at(
        {role: f"{url.rpartition('/')[0]}/nowhere?host=/nowhere" for role, url in node_database.urls.items()}
    )
    assert main(["log", "verify"]) == 2
    assert "the database" in capsys.readouterr().err
