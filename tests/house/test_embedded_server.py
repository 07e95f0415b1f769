"""The embedded server, started for real in a state of its own."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from stonebridge.site.embedded import Server


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("state") / ("deep" * 20) / ("deeper" * 20))
    made.start()
    yield made
    made.remove()


@pytest.fixture
def running(own_server: Server) -> Server:
    own_server.start()
    return own_server


def test_no_role_of_the_node_is_superuser_or_passes_row_security(running: Server):
    with psycopg.connect(running.urls()["app"]) as connection:
        powers = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb"
        ).fetchall()
    assert powers == [("postgres",)]


@pytest.mark.parametrize("role", ["owner", "app", "vault", "protection", "log", "retention"])
def test_each_role_signs_in_as_itself(running: Server, role: str):
    with psycopg.connect(running.urls()[role]) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (role,)


def test_a_wrong_password_is_refused(running: Server):
    address = running.urls()["app"].replace("app:", "app:wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address)


def test_the_server_listens_on_no_network_and_checks_its_pages(running: Server):
    with psycopg.connect(running.urls()["app"]) as connection:
        settings = dict(
            connection.execute(
                "SELECT name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'data_checksums', 'fsync')"
            ).fetchall()
        )
    assert settings == {"listen_addresses": "", "data_checksums": "on", "fsync": "on"}


def test_only_the_owner_may_create_in_the_public_schema(running: Server):
    with psycopg.connect(running.urls()["app"]) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE public.mine (id int)")


def test_secrets_are_readable_by_their_user_alone(running: Server):
    assert [(running.state / name).stat().st_mode & 0o077 for name in ("secrets.json", "superuser")] == [0, 0]


def test_the_path_of_the_socket_fits_into_the_kernels_limit(running: Server):
    with psycopg.connect(running.urls()["app"]) as connection:
        assert len(os.path.join(connection.info.host, ".s.PGSQL.5432")) <= 100


def test_what_was_committed_survives_the_killing_of_the_server(running: Server):
    with psycopg.connect(running.urls()["owner"]) as connection:
        connection.execute("CREATE TABLE public.kept (id int)")
        connection.execute("INSERT INTO public.kept VALUES (7)")
    os.kill(int((running.home / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    running.start()
    with psycopg.connect(running.urls()["owner"]) as connection:
        assert connection.execute("SELECT id FROM public.kept").fetchall() == [(7,)]


def test_a_stale_number_of_another_process_does_not_stop_the_start(running: Server):
    running.stop()
    (running.home / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{running.home / 'data'}\n")
    running.start()
    assert running.is_running()


def test_starting_twice_starts_once(running: Server):
    before = (running.home / "data" / "postmaster.pid").read_text()
    Server(Path(running.state)).start()
    assert (running.home / "data" / "postmaster.pid").read_text() == before
