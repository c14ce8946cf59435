"""Public texts as files of the log: `text/<SHA-256>`, or `text/<SHA-256>.withheld` with the code of the reason."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import NamedTuple

from dauys.ledger.durable import write_all_durably

FOLDER, WITHHELD = "text", ".withheld"


class PublicText(NamedTuple):
    """A row of ledger_text; `erased_for` is empty while the text is shown."""

    sha256: str
    content: str
    erased_for: str


def read_waiting(connection: sqlite3.Connection) -> list[PublicText]:
    """Texts whose files do not say what the rows say."""
    rows = connection.execute("SELECT sha256, content, erased_for FROM ledger_text WHERE published = 0")
    return [PublicText(*row) for row in rows]


def read_all(connection: sqlite3.Connection) -> list[PublicText]:
    """Every text, for a folder that holds none."""
    return [PublicText(*row) for row in connection.execute("SELECT sha256, content, erased_for FROM ledger_text")]


def write_texts(log: Path, texts: list[PublicText]) -> None:
    """Brings the files under a log's folder to the rows; safe to repeat."""
    folder = log / FOLDER
    write_all_durably(
        (folder / f"{text.sha256}{WITHHELD}", f"{text.erased_for}\n".encode())
        if text.erased_for
        else (folder / text.sha256, text.content.encode())
        for text in texts
    )
    for text in texts:
        (folder / (text.sha256 if text.erased_for else f"{text.sha256}{WITHHELD}")).unlink(missing_ok=True)


def settle(connection: sqlite3.Connection, texts: list[PublicText]) -> None:
    """Notes, in the caller's transaction, what was written; a row that changed meanwhile waits for the next time."""
    connection.executemany(
        "UPDATE ledger_text SET published = 1 WHERE sha256 = ? AND content = ? AND erased_for = ?", texts
    )
