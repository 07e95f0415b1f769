"""A message is known again by its digest under the data-protection key; what is kept of an erased person's is that alone.

Number, conversation and order stand beside it, and what is left to guess is little: from a plain digest whoever has the
database could have tried what the message said. The walls around incoming messages hold for the owner as well, who
lowers them to mark what is kept already.
"""

from typing import ClassVar

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from stonebridge.exchange.inbox import mark_of


def mark_what_is_kept(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE oid = 'exchange_incoming'::regclass")
        is_forced = cursor.fetchone()[0]
        cursor.execute("ALTER TABLE exchange_incoming NO FORCE ROW LEVEL SECURITY")
        for table, plain in (("exchange_incoming", "digest"), ("exchange_place", "mark")):
            cursor.execute(f"SELECT id, {plain} FROM {table}")
            rows = [(mark_of(digest), id) for id, digest in cursor.fetchall()]
            cursor.executemany(f"UPDATE {table} SET mark = %s WHERE id = %s", rows)
        if is_forced:
            cursor.execute("ALTER TABLE exchange_incoming FORCE ROW LEVEL SECURITY")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("exchange", "0006_received_stays")]
    operations: ClassVar = [
        migrations.RenameField("place", "digest", "mark"),
        migrations.AlterField(
            "place", "mark", models.CharField(help_text="Its digest under the data-protection key", max_length=64)
        ),
        migrations.AddField(
            "incoming",
            "mark",
            models.CharField(default="", help_text="The digest under the data-protection key", max_length=64),
        ),
        migrations.RunPython(mark_what_is_kept, migrations.RunPython.noop),
    ]
