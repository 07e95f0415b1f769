"""Row security of the register, and the keys by which rooms below name a person.

No purpose, no rows: ``current_setting`` without a set purpose is an error, so that a
forgotten purpose fails closed. Operators are leakproof: equality alone.
"""

from typing import ClassVar

from django.db import migrations

_PURPOSES = (
    "registration", "identification", "border_check", "protection_claim", "readmission", "return", "pathways",
    "data_protection",
)  # fmt: skip
_PERSON = f"""
ALTER TABLE registry_person ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry_person FORCE ROW LEVEL SECURITY;
CREATE POLICY purpose_opens_person ON registry_person FOR ALL TO app
    USING ((SELECT current_setting('stonebridge.purpose')) = ANY ('{{{",".join(_PURPOSES)}}}'::text[]));
CREATE POLICY restriction_closes_person ON registry_person AS RESTRICTIVE FOR ALL TO app
    USING ((SELECT current_setting('stonebridge.purpose')) = 'data_protection'
           OR NOT EXISTS (SELECT 1 FROM safeguards_restriction r
                           WHERE r.person_id = registry_person.id AND r.lifted_at IS NULL));
"""
_OF_A_PERSON = (
    "registry_identitystatement", "registry_searchkey", "registry_document", "registry_arrival", "registry_familymember",
)  # fmt: skip
_OF_A_STATEMENT = ("registry_name", "registry_nationality")


def _behind(table: str, column: str, owner: str) -> str:
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY opened_with_its_{owner.split("_")[1]} ON {table} FOR ALL TO app
    USING (EXISTS (SELECT 1 FROM {owner} o WHERE o.id = {table}.{column}));
"""


_KEYS = "".join(
    f"ALTER TABLE {table} ADD CONSTRAINT {table.replace('.', '_')}_person FOREIGN KEY (person_id) "
    "REFERENCES registry_person (id) DEFERRABLE INITIALLY DEFERRED;\n"
    for table in ("safeguards_restriction", "safeguards_hold", "safeguards_historyentry", "vault.biometric_record")
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0001_initial"), ("safeguards", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(_PERSON, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(_behind(table, "person_id", "registry_person"), migrations.RunSQL.noop)
            for table in _OF_A_PERSON
        ),
        *(
            migrations.RunSQL(_behind(table, "statement_id", "registry_identitystatement"), migrations.RunSQL.noop)
            for table in _OF_A_STATEMENT
        ),
        migrations.RunSQL(_KEYS, migrations.RunSQL.noop),
    ]
