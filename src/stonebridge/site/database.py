"""The roles, database and schemas that a node needs, before anything is migrated.

``owner`` migrates and owns everything; ``app``, ``vault``, ``protection``, ``log`` and
``retention`` only work. None is superuser, none bypasses row security. What each may
touch is granted after migration. One PostgreSQL server serves one node, because roles
belong to the server.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote, urlencode, urlsplit

import psycopg
from psycopg import sql

ROLES = ("owner", "app", "vault", "protection", "log", "retention")
SCHEMAS = ("vault", "protection", "log")
NAME = "stonebridge"
_SCRAM_ROUNDS = 4096  # PostgreSQL's own default


def new_passwords() -> dict[str, str]:
    """A random password for each role."""
    return {role: secrets.token_urlsafe(24) for role in ROLES}


def scram_verifier(password: str, salt: bytes | None = None) -> str:
    """What the server keeps instead of the password (RFC 5802, RFC 7677), so that no password is sent or logged.

    ``password`` must be ASCII: the preparation of other text (SASLprep) is left out.
    """
    salt = secrets.token_bytes(16) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, _SCRAM_ROUNDS)
    stored_key = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    encoded_salt, stored, server = (base64.b64encode(part).decode() for part in (salt, stored_key, server_key))
    return f"SCRAM-SHA-256${_SCRAM_ROUNDS}:{encoded_salt}${stored}:{server}"


def url(role: str, password: str, *, host: str, port: int | None = None, database: str = NAME) -> str:
    """A connection address. ``host`` may be the folder of a Unix socket."""
    user = f"{quote(role)}:{quote(password, safe='')}"
    if host.startswith("/"):
        return f"postgresql://{user}@/{quote(database)}?{urlencode({'host': host})}"
    return f"postgresql://{user}@{host}{'' if port is None else f':{port}'}/{quote(database)}"


def password_of(address: str) -> str:
    """The password inside a connection address."""
    return unquote(urlsplit(address).password or "")


def environment(urls: Mapping[str, str]) -> dict[str, str]:
    """The environment variables that tell a process of the node these addresses."""
    return {"DATABASE_URL" if role == "app" else f"DATABASE_URL_{role.upper()}": urls[role] for role in ROLES}


def role_statements(passwords: Mapping[str, str]) -> list[sql.Composed]:
    """Statements for the administrator: each role, with login and nothing else. May be repeated."""
    made = []
    for role in ROLES:
        create = sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)).as_string(None)
        made.append(sql.SQL("DO $$ BEGIN EXECUTE {}; EXCEPTION WHEN duplicate_object THEN NULL; END $$").format(create))
        made.append(
            sql.SQL(
                "ALTER ROLE {} WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}"
            ).format(sql.Identifier(role), scram_verifier(passwords[role]))
        )
    return made


def database_statements(database: str, template: str = "") -> list[sql.Composed]:
    """Statements for the administrator: the database, which only the node's roles may enter."""
    name = sql.Identifier(database)
    source = (
        sql.SQL("TEMPLATE {}").format(sql.Identifier(template))
        if template
        else sql.SQL("TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'")
    )
    return [
        sql.SQL("CREATE DATABASE {} OWNER owner {}").format(name, source),
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.SQL(", ").join(map(sql.Identifier, ROLES))),
    ]


def schema_statements() -> list[sql.Composed]:
    """Statements for ``owner`` inside the database: the schemas, and nothing for the public."""
    return [
        sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC").format(),
        sql.SQL("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC").format(),
        *(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)) for schema in SCHEMAS),
    ]


def apply(address: str, statements: Iterable[sql.Composed]) -> None:
    """Run ``statements`` one by one, each its own transaction, as the role that ``address`` names."""
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def exists(address: str, database: str) -> bool:
    """Whether the server at ``address`` has a database of that name."""
    with psycopg.connect(address, autocommit=True) as connection:
        return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone() is not None


def names(address: str, prefix: str) -> list[str]:
    """The databases of the server whose names begin with ``prefix``."""
    with psycopg.connect(address, autocommit=True) as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        return [name for (name,) in found]


def rename(address: str, database: str, fresh: str) -> None:
    """Give ``database``, to which nobody is connected, the name ``fresh``."""
    statement = sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(database), sql.Identifier(fresh))
    apply(address, [statement])


def drop(address: str, database: str) -> None:
    """Drop ``database`` and whoever is connected to it."""
    apply(address, [sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))])
