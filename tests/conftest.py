"""What every test can ask for. Only the folders whose tests need a database set Django up."""

import os
from collections.abc import Iterator

import pytest
from xdist.scheduler import LoadScopeScheduling

from node_under_test import ROOT, STATE, NodeDatabase, copied_database, drop_leftovers, running_server, template
from stonebridge.site.embedded import Server

for name in [name for name in os.environ if name.startswith(("STONEBRIDGE_", "DATABASE_URL"))]:
    if name not in {"STONEBRIDGE_BROWSER", "STONEBRIDGE_ATTACK_ROUNDS", "STONEBRIDGE_CASE_ROUNDS"}:
        del os.environ[name]
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "stonebridge.site.settings",
    "STONEBRIDGE_MODE": "test",
    "STONEBRIDGE_STATE": str(STATE),
    "STONEBRIDGE_NODES": str(ROOT / "nodes"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kills", type=int, default=4, help="rounds of killing processes of a node (tests/house/test_kills.py)"
    )
    parser.addoption("--kills-seed", type=int, default=1, help="of the moments and the processes")


FIRST = ("journeys", "house")
"""Folders whose tests start whole nodes: begun first, so that nobody waits for them in the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first, in an order that every process of one run makes alike."""
    items.sort(
        key=lambda item: min((FIRST.index(part) for part in item.path.parts if part in FIRST), default=len(FIRST))
    )


class WholeFiles(LoadScopeScheduling):
    """Of the processes that share the tests, one plays a whole file; one plays all journeys, which share a node."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return "tests/journeys" if file.startswith("tests/journeys/") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> WholeFiles:
    return WholeFiles(config, log)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The embedded PostgreSQL of the test run."""
    with running_server() as running:
        drop_leftovers(running)
        yield running


@pytest.fixture(scope="session")
def database_template(server: Server) -> str:
    """The name of the migrated, granted database that tests copy."""
    return template(server)


@pytest.fixture
def node_database(server: Server, database_template: str) -> Iterator[NodeDatabase]:
    """A migrated database of the test's own: real roles, real commits, dropped afterwards."""
    with copied_database(server, database_template) as made:
        yield made
