"""What an office writes in other languages, while it waits to be confirmed or signed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0013_author_settled"),
    ]

    operations = [
        migrations.AddField("decisiondraft", "others", models.JSONField(default=dict)),
        migrations.AddField("proposal", "others", models.JSONField(default=dict)),
    ]
