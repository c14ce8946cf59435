"""`dauys migrate`: makes the schemas of the ledger and the portal."""

from __future__ import annotations

import click

from dauys.ledger import migration
from dauys.ledger.keys import Keys
from dauys.ledger.places import Places


@click.command()
def migrate() -> None:
    """Make or update the database's tables (ledger and portal); safe to repeat."""
    prepare_database(Places.default())
    click.echo(f"The database {Places.default().database} is ready.")


def prepare_database(places: Places) -> None:
    """Both schemas, in the one database."""
    from dauys.cli.portal_setup import setup_portal

    migration.migrate(places.database)
    if places.keys.exists():
        Keys.complete(places.keys)
    setup_portal(places)
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
