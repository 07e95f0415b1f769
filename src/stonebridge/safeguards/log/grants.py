"""What each role may do with the two logs, as (role, privilege, object).

The application inserts through functions and reads only through functions that demand a
logged access. The sequencer's role never reads an event of the protection log.
"""

_ARGUMENTS = "(uuid, bytea, bytea, bytea)"
_WRITERS = ("app", "vault", "protection", "retention")

GRANTS: tuple[tuple[str, str, str], ...] = (
    *((role, "USAGE", "SCHEMA log") for role in (*_WRITERS, "log")),
    *((role, "EXECUTE", f"FUNCTION log.append{_ARGUMENTS}") for role in _WRITERS),
    ("app", "EXECUTE", "FUNCTION log.entries_about(bytea)"),
    ("app", "EXECUTE", "FUNCTION log.entries_between(uuid, uuid, text, integer)"),
    ("app", "SELECT", "log.checkpoint"),
    ("log", "SELECT", "log.entry"),
    ("log", "SELECT, DELETE", "log.queue"),
    ("log", "SELECT, INSERT", "log.leaf"),
    ("log", "SELECT, INSERT", "log.checkpoint"),
    ("retention", "SELECT, UPDATE (salt, event, erasure_id)", "log.entry"),
    *((role, "USAGE", "SCHEMA protection") for role in ("app", "protection", "log", "retention")),
    *((role, "EXECUTE", f"FUNCTION protection.log_append{_ARGUMENTS}") for role in _WRITERS if role != "vault"),
    ("protection", "EXECUTE", "FUNCTION protection.log_entries_about(bytea)"),
    ("protection", "EXECUTE", "FUNCTION protection.log_entries_between(uuid, uuid, text, integer)"),
    ("protection", "SELECT", "protection.log_entry"),
    ("protection", "SELECT", "protection.log_queue"),
    ("protection", "SELECT", "protection.log_leaf"),
    ("protection", "SELECT", "protection.log_checkpoint"),
    ("log", "SELECT (id, person_tag, commitment)", "protection.log_entry"),
    ("log", "SELECT, DELETE", "protection.log_queue"),
    ("log", "SELECT, INSERT", "protection.log_leaf"),
    ("log", "SELECT, INSERT", "protection.log_checkpoint"),
    ("retention", "SELECT, UPDATE (salt, event, erasure_id)", "protection.log_entry"),
)
