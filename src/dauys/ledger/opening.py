"""Opening a log, and the checks before any start: one mode for ever, a sound edge, no fork of what is public."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dauys.errors import DatabaseRefused, ForkRefused, ModeRefused, NoteInvalid
from dauys.ledger import sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import LogOpened, decode_leaf, encode_leaf
from dauys.ledger.moments import moment_text
from dauys.ledger.places import Places
from dauys.ledger.publication import read_published
from dauys.ledger.tail import LogTail
from dauys.translog.checkpoint import open_checkpoint
from dauys.translog.merkle import EMPTY_ROOT, leaf_hash
from dauys.translog.tiles import TILE_WIDTH


def open_log(places: Places, keys: Keys, mode: str, now: datetime) -> None:
    """Writes the tail row and leaf 0 of a new log in one transaction; DatabaseRefused where a log stands already."""
    origin = keys.log.verifier.name
    leaf = LogOpened(mode=mode, opened=moment_text(now), origin=origin)  # type: ignore[arg-type]
    connection = sqlite.connect(places.database)
    try:
        with sqlite.transaction(connection, places.database):
            if connection.execute("SELECT 1 FROM ledger_log").fetchone():
                raise DatabaseRefused(what="a log was opened here before")
            connection.execute(
                "INSERT INTO ledger_log (id, mode, origin, vkey, opened_at, size, root) VALUES (1, ?, ?, ?, ?, 0, ?)",
                (mode, origin, keys.log.verifier.vkey, int(now.timestamp()), EMPTY_ROOT),
            )
            tail = LogTail(connection)
            tail.refresh()
            tail.extend([encode_leaf(leaf)])
    finally:
        connection.close()


def check_start(places: Places, keys: Keys, mode: str) -> sqlite.Tail:
    """Refuses a start that would guess or fork; the same checks after a crash and on any other day."""
    connection = sqlite.connect(places.database)
    try:
        with sqlite.snapshot(connection):
            log = LogTail(connection)
            tail = log.refresh()
            _check_mode(connection, tail, keys, mode)
            _check_last_bundle(connection, log)
            _check_published(places, keys, log)
        return tail
    finally:
        connection.close()


def _check_mode(connection: sqlite3.Connection, tail: sqlite.Tail, keys: Keys, mode: str) -> None:
    first = decode_leaf(sqlite.read_entries(connection, 0, 1)[0])
    if not isinstance(first, LogOpened) or (first.mode, first.origin) != (tail.mode, tail.origin):
        raise DatabaseRefused(what="the first leaf and the tail row name different logs")
    if first.mode != mode:
        raise ModeRefused(log=first.mode, settings=mode)
    if keys.log.verifier.vkey != tail.vkey:
        raise DatabaseRefused(what="the log's key is another than the one it was opened with")


def _check_last_bundle(connection: sqlite3.Connection, log: LogTail) -> None:
    """The newest entries, the ones a torn write would hit, must hash to the tiles that give the root."""
    start = (log.tree.size - 1) // TILE_WIDTH * TILE_WIDTH
    entries = sqlite.read_entries(connection, start, log.tree.size)
    hashes = b"".join(leaf_hash(entry) for entry in entries)
    if sqlite.read_tile(connection, 0, start // TILE_WIDTH) != hashes:
        raise DatabaseRefused(what=f"the entries from {start} are not those of the tree")


def _check_published(places: Places, keys: Keys, log: LogTail) -> None:
    note = read_published(places.log, "checkpoint")
    if note is None:
        return
    try:
        public = open_checkpoint(note.decode(), [keys.log.verifier], keys.log.verifier.name)
    except (NoteInvalid, UnicodeDecodeError) as error:
        raise ForkRefused(what=f"the public checkpoint is not ours: {error}") from None
    if public.size > log.tree.size:
        raise ForkRefused(what=f"public size {public.size}, here {log.tree.size}")
    if log.tree.root_at(public.size) != public.root:
        raise ForkRefused(what=f"at size {public.size} the public root differs")
