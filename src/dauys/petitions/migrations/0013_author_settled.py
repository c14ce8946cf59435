"""Whether the author of a draft was at their own page already."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0012_erasure_proposal"),
    ]

    operations = [
        migrations.AddField("draft", "author_settled", models.BooleanField(default=False)),
    ]
