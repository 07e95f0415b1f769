from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("registry", "0003_registration_pages")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="draft",
            name="sealed_captures",
            field=models.BinaryField(default=b"", help_text="Portrait and fingerprints; apart, for they are large"),
        ),
    ]
