"""Bringing a node's database to the shape that this version expects.

Tables are made by ``owner``; what the other roles may do with them is then granted
anew as declared, so that a right that is no longer declared is gone.
"""

from importlib.util import find_spec

from django.core.management import call_command
from django.db import connections

from stonebridge.casework import declared

OWNER = "owner"  # the alias, and the role


def migrate(verbosity: int = 0) -> None:
    """Migrate as ``owner``, make the cache's table, and apply the declared grants."""
    call_command("migrate", database=OWNER, interactive=False, verbosity=verbosity)
    call_command("createcachetable", database=OWNER, verbosity=verbosity)
    declared.write_exits(OWNER)
    if find_spec("stonebridge.site.grants"):
        from stonebridge.site import grants

        grants.apply(connections[OWNER])
    connections[OWNER].close()
