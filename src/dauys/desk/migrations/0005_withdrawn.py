"""Withdrawn signatures, which the ledger counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0004_desks"),
    ]

    operations = [
        migrations.CreateModel(
            name="LedgerWithdrawn",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "subject_id", "hour", "tier", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("subject_id", models.IntegerField()),
                ("hour", models.IntegerField()),
                ("tier", models.TextField()),
                ("committed", models.BigIntegerField()),
                ("published", models.BigIntegerField()),
            ],
            options={
                "db_table": "ledger_withdrawn",
                "managed": False,
            },
        ),
    ]
