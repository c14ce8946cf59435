"""Erasing one public text or file for good: its hash, an entry of the log and a mark in its place stay."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from dauys.errors import OrderMissing, TextUnknown
from dauys.ledger.leaves import encode_leaf
from dauys.ledger.moments import moment_text
from dauys.ledger.tail import append
from dauys.ledger.vault_leaves import TextErased

Reason = Literal["personal-data", "court-order"]


def erase_text(
    connection: sqlite3.Connection,
    sha256: str,
    reason: Reason,
    officials: Sequence[int],
    now: datetime,
    order: str = "",
) -> int:
    """Logs it and drops the content, inside the caller's transaction; the entry. TextUnknown where it was erased before.

    OrderMissing unless a court order, and nothing else, comes with the SHA-256 of its text.
    """
    if (reason == "court-order") is not bool(order):
        raise OrderMissing
    if erased_by(connection, sha256) is not None:
        raise TextUnknown
    index = append(connection, encode_leaf(TextErased(moment_text(now), sorted(officials), order, reason, sha256)))
    mark(connection, sha256, reason, index)
    return index


def mark(connection: sqlite3.Connection, sha256: str, reason: str, index: int) -> None:
    """The rows of an erased text, as the entry `index` says; its files follow with the next publication."""
    connection.execute("INSERT INTO ledger_text_erased (sha256, idx) VALUES (?, ?)", (sha256, index))
    connection.execute(
        "INSERT INTO ledger_text (sha256, content, erased_for) VALUES (?, '', ?) "
        "ON CONFLICT (sha256) DO UPDATE SET content = '', erased_for = excluded.erased_for, published = 0",
        (sha256, reason),
    )


def erased_by(connection: sqlite3.Connection, sha256: str) -> int | None:
    """The entry that erased a text, or None."""
    row = connection.execute("SELECT idx FROM ledger_text_erased WHERE sha256 = ?", (sha256,)).fetchone()
    return None if row is None else int(row[0])
