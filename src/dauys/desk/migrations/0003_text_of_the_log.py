"""Public texts belong to the log, which publishes them: the ledger's table holds them now."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0002_public_text"),
    ]

    operations = [
        migrations.RunSQL(
            "INSERT OR IGNORE INTO ledger_text (sha256, content, erased_for) "
            "SELECT sha256, content, erased_for FROM desk_publictext",
            migrations.RunSQL.noop,
        ),
        migrations.DeleteModel(name="PublicText"),
        migrations.CreateModel(
            name="PublicText",
            fields=[
                ("sha256", models.TextField(primary_key=True, serialize=False)),
                ("content", models.TextField()),
                ("erased_for", models.TextField(default="")),
                ("published", models.BooleanField(default=False)),
            ],
            options={"db_table": "ledger_text", "managed": False},
        ),
    ]
