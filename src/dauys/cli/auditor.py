"""`dauys auditor`: for those who are named to check private evidence without the operator, some of them together."""

from __future__ import annotations

from pathlib import Path

import click

from dauys.cli import vault_files
from dauys.ledger.auditors import part_of
from dauys.ledger.places import Places

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def auditor() -> None:
    """An auditor's key, and the part that it contributes to an opening."""


@auditor.command()
@click.argument("file", type=NEW_FILE)
def new(file: Path) -> None:
    """Make a key in FILE, on your own machine, and print its public half for the operator."""
    public = vault_files.new_key(file)
    click.echo(f"Keep {file} to yourself, with a copy in a safe. Your public key:", err=True)
    click.echo(public)


@auditor.command()
@click.argument("file", type=FILE)
def public(file: Path) -> None:
    """Print the public half of the key in FILE."""
    click.echo(vault_files.public_of(vault_files.read_key(file)))


@auditor.command()
@click.option("--key", required=True, type=FILE, help="Your key's file.")
@click.option("--vault", type=FOLDER, help="A copy or backup of the installation; default: DAUYS_VAR.")
@click.argument("output", type=NEW_FILE)
def part(key: Path, vault: Path | None, output: Path) -> None:
    """Write your part of an opening to OUTPUT. Alone it opens nothing; with enough others, everything."""
    with vault_files.reading(vault or Places.default().var) as connection:
        found = part_of(connection, vault_files.read_key(key))
    vault_files.write_part(output, found)
    click.echo(
        f"{len(found.shares)} shares are in {output}. Give it to the auditors you open with, and delete it afterwards."
    )
