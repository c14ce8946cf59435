"""Sheets of paper signatures."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0007_quota"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("pseudonyms", models.JSONField(default=list)),
                ("first", models.PositiveIntegerField()),
                ("entered_at", models.DateTimeField()),
                ("index", models.BigIntegerField(null=True)),
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sheets", to="petitions.petition"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("petition", "sha256"), name="papersheet_once_a_petition"),
                    models.CheckConstraint(
                        condition=models.Q(("index__isnull", True), ("pseudonyms", []), _connector="OR"),
                        name="papersheet_counted_is_empty",
                    ),
                ],
            },
        ),
    ]
