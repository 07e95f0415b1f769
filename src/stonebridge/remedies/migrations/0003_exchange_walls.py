"""A question to a partner and a handle given to one are judged again by the database, as every disclosure is."""

from typing import ClassVar

from django.db import migrations

_JUDGED = "".join(
    f"""
CREATE TRIGGER disclosure_is_open BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION disclosure_is_open();
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
CREATE POLICY opened_with_its_person ON {table} FOR ALL TO app
    USING (EXISTS (SELECT 1 FROM registry_person p WHERE p.id = {table}.person_id));
"""
    for table in ("exchange_question", "exchange_handle")
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("remedies", "0002_walls"), ("exchange", "0001_initial")]
    operations: ClassVar = [migrations.RunSQL(_JUDGED, migrations.RunSQL.noop)]
