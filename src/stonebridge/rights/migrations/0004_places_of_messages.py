"""Erasing a person keeps the places of messages about them, and nothing of what they said, so that no receipt tells of it.

The function is changed where it stands, so that this step holds whatever other steps did to it.
"""

from typing import ClassVar

from django.db import migrations

_FIRST = "DELETE FROM exchange_incoming WHERE person_id = ANY (gone);"
_ERASE = f"""
DO $do$
DECLARE
    text_of text := pg_get_functiondef('erase_person(uuid)'::regprocedure);
BEGIN
    IF position('{_FIRST}' IN text_of) = 0 THEN
        RAISE EXCEPTION 'erase_person has no place for the places of messages';
    END IF;
    EXECUTE replace(text_of, '{_FIRST}',
        'INSERT INTO exchange_place (sender, message, conversation, sequence, digest)'
        ' SELECT sender, message, conversation, sequence, digest FROM exchange_incoming WHERE person_id = ANY (gone);'
        || E'\\n    ' || '{_FIRST}');
END $do$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rights", "0003_finger_pictures"), ("exchange", "0005_places")]
    operations: ClassVar = [migrations.RunSQL(_ERASE, migrations.RunSQL.noop)]
