"""Each test in this folder has a node's database of its own."""

import pytest

from node_under_test import NodeDatabase, set_up_django

set_up_django()


@pytest.fixture(autouse=True)
def _own_database(node_database: NodeDatabase) -> None:
    """Ask for it whether or not the test names it."""
