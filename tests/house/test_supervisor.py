"""The supervisor of the demo, with real processes."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stonebridge.site.supervisor import Child, Supervisor

SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")
STUBBORN = (sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); print('up'); time.sleep(60)")


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(said: list[str]) -> Iterator[Supervisor]:
    made = Supervisor(said.append)
    yield made
    made.end(patience=1)


@pytest.fixture
def child(supervisor: Supervisor, tmp_path: Path) -> Child:
    made = Child("sleeper", SLEEPER, os.environ, tmp_path / "log")
    supervisor.start(made)
    return made


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kill(child: Child) -> None:
    assert child.process is not None
    child.process.send_signal(signal.SIGKILL)
    child.process.wait()


def test_a_killed_child_is_started_again_after_its_pause(supervisor: Supervisor, child: Child):
    kill(child)
    supervisor.look()
    assert not child.is_alive()
    child.start_again_at = time.monotonic()
    supervisor.look()
    assert child.is_alive()


def test_the_pause_doubles_while_a_child_keeps_ending(supervisor: Supervisor, child: Child, said: list[str]):
    kill(child)
    supervisor.look()
    child.start_again_at = 0
    supervisor.look()
    kill(child)
    supervisor.look()
    assert said == [
        "sleeper ended (-9); starting it again in 0.5 s",
        "sleeper ended (-9); starting it again in 1 s",
    ]


def test_what_is_watched_is_started_again(supervisor: Supervisor):
    started = []
    supervisor.watch("database", lambda: bool(started), lambda: started.append(True))
    supervisor.look()
    supervisor.look()
    assert started == [True]


def test_ending_ends_every_child(supervisor: Supervisor, child: Child):
    supervisor.end()
    assert not child.is_alive()


def test_a_child_that_does_not_listen_is_killed(supervisor: Supervisor, tmp_path: Path):
    stubborn = Child("stubborn", STUBBORN, os.environ | {"PYTHONUNBUFFERED": "1"}, tmp_path / "log")
    supervisor.start(stubborn)
    wait_until(lambda: "up" in stubborn.last_words())
    supervisor.end(patience=0.2)
    assert not stubborn.is_alive()
