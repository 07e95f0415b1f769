"""Erasing a person takes away what is known of the pictures of their fingers too.

The function is changed where it stands, so that this step holds whatever other steps did to it.
"""

from typing import ClassVar

from django.db import migrations

_FIRST = "DELETE FROM identification_candidate c"
_ERASE = f"""
CREATE POLICY erasure_runs ON identification_fingerpicture FOR ALL TO owner
    USING (current_setting('stonebridge.erasing', true) = 'yes');
DO $do$
DECLARE
    text_of text := pg_get_functiondef('erase_person(uuid)'::regprocedure);
BEGIN
    IF position('{_FIRST}' IN text_of) = 0 THEN
        RAISE EXCEPTION 'erase_person has no place for the pictures of fingers';
    END IF;
    EXECUTE replace(text_of, '{_FIRST}',
        'DELETE FROM identification_fingerpicture WHERE person_id = ANY (gone);' || E'\\n    ' || '{_FIRST}');
END $do$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rights", "0002_walls"), ("identification", "0008_finger_pictures")]
    operations: ClassVar = [migrations.RunSQL(_ERASE, migrations.RunSQL.noop)]
