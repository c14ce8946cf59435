"""Letters that wait to be handed over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0005_withdrawn"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("language", models.CharField(max_length=2)),
                ("sealed", models.BinaryField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("next_try", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ("kk", "ru", "en"))), name="mail_language_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("tries__lt", 10)), name="mail_given_up_is_gone"),
                ],
            },
        ),
    ]
