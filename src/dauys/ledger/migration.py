"""Makes the ledger's tables, and brings those of an older version to their present shape."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib import resources
from pathlib import Path

from dauys.errors import DatabaseRefused
from dauys.ledger import sqlite
from dauys.ledger.segments import SegmentWriter
from dauys.ledger.vault import keep_ciphertexts

VERSION = 2  # of SCHEMAS; 1 kept envelopes in the database; 0 is what a database says that was never asked
SCHEMAS = ("schema.sqlite.sql", "vault.sqlite.sql")
OLD = "ledger_envelope_1"  # the table of version 1 while it is being moved
AT_ONCE = 1000  # envelopes that are moved together


def migrate(path: Path) -> None:
    """Makes the tables where they are missing; DatabaseRefused where those there have a shape that is not known.

    Killed at any moment it can be begun again.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if _has(connection, "ledger_log") and version not in (1, VERSION):
            raise DatabaseRefused(what="its tables were made by a version before the first release; begin anew")
        if version == 1 and not _has(connection, OLD):
            connection.execute(f"ALTER TABLE ledger_envelope RENAME TO {OLD}")
        connection.executescript(_schema())
        _add_missing(connection)
        with closing(SegmentWriter(connection)) as writer, sqlite.transaction(connection, path, writer.sync):
            if version == 1:
                _move_envelopes(connection, writer)
            connection.execute(f"PRAGMA user_version = {VERSION}")
        if version == 1:
            connection.execute("VACUUM")  # what moved out gives its room back


def _has(connection: sqlite3.Connection, table: str) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None


def _schema() -> str:
    folder = resources.files("dauys.ledger")
    return "\n".join((folder / name).read_text("utf-8") for name in SCHEMAS)


def _add_missing(connection: sqlite3.Connection) -> None:
    """Columns that came after the tables were first made; as in the schema, after which what is old keeps its meaning."""
    known = {name for _, name, *_ in connection.execute("PRAGMA table_info(ledger_subject)")}
    if "citizens_only" not in known:
        connection.execute(
            "ALTER TABLE ledger_subject ADD COLUMN citizens_only INTEGER NOT NULL DEFAULT 1 "
            "CONSTRAINT ledger_subject_citizens CHECK (citizens_only IN (0, 1))"
        )


def _move_envelopes(connection: sqlite3.Connection, writer: SegmentWriter) -> None:
    """From version 1, where ciphertexts stood in their rows."""
    (least,) = connection.execute(f"SELECT coalesce(min(idx), 0) FROM {OLD}").fetchone()  # noqa: S608 - a constant
    while rows := connection.execute(
        f"SELECT idx, ciphertext FROM {OLD} WHERE idx >= ? ORDER BY idx LIMIT {AT_ONCE}",  # noqa: S608 - constants
        (least,),
    ).fetchall():
        keep_ciphertexts(connection, writer, rows)
        least = rows[-1][0] + 1
    connection.execute(f"DROP TABLE {OLD}")
