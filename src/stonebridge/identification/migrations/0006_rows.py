"""Row security of searches, pairs, opinions and links: names and dates stand in what explains them.

What explains a pair opens and closes with both of its persons. A search and a link hold no more
than identifiers, and what closes a record is worked out from them: a purpose of the register opens
them, restricted or not. The walk along links sees every link whatever the purpose, because an
identity that a purpose cuts short would lose what holds it; it answers identifiers alone.
``pair_of`` tells the gate whose pair a reference means even where the row is closed, so that a
refusal can say why and be logged.
"""

from typing import ClassVar

from django.db import migrations

_PURPOSES = (
    "registration", "identification", "border_check", "protection_claim", "readmission", "return", "pathways",
    "data_protection",
)  # fmt: skip
_PURPOSE = f"(SELECT current_setting('stonebridge.purpose')) = ANY ('{{{','.join(_PURPOSES)}}}'::text[])"


def _person(column: str) -> str:
    return f"EXISTS (SELECT 1 FROM registry_person p WHERE p.id = {column})"


_TABLES = "".join(
    f"""
ALTER TABLE identification_{table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE identification_{table} FORCE ROW LEVEL SECURITY;
"""
    for table in ("search", "candidate", "task", "judgement", "link")
)
_ROWS = f"""
CREATE POLICY purpose_opens_search ON identification_search FOR ALL TO app USING ({_PURPOSE});
CREATE POLICY opened_with_its_persons ON identification_candidate FOR ALL TO app
    USING ({_person("identification_candidate.person_id")}
           AND EXISTS (SELECT 1 FROM identification_search s
                        WHERE s.id = identification_candidate.search_id AND {_person("s.probe_id")}));
CREATE POLICY opened_with_its_persons ON identification_task FOR ALL TO app
    USING ({_person("identification_task.probe_id")} AND {_person("identification_task.candidate_id")});
CREATE POLICY opened_with_its_task ON identification_judgement FOR ALL TO app
    USING (EXISTS (SELECT 1 FROM identification_task t WHERE t.id = identification_judgement.task_id));
CREATE POLICY purpose_opens_link ON identification_link FOR ALL TO app
    USING ({_PURPOSE})
    WITH CHECK ({_PURPOSE} AND (task_id IS NULL OR EXISTS (
        SELECT 1 FROM identification_task t WHERE t.id = identification_link.task_id)));
"""
_WALKS = """
CREATE POLICY identities_are_walked ON identification_link FOR SELECT TO owner USING (true);
ALTER FUNCTION identity_of(uuid) SECURITY DEFINER;
ALTER FUNCTION yellow_neighbours(uuid[]) SECURITY DEFINER;
"""
_PAIR_OF = """
CREATE POLICY a_reference_is_resolved ON identification_task FOR SELECT TO owner
    USING (current_setting('stonebridge.resolving', true) = 'yes');
CREATE FUNCTION pair_of(asked text) RETURNS uuid[] LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE found uuid[];
BEGIN
    PERFORM set_config('stonebridge.resolving', 'yes', true);
    SELECT ARRAY[probe_id, candidate_id] INTO found FROM identification_task WHERE reference = asked;
    PERFORM set_config('stonebridge.resolving', 'no', true);
    RETURN found;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("identification", "0005_judges"), ("registry", "0002_walls")]
    operations: ClassVar = [
        migrations.RunSQL(_TABLES, migrations.RunSQL.noop),
        migrations.RunSQL(_ROWS, migrations.RunSQL.noop),
        migrations.RunSQL(_WALKS, migrations.RunSQL.noop),
        migrations.RunSQL(_PAIR_OF, migrations.RunSQL.noop),
    ]
