"""What one person signed, found by making their pseudonym under every subject whose key still exists."""

from __future__ import annotations

import sqlite3

from dauys.errors import SubjectUnknown
from dauys.ledger.keys import Keys
from dauys.ledger.subjects import read_secrets, read_subject


def signed_by(connection: sqlite3.Connection, keys: Keys, person: str) -> dict[str, int]:
    """Index of the signature of `person` (`iin|…`) by subject; withdrawn ones look like the others, on purpose."""
    names = [name for (name,) in connection.execute("SELECT name FROM ledger_subject ORDER BY id DESC")]
    found = ((name, index_of(connection, keys, name, person)) for name in names)
    return {name: index for name, index in found if index is not None}


def index_of(connection: sqlite3.Connection, keys: Keys, name: str, person: str) -> int | None:
    """The same under one subject."""
    try:
        return own_index(connection, keys, name, person)
    except SubjectUnknown:
        return None


def own_index(connection: sqlite3.Connection, keys: Keys, name: str, person: str) -> int | None:
    """The same; SubjectUnknown where nobody can tell, since there is no subject or its keys were destroyed."""
    subject = read_subject(connection, name)
    pseudonym = read_secrets(connection, keys, subject).pseudonym(name, person)
    row = connection.execute(
        "SELECT idx FROM ledger_admission WHERE subject_id = ? AND pseudonym = ?", (subject.id, pseudonym)
    ).fetchone()
    return None if row is None else int(row[0])
