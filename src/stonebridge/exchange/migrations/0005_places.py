from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0004_corrections"),
    ]

    operations = [
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("sender", models.CharField(max_length=16)),
                ("message", models.UUIDField()),
                ("conversation", models.UUIDField()),
                ("sequence", models.IntegerField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "db_table_comment": "The place of a partner's message that concerns nobody of ours, or nobody any more",
                "constraints": [
                    models.UniqueConstraint(fields=("sender", "message"), name="a_place_is_of_one_message"),
                    models.UniqueConstraint(
                        fields=("sender", "conversation", "sequence"), name="a_place_is_taken_once"
                    ),
                ],
            },
        ),
    ]
