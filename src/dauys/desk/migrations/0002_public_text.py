"""Public texts by hash."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicText",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("content", models.TextField(blank=True)),
                ("erased_for", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("erased_for", ""), ("content", ""), _connector="OR"),
                        name="publictext_erased_is_empty",
                    )
                ],
            },
        ),
    ]
