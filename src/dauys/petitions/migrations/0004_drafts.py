"""Drafts, files beside a text, and the beginnings of words that similar titles are found by."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from dauys.petitions.similar import prefixes


def find_prefixes(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Of the titles that are there already."""
    found = apps.get_model("petitions", "TitlePrefix")
    for version in apps.get_model("petitions", "PetitionText").objects.only("title").iterator():
        found.objects.bulk_create(found(version=version, prefix=prefix) for prefix in prefixes(version.title))


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0003_text_public"),
    ]

    operations = [
        migrations.AddField(
            model_name="petition",
            name="co_authors",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret_sha256", models.CharField(max_length=64)),
                ("language", models.CharField(max_length=2)),
                ("body", models.CharField(blank=True, max_length=60)),
                ("topic", models.SlugField(blank=True, max_length=40)),
                (
                    "shown_as",
                    models.CharField(
                        choices=[("name", "Name"), ("initials", "Initials"), ("chosen", "Chosen")],
                        default="name",
                        max_length=10,
                    ),
                ),
                ("chosen_name", models.CharField(blank=True, max_length=60)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("begun_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField(db_index=True)),
                (
                    "mends",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mending",
                        to="petitions.petition",
                    ),
                ),
                (
                    "petition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="petitions.petition",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CoAuthor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("agreed_at", models.DateTimeField()),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="co_authors", to="petitions.draft"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DraftFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("media_type", models.CharField(max_length=20)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="petitions.draft"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DraftText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=2)),
                ("title", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="petitions.draft"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PetitionFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("media_type", models.CharField(max_length=20)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                ("attempt", models.PositiveSmallIntegerField()),
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="petitions.petition"
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TitlePrefix",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("prefix", models.CharField(max_length=4)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="prefixes",
                        to="petitions.petitiontext",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(fields=("secret_sha256",), name="draft_secret_unique"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ("kk", "ru", "en"))), name="draft_language_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(("shown_as__in", ["name", "initials", "chosen"])), name="draft_shown_as_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(("touched_at__gte", models.F("begun_at"))), name="draft_touched_after_begun"
            ),
        ),
        migrations.AddConstraint(
            model_name="coauthor",
            constraint=models.UniqueConstraint(fields=("draft", "name"), name="coauthor_agrees_once"),
        ),
        migrations.AddConstraint(
            model_name="coauthor",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="coauthor_has_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="draftfile",
            constraint=models.UniqueConstraint(fields=("draft", "sha256"), name="draftfile_once"),
        ),
        migrations.AddConstraint(
            model_name="draftfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="draftfile_has_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="drafttext",
            constraint=models.UniqueConstraint(fields=("draft", "language"), name="drafttext_one_per_language"),
        ),
        migrations.AddConstraint(
            model_name="drafttext",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__in", ("kk", "ru", "en"))), name="drafttext_language_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="petitionfile",
            constraint=models.UniqueConstraint(fields=("petition", "attempt", "sha256"), name="petitionfile_once"),
        ),
        migrations.AddConstraint(
            model_name="petitionfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="petitionfile_has_name"
            ),
        ),
        migrations.AddIndex(
            model_name="titleprefix",
            index=models.Index(fields=["prefix", "version"], name="titleprefix_by_prefix"),
        ),
        migrations.RunPython(find_prefixes, migrations.RunPython.noop),
    ]
