"""Authors' addresses are sealed, in their rows and in drafts; authors may ask for essential letters alone."""

from typing import Any

from django.conf import settings
from django.db import migrations, models

import dauys.desk.sealed_text
from dauys.ledger.keys import Keys
from dauys.ledger.places import Places


def seal(apps: Any, schema_editor: object) -> None:
    """Those that are there already; a draft that was handed in needs none."""
    del schema_editor
    authors = list(apps.get_model("petitions", "Author").objects.exclude(email=""))
    drafts = list(apps.get_model("petitions", "Draft").objects.exclude(plain=""))
    keys = Keys.load(Places(settings.DAUYS_VAR).keys) if authors or drafts else None
    for author in authors:
        author.sealed = keys.wrap(author.email.encode(), f"author/{author.petition_id}")
        author.save()
    for draft in drafts:
        draft.email = "" if draft.petition_id else draft.plain
        draft.save()


class Migration(migrations.Migration):
    dependencies = [
        ("petitions", "0010_reminder"),
    ]

    operations = [
        migrations.AddField("author", "sealed", models.BinaryField(default=b"")),
        migrations.AddField("author", "only_essential", models.BooleanField(default=False)),
        migrations.RenameField("draft", "email", "plain"),
        migrations.AddField("draft", "email", dauys.desk.sealed_text.SealedText(default=b"")),
        migrations.RunPython(seal),
        migrations.RemoveField("author", "email"),
        migrations.RemoveField("draft", "plain"),
    ]
