"""An installation made anew from a backup, in an empty place. What is public beyond it is `refill`'s.

A marker stands in the folder until everything is done: an installation that was restored by half never starts.
"""

from __future__ import annotations

from pathlib import Path

from dauys.errors import BackupBroken, KeyMalformed
from dauys.ledger import sqlite
from dauys.ledger.backup import KEYS, Manifest, Progress, check_backup, copy_tree, make_empty
from dauys.ledger.durable import sync_folder, write_durably
from dauys.ledger.keys import Keys
from dauys.ledger.opening import LOST, UNFINISHED
from dauys.ledger.places import Places
from dauys.ledger.storage import guarded


def restore(backup: Path, places: Places, keys: Path | None, progress: Progress = lambda _: None) -> Manifest:
    """Checks the backup, then copies it; `keys` is the folder of the keys where the backup holds none.

    PlaceTaken, BackupBroken, Refusal where keys are missing or are not this log's. Call `finish` when all is done.
    """
    manifest = check_backup(backup, progress)
    make_empty(places.var)
    write_durably(places.var / UNFINISHED, b"")
    with guarded():
        progress("copying")
        copy_tree(backup, places.var, (backup / name for name in manifest.files))
        if keys is not None:
            copy_tree(keys, places.keys, (path for path in sorted(keys.iterdir()) if path.is_file()))
            places.keys.chmod(0o700)
    _check_keys(places, manifest, backup)
    return manifest


def require_successor(places: Places) -> None:
    """The log itself goes on under no circumstances: a successor does, or somebody vouches that nothing was lost."""
    write_durably(places.var / LOST, b"")


def resume(places: Places) -> None:
    """Somebody vouches that everything the old server had answered was public."""
    (places.var / LOST).unlink(missing_ok=True)
    sync_folder(places.var)


def finish(places: Places) -> None:
    """Everything is back: the installation may start."""
    (places.var / UNFINISHED).unlink()
    sync_folder(places.var)


def _check_keys(places: Places, manifest: Manifest, backup: Path) -> None:
    """A key of this log, of whatever time, and a master key that opens what this database holds."""
    if not (places.keys / "log.key").exists():
        raise BackupBroken(
            folder=backup, what=f"it holds no {KEYS}, and none were given. Name their folder with --keys"
        )
    keys = Keys.load(places.keys)
    connection = sqlite.connect(places.database)
    try:
        row = connection.execute(
            "SELECT name, wrapped FROM ledger_subject JOIN ledger_subject_key ON id = subject_id LIMIT 1"
        ).fetchone()
        if keys.log.name != manifest.origin:
            raise KeyMalformed(what=f"these keys are of {keys.log.name}, the backup is of {manifest.origin}")
        if row is not None:
            keys.unwrap(row[1], row[0])
    finally:
        connection.close()
