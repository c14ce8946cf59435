"""`dauys vault repeat`: after a restore, erases again what was erased after the backup; and where lists of erasures stand."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from dauys.ledger.erasing_again import awaited, describe, erase_again, settle
from dauys.ledger.erasure_lists import write_lists
from dauys.ledger.keys import Keys
from dauys.ledger.opening import check_command
from dauys.ledger.places import Places

erasures_option = click.option(
    "--erasures", "lists", multiple=True, metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with lists of erasures, as backups have one beside them: what they erased is erased again. May be repeated.",
)  # fmt: skip


@click.command()
@click.argument("entries", nargs=-1, type=click.IntRange(min=0), metavar="[ENTRY]...")
@erasures_option
@click.option("--by-hand", is_flag=True, help="You erased again what each ENTRY had erased, or nothing of it is here.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
def repeat(entries: tuple[int, ...], lists: tuple[Path, ...], by_hand: bool, yes: bool) -> None:
    """Erase again what was erased after the backup that was restored; say what still awaits it: exit status 1.

    Lists of erasures are looked for here, beside backups, and in --erasures. Without its list an erasure is repeated by
    `dauys vault erase` from the request or order on paper, and then confirmed: `dauys vault repeat ENTRY --by-hand`.
    """
    if by_hand is not bool(entries):
        raise click.UsageError("Confirm with ENTRY and --by-hand; or give neither.")
    places = Places.default()
    keys = Keys.load(places.keys)
    check_command(places, keys)
    if entries:
        _confirm(places, entries, yes=yes)
    else:
        for index in erase_again(places, keys, lists).done:
            click.echo(f"Erased again: what entry {index} of the log had erased.")
    tell_awaited(places)
    sys.exit(1 if awaited(places) else 0)


def _confirm(places: Places, entries: tuple[int, ...], *, yes: bool) -> None:
    waiting = awaited(places)
    for index in entries:
        if index not in waiting:
            raise click.UsageError(f"Entry {index} is no erasure that awaits to be repeated.")
        if not yes:
            click.confirm(f"Is all that entry {index} had erased erased again, or not here?", abort=True)
        settle(places, [index])


def tell_awaited(places: Places) -> None:
    """Each erasure that is to be repeated, as the log describes it."""
    waiting = awaited(places)
    if not waiting:
        return
    click.echo("\nErased before, and here again with the backup; nothing starts before it is erased again:")
    told = describe(places, waiting)
    for index in waiting:
        leaf = told.get(index)
        order = f", order {leaf.order}" if leaf and leaf.order else ""
        facts = f"{leaf.count} acts, {leaf.moment}, {leaf.reason}{order}" if leaf else "not in this log yet"
        click.echo(f"  entry {index}: {facts}")
    click.echo(
        "With their lists: script/dauys vault repeat --erasures DIR. Without: script/dauys vault erase, from the requests "
        "and orders on paper; then, for each, script/dauys vault repeat ENTRY --by-hand"
    )


def tell_lists(places: Places, keys: Keys) -> None:
    """Writes the sealed lists of erasures, and says where they stand now and where they should."""
    written, missed = write_lists(places, keys)
    click.echo(
        f"Its list, sealed, for the day an older backup is restored: {', '.join(str(folder) for folder in written)}"
    )
    for folder in missed:
        click.echo(f"No backups are at {folder} now: copy {written[0]} there when they are.", err=True)
    if not missed and len(written) == 1:
        click.echo(f"Copy {written[0]} to where backups are; script/dauys backup does so by itself.", err=True)
