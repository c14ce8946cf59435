"""Petitions and their texts."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Petition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=2)),
                ("addressee_kk", models.TextField()),
                ("addressee_ru", models.TextField()),
                ("addressee_en", models.TextField()),
                (
                    "level",
                    models.CharField(
                        choices=[("republic", "Republic"), ("region", "Region"), ("district", "District")],
                        max_length=16,
                    ),
                ),
                ("topic", models.SlugField(blank=True, max_length=40)),
                ("author_shown", models.CharField(max_length=120)),
                ("threshold", models.PositiveIntegerField()),
                ("age_at_least", models.PositiveSmallIntegerField()),
                ("answer_days", models.PositiveSmallIntegerField(null=True)),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("published", models.BooleanField(default=True)),
                ("listed", models.BooleanField(default=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-opens_at", "-id"], name="petition_newest"),
                    models.Index(fields=["closes_at", "id"], name="petition_closing"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ("kk", "ru", "en"))), name="petition_language_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ["republic", "region", "district"])),
                        name="petition_level_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("threshold__gt", 0)), name="petition_threshold_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="petition_closes_after_opening",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("listed", False), ("published", True), _connector="OR"),
                        name="petition_listed_is_published",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PetitionText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=2)),
                ("title", models.CharField(max_length=300)),
                ("text", models.TextField()),
                ("is_signed", models.BooleanField(default=False)),
                ("search", models.TextField(editable=False)),
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="petitions.petition"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("petition", "language"), name="petitiontext_one_per_language"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_signed", True)), fields=("petition",), name="petitiontext_one_signed"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ("kk", "ru", "en"))), name="petitiontext_language_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="petitiontext_has_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="petitiontext_has_text"
                    ),
                ],
            },
        ),
    ]
