"""Officials, their tasks, their sessions. The ledger's tables are named here too; it makes them itself."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def only_ever_added(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Changes of staff are a record: the database itself refuses to alter or delete them."""
    if editor.connection.vendor != "sqlite":
        return
    for act in ("UPDATE", "DELETE"):
        editor.execute(
            f"CREATE TRIGGER staffchange_no_{act.lower()} BEFORE {act} ON desk_staffchange "
            "BEGIN SELECT RAISE(ABORT, 'staffchange_only_ever_added'); END"
        )


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="LedgerLog",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("mode", models.TextField()),
                ("origin", models.TextField()),
                ("vkey", models.TextField()),
                ("size", models.BigIntegerField()),
                ("published_size", models.BigIntegerField()),
                ("published_checkpoint", models.TextField()),
                ("opened_at", models.BigIntegerField()),
            ],
            options={
                "db_table": "ledger_log",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="LedgerSubject",
            fields=[
                ("id", models.IntegerField(primary_key=True, serialize=False)),
                ("name", models.TextField(unique=True)),
                ("kind", models.TextField()),
                ("title", models.TextField()),
                ("language", models.TextField()),
                ("text_sha256", models.TextField()),
                ("opens_at", models.BigIntegerField()),
                ("closes_at", models.BigIntegerField()),
                ("opened_index", models.BigIntegerField(null=True)),
                ("published_signatures", models.BigIntegerField()),
            ],
            options={
                "db_table": "ledger_subject",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="LedgerTally",
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
                "db_table": "ledger_tally",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Official",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=120)),
                ("body", models.CharField(blank=True, max_length=200)),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person",), name="official_one_row_a_person"),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length("person"), 64),
                        name="official_person_is_a_digest",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="official_has_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_sha256", models.CharField(max_length=64)),
                ("person", models.CharField(db_index=True, max_length=64)),
                ("role", models.CharField(max_length=16)),
                ("name", models.CharField(max_length=120)),
                ("opened_at", models.DateTimeField()),
                ("used_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("token_sha256",), name="session_token_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["citizen", "official"])), name="session_role_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("opened_at"))), name="session_ends_after_opening"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("moderator", "Moderator"),
                            ("reviewer", "Reviewer of appeals"),
                            ("clerk", "Clerk of an agency"),
                            ("head", "Head of a body"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "official",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="duties", to="desk.official"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("official", "role"), name="duty_once_an_official"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["moderator", "reviewer", "clerk", "head", "administrator"])),
                        name="duty_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StaffChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("appointed", "Appointed"), ("dismissed", "Dismissed")], max_length=16),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("moderator", "Moderator"),
                            ("reviewer", "Reviewer of appeals"),
                            ("clerk", "Clerk of an agency"),
                            ("head", "Head of a body"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=16,
                    ),
                ),
                ("by", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "official",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="desk.official"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "appointed"),
                                ("role__in", ["moderator", "reviewer", "clerk", "head", "administrator"]),
                            ),
                            models.Q(("kind", "dismissed"), ("role", "")),
                            _connector="OR",
                        ),
                        name="staffchange_known",
                    )
                ],
            },
        ),
        migrations.RunPython(only_ever_added, migrations.RunPython.noop),
    ]
