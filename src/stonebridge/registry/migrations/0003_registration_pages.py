"""What the registration pages ask besides: why there is no document, and in whose company somebody came.

``person_of`` tells the gate whose record a reference means even where the row is closed,
so that a refusal can say why and be logged. It answers an identifier and nothing else.
"""

from typing import ClassVar

from django.db import migrations, models

_PERSON_OF = """
CREATE POLICY a_reference_is_resolved ON registry_person FOR SELECT TO owner
    USING (current_setting('stonebridge.resolving', true) = 'yes');
CREATE FUNCTION person_of(asked text) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE found uuid;
BEGIN
    PERFORM set_config('stonebridge.resolving', 'yes', true);
    SELECT id INTO found FROM registry_person WHERE reference = asked;
    PERFORM set_config('stonebridge.resolving', 'no', true);
    RETURN found;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0002_walls")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="person",
            name="draft",
            field=models.UUIDField(
                help_text="Under which it was typed: handed in twice, it is one person", null=True, unique=True
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="no_documents",
            field=models.CharField(
                blank=True,
                choices=[
                    ("lost", "lost"),
                    ("stolen", "stolen"),
                    ("taken", "taken"),
                    ("left_behind", "left_behind"),
                    ("destroyed", "destroyed"),
                    ("never_had", "never_had"),
                    ("not_said", "not_said"),
                ],
                default="",
                help_text="Why there is no document to show, by the person's own account",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="no_documents_account",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="arrival",
            name="company",
            field=models.CharField(
                blank=True,
                choices=[("alone", "alone"), ("family", "family"), ("others", "others")],
                default="",
                help_text="In whose company, by the person's own account",
                max_length=8,
            ),
        ),
        migrations.RunSQL(_PERSON_OF, migrations.RunSQL.noop),
    ]
