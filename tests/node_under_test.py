"""A real PostgreSQL with the node's real roles and grants for the tests that need one.

The embedded server keeps its data in ``.state/test`` between runs. One migrated database
is the template; each test gets a copy, commits to it as the node does, and leaves nothing.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test.utils import setup_test_environment

from stonebridge.site import database
from stonebridge.site.embedded import Server
from stonebridge.site.state import make_folder

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / ".state" / "test"
_SOURCES = ROOT / "src" / "stonebridge"
READER = "reader"
"""The alias of the application's role with a purpose set: what a test looks at afterwards it reads by this."""
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class NodeDatabase:
    """The database of one test. ``urls`` is by role."""

    name: str
    urls: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """For a process of the node that a test starts."""
        return database.environment(self.urls)


class QuickHasher(PBKDF2PasswordHasher):
    """The node's way to keep a password, with one turn instead of a million: a test waits for nobody who guesses."""

    iterations = 1


def set_up_django() -> None:
    """Load the settings and the apps; for the folders of tests that import models."""
    if not apps.ready:
        settings.PASSWORD_HASHERS = [f"{__name__}.{QuickHasher.__name__}"]
        django.setup()
        setup_test_environment()


@contextmanager
def running_server() -> Iterator[Server]:
    """The server, for as long as one process of one test run needs it; the last one out stops it."""
    make_folder(STATE)
    with (STATE / "users.lock").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        server = Server(STATE)
        server.start()
        yield server
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        server.stop()


def template(server: Server) -> str:
    """The name of the migrated database to copy; made anew when a migration or a grant has changed."""
    name = f"template_{_fingerprint()}"
    with (STATE / "template.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not database.exists(server.superuser_url(), name):
            _make_template(server, name)
    return name


def _make_template(server: Server, name: str) -> None:
    from stonebridge.site.migrate import migrate

    for old in database.names(server.superuser_url(), "template_"):
        database.drop(server.superuser_url(), old)
    unfinished = f"unfinished_{name}"
    database.drop(server.superuser_url(), unfinished)
    server.create_database(unfinished)
    point_django_at(server.urls(unfinished))
    migrate()
    database.rename(server.superuser_url(), unfinished, name)


@contextmanager
def copied_database(server: Server, template_name: str) -> Iterator[NodeDatabase]:
    """A copy of the template, with every connection of Django pointing at it; dropped afterwards."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    server.create_database(name, template_name)
    urls = server.urls(name)
    point_django_at(urls)
    try:
        yield NodeDatabase(name, urls)
    finally:
        point_django_at(server.urls())
        database.drop(server.superuser_url(), name)


def point_django_at(urls: dict[str, str]) -> None:
    """Make every connection alias, in every thread, use the database of ``urls`` as its own role."""
    from django.db import connections

    from stonebridge.site.environment import database as connection_settings

    connections.close_all()
    for alias, role in settings.ROLES.items():
        connections.settings[alias].update(connection_settings(urls[role]))
    reader = connections.settings.setdefault(READER, {})
    reader.update(connections.settings["default"])
    reader["OPTIONS"] = reader["OPTIONS"] | {"options": "-c stonebridge.purpose=identification"}


def drop_leftovers(server: Server) -> None:
    """Drop the databases of test processes that were killed."""
    for name in database.names(server.superuser_url(), "test_"):
        if not Path(f"/proc/{name.split('_')[1]}").exists():
            database.drop(server.superuser_url(), name)


def _fingerprint() -> str:
    """Of everything that decides what the template holds."""
    site = _SOURCES / "site"
    sources = [*_SOURCES.glob("**/migrations/*.py"), *_SOURCES.glob("**/grants*.py"), site / "database.py",
               site / "migrate.py", site / "settings.py"]  # fmt: skip
    digest = hashlib.sha256()
    for path in sorted(sources):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
