"""Opening a log, and the checks before any start: one mode for ever, a sound edge, no fork of what is public, a clock."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime

from dauys.errors import (
    ClockRefused,
    DatabaseRefused,
    EdgeRefused,
    ModeRefused,
    RestoreUnfinished,
    SuccessionUnfinished,
    SuccessorNeeded,
)
from dauys.ledger import faults, sqlite, storage
from dauys.ledger.erasing_again import check_erased
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import AnyLeaf, LogOpened, decode_leaf, encode_leaf
from dauys.ledger.log_keys import read_keyring, require_newest
from dauys.ledger.moments import from_unix, moment_text, parse_hour, parse_moment
from dauys.ledger.places import Places
from dauys.ledger.publication import public_size
from dauys.ledger.segments import check_segments
from dauys.ledger.tail import LogTail
from dauys.translog.merkle import EMPTY_ROOT, leaf_hash
from dauys.translog.tiles import TILE_WIDTH

UNFINISHED = "restoring"  # a file in the folder of an installation while it is being restored
LOST = "database-lost"  # the same, where a database was lost: what it had answered last may never have been public
CLOCK_SLACK = 120  # seconds that a clock may be set back, as time servers do


def open_log(places: Places, keys: Keys, mode: str, now: datetime) -> None:
    """Writes the tail row and leaf 0 of a new log in one transaction; DatabaseRefused where a log stands already."""
    origin = keys.log.verifier.name
    vkeys = [verifier.vkey for verifier in keys.log_verifiers]
    leaf = LogOpened(mode, moment_text(now), origin, vkeys)  # type: ignore[arg-type]
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
    check_markers(places)
    check_erased(places)
    with closing(sqlite.connect(places.database)) as connection:
        with sqlite.snapshot(connection):
            tail = _check_log(places, connection, keys, mode)
        faults.arm(mode)
        return tail


def check_command(places: Places, keys: Keys) -> None:
    """The same for a command that writes to the log, also beside a server: that one waits, so nothing newer becomes public."""
    check_markers(places)
    with closing(sqlite.connect(places.database)) as connection, sqlite.transaction(connection, places.database):
        _check_log(places, connection, keys, sqlite.read_tail(connection).mode)


def check_markers(places: Places) -> None:
    """RestoreUnfinished, SuccessorNeeded: what a restore has left to be done."""
    if (places.var / UNFINISHED).exists():
        raise RestoreUnfinished(folder=places.var)
    if (places.var / LOST).exists():
        raise SuccessorNeeded


def _check_log(places: Places, connection: sqlite3.Connection, keys: Keys, mode: str) -> sqlite.Tail:
    log = LogTail(connection)
    tail = log.refresh()
    _check_mode(places, connection, tail, keys, mode)
    _check_last_bundle(connection, log)
    check_segments(connection)
    public_size(places.log, read_keyring(connection), log.tree)
    return tail


def _check_mode(places: Places, connection: sqlite3.Connection, tail: sqlite.Tail, keys: Keys, mode: str) -> None:
    entries = sqlite.read_entries(connection, 0, 1)
    first = decode_leaf(entries[0]) if entries else None
    origin = next((past.origin for past in sqlite.read_past(connection)), tail.origin)
    if not isinstance(first, LogOpened) or (first.mode, first.origin) != (tail.mode, origin):
        raise DatabaseRefused(what="the first leaf and the tail row name different logs")
    if first.mode != mode:
        raise ModeRefused(log=first.mode, settings=mode)
    if Keys.is_next(places.keys, tail.vkey) and keys.log.name != tail.origin:
        raise SuccessionUnfinished
    if keys.log.verifier.vkey != tail.vkey:
        require_newest(read_keyring(connection), places.keys)
        raise DatabaseRefused(
            what="the log's key is another than the one it names; where a change of keys was broken off: script/dauys log rotate"
        )


def _check_last_bundle(connection: sqlite3.Connection, log: LogTail) -> None:
    """The newest entries, the ones a torn write would hit, must hash to the tiles that give the root."""
    start = (log.tree.size - 1) // TILE_WIDTH * TILE_WIDTH
    entries = sqlite.read_entries(connection, start, log.tree.size)
    hashes = b"".join(leaf_hash(entry) for entry in entries)
    if sqlite.read_tile(connection, 0, start // TILE_WIDTH) != hashes:
        raise EdgeRefused(what=f"the entries from {start} are not those of the tree")


def settle(places: Places) -> None:
    """Writes what an earlier process committed once more, to the database file itself, and waits for the disk.

    A commit whose fsync failed may be readable from the kernel's memory and yet not be on disk (`storage`): copied and
    synced here, it is. Where another process holds the database, that one's commits are sound or it has ended itself.
    """
    connection = sqlite.connect(places.database)
    try:
        with storage.guarded():
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def check_clock(places: Places, now: datetime) -> None:
    """ClockRefused where the clock is behind the newest moment in the log: hours and deadlines would run backwards."""
    connection = sqlite.connect(places.database)
    try:
        newest = _newest_moment(connection)
    finally:
        connection.close()
    if now.timestamp() + CLOCK_SLACK < newest:
        raise ClockRefused(now=moment_text(now), newest=moment_text(from_unix(newest)))


def _newest_moment(connection: sqlite3.Connection) -> int:
    """Of the newest entries and of the acts that await their confirmation; unix seconds."""
    (admitted,) = connection.execute(  # of acts that a restore brought back only the end of their hour is known
        "SELECT coalesce(max(admitted_at), 0) FROM ledger_unconfirmed WHERE authority <> x''"
    ).fetchone()
    size = sqlite.read_tail(connection).size
    leaves = map(decode_leaf, sqlite.read_entries(connection, max(0, size - TILE_WIDTH), size))
    return max(int(admitted), *(_moment(leaf) for leaf in leaves))


def _moment(leaf: AnyLeaf) -> int:
    """When an act was logged, as far as its leaf says so."""
    if hour := getattr(leaf, "hour", ""):
        return parse_hour(hour) * 3600
    moment = getattr(leaf, "moment", "")
    return int(parse_moment(moment).timestamp()) if moment else 0
