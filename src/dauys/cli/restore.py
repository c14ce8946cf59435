"""`dauys restore`: an installation anew from a backup, with what the public log knows beyond it; and what is gone."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from dauys.cli.backup import describe, say
from dauys.cli.migrate import prepare_database
from dauys.cli.refill import Refilled, refill_installation, tell_gone
from dauys.cli.sources import open_source
from dauys.cli.vault_repeat import erasures_option, tell_awaited
from dauys.errors import FileRejected, NotFound, PublicUnknown, RefillImpossible, Unreachable
from dauys.ledger import key_document, sqlite
from dauys.ledger.backup import KEYS
from dauys.ledger.erasure_lists import remember
from dauys.ledger.keys import Keys
from dauys.ledger.log_keys import require_newest
from dauys.ledger.places import Places
from dauys.ledger.restore import finish, require_successor  # fmt: skip
from dauys.ledger.restore import restore as restore_files
from dauys.ledger.succession import link_past
from dauys.translog.keyring import Keyring

SUCCESSOR = """
Next: open a successor log, since receipts are given before they are public and those of the last minute may be lost:

    script/dauys log succeed ORIGIN        # a new name, as log.example.kz/2026b

Until then nothing starts. Only if the old server was stopped in order (not killed, not cut off), so that everything it
answered was public: script/dauys log resume
"""
READY = "\nNext: script/dauys serve, and then, from another machine: script/dauys audit ADDRESS"


@click.command()
@click.argument("folder", metavar="BACKUP", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--keys",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder of the keys, where the backup holds none.",
)
@click.option(
    "--log",
    "sources",
    multiple=True,
    metavar="URL|DIR",
    help="The published log, or a mirror of it. Name all you can reach.",
)
@click.option(
    "--nothing-newer",
    is_flag=True,
    help="The server was stopped before this backup was made: nothing was answered since.",
)
@erasures_option
def restore(
    folder: Path, keys: Path | None, sources: tuple[str, ...], nothing_newer: bool, lists: tuple[Path, ...]
) -> None:
    """Restore BACKUP into the empty folder DAUYS_VAR, and bring back what was published after it."""
    if bool(sources) is nothing_newer:
        raise PublicUnknown
    places = Places.default()
    describe(restore_files(folder, places, keys, say, lambda known: _compare(known, keys or folder / KEYS, sources)))
    remember(places, folder.absolute().parent)  # lists of erasures are beside backups
    say("bringing the tables up to date")
    prepare_database(places)
    refilled = Refilled()
    try:
        refilled = refill_installation(places, Keys.load(places.keys), sources, datetime.now(UTC), lists)
    except RefillImpossible:
        require_successor(
            places
        )  # what is public stands beside the database now, and start-up refuses until it is settled
        finish(places)
        raise
    with closing(sqlite.connect(places.database)) as connection:
        link_past(places, connection)
    if not nothing_newer:
        require_successor(places)
    finish(places)
    click.echo(f"\nRestored into {places.var}.")
    tell_gone(refilled)
    tell_awaited(places)
    click.echo(READY if nothing_newer else SUCCESSOR)


def _compare(known: Keyring, keys: Path, sources: tuple[str, ...]) -> None:
    """KeysOutdated, NoteInvalid: what is public was signed by none of the keys that are here; before anything is written."""
    for place in sources:
        with open_source(place) as source:
            note = source.read("checkpoint").decode(errors="replace")
            try:
                changes = key_document.read_document(source.read(key_document.KEYS))
            except (FileRejected, NotFound, Unreachable):  # they never changed
                changes = Keyring(())
            require_newest(changes, keys)
            known.open(note, Keys.load(keys).log.name)
