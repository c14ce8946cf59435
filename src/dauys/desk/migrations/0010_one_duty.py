"""An official may lose one task and keep the others."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ROLES = ["moderator", "reviewer", "clerk", "head", "administrator"]


def only_ever_added(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite makes a table anew to change a constraint, and its triggers are gone with the old one."""
    if editor.connection.vendor != "sqlite":
        return
    for act in ("UPDATE", "DELETE"):
        editor.execute(
            f"CREATE TRIGGER staffchange_no_{act.lower()} BEFORE {act} ON desk_staffchange "
            "BEGIN SELECT RAISE(ABORT, 'staffchange_only_ever_added'); END"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0009_mailbox"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="staffchange", name="staffchange_known"),
        migrations.AddConstraint(
            model_name="staffchange",
            constraint=models.CheckConstraint(
                condition=models.Q(kind__in=("appointed", "dismissed"), role__in=ROLES)
                | models.Q(kind="dismissed", role=""),
                name="staffchange_known",
            ),
        ),
        migrations.RunPython(only_ever_added, migrations.RunPython.noop),
    ]
