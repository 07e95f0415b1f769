import datetime

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("safeguards", "0001_initial"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="emergencyaccess",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ends_at__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("declared_at"), "+", models.Value(datetime.timedelta(seconds=1800))
                        ),
                    )
                ),
                name="emergency_is_short",
            ),
        ),
    ]
