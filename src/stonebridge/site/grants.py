"""What each role of the database may do, declared once and compared with what it really may.

A grant is (role, privileges, object) as the statement GRANT … ON … TO … would have
them: ``SELECT, UPDATE (column, …)`` on a table, ``EXECUTE`` on a function with its
types, ``USAGE`` on a schema. Whatever is not here is refused. ``owner`` owns and
migrates, and works for nobody.
"""

import re
from collections.abc import Iterator

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from stonebridge.safeguards.log.grants import GRANTS as LOG_GRANTS

Grant = tuple[str, str, str]
WORKING_ROLES = ("app", "vault", "protection", "log", "retention")
SCHEMAS = ("public", "vault", "protection", "log")


def _tables(role: str, privileges: str, *tables: str) -> list[Grant]:
    return [(role, privileges, table if "." in table else f"public.{table}") for table in tables]


GRANTS: tuple[Grant, ...] = (
    *(("app", "USAGE", f"SCHEMA {schema}") for schema in SCHEMAS),
    *((role, "USAGE", "SCHEMA public") for role in ("vault", "protection", "log", "retention")),
    ("vault", "USAGE", "SCHEMA vault"),
    ("protection", "USAGE", "SCHEMA protection"),
    # framework
    *_tables("app", "SELECT", "django_migrations", "django_content_type"),
    *_tables("app", "SELECT, INSERT, UPDATE, DELETE", "django_session", "cache", "mfa_authenticator"),
    *_tables("app", "SELECT, INSERT, UPDATE", "account_emailaddress", "account_emailconfirmation"),
    # accounts: nobody is deleted; a posting or mandate ends
    *_tables("app", "SELECT, INSERT, UPDATE", "accounts_officer", "accounts_notice"),
    *_tables("app", "SELECT, INSERT", "accounts_organisation", "accounts_mandate", "accounts_posting"),
    *_tables("app", "UPDATE (ends_on, ended_at)", "accounts_mandate", "accounts_posting"),
    *_tables("app", "SELECT, INSERT", "accounts_secondfactorreset"),
    *_tables("app", "UPDATE (settled_at, settled_by, done)", "accounts_secondfactorreset"),
    # safeguards: the history is append-only
    *_tables("app", "SELECT, INSERT", "safeguards_historyentry", "safeguards_restriction", "safeguards_hold"),
    *_tables("app", "SELECT, INSERT", "safeguards_emergencyaccess"),
    *_tables("app", "UPDATE (reviewed_at, reviewed_by, justified, review)", "safeguards_emergencyaccess"),
    *_tables("app", "UPDATE (lifted_at, lifted_by)", "safeguards_restriction"),
    *_tables("app", "UPDATE (assigned_at, assigned_by, belongs, reason)", "safeguards_hold"),
    # exchange: lists are signed anew, what came in is never changed, a question is settled
    *_tables(
        "app", "SELECT, INSERT", "exchange_partnerlist", "exchange_partnerproposal", "exchange_question",
        "exchange_received", "exchange_handle", "exchange_outgoing", "exchange_incoming", "exchange_place",
    ),
    *_tables("app", "UPDATE (state, tries, try_after, trouble, received_at, receipt)", "exchange_outgoing"),
    *_tables("app", "UPDATE (settled_at, settled_by, settled_reason)", "exchange_outgoing"),
    *_tables("app", "UPDATE (noted_at, noted_by, note)", "exchange_incoming"),
    *_tables("app", "UPDATE (settled_at, settled_by)", "exchange_partnerproposal"),
    *_tables("app", "UPDATE (state, answered_at, handle, tries, tried_at, trouble, ask_after)", "exchange_question"),
    *_tables("app", "SELECT, INSERT, UPDATE", "exchange_contact", "exchange_witnessed", "exchange_cosigned"),
    *_tables("app", "SELECT, INSERT", "exchange_witnessalarm"),
    *_tables("app", "UPDATE (settled_at, settled_by, reason)", "exchange_witnessalarm"),
    # registry: what was stated is never changed; UPDATE of one column lets a service lock the row
    *_tables(
        "app", "SELECT, INSERT", "registry_person", "registry_identitystatement", "registry_name", "registry_searchkey",
        "registry_nationality", "registry_document", "registry_arrival", "registry_familygroup", "registry_familymember",
    ),
    *_tables("app", "UPDATE (read_back)", "registry_person"),
    ("app", "EXECUTE", "FUNCTION public.person_of(text)"),
    ("app", "EXECUTE", "FUNCTION public.is_restricted(uuid[])"),
    ("app", "EXECUTE", "FUNCTION public.hold_stands(uuid[])"),
    *_tables("app", "SELECT, INSERT, UPDATE, DELETE", "registry_draft"),
    *_tables("app", "INSERT", "vault.biometric_record"),
    *_tables("vault", "SELECT", "vault.biometric_record"),
    # identification: judgements and links stay; a link ends, a task settles
    *_tables(
        "app", "SELECT, INSERT", "identification_gallerychange", "identification_galleryposition", "identification_search",
        "identification_candidate", "identification_task", "identification_judgement", "identification_link",
        "identification_fingerpicture",
    ),
    *_tables(
        "app", "UPDATE (state, fault, quality, minutiae, done_at, attempts, try_after)", "identification_fingerpicture"
    ),
    *_tables(
        "app", "UPDATE (state, answered_at, position, matcher_version, share_searched, attempts, try_after, trouble)",
        "identification_search",
    ),
    *_tables("retention", "SELECT, DELETE", "identification_gallerychange", "identification_galleryposition"),
    *_tables("app", "UPDATE (needed, state, outcome, settled_at)", "identification_task"),
    *_tables("app", "UPDATE (ended_at, ended_by, ended_reason)", "identification_link"),
    # blind tables are made anew and thrown away; what a partner gave is kept as long as its key
    *_tables("app", "SELECT, INSERT, DELETE", "identification_blindtable", "identification_kepttable"),
    *_tables("app", "SELECT, INSERT, UPDATE, DELETE", "identification_blindpart", "identification_keptpart"),
    *_tables("app", "UPDATE (public, ends_at, digests)", "identification_kepttable"),
    *_tables("app", "SELECT, DELETE", "identification_blindchange"),
    ("app", "EXECUTE", "FUNCTION public.may_be_told(uuid, text)"),
    ("app", "EXECUTE", "FUNCTION public.identity_of(uuid)"),
    ("app", "EXECUTE", "FUNCTION public.yellow_neighbours(uuid[])"),
    ("app", "EXECUTE", "FUNCTION public.pair_of(text)"),
    # casework: a case moves by steps, which are only added
    *_tables(
        "app", "SELECT, INSERT", "casework_case", "casework_step", "casework_work", "casework_finding",
    ),
    *_tables("app", "SELECT", "casework_guardedexit"),
    *_tables("app", "UPDATE (stage, ended_at)", "casework_case"),
    *_tables("app", "UPDATE (seconded_at, seconded_by)", "casework_work"),
    ("app", "EXECUTE", "FUNCTION public.guard_is_open(text, uuid, uuid[], date)"),
    # remedies
    *_tables("app", "SELECT, INSERT", "remedies_remedy"),
    *_tables("app", "UPDATE (ended_on, outcome, ending, ended_at, ended_by)", "remedies_remedy"),
    *_tables("app", "SELECT, INSERT", "remedies_protectionclaim", "remedies_origin", "remedies_disclosure"),
    ("app", "EXECUTE", "FUNCTION public.lock_identity(uuid)"),
    ("app", "EXECUTE", "FUNCTION public.lock_facts(uuid[])"),
    ("app", "EXECUTE", "FUNCTION public.latest_claim(uuid)"),
    ("app", "EXECUTE", "FUNCTION public.latest_origin(uuid, text)"),
    # rights: one asks, another confirms, and retention alone carries it out
    *_tables("app", "SELECT, INSERT", "rights_erasure"),
    *_tables("app", "UPDATE (confirmed_at, confirmed_by)", "rights_erasure"),
    ("app", "EXECUTE", "FUNCTION public.is_kept_from_erasure(uuid[])"),
    ("retention", "EXECUTE", "FUNCTION public.erase_person(uuid)"),
    # protection: the application adds and asks, and never reads
    ("app", "EXECUTE", "FUNCTION protection.open_referral(uuid)"),
    ("app", "EXECUTE", "FUNCTION protection.keep_screening(uuid, uuid, bytea, timestamp with time zone, text)"),
    (
        "app", "EXECUTE",
        "FUNCTION protection.refer(uuid, text, uuid, text, bytea, timestamp with time zone, text)",
    ),
    *_tables("protection", "SELECT, INSERT", "protection.screening", "protection.referral"),
    *_tables("protection", "UPDATE (closed_at, closed_by, sealed_closing)", "protection.referral"),
    # the access log and the protection log
    *LOG_GRANTS,
)  # fmt: skip


def apply(connection: BaseDatabaseWrapper) -> None:
    """Take everything from the working roles and give them what is declared, in one transaction of ``owner``."""
    roles = ", ".join(WORKING_ROLES)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for schema in SCHEMAS:
            for kind in ("TABLES", "SEQUENCES", "ROUTINES"):
                cursor.execute(f"REVOKE ALL ON ALL {kind} IN SCHEMA {schema} FROM {roles}, PUBLIC")
            cursor.execute(f"REVOKE ALL ON SCHEMA {schema} FROM {roles}, PUBLIC")
        for role, privilege, thing in sorted(_real(cursor)):
            cursor.execute(f"REVOKE {privilege} ON {thing} FROM {role}")
        for role, privileges, thing in GRANTS:
            cursor.execute(f"GRANT {privileges} ON {thing} TO {role}")
        for role, schema in sorted(
            {(role, thing.split(".")[0]) for role, asked, thing in _each() if asked == "INSERT"}
        ):
            cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}")


def differences(connection: BaseDatabaseWrapper) -> list[str]:
    """What the working roles really may, against what is declared; empty when both agree."""
    declared = set(_each())
    with connection.cursor() as cursor:
        real = _real(cursor)
    return [
        *(f"{role} lacks {privilege} on {thing}" for role, privilege, thing in sorted(declared - real)),
        *(f"{role} has {privilege} on {thing}" for role, privilege, thing in sorted(real - declared)),
    ]


_ONE_PRIVILEGE = re.compile(r"(\w+)\s*(?:\(([^)]*)\))?")


def _each() -> Iterator[Grant]:
    """The declared grants one by one, a column at a time, spelled as ``_real`` spells them."""
    for role, privileges, thing in GRANTS:
        plain = thing.replace('"', "").replace("timestamptz", "timestamp with time zone").removeprefix("TABLE ")
        for privilege, columns in _ONE_PRIVILEGE.findall(privileges):
            if not columns:
                yield role, privilege, plain
            for column in columns.split(",") if columns else ():
                yield role, f"{privilege} ({column.strip()})", plain


def _real(cursor: CursorWrapper) -> set[Grant]:
    """Every privilege that a working role, or everybody, holds in the node's schemas, as the catalogue has it."""
    cursor.execute(
        """
        SELECT coalesce(grantee.rolname, 'PUBLIC'),
               acl.privilege_type || CASE WHEN found.part IS NULL THEN '' ELSE ' (' || found.part || ')' END,
               found.thing FROM (
            SELECT relacl AS acl, nspname || '.' || relname AS thing, NULL AS part, relkind AS kind
              FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = ANY(%(schemas)s)
            UNION ALL
            SELECT attacl, nspname || '.' || relname, attname, 'c'
              FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
              JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = ANY(%(schemas)s) AND attacl IS NOT NULL
            UNION ALL
            SELECT proacl, 'FUNCTION ' || nspname || '.' || proname || '(' || oidvectortypes(proargtypes) || ')', NULL, 'f'
              FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = ANY(%(schemas)s)
            UNION ALL
            SELECT nspacl, 'SCHEMA ' || nspname, NULL, 'n' FROM pg_namespace WHERE nspname = ANY(%(schemas)s)
        ) AS found CROSS JOIN LATERAL aclexplode(found.acl) AS acl
        LEFT JOIN pg_roles grantee ON grantee.oid = acl.grantee
        WHERE (acl.grantee = 0 OR grantee.rolname = ANY(%(roles)s)) AND found.kind <> 'S'
        """,
        {"schemas": list(SCHEMAS), "roles": list(WORKING_ROLES)},
    )
    return {(role, privilege, thing) for role, privilege, thing in cursor.fetchall()}
