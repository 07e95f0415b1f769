"""A message about a person is judged when it is queued and again before each try; both tables open with their person."""

from typing import ClassVar

from django.db import migrations

_JUDGED = """
CREATE TRIGGER disclosure_is_open BEFORE INSERT OR UPDATE OF tries ON exchange_outgoing
    FOR EACH ROW WHEN (NEW.person_id IS NOT NULL) EXECUTE FUNCTION disclosure_is_open();
ALTER TABLE exchange_outgoing ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange_outgoing FORCE ROW LEVEL SECURITY;
CREATE POLICY opened_with_its_person ON exchange_outgoing FOR ALL TO app
    USING (person_id IS NULL OR EXISTS (SELECT 1 FROM registry_person p WHERE p.id = exchange_outgoing.person_id));
ALTER TABLE exchange_incoming ENABLE ROW LEVEL SECURITY;
ALTER TABLE exchange_incoming FORCE ROW LEVEL SECURITY;
CREATE POLICY opened_with_its_person ON exchange_incoming FOR ALL TO app
    USING (EXISTS (SELECT 1 FROM registry_person p WHERE p.id = exchange_incoming.person_id));
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("remedies", "0004_closed_neighbours"), ("exchange", "0002_messages")]
    operations: ClassVar = [migrations.RunSQL(_JUDGED, migrations.RunSQL.noop)]
