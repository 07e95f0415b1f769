"""Each test in this folder has a node's database of its own."""

import pytest

from node_under_test import NodeDatabase, set_up_django

set_up_django()

from people import actor, amira  # noqa: E402 - after Django is set up
from stonebridge.domain.actor import Role  # noqa: E402
from stonebridge.registry.models import Person  # noqa: E402


@pytest.fixture(autouse=True)
def _own_database(node_database: NodeDatabase) -> None:
    """Ask for it whether or not the test names it."""


@pytest.fixture
def person() -> Person:
    """Amira, registered."""
    return amira(actor(Role.REGISTRATION_CLERK))
