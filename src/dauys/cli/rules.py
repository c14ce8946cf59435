"""`dauys rules`: what holds on a day, and what of it still waits for somebody with the law in hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from dauys.rules.bodies import sources_of_bodies
from dauys.rules.pack import load_pack
from dauys.rules.reading import FOLDER


@click.command()
@click.argument("jurisdiction", default="kz")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day; today if not given.")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=FOLDER,
    help="Where your own rules stand.",
)
@click.option("--all", "everything", is_flag=True, help="Verified values, too.")
def rules(jurisdiction: str, day: datetime | None, folder: Path, everything: bool) -> None:
    """Check the rules of JURISDICTION and print the values that nobody has verified, with their sources."""
    on: date = (day or datetime.now(UTC)).date()
    pack = load_pack(jurisdiction, on, folder)
    sources = [*pack.sources, *sources_of_bodies(jurisdiction, folder)]
    shown = [source for source in sources if everything or not source.verified]
    table = Table(title=f"{pack.id}, on {on}", caption=f"{len(shown)} of {len(sources)} values")
    for heading in ("value of", "value", "source"):
        table.add_column(heading, overflow="fold")
    for source in shown:
        table.add_row(source.path, "announced" if source.value is None else str(source.value), source.source)
    Console().print(table)
    for year in (on.year, on.year + 1):
        for estimate in pack.calendar.estimated(year):
            click.echo(
                f"{estimate}: a day off by the moon, estimated; settle it in calendar.toml once it is announced."
            )
