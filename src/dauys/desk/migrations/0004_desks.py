"""What desks share: the record of actions, claims on what is worked on, reports of readers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0003_text_of_the_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=80)),
                ("detail", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["by", "-id"], name="action_by_official"),
                    models.Index(fields=["subject", "-id"], name="action_about"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", ""), _negated=True), models.Q(("subject", ""), _negated=True)
                        ),
                        name="action_says_what",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=80)),
                ("by", models.PositiveIntegerField()),
                ("beat_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("subject",), name="claim_one_a_subject")],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=80)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("personal-data", "It shows somebody's personal data"),
                            ("insult", "It insults or threatens somebody"),
                            ("unlawful", "It calls for something unlawful"),
                            ("duplicate", "The same petition exists already"),
                            ("false", "It says something that is not true"),
                            ("other", "Something else"),
                        ],
                        max_length=20,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("settled_by", models.PositiveIntegerField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["settled_at", "subject"], name="report_waiting")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reason__in", ["personal-data", "insult", "unlawful", "duplicate", "false", "other"])
                        ),
                        name="report_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("settled_by__isnull", True)),
                            models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="report_settled_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hour", models.PositiveIntegerField()),
                ("network", models.BinaryField(max_length=16)),
                ("count", models.PositiveSmallIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("hour", "network"), name="reportcount_once_an_hour")],
            },
        ),
        # SQLite's own guard: a row of the record is neither changed nor taken out, by whatever program.
        migrations.RunSQL(
            [
                f"CREATE TRIGGER desk_action_no_{verb} BEFORE {verb} ON desk_action "
                "BEGIN SELECT RAISE(ABORT, 'the record of actions is only added to'); END"
                for verb in ("UPDATE", "DELETE")
            ],
            [f"DROP TRIGGER desk_action_no_{verb}" for verb in ("UPDATE", "DELETE")],
        ),
    ]
