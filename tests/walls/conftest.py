"""One node's database for all attacks of a file: they are to leave it as it was."""

from collections.abc import Iterator

import pytest

from node_under_test import NodeDatabase, copied_database, set_up_django
from stonebridge.site.embedded import Server

set_up_django()


@pytest.fixture(scope="module")
def attacked(server: Server, database_template: str) -> Iterator[NodeDatabase]:
    """A migrated database that the tests of a file share."""
    with copied_database(server, database_template) as made:
        yield made
