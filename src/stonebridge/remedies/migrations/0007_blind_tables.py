"""Who may be looked up blindly by a partner of a state is judged by the database, and whatever changes it is noted.

``may_be_told`` answers what ``disclosure_is_open`` would, and no to whoever is restricted; it locks nothing, because
a table is judged anew for whoever a trigger notes.
"""

from typing import ClassVar

from django.db import migrations

_JUDGED = """
CREATE FUNCTION may_be_told(record uuid, state text) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$
DECLARE members uuid[]; neighbours uuid[]; answers text[];
BEGIN
    SELECT array_agg(i) INTO members FROM identity_of(record) AS i;
    SELECT coalesce(array_agg(n), '{}') INTO neighbours FROM yellow_neighbours(members) AS n;
    SELECT array_agg(latest_origin(m, state)) INTO answers FROM unnest(members) AS m;
    RETURN NOT is_restricted(members)
       AND NOT EXISTS (SELECT 1 FROM unnest(members || neighbours) AS m WHERE protection.open_referral(m) <> 'closed')
       AND NOT hold_stands(members || neighbours)
       AND NOT EXISTS (SELECT 1 FROM unnest(neighbours) AS n
                        WHERE NOT EXISTS (SELECT 1 FROM registry_person p WHERE p.id = n))
       AND NOT ('yes' <> ALL (answers)
                AND EXISTS (SELECT 1 FROM unnest(neighbours) AS n WHERE latest_origin(n, state) = 'yes'))
       AND ('yes' <> ALL (answers) AND 'unknown' <> ALL (answers)
            OR 'yes' = ANY (answers)
               AND NOT EXISTS (SELECT 1 FROM unnest(members || neighbours) AS m WHERE latest_claim(m) <> 'none'));
END $$;
CREATE FUNCTION note_blind_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE one uuid; row record;
BEGIN
    row := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    FOREACH one IN ARRAY CASE TG_TABLE_NAME
        WHEN 'registry_person' THEN ARRAY[(to_jsonb(row) ->> 'id')::uuid]
        WHEN 'identification_link' THEN ARRAY[(to_jsonb(row) ->> 'first_id')::uuid, (to_jsonb(row) ->> 'second_id')::uuid]
        ELSE ARRAY[(to_jsonb(row) ->> 'person_id')::uuid] END
    LOOP
        INSERT INTO identification_blindchange (person_id) VALUES (one);
    END LOOP;
    RETURN NULL;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER blind_tables_follow AFTER {on} ON {table} FOR EACH ROW EXECUTE FUNCTION note_blind_change();
"""
    for table, on in (
        ("registry_person", "DELETE"), ("registry_document", "INSERT OR DELETE"),
        ("remedies_protectionclaim", "INSERT"), ("remedies_origin", "INSERT"),
        ("safeguards_restriction", "INSERT OR UPDATE"), ("safeguards_hold", "INSERT OR UPDATE"),
        ("identification_link", "INSERT OR UPDATE"), ("protection.screening", "INSERT"),
        ("protection.referral", "INSERT OR UPDATE"),
    )
)  # fmt: skip
_ROWS = """
ALTER TABLE identification_blindtable ENABLE ROW LEVEL SECURITY;
ALTER TABLE identification_blindtable FORCE ROW LEVEL SECURITY;
CREATE POLICY purpose_opens_table ON identification_blindtable FOR ALL TO app
    USING (purpose = (SELECT current_setting('stonebridge.purpose')));
ALTER TABLE identification_blindpart ENABLE ROW LEVEL SECURITY;
ALTER TABLE identification_blindpart FORCE ROW LEVEL SECURITY;
CREATE POLICY opened_with_its_table ON identification_blindpart FOR ALL TO app
    USING (EXISTS (SELECT 1 FROM identification_blindtable t WHERE t.id = table_id
                    AND t.purpose = (SELECT current_setting('stonebridge.purpose'))));
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("remedies", "0006_corrections"), ("identification", "0007_blind_tables"), ("protection", "0002_doors"),
        ("safeguards", "0003_grounds_and_reviews"), ("registry", "0005_rows_of_safeguards"),
    ]  # fmt: skip
    operations: ClassVar = [
        migrations.RunSQL(_JUDGED, migrations.RunSQL.noop),
        migrations.RunSQL(_ROWS, migrations.RunSQL.noop),
    ]
