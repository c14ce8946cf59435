"""The ledger on SQLite: connections, the writer's lock and every statement of the hot path in plain SQL.

WAL with synchronous=FULL: a commit that returned is on disk. Writers take a file lock before BEGIN IMMEDIATE, because
SQLite's own waiting is polling and starves under load; the lock is advisory among Dauys' processes only, the database's
own lock still rules.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from dauys.errors import DatabaseRefused

BUSY_SECONDS = 20


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit (transactions are explicit), durable, usable from any one thread at a time."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def migrate(path: Path) -> None:
    """Makes the ledger's tables where they are missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    schema = (resources.files("dauys.ledger") / "schema.sqlite.sql").read_text("utf-8")
    connection = connect(path)
    try:
        connection.executescript(schema)
    finally:
        connection.close()


@contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """One writer at a time among all processes; held from before BEGIN until after COMMIT."""
    with path.with_suffix(".writer").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """One durable write transaction: committed on success, rolled back on any exception."""
    with writer_lock(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """One consistent view for several reads; never blocks writers."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


@dataclass(frozen=True, slots=True)
class Tail:
    """The log's one tail row."""

    mode: str
    origin: str
    vkey: str
    size: int
    root: bytes
    published_size: int
    published_checkpoint: str


def read_tail(connection: sqlite3.Connection) -> Tail:
    """DatabaseRefused where no log was opened."""
    try:
        row = connection.execute(
            "SELECT mode, origin, vkey, size, root, published_size, published_checkpoint FROM ledger_log WHERE id = 1"
        ).fetchone()
    except sqlite3.OperationalError as error:
        raise DatabaseRefused(what=str(error)) from None
    if row is None:
        raise DatabaseRefused(what="no log was opened yet")
    return Tail(*row)


def move_tail(connection: sqlite3.Connection, old_size: int, size: int, root: bytes) -> bool:
    """Compare-and-set of the tail: false when somebody else moved it, which the writer's lock excludes."""
    cursor = connection.execute("UPDATE ledger_log SET size = ?, root = ? WHERE id = 1 AND size = ?", (size, root, old_size))
    return cursor.rowcount == 1


def write_entries(connection: sqlite3.Connection, first: int, entries: Sequence[bytes]) -> None:
    """Entries at consecutive indices from `first`."""
    connection.executemany("INSERT INTO ledger_entry (idx, entry) VALUES (?, ?)", enumerate(entries, first))


def read_entries(connection: sqlite3.Connection, start: int, end: int) -> list[bytes]:
    """Entries with start <= index < end, in order."""
    rows = connection.execute("SELECT entry FROM ledger_entry WHERE idx >= ? AND idx < ? ORDER BY idx", (start, end))
    return [entry for (entry,) in rows]


def write_tiles(connection: sqlite3.Connection, tiles: Iterable[tuple[int, int, bytes]]) -> None:
    """Whole bytes of (level, number, hashes) tiles; the growing ones are replaced."""
    connection.executemany(
        "INSERT INTO ledger_tile (level, number, hashes) VALUES (?, ?, ?) ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes",
        tiles,
    )


def read_tile(connection: sqlite3.Connection, level: int, number: int) -> bytes:
    """The tile's bytes so far; DatabaseRefused where the database lacks it."""
    row = connection.execute("SELECT hashes FROM ledger_tile WHERE level = ? AND number = ?", (level, number)).fetchone()
    if row is None:
        raise DatabaseRefused(what=f"tile {level}/{number} is missing")
    return bytes(row[0])


def admit(connection: sqlite3.Connection, subject_id: int, pseudonym: bytes, nonce: bytes, index: int) -> bool:
    """Takes the person's one place under the subject and uses up the request; false if either was taken."""
    cursor = connection.execute(
        "INSERT INTO ledger_admission (subject_id, pseudonym, nonce, idx) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (subject_id, pseudonym, nonce, index),
    )
    return cursor.rowcount == 1


def admission_of_nonce(connection: sqlite3.Connection, nonce: bytes) -> tuple[int, bytes, int] | None:
    """(subject id, pseudonym, index) of the act that used this request up."""
    row: tuple[int, bytes, int] | None = connection.execute(
        "SELECT subject_id, pseudonym, idx FROM ledger_admission WHERE nonce = ?", (nonce,)
    ).fetchone()
    return row


def admission_of_person(connection: sqlite3.Connection, subject_id: int, pseudonym: bytes) -> int | None:
    """The index of this person's act under this subject."""
    row = connection.execute("SELECT idx FROM ledger_admission WHERE subject_id = ? AND pseudonym = ?", (subject_id, pseudonym)).fetchone()
    return row[0] if row else None


def write_envelopes(connection: sqlite3.Connection, rows: Iterable[tuple[int, bytes, bytes]]) -> None:
    """(index, wrapped key, ciphertext) rows of the vault."""
    kept = list(rows)
    connection.executemany("INSERT INTO ledger_envelope (idx, ciphertext) VALUES (?, ?)", [(i, text) for i, _, text in kept])
    connection.executemany("INSERT INTO ledger_envelope_key (idx, wrapped) VALUES (?, ?)", [(i, key) for i, key, _ in kept])


def read_envelope(connection: sqlite3.Connection, index: int) -> tuple[bytes, bytes] | None:
    """(wrapped key, ciphertext), or None where the person was erased."""
    row: tuple[bytes, bytes] | None = connection.execute(
        "SELECT wrapped, ciphertext FROM ledger_envelope JOIN ledger_envelope_key USING (idx) WHERE idx = ?", (index,)
    ).fetchone()
    return row


def move_tallies(connection: sqlite3.Connection, moves: Iterable[tuple[int, int, str, int]]) -> None:
    """Adds (subject id, hour, tier, how many) to the committed counts: once per batch."""
    connection.executemany(
        "INSERT INTO ledger_tally (subject_id, hour, tier, committed) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (subject_id, hour, tier) DO UPDATE SET committed = committed + excluded.committed",
        moves,
    )


def count_refusals(connection: sqlite3.Connection, rows: Iterable[tuple[int, str, int]]) -> None:
    """Adds (hour, code, attempts) to the hourly counts of failed attempts."""
    connection.executemany(
        "INSERT INTO ledger_refusal (hour, code, attempts) VALUES (?, ?, ?) "
        "ON CONFLICT (hour, code) DO UPDATE SET attempts = attempts + excluded.attempts",
        rows,
    )
