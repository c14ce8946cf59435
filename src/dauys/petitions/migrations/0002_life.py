"""The life of a petition: states, turns and clocks as its leaves fold to them."""

import datetime as dt

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from dauys.errors import Refusal


def refuse_older(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Petitions that were opened without a logged submission have no life to fold; such installations were only demos."""
    if apps.get_model("petitions", "Petition").objects.exists():
        raise Refusal(
            why="its petitions were made before their lives were logged. Delete the demo's folder and begin anew."
        )


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(refuse_older, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Author",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.CharField(db_index=True, max_length=64)),
                ("language", models.CharField(max_length=2)),
                ("email", models.EmailField(blank=True, max_length=254)),
            ],
        ),
        migrations.CreateModel(
            name="PetitionEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("index", models.BigIntegerField(unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("moment", models.DateTimeField()),
                ("entry", models.BinaryField()),
            ],
            options={
                "ordering": ["index"],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("reasons", models.JSONField()),
                ("explanation", models.TextField()),
                ("span", models.TextField(blank=True)),
                ("by", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="petition",
            name="petition_listed_is_published",
        ),
        migrations.RemoveConstraint(
            model_name="petitiontext",
            name="petitiontext_one_per_language",
        ),
        migrations.RemoveConstraint(
            model_name="petitiontext",
            name="petitiontext_one_signed",
        ),
        migrations.RemoveField(
            model_name="petition",
            name="listed",
        ),
        migrations.RemoveField(
            model_name="petition",
            name="published",
        ),
        migrations.AddField(
            model_name="petition",
            name="attempt",
            field=models.PositiveSmallIntegerField(default=1),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="petition",
            name="body",
            field=models.CharField(default="", max_length=60),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="petition",
            name="due",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="petition",
            name="life_json",
            field=models.BinaryField(default=b""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="petition",
            name="listed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="petition",
            name="review_due",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="petition",
            name="rules",
            field=models.CharField(default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="petition",
            name="state",
            field=models.CharField(default="", max_length=16),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="petition",
            name="submitted_at",
            field=models.DateTimeField(default=dt.datetime(2026, 1, 1, 0, 0, tzinfo=dt.UTC)),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="petition",
            name="turn",
            field=models.CharField(default="", max_length=16),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="petitiontext",
            name="attempt",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="petition",
            name="closes_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="petition",
            name="opens_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="petition",
            index=models.Index(fields=["state", "due"], name="petition_due"),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "moderation",
                            "refused",
                            "gathering",
                            "collecting",
                            "registered",
                            "working-group",
                            "hearing",
                            "decided",
                            "carried-out",
                            "lapsed",
                            "withdrawn",
                            "stopped",
                            "merged",
                            "removed",
                        ],
                    )
                ),
                name="petition_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("turn__in", ["author", "moderator", "supporters", "body", "reviewer", "clock", "nobody"])
                ),
                name="petition_turn_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(("attempt__in", (1, 2))), name="petition_attempt_once_more"
            ),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_at__isnull", False),
                    models.Q(
                        (
                            "state__in",
                            [
                                "gathering",
                                "collecting",
                                "registered",
                                "working-group",
                                "hearing",
                                "decided",
                                "carried-out",
                                "lapsed",
                                "stopped",
                                "merged",
                            ],
                        ),
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="petition_signed_is_opened",
            ),
        ),
        migrations.AddConstraint(
            model_name="petitiontext",
            constraint=models.UniqueConstraint(
                fields=("petition", "attempt", "language"), name="petitiontext_one_per_language"
            ),
        ),
        migrations.AddConstraint(
            model_name="petitiontext",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_signed", True)), fields=("petition", "attempt"), name="petitiontext_one_signed"
            ),
        ),
        migrations.AddField(
            model_name="author",
            name="petition",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="author", to="petitions.petition"
            ),
        ),
        migrations.AddField(
            model_name="petitionevent",
            name="petition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="events", to="petitions.petition"
            ),
        ),
        migrations.AddField(
            model_name="proposal",
            name="petition",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="proposal", to="petitions.petition"
            ),
        ),
        migrations.AddConstraint(
            model_name="author",
            constraint=models.CheckConstraint(
                condition=models.Q(("person", ""), _negated=True), name="author_is_a_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("refuse", "stop", "remove"))), name="proposal_kind_known"
            ),
        ),
    ]
