"""A citizen's number, sealed under the session's token."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0007_followers"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="sealed",
            field=models.BinaryField(null=True),
        ),
    ]
