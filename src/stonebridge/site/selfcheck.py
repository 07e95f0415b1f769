"""Whether this node may start. Each check is a sentence that holds, or says what to change.

The checks ask the database itself, as the roles that will work in it: what the code
believes about its own safety does not count. ``serve``, ``worker`` and ``matcher`` start
only when all hold.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec

from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError, ProgrammingError

from stonebridge.domain.errors import Unavailable, UnsafeStart
from stonebridge.site.embedded import CLUSTER_NAME

# 18.6 is the release of November 2026, inferred from its pairing with the 15.20 that Debian ships.
OLDEST_SERVER = 180006
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")


@dataclass(frozen=True, slots=True)
class Check:
    """``fault`` answers what to change, and nothing when ``holds`` is true."""

    holds: str
    fault: Callable[[], str]
    production_only: bool = False


def results() -> Iterator[tuple[str, str]]:
    """Each check that applies in this mode, with what to change or an empty text.

    Raises:
        Unavailable: the database does not answer.
    """
    for check in CHECKS:
        if settings.MODE == "production" or not check.production_only:
            try:
                yield check.holds, check.fault()
            except (OperationalError, ProgrammingError) as error:
                raise Unavailable("the database", f"Start it, and check its addresses: {error}".strip()) from error


def require() -> None:
    """Return only when this node may start.

    Raises:
        UnsafeStart: with everything that must change.
    """
    faults = [fault for _, fault in results() if fault]
    if faults:
        raise UnsafeStart(faults)


def rows(query: str, alias: str = "default") -> list[tuple[object, ...]]:
    """What the database answers to ``query`` asked by the role of ``alias``."""
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        found: list[tuple[object, ...]] = cursor.fetchall()
        return found


def _named(found: list[tuple[object, ...]]) -> str:
    return ", ".join(".".join(map(str, row)) for row in found)


def mode_is_named() -> str:
    if "STONEBRIDGE_MODE" in os.environ:
        return ""
    return "Set STONEBRIDGE_MODE to production, demo or test: a node never guesses what it is."


def each_connection_has_its_role() -> str:
    wrong = [
        f"{alias} signs in as {who}, not as {role}"
        for alias, role in settings.ROLES.items()
        for ((who,),) in [rows("SELECT current_user", alias)]
        if who != role
    ]
    return f"Correct the addresses of the database: {'; '.join(wrong)}." if wrong else ""


def roles_have_no_special_powers() -> str:
    found = rows(
        """SELECT rolname FROM pg_roles WHERE rolname IN ('owner', 'app', 'vault', 'protection', 'log', 'retention')
           AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication) ORDER BY 1"""
    )
    return f"Take the special powers from {_named(found)}: run stonebridge database prepare again." if found else ""


def roles_are_no_members() -> str:
    found = rows(
        """SELECT member.rolname, granted.rolname FROM pg_auth_members
           JOIN pg_roles member ON member.oid = pg_auth_members.member
           JOIN pg_roles granted ON granted.oid = roleid
           WHERE member.rolname IN ('owner', 'app', 'vault', 'protection', 'log', 'retention') ORDER BY 1, 2"""
    )
    return f"Revoke the membership of a role in another (member.role): {_named(found)}." if found else ""


def working_roles_own_nothing() -> str:
    found = rows(
        """SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
           JOIN pg_roles ON pg_roles.oid = relowner
           WHERE rolname IN ('app', 'vault', 'protection', 'log', 'retention') ORDER BY 1, 2"""
    )
    return f"Give these to the role owner (ALTER ... OWNER TO owner): {_named(found)}." if found else ""


def server_keeps_what_it_acknowledges() -> str:
    found = rows(f"SELECT name FROM pg_settings WHERE name IN {_DURABLE} AND setting <> 'on' ORDER BY 1")  # noqa: S608 a constant
    return f"Set to on in the configuration of PostgreSQL: {_named(found)}." if found else ""


def passwords_are_asked() -> str:
    open_doors = [role for alias, role in settings.ROLES.items() if rows("SELECT system_user", alias) == [(None,)]]
    if not open_doors:
        return ""
    return f"Replace trust by scram-sha-256 in pg_hba.conf: the server let in without proof {', '.join(open_doors)}."


def server_is_not_the_embedded_one() -> str:
    if rows("SELECT current_setting('cluster_name')") != [(CLUSTER_NAME,)]:
        return ""
    return "Name a PostgreSQL server of your own in DATABASE_URL: the embedded one is for trials, demo and tests."


def server_is_recent() -> str:
    ((number,),) = rows("SELECT current_setting('server_version_num')::int")
    if isinstance(number, int) and number >= OLDEST_SERVER:
        return ""
    return f"Update PostgreSQL to {OLDEST_SERVER // 10000}.{OLDEST_SERVER % 10000} or later: this is {number}."


def protected_rows_are_forced() -> str:
    found = rows(
        """SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
           WHERE relrowsecurity AND NOT relforcerowsecurity ORDER BY 1, 2"""
    )
    return f"ALTER TABLE ... FORCE ROW LEVEL SECURITY: {_named(found)}." if found else ""


def policies_use_leakproof_operators() -> str:
    found = rows(
        r"""SELECT DISTINCT relname, polname, oprname FROM pg_policy
            JOIN pg_class ON pg_class.oid = polrelid
            CROSS JOIN regexp_matches(coalesce(polqual::text, '') || coalesce(polwithcheck::text, ''),
                                      ':opno (\d+)', 'g') AS used
            JOIN pg_operator ON pg_operator.oid = used[1]::oid
            JOIN pg_proc ON pg_proc.oid = oprcode
            WHERE NOT proleakproof ORDER BY 1, 2, 3"""
    )
    return f"Write these policies with leakproof operators (table.policy.operator): {_named(found)}." if found else ""


def database_has_this_versions_shape() -> str:
    executor = MigrationExecutor(connections["owner"])
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"Run stonebridge migrate: {len(missing)} migrations are not applied." if missing else ""


def rights_are_as_declared() -> str:
    if not find_spec("stonebridge.site.grants"):
        return ""
    from stonebridge.site import grants

    found = grants.differences(connections["owner"])
    return f"Run stonebridge migrate, which grants anew. What differs: {'; '.join(found)}." if found else ""


def secrets_are_private() -> str:
    found = [path.name for path in settings.STATE.glob("secrets.json") if path.stat().st_mode & 0o077]
    return f"chmod 600 in {settings.STATE}: {', '.join(found)}." if found else ""


def keys_are_not_the_published_ones() -> str:
    if settings.MODE == "test" or len(set(settings.VAULT_KEY)) > 1:
        return ""
    return "Make keys of your own (stonebridge keys --write FILE): the present ones stand in the source."


CHECKS = (
    Check("The mode of this node is named", mode_is_named),
    Check("Keys are its own", keys_are_not_the_published_ones),
    Check("Secrets can be read by its user alone", secrets_are_private),
    Check("Each connection signs in as its role", each_connection_has_its_role),
    Check("No role is superuser or passes row security", roles_have_no_special_powers),
    Check("No role is a member of another", roles_are_no_members),
    Check("The working roles own nothing", working_roles_own_nothing),
    Check("The server keeps what it acknowledges", server_keeps_what_it_acknowledges),
    Check("The server asks for proof of who signs in", passwords_are_asked, production_only=True),
    Check("The server is not the embedded one", server_is_not_the_embedded_one, production_only=True),
    Check("The server is recent", server_is_recent, production_only=True),
    Check("The database has the shape of this version", database_has_this_versions_shape),
    Check("Rights are as declared", rights_are_as_declared),
    Check("Row security binds the owner too", protected_rows_are_forced),
    Check("Row security uses leakproof operators", policies_use_leakproof_operators),
)
