"""The appeal that an author wrote last."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0005_decision_draft"),
    ]

    operations = [
        migrations.CreateModel(
            name="AppealDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("against", models.CharField(max_length=10)),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
                (
                    "petition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appeal_draft",
                        to="petitions.petition",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("against__in", ("refusal", "removal", "silence"))),
                        name="appealdraft_against_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="appealdraft_has_text"
                    ),
                ],
            },
        ),
    ]
