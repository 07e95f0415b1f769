"""What is kept back from the start never leaves, so it needs no judgement; let go, it is judged as if it were new.

A message of a partner may be about nobody, such as that another partner was revoked.
"""

from typing import ClassVar

from django.db import migrations

_JUDGED = """
DROP TRIGGER disclosure_is_open ON exchange_outgoing;
CREATE TRIGGER disclosure_is_open BEFORE INSERT OR UPDATE OF tries, state ON exchange_outgoing
    FOR EACH ROW WHEN (NEW.person_id IS NOT NULL AND NEW.state = 'waiting') EXECUTE FUNCTION disclosure_is_open();
DROP POLICY opened_with_its_person ON exchange_incoming;
CREATE POLICY opened_with_its_person ON exchange_incoming FOR ALL TO app
    USING (person_id IS NULL OR EXISTS (SELECT 1 FROM registry_person p WHERE p.id = exchange_incoming.person_id));
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("remedies", "0005_message_walls"), ("exchange", "0004_corrections")]
    operations: ClassVar = [migrations.RunSQL(_JUDGED, migrations.RunSQL.noop)]
