"""Commands that come before a node has settings: its database and its keys."""

import argparse
import os
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

from psycopg import sql

from stonebridge.domain.errors import BadInput
from stonebridge.site import database
from stonebridge.site.state import KEYS

NAMES = ("database", "keys")
Commands = argparse._SubParsersAction  # what add_subparsers() answers; argparse gives it no public name


def add(commands: "Commands[argparse.ArgumentParser]") -> None:
    """``database prepare`` and ``keys``."""
    group = commands.add_parser("database", help="roles, database and schemas on a PostgreSQL server of your own")
    actions = group.add_subparsers(title="actions", metavar="ACTION", required=True)
    prepare = actions.add_parser(
        "prepare",
        help="make the node's roles, database and schemas",
        description="Make the node's six roles (none superuser, none bypassing row security), its database and its "
        "schemas. With --administrator it does so and writes the addresses to --write; without, it prints "
        "the SQL for psql, in which only password verifiers stand. May be repeated: passwords are then renewed.",
    )
    prepare.add_argument("--administrator", metavar="URL", help="address of a superuser; better in the environment "
                         "variable STONEBRIDGE_ADMINISTRATOR_URL")  # fmt: skip
    prepare.add_argument("--name", default=database.NAME, help="name of the database (%(default)s)")
    prepare.add_argument("--write", type=Path, required=True, metavar="FILE",
                         help="new file (0600) for the node's DATABASE_URL variables")  # fmt: skip
    prepare.set_defaults(run=_prepare)
    keys = commands.add_parser("keys", help="make the node's secret keys",
                               description="Make every secret key of a new node and write them as environment "
                               "variables to a new file. Keep a copy apart: without them the node's biometrics "
                               "and protection records cannot be read again.")  # fmt: skip
    keys.add_argument("--write", type=Path, required=True, metavar="FILE", help="new file (0600)")
    keys.set_defaults(run=_make_keys)


def _prepare(arguments: argparse.Namespace) -> None:
    administrator = arguments.administrator or os.environ.get("STONEBRIDGE_ADMINISTRATOR_URL")
    parts = urlsplit(administrator or "postgresql://localhost")
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadInput("--administrator", parts.scheme, "Give postgresql://role:password@host:port/postgres.")
    passwords = database.new_passwords()
    host = parts.hostname or "localhost"
    urls = {
        role: database.url(role, word, host=host, port=parts.port, database=arguments.name)
        for role, word in passwords.items()
    }
    _write_new(arguments.write, database.environment(urls))
    if administrator is None:
        _print_sql(passwords, arguments.name)
        return
    database.apply(administrator, database.role_statements(passwords))
    if not database.exists(administrator, arguments.name):
        database.apply(administrator, database.database_statements(arguments.name))
    database.apply(urls["owner"], database.schema_statements())
    print(f"The database {arguments.name} is ready; its addresses are in {arguments.write}. Next: stonebridge migrate")


def _print_sql(passwords: dict[str, str], name: str) -> None:
    print("-- For psql, as a superuser. Passwords appear only as SCRAM verifiers.")
    for statement in database.role_statements(passwords) + database.database_statements(name):
        print(f"{statement.as_string(None)};")
    print(f"\\connect {sql.Identifier(name).as_string(None)}\nSET ROLE owner;")
    for statement in database.schema_statements():
        print(f"{statement.as_string(None)};")
    print("-- The addresses in the file name host and port of localhost: change them if the server is elsewhere.",
          file=sys.stderr)  # fmt: skip


def _make_keys(arguments: argparse.Namespace) -> None:
    _write_new(arguments.write, {f"STONEBRIDGE_{name.upper()}": secrets.token_hex(32) for name in KEYS})
    print(f"The keys are in {arguments.write}. Keep a copy apart from the node and from its backups.")


def _write_new(path: Path, values: dict[str, str]) -> None:
    """Write ``NAME=value`` lines, as systemd's EnvironmentFile and POSIX shells read them."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BadInput(
            "--write", str(path), "Name a file that is not there yet: secrets are never overwritten."
        ) from error
    except OSError as error:
        raise BadInput("--write", str(path), f"Name a file in a folder of yours ({error.strerror}).") from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(f"{name}='{value}'\n" for name, value in values.items())
