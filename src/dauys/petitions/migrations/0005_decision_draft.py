"""The draft of a decision, until the head of the body signs it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0004_drafts"),
    ]

    operations = [
        migrations.CreateModel(
            name="DecisionDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("answer", models.CharField(max_length=20)),
                ("text", models.TextField(blank=True)),
                ("promises", models.JSONField()),
                ("by", models.PositiveIntegerField()),
                ("touched_at", models.DateTimeField()),
                (
                    "petition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="decision_draft",
                        to="petitions.petition",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ("satisfied", "partly-satisfied", "refused"))),
                        name="decisiondraft_answer_known",
                    )
                ],
            },
        ),
    ]
