"""The end of a subject's keys after its legal term: from then on its pseudonyms are random bytes and no evidence of it opens.

Tree, counts and receipts stay valid: none of them needs a key.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from dauys.errors import Refusal, SubjectUnknown
from dauys.ledger.auditors import forget
from dauys.ledger.leaves import encode_leaf
from dauys.ledger.moments import moment_text
from dauys.ledger.subjects import read_subject
from dauys.ledger.tail import append
from dauys.ledger.vault_leaves import KeysDestroyed


def with_keys(connection: sqlite3.Connection, closed_before: datetime) -> list[str]:
    """Subjects whose signing ended before a moment and whose keys are still there."""
    rows = connection.execute(
        "SELECT name FROM ledger_subject JOIN ledger_subject_key ON subject_id = id WHERE closes_at < ? ORDER BY id",
        (int(closed_before.timestamp()),),
    )
    return [name for (name,) in rows]


def destroy_keys(connection: sqlite3.Connection, name: str, now: datetime) -> int:
    """Destroys them inside the caller's transaction (`erasure.forgetting`); the entry that says so.

    SubjectUnknown where there are none; Refusal while signing lasts, or something needs them to be settled.
    """
    subject = read_subject(connection, name)
    if connection.execute("SELECT 1 FROM ledger_subject_key WHERE subject_id = ?", (subject.id,)).fetchone() is None:
        raise SubjectUnknown
    if now.timestamp() < subject.closes_at:
        raise Refusal(why=f"{name} can still be signed.")
    hidden = "SELECT 1 FROM ledger_withdrawal WHERE subject_id = ? AND opened IS NULL"
    waiting = "SELECT 1 FROM ledger_unconfirmed JOIN ledger_admission USING (idx) WHERE subject_id = ?"
    for question, what in ((hidden, "withdrawals to be opened"), (waiting, "signatures to be confirmed")):
        if connection.execute(question, (subject.id,)).fetchone() is not None:
            raise Refusal(why=f"{name} has {what}.")
    index = append(connection, encode_leaf(KeysDestroyed(moment_text(now), name)))
    delete_keys(connection, name)
    return index


def delete_keys(connection: sqlite3.Connection, name: str) -> None:
    """The rows alone, for an entry that says so already."""
    which = "(SELECT id FROM ledger_subject WHERE name = ?)"
    connection.execute(f"DELETE FROM ledger_subject_key WHERE subject_id = {which}", (name,))  # noqa: S608 - a constant
    connection.execute("DELETE FROM ledger_office_key WHERE subject = ?", (name,))
    forget(connection, name)
