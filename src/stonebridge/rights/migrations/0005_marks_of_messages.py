"""Of an erased person's messages the mark is kept that whoever has the database alone cannot try."""

from typing import ClassVar

from django.db import migrations

_PLAIN = "(sender, message, conversation, sequence, digest) SELECT sender, message, conversation, sequence, digest"
_MARKED = _PLAIN.replace("digest", "mark")
_ERASE = f"""
DO $do$
DECLARE
    text_of text := pg_get_functiondef('erase_person(uuid)'::regprocedure);
BEGIN
    IF position('{_PLAIN}' IN text_of) = 0 THEN
        RAISE EXCEPTION 'erase_person keeps no places of messages';
    END IF;
    EXECUTE replace(text_of, '{_PLAIN}', '{_MARKED}');
END $do$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rights", "0004_places_of_messages"), ("exchange", "0007_marks")]
    operations: ClassVar = [migrations.RunSQL(_ERASE, migrations.RunSQL.noop)]
