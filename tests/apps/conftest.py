"""Each test in this folder has a node's database of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from node_under_test import NodeDatabase, set_up_django

set_up_django()


@pytest.fixture(autouse=True)
def _own_database(node_database: NodeDatabase) -> None:
    """Ask for it whether or not the test names it."""


@pytest.fixture(autouse=True)
def witness(tmp_path: Path) -> Iterator[Path]:
    """The folder of an outside witness of the access log."""
    folder = tmp_path / "witness"
    with override_settings(WITNESS_FOLDERS=[folder]):
        yield folder
