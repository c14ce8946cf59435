"""Whether a petition's text is shown, as a column that lists can ask for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0002_life"),
    ]

    operations = [
        migrations.AddField("petition", "text_public", models.BooleanField(default=False)),
        migrations.RunSQL(
            "UPDATE petitions_petition SET text_public = 1 WHERE opens_at IS NOT NULL AND state <> 'removed'",
            migrations.RunSQL.noop,
        ),
    ]
