"""What is no JSON object does not get into the log: one such entry made every filtered reading fail."""

from typing import ClassVar

from django.db import migrations

_APPEND = """
CREATE OR REPLACE FUNCTION "{schema}"."{prefix}append"(id uuid, salt bytea, event bytea, person_tag bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF jsonb_typeof(convert_from($3, 'UTF8')::jsonb) <> 'object' THEN
    RAISE EXCEPTION 'an entry of the log is a JSON object' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  INSERT INTO "{schema}"."{prefix}entry" (id, salt, event, person_tag, commitment)
    VALUES ($1, $2, $3, $4, sha256($2 || $3));
  INSERT INTO "{schema}"."{prefix}queue" (entry_id) VALUES ($1);
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("access_log", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(_APPEND.format(schema="log", prefix=""), migrations.RunSQL.noop),
        migrations.RunSQL(_APPEND.format(schema="protection", prefix="log_"), migrations.RunSQL.noop),
    ]
