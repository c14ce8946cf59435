"""Who follows what by e-mail, and what became of letters by kind."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0006_mail"),
    ]

    operations = [
        migrations.CreateModel(
            name="MailCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, unique=True)),
                ("sent", models.PositiveBigIntegerField(default=0)),
                ("not_taken", models.PositiveBigIntegerField(default=0)),
                ("given_up", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=80)),
                ("language", models.CharField(max_length=2)),
                ("lookup", models.CharField(max_length=64)),
                ("sealed", models.BinaryField()),
                ("asked_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "id"], name="follower_of_subject"),
                    models.Index(fields=["lookup"], name="follower_by_address"),
                    models.Index(
                        condition=models.Q(("confirmed_at__isnull", True)),
                        fields=["asked_at"],
                        name="follower_unconfirmed",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "lookup"), name="follower_once_a_subject"),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ("kk", "ru", "en"))), name="follower_language_known"
                    ),
                ],
            },
        ),
    ]
