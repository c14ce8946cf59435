"""Erasing a public text takes two administrators: the first half waits here."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0011_sealed_addresses"),
    ]

    operations = [
        migrations.CreateModel(
            name="ErasureProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("reason", models.CharField(max_length=20)),
                ("order", models.CharField(blank=True, max_length=64)),
                ("by", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="erasures", to="petitions.petition"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ("personal-data", "court-order"))),
                        name="erasureproposal_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", "court-order"), models.Q(("order", ""), _negated=True)),
                            models.Q(("reason", "personal-data"), ("order", "")),
                            _connector="OR",
                        ),
                        name="erasureproposal_order_of_a_court",
                    ),
                ],
            },
        ),
    ]
