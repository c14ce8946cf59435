"""One notice a step."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0008_paper_sheet"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("index", models.BigIntegerField(unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("moment", models.DateTimeField()),
                ("turn", models.CharField(max_length=16)),
                ("due", models.DateField(null=True)),
                ("begun", models.BooleanField(default=False)),
                ("reached", models.BigIntegerField(default=0)),
                ("letters", models.PositiveBigIntegerField(default=0)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="petitions.petition"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("done_at__isnull", True)), fields=["id"], name="notice_waiting")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("done_at__isnull", True), ("begun", True), _connector="OR"),
                        name="notice_done_was_begun",
                    )
                ],
            },
        ),
    ]
