"""Row security of restrictions, holds and the history: their reasons and details are a person's data too.

A history entry opens and closes with its person; one about nobody on record is open to any purpose
that is set. What the gate must see whatever the purpose, because a restriction or a hold that is
hidden would open what it closes, it asks of two functions that answer yes or no and nothing else.
"""

from typing import ClassVar

from django.db import migrations

_PURPOSES = (
    "registration", "identification", "border_check", "protection_claim", "readmission", "return", "pathways",
    "data_protection",
)  # fmt: skip
_PURPOSE = f"(SELECT current_setting('stonebridge.purpose')) = ANY ('{{{','.join(_PURPOSES)}}}'::text[])"
_TABLES = "".join(
    f"""
ALTER TABLE safeguards_{table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE safeguards_{table} FORCE ROW LEVEL SECURITY;
"""
    for table in ("restriction", "hold", "historyentry")
)
_ROWS = f"""
CREATE POLICY purpose_opens_restriction ON safeguards_restriction FOR ALL TO app USING ({_PURPOSE});
CREATE POLICY purpose_opens_hold ON safeguards_hold FOR ALL TO app USING ({_PURPOSE});
CREATE POLICY opened_with_its_person ON safeguards_historyentry FOR ALL TO app
    USING ((SELECT current_setting('stonebridge.purpose')) <> '' AND (person_id IS NULL OR EXISTS (
        SELECT 1 FROM registry_person p WHERE p.id = safeguards_historyentry.person_id)));
"""
_ANSWERS = """
CREATE POLICY the_gate_is_answered ON safeguards_restriction FOR SELECT TO owner USING (true);
CREATE POLICY the_gate_is_answered ON safeguards_hold FOR SELECT TO owner USING (true);
CREATE FUNCTION is_restricted(records uuid[]) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM safeguards_restriction r WHERE r.person_id = ANY (records) AND r.lifted_at IS NULL)
$$;
CREATE FUNCTION hold_stands(records uuid[]) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM safeguards_hold h
                    WHERE h.person_id = ANY (records) AND (h.assigned_at IS NULL OR h.belongs))
$$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0004_captures_of_a_draft"), ("safeguards", "0003_grounds_and_reviews")]
    operations: ClassVar = [
        migrations.RunSQL(_TABLES, migrations.RunSQL.noop),
        migrations.RunSQL(_ROWS, migrations.RunSQL.noop),
        migrations.RunSQL(_ANSWERS, migrations.RunSQL.noop),
    ]
