"""Officials are reminded once of a last day."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0009_notice"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due", models.DateField()),
                (
                    "petition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="petitions.petition"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("petition", "due"), name="reminder_once_a_last_day")],
            },
        ),
    ]
