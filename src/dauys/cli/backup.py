"""`dauys backup`: a copy of a running installation that can be restored, checked after it was written."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from dauys.ledger.backup import Manifest, back_up, check_backup
from dauys.ledger.keys import Keys
from dauys.ledger.places import Places


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--keys", "with_keys", is_flag=True, help="Copy the keys too. With them, whoever has this folder can name signers."
)
@click.option("--check", is_flag=True, help="Write nothing: read a backup again, every file and every entry.")
def backup(folder: Path, with_keys: bool, check: bool) -> None:
    """Back up the installation of DAUYS_VAR into a new FOLDER, while it runs; or --check one that is there."""
    if check:
        describe(check_backup(folder, say))
        click.echo("Sound.")
        return
    places = Places.default()
    manifest = back_up(places, Keys.load(places.keys), folder, datetime.now(UTC), with_keys=with_keys, progress=say)
    describe(manifest)
    click.echo(f"The backup in {folder} is sound.")
    if not with_keys:
        click.echo(
            f"Its keys are not in it: without {places.keys} it can be restored by nobody. Keep a copy of that folder "
            "somewhere else, under lock; it changes only when keys do."
        )
    click.echo("Delete older backups in their turn: until then they hold what people had erased here.")


def say(words: str) -> None:
    """One step of a long work, for people."""
    click.echo(f"  … {words}", err=True)


def describe(manifest: Manifest) -> None:
    """What a backup holds, in two lines."""
    size = sum(file.size for file in manifest.files.values())
    click.echo(f"Log {manifest.origin} ({manifest.mode}), {manifest.size} entries, root {manifest.root}")
    click.echo(f"Made {manifest.made}: {len(manifest.files)} files, {size / 1e6:.1f} MB")
