"""The ledger on SQLite: connections, the writer's lock and every statement of the hot path in plain SQL.

WAL with synchronous=FULL: a commit that returned is on disk. Writers take a file lock before BEGIN IMMEDIATE, because
SQLite's own waiting is polling and starves under load; the lock is advisory among Dauys' processes only, the database's
own lock still rules.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from dauys.errors import DatabaseRefused, EdgeRefused
from dauys.ledger import faults, storage

BUSY_SECONDS = 20
MOST_ROWS = 128  # of one INSERT: four values a row stay far below SQLite's limit of 32,766


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit (transactions are explicit), durable, usable from any one thread at a time."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@contextmanager
def writer_lock(path: Path) -> Iterator[None]:
    """One writer at a time among all processes; held from before BEGIN until after COMMIT."""
    with path.with_suffix(".writer").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Transaction:
    """One durable write transaction in three steps, so that an event loop can leave the two that wait to a thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path, first: Callable[[], None] = lambda: None) -> None:
        """`first` makes durable what the transaction names outside of the database; it is called right before COMMIT."""
        self.connection, self._path, self._first, self._lock = connection, path, first, ExitStack()

    def begin(self) -> None:
        """Waits for the writer's lock and begins."""
        self._lock.enter_context(writer_lock(self._path))
        try:
            with storage.guarded():
                faults.reach("writer-locked")
                self.connection.execute("BEGIN IMMEDIATE")
                faults.reach("begun")
        except BaseException:
            self.rollback()
            raise

    def commit(self) -> None:
        """Waits for the disk: when this returns, all is durable. A failed commit is rolled back and raised (`storage`)."""
        try:
            with storage.guarded():
                self._first()
                faults.reach("before-commit")
                self.connection.execute("COMMIT")
                faults.reach("after-commit")
        except BaseException:
            self.rollback()
            raise
        self._lock.close()

    def rollback(self) -> None:
        """Undoes everything since `begin`."""
        try:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
        finally:
            self._lock.close()


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path, first: Callable[[], None] = lambda: None) -> Iterator[None]:
    """One durable write transaction: committed on success, rolled back on any exception. `first` as in Transaction."""
    steps = Transaction(connection, path, first)
    steps.begin()
    try:
        with storage.guarded():
            yield
    except BaseException:
        steps.rollback()
        raise
    steps.commit()


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
    confirmed: int
    published_size: int
    published_checkpoint: str


def read_tail(connection: sqlite3.Connection) -> Tail:
    """DatabaseRefused where no log was opened."""
    try:
        row = connection.execute(
            "SELECT mode, origin, vkey, size, root, confirmed, published_size, published_checkpoint FROM ledger_log WHERE id = 1"
        ).fetchone()
    except sqlite3.OperationalError as error:
        raise DatabaseRefused(what=str(error)) from None
    if row is None:
        raise DatabaseRefused(what="no log was opened yet")
    return Tail(*row)


class PastLog(NamedTuple):
    """A log that this one continues: entries below `carried` were its; its last checkpoint, over `size` entries."""

    carried: int
    origin: str
    vkey: str
    size: int
    checkpoint: str


def read_past(connection: sqlite3.Connection) -> list[PastLog]:
    """The logs that this one continues, the oldest first."""
    try:
        rows = connection.execute(
            "SELECT carried, origin, vkey, size, checkpoint FROM ledger_past_log ORDER BY carried"
        )
    except sqlite3.OperationalError as error:
        raise DatabaseRefused(what=str(error)) from None
    return [PastLog(*row) for row in rows]


def move_tail(connection: sqlite3.Connection, old_size: int, size: int, root: bytes) -> bool:
    """Compare-and-set of the tail: false when somebody else moved it, which the writer's lock excludes."""
    cursor = connection.execute(
        "UPDATE ledger_log SET size = ?, root = ? WHERE id = 1 AND size = ?", (size, root, old_size)
    )
    return cursor.rowcount == 1


def insert(
    connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]], tail: str = ""
) -> None:
    """INSERT with many rows a statement: Python gives up its global lock once a statement, not once a row.

    Statements take powers of two of rows, so that few different ones are ever prepared.
    """
    head = f"INSERT INTO {table} ({', '.join(columns)}) VALUES "  # noqa: S608 - our own tables and columns
    one = f"({', '.join('?' * len(columns))})"
    done = 0
    while done < len(rows):
        size = min(MOST_ROWS, 1 << ((len(rows) - done).bit_length() - 1))
        values = [value for row in rows[done : done + size] for value in row]
        connection.execute(f"{head}{', '.join([one] * size)} {tail}", values)
        done += size


def write_entries(connection: sqlite3.Connection, first: int, entries: Sequence[bytes]) -> None:
    """Entries at consecutive indices from `first`."""
    insert(connection, "ledger_entry", ("idx", "entry"), list(enumerate(entries, first)))


def read_entries(connection: sqlite3.Connection, start: int, end: int) -> list[bytes]:
    """Entries with start <= index < end, in order."""
    rows = connection.execute("SELECT entry FROM ledger_entry WHERE idx >= ? AND idx < ? ORDER BY idx", (start, end))
    return [entry for (entry,) in rows]


def write_tiles(connection: sqlite3.Connection, tiles: Iterable[tuple[int, int, bytes]]) -> None:
    """Whole bytes of (level, number, hashes) tiles; the growing ones are replaced."""
    grow = "ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes"
    insert(connection, "ledger_tile", ("level", "number", "hashes"), list(tiles), grow)


def read_tile(connection: sqlite3.Connection, level: int, number: int) -> bytes:
    """The tile's bytes so far; EdgeRefused where the database lacks it."""
    row = connection.execute(
        "SELECT hashes FROM ledger_tile WHERE level = ? AND number = ?", (level, number)
    ).fetchone()
    if row is None:
        raise EdgeRefused(what=f"tile {level}/{number} is missing")
    return bytes(row[0])


def admit(connection: sqlite3.Connection, rows: Sequence[tuple[int, bytes, bytes, int]]) -> None:
    """Takes each person's one place under a subject and uses up the request: (subject id, pseudonym, nonce, index).

    IntegrityError where either was taken: the last line of defence, after `taken` has been asked.
    """
    insert(connection, "ledger_admission", ("subject_id", "pseudonym", "nonce", "idx"), rows)


def taken(
    connection: sqlite3.Connection, wanted: Sequence[tuple[int, bytes, bytes]]
) -> list[tuple[int, bytes, bytes, int]]:
    """Admissions (as in `admit`) that hold the place or the nonce of any (subject id, pseudonym, nonce) wanted."""
    found = list[tuple[int, bytes, bytes, int]]()
    for start in range(0, len(wanted), MOST_ROWS):
        part = wanted[start : start + MOST_ROWS]
        places = ", ".join(["(?, ?)"] * len(part))
        nonces = ", ".join("?" * len(part))
        values = [value for subject, person, _ in part for value in (subject, person)] + [nonce for *_, nonce in part]
        found += connection.execute(
            f"SELECT subject_id, pseudonym, nonce, idx FROM ledger_admission WHERE (subject_id, pseudonym) IN (VALUES {places}) "  # noqa: S608 - places only
            f"UNION SELECT subject_id, pseudonym, nonce, idx FROM ledger_admission WHERE nonce IN ({nonces})",
            values,
        )
    return found


def admission_of_nonce(connection: sqlite3.Connection, nonce: bytes) -> tuple[int, bytes, int] | None:
    """(subject id, pseudonym, index) of the act that used this request up."""
    row: tuple[int, bytes, int] | None = connection.execute(
        "SELECT subject_id, pseudonym, idx FROM ledger_admission WHERE nonce = ?", (nonce,)
    ).fetchone()
    return row


def taken_back_of_nonce(connection: sqlite3.Connection, nonce: bytes) -> int | None:
    """The index of the act that used this request up and was taken back, or None."""
    row = connection.execute("SELECT idx FROM ledger_taken_back WHERE nonce = ?", (nonce,)).fetchone()
    return None if row is None else row[0]


def taken_back_by(connection: sqlite3.Connection, index: int) -> int | None:
    """The index of the confirmation that took this act back, or None."""
    row = connection.execute("SELECT confirmation FROM ledger_taken_back WHERE idx = ?", (index,)).fetchone()
    return None if row is None else row[0]


def await_confirmation(connection: sqlite3.Connection, rows: Sequence[tuple[int, bytes, bytes, int, int]]) -> None:
    """(index, authority, serial, signed at, admitted at) of acts that the next revocation list is asked about."""
    columns = ("idx", "authority", "serial", "signed_at", "admitted_at")
    insert(connection, "ledger_unconfirmed", columns, rows)


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
