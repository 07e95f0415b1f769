"""The matcher behind its socket: what it answers, to whom, and that no kill makes it forget or invent."""

import os
import random
import socket
import stat
import struct
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from matching import opened_gallery
from matching.matched_people import (
    AMIRA,
    HIDDEN,
    SHOWN,
    document,
    person,
    put,
    record,
    removed,
    with_document,
    with_same_document,
)
from matching.running_matcher import RunningMatcher, launch, started
from stonebridge.domain.errors import BadInput, NotFound, Tampered, Unavailable, WrongState
from stonebridge.identification.matcher import protocol
from stonebridge.identification.matcher.client import MatcherClient
from stonebridge.matching.gallery import Change


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: a socket's name has room for 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="sb") as made:
        yield Path(made)


@pytest.fixture
def matcher(folder: Path) -> Iterator[RunningMatcher]:
    running = started(folder)
    yield running
    running.kill()


def found(client: MatcherClient, text: str, at_least: int = 0) -> list[int]:
    answer = client.search(with_document(text), visible=SHOWN, limit=5, budget=5.0, at_least=at_least)
    return with_same_document(answer.hits)


def raw(path: Path, content: bytes) -> dict[str, object]:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(str(path))
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)
        return protocol.receive(connection)


def test_a_matcher_whose_gallery_has_outgrown_the_interpreter_ends_and_the_next_has_everybody(folder: Path):
    few = "from stonebridge.identification.matcher import process; process.OUTGROWN = 2"
    running = started(folder, few)
    running.client.apply([put(1)], 1, since=0)
    assert found(running.client, document(1), 1) == [1], "one person is served by the interpreter"
    running.client.apply([put(2)], 2, since=1)
    assert running.process.wait(10) == 0
    again = started(folder)
    assert found(again.client, document(2), 2) == [2]
    again.kill()


def test_a_search_names_position_version_and_share(matcher: RunningMatcher):
    matcher.client.apply([Change(person(1), record(1))], 1, since=0)
    answer = matcher.client.search(AMIRA, visible=SHOWN, limit=5, budget=5.0, at_least=1)
    assert (answer.position, answer.share_searched, [hit.id.int for hit in answer.hits]) == (1, 1.0, [1])
    assert answer.version.startswith("biographic-")
    assert sum(each.score for each in answer.hits[0].comparisons) == pytest.approx(answer.hits[0].score)


def test_an_explanation_equals_the_hit(matcher: RunningMatcher):
    matcher.client.apply([Change(person(1), record(1))], 1, since=0)
    (hit,) = matcher.client.search(AMIRA, visible=SHOWN, limit=5, budget=5.0, at_least=1).hits
    assert matcher.client.explain(AMIRA, person(1), visible=SHOWN).hit == hit


def test_an_invisible_record_does_not_exist(matcher: RunningMatcher):
    matcher.client.apply([Change(person(1), record(1, visible=HIDDEN))], 1, since=0)
    assert matcher.client.search(AMIRA, visible=SHOWN, limit=5, budget=5.0, at_least=1).hits == ()
    with pytest.raises(NotFound):
        matcher.client.explain(AMIRA, person(1), visible=SHOWN)


def test_a_search_waits_for_the_position_that_it_names(matcher: RunningMatcher):
    later = threading.Timer(0.2, lambda: matcher.client.apply([put(1)], 1, since=0))
    later.start()
    assert found(matcher.client, document(1), at_least=1) == [1]
    later.join()


def test_a_position_that_is_not_reached_in_time_is_said(matcher: RunningMatcher):
    with pytest.raises(Unavailable, match="position 0 and not yet 7"):
        matcher.client.search(AMIRA, visible=SHOWN, limit=5, budget=0.1, at_least=7)


def test_changes_that_would_leave_a_gap_are_refused(matcher: RunningMatcher):
    with pytest.raises(WrongState, match="send the changes from there"):
        matcher.client.apply([put(9)], 9, since=8)


def test_without_a_matcher_the_remedy_is_told(folder: Path):
    with pytest.raises(Unavailable, match="stonebridge matcher"):
        MatcherClient(folder / "nobody.sock").status()


def test_a_second_matcher_refuses_the_same_gallery(matcher: RunningMatcher, folder: Path):
    second = launch(folder)
    assert "Another process" in second.communicate(timeout=20)[1]
    assert second.returncode == 1
    assert matcher.client.position() == 0


def test_it_ends_cleanly_and_leaves_no_socket(matcher: RunningMatcher):
    matcher.client.apply([put(1)], 1, since=0)
    assert (matcher.stop(), matcher.socket.exists()) == (0, False)


def test_its_socket_is_for_its_own_user_alone(matcher: RunningMatcher):
    assert stat.S_IMODE(matcher.socket.stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try as somebody else")
def test_another_user_is_not_answered_even_if_the_socket_lets_them_in(matcher: RunningMatcher, folder: Path):
    folder.chmod(0o711)
    matcher.socket.chmod(0o666)
    child = os.fork()
    if child == 0:
        os.setuid(65534)
        try:
            MatcherClient(matcher.socket).status()
        except Unavailable:
            os._exit(0)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_it_leaves_no_core_and_cannot_be_traced(matcher: RunningMatcher):
    limits = Path(f"/proc/{matcher.process.pid}/limits").read_text()
    (core,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert core.split()[4:6] == ["0", "0"]
    assert Path(f"/proc/{matcher.process.pid}/mem").stat().st_uid == 0  # the kernel's mark of a process not dumpable


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xff\xff\xff",
        struct.pack(">I", 3) + b"abc",
        struct.pack(">I", 2) + b"[]",
        struct.pack(">I", 2) + b"{}",
        struct.pack(">I", 100_000) + b"[" * 100_000,
        struct.pack(">I", 17) + b'{"call": "close"}',
        struct.pack(">I", 18) + b'{"call": "search"}',
        struct.pack(">I", 17) + b'{"call": "apply"}',
    ],
)
def test_nonsense_is_answered_with_an_error_and_harms_nobody(matcher: RunningMatcher, content: bytes):
    assert raw(matcher.socket, content)["error"] == "bad_input"
    assert matcher.client.position() == 0


@pytest.mark.parametrize("changed", [{"limit": 0}, {"limit": 10**9}, {"budget": 0}, {"visible": -1}, {"at_least": -1}])
def test_a_value_out_of_bounds_is_named(matcher: RunningMatcher, changed):
    with pytest.raises(BadInput, match=next(iter(changed))):
        matcher.client.search(AMIRA, **{"visible": 1, "limit": 5, "budget": 1.0, "at_least": 0} | changed)


def test_damage_is_noticed_at_the_start_and_nothing_is_found_until_the_rebuild(matcher: RunningMatcher, folder: Path):
    matcher.client.apply([put(1)], 1, since=0)
    matcher.stop()
    (journal,) = matcher.gallery.glob("journal-*")
    journal.write_bytes(journal.read_bytes()[:-1])
    again = started(folder)
    status = again.client.status()
    assert journal.name in status.damage
    assert not status.complete
    with pytest.raises(Unavailable, match="being rebuilt"):
        found(again.client, document(1))
    again.client.apply([put(1)], 0, since=0)
    again.client.finish_rebuild(1)
    assert found(again.client, document(1), at_least=1) == [1]
    again.kill()


def test_damage_while_it_runs_is_found_by_the_check(matcher: RunningMatcher):
    matcher.client.apply([put(1)], 1, since=0)
    (journal,) = matcher.gallery.glob("journal-*")
    journal.unlink()
    with pytest.raises(Tampered, match="journal"):
        matcher.client.check()


def change(position: int) -> Change:
    """The change at a position of an endless history: forty persons, each now and then removed."""
    number = position % 40
    return removed(number) if position % 7 == 0 else put(number, position)


def register_at(position: int) -> dict[int, int]:
    """Who is in the register after so many changes, and by which change they were last written."""
    last = {at % 40: at for at in range(1, position + 1)}
    return {number: at for number, at in last.items() if at % 7}


def apply_until_it_dies(client: MatcherClient, since: int, step: int) -> int:
    """Answer the last position that was acknowledged."""
    try:
        while True:
            changes = [change(at) for at in range(since + 1, since + step + 1)]
            since = client.apply(changes, since + step, since=since).position
    except Unavailable:
        return since


def held(folder: Path) -> tuple[int, dict[int, int]]:
    """Position and content of a gallery, as a search sees it."""
    gallery = opened_gallery.opened(folder)
    try:
        expected = register_at(gallery.position)
        seen = {
            number: at
            for number, at in expected.items()
            if opened_gallery.found(gallery, document(number, at)) == [number]
        }
        assert len(gallery) == len(expected)
        return gallery.position, seen
    finally:
        gallery.close()


@pytest.mark.parametrize("seed", range(30))
def test_killed_at_any_moment_it_agrees_with_the_register_afterwards(folder: Path, seed: int):
    chance = random.Random(seed)
    matcher = started(folder)
    step = chance.choice([1, 5, 60])
    killer = threading.Timer(chance.uniform(0.0, 0.4), matcher.kill)
    killer.start()
    acknowledged = apply_until_it_dies(matcher.client, 0, step)
    killer.join()
    position, seen = held(matcher.gallery)
    assert acknowledged <= position <= acknowledged + step
    assert seen == register_at(position)
