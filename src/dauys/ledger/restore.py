"""An installation made anew from a backup, in an empty place. What is public beyond it is `refill`'s.

A marker stands in the folder until everything is done: an installation that was restored by half never starts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from dauys.errors import BackupBroken, DatabaseRefused, KeyMalformed
from dauys.ledger.backup import KEYS, Manifest, Progress, check_backup, copy_tree, make_empty, open_copy
from dauys.ledger.durable import sync_folder, write_durably
from dauys.ledger.keys import Keys
from dauys.ledger.log_keys import read_keyring, require_newest
from dauys.ledger.opening import LOST, UNFINISHED
from dauys.ledger.places import Places
from dauys.ledger.storage import guarded
from dauys.translog.keyring import DatedKey, Keyring
from dauys.translog.note import Verifier


def restore(
    backup: Path,
    places: Places,
    keys: Path | None,
    progress: Progress = lambda _: None,
    compare: Callable[[Keyring], None] = lambda _: None,
) -> Manifest:
    """Checks backup and keys, then copies them; `keys` is the folder of the keys, else the backup's own.

    `compare` is given every key that is known, before anything is written. PlaceTaken, BackupBroken, KeysOutdated, Refusal
    where keys are missing or are not this log's. Call `finish` when all is done.
    """
    manifest = check_backup(backup, progress)
    compare(_check_keys(keys or backup / KEYS, manifest, backup, backup / places.database.name))
    make_empty(places.var)
    write_durably(places.var / UNFINISHED, b"")
    with guarded():
        progress("copying")
        copy_tree(backup, places.var, (backup / name for name in manifest.files if _is_taken(name, keys)))
        if keys is not None:
            copy_tree(keys, places.keys, (path for path in sorted(keys.iterdir()) if path.is_file()))
            places.keys.chmod(0o700)
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


def _is_taken(name: str, keys: Path | None) -> bool:
    """Everything, but of two copies of the keys the one that was given."""
    return keys is None or not name.startswith(f"{KEYS}/")


def _check_keys(folder: Path, manifest: Manifest, backup: Path, database: Path) -> Keyring:
    """The newest key of this log or a later one, and a master key that opens what this database holds; all log keys known."""
    if not (folder / "log.key").exists():
        raise BackupBroken(
            folder=backup, what=f"it holds no {KEYS}, and none were given. Name their folder with --keys"
        )
    keys = Keys.load(folder)
    with closing(open_copy(database)) as connection:
        ring = _ring(connection, manifest)
        require_newest(ring, folder)
        if keys.log.name != manifest.origin:
            raise KeyMalformed(what=f"these keys are of {keys.log.name}, the backup is of {manifest.origin}")
        row = connection.execute(
            "SELECT name, wrapped FROM ledger_subject JOIN ledger_subject_key ON id = subject_id LIMIT 1"
        ).fetchone()
        if row is not None:
            keys.unwrap(row[1], row[0])
    return Keyring((*ring.keys, *(DatedKey(key) for key in keys.log_verifiers if key not in ring.verifiers)))


def _ring(connection: sqlite3.Connection, manifest: Manifest) -> Keyring:
    """The log's keys of all times; in a backup of an older version, the one that it was made with."""
    try:
        return read_keyring(connection)
    except DatabaseRefused:
        return Keyring.plain([Verifier.parse(manifest.vkey)])
