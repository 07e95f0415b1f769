"""Each test in this folder has a node's database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from node_under_test import NodeDatabase, set_up_django

set_up_django()

from identification_bench import MatcherHere  # noqa: E402 - after Django is set up
from people import actor  # noqa: E402
from stonebridge.domain.actor import Actor, Role  # noqa: E402
from stonebridge.identification import sampling  # noqa: E402


@pytest.fixture(autouse=True)
def _own_database(node_database: NodeDatabase) -> None:
    """Ask for it whether or not the test names it."""


@pytest.fixture(autouse=True)
def witness(tmp_path: Path) -> Iterator[Path]:
    """The folder of an outside witness of the access log. No matcher listens, not even that of a node of other tests."""
    folder = tmp_path / "witness"
    with override_settings(WITNESS_FOLDERS=[folder], MATCHER_SOCKET=Path("/nowhere/matcher.sock")):
        yield folder


@pytest.fixture
def own_state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the session of a terminal is kept for this test alone."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


@pytest.fixture
def matcher(tmp_path: Path) -> MatcherHere:
    """The node's matcher, in this process."""
    return MatcherHere(tmp_path / "gallery")


@pytest.fixture
def clerk() -> Actor:
    """Who registers."""
    return actor(Role.REGISTRATION_CLERK)


@pytest.fixture
def jana() -> Actor:
    """An examiner."""
    return actor(Role.EXAMINER, "Jana Ilieva")


@pytest.fixture
def petar() -> Actor:
    """Another examiner."""
    return actor(Role.EXAMINER, "Petar Kostov")


@pytest.fixture
def vera() -> Actor:
    """A supervisor."""
    return actor(Role.SUPERVISOR, "Vera Stojan")


@pytest.fixture
def nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """No second looks and no planted pairs unless a test asks for them."""
    monkeypatch.setattr(sampling, "SECOND_LOOK_SHARE", 0.0)
    monkeypatch.setattr(sampling, "PLANTED_SHARE", 0.0)
