"""Erasing the evidence of a person's acts: the small key rows go, an entry of the log says how many went and why.

What was signed still counts, and the tree and every receipt stay valid. Here the key's bytes are overwritten and leave the
write-ahead log with `forget`; from backups they go with those backups' next rotation.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Literal

from dauys.errors import NoEvidence, OrderMissing
from dauys.ledger import sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import decode_leaf, encode_leaf, to_text
from dauys.ledger.moments import moment_text
from dauys.ledger.petition_leaves import Decided
from dauys.ledger.places import Places
from dauys.ledger.signed import signed_by
from dauys.ledger.tail import append
from dauys.ledger.vault_leaves import SALT_SIZE, EvidenceErased, erasure_commitment

Reason = Literal["asked", "court-order"]


@contextmanager
def forgetting(places: Places) -> Iterator[sqlite3.Connection]:
    """A write transaction whose deleted rows are gone from this disk's files when it ends, as far as a database can see to it."""
    with closing(sqlite.connect(places.database)) as connection:
        connection.execute("PRAGMA secure_delete = ON")  # deleted bytes become zeros (sqlite.org/pragma.html)
        with sqlite.transaction(connection, places.database):
            yield connection
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # older pages go with the write-ahead log


def acts_of(connection: sqlite3.Connection, keys: Keys, person: str) -> list[int]:
    """Entries of `person` (`iin|…`) whose evidence is there: signatures, withdrawals, what they handed in.

    Not what they decided as the head of a body: that is the body's act.
    """
    signatures = signed_by(connection, keys, person).values()
    found = {*signatures, *_withdrawals(connection, signatures), *_own_acts(connection, keys.person(person))}
    return _kept(connection, found)


def erase(
    connection: sqlite3.Connection, indices: Iterable[int], reason: Reason, now: datetime, order: str = ""
) -> tuple[int, int]:
    """Erases inside the caller's transaction; (the entry that says so, how many). NoEvidence, OrderMissing.

    `order` is the SHA-256 of a court order's text. An act that waits for its confirmation gets it from the next list of its
    authority; nobody is asked any more about its certificate, whose number goes now.
    """
    if (reason == "court-order") is not bool(order):
        raise OrderMissing
    kept = _kept(connection, indices)
    if not kept:
        raise NoEvidence
    salt = secrets.token_bytes(SALT_SIZE)
    leaf = EvidenceErased(len(kept), to_text(erasure_commitment(kept, salt)), moment_text(now), order, reason)
    index = append(connection, encode_leaf(leaf))
    connection.execute("INSERT INTO ledger_erasure (idx, salt) VALUES (?, ?)", (index, salt))
    connection.executemany("INSERT INTO ledger_erased (idx, erasure) VALUES (?, ?)", [(one, index) for one in kept])
    forget_acts(connection, kept)
    return index, len(kept)


def forget_acts(connection: sqlite3.Connection, indices: Iterable[int]) -> None:
    """The rows alone, for an entry that says so already."""
    each = [(one,) for one in indices]
    for statement in (
        "DELETE FROM ledger_envelope_key WHERE idx = ?",
        "UPDATE ledger_unconfirmed SET serial = x'', signed_at = 0 WHERE idx = ?",
        "UPDATE ledger_office_act SET person = '' WHERE idx = ?",
    ):
        connection.executemany(statement, each)


def erasure_of(connection: sqlite3.Connection, index: int) -> int | None:
    """The entry by which the evidence of an entry was erased; None where it was not, or not as that entry was committed to."""
    row = connection.execute(
        "SELECT ledger_erasure.idx, salt FROM ledger_erased JOIN ledger_erasure ON ledger_erasure.idx = erasure "
        "WHERE ledger_erased.idx = ?",
        (index,),
    ).fetchone()
    if row is None:
        return None
    listed = connection.execute("SELECT idx FROM ledger_erased WHERE erasure = ?", (row[0],)).fetchall()
    leaf = decode_leaf(sqlite.read_entries(connection, row[0], row[0] + 1)[0])
    held = to_text(erasure_commitment((one for (one,) in listed), row[1]))
    good = isinstance(leaf, EvidenceErased) and (leaf.erased, leaf.count) == (held, len(listed))
    return int(row[0]) if good else None


def _withdrawals(connection: sqlite3.Connection, signatures: Iterable[int]) -> list[int]:
    found = [
        connection.execute("SELECT idx FROM ledger_withdrawal WHERE signature = ?", (one,)).fetchone()
        for one in signatures
    ]
    return [row[0] for row in found if row is not None]


def _own_acts(connection: sqlite3.Connection, person: str) -> list[int]:
    rows: Sequence[tuple[int, bytes]] = connection.execute(
        "SELECT ledger_entry.idx, entry FROM ledger_office_act JOIN ledger_entry USING (idx) WHERE person = ?",
        (person,),
    ).fetchall()
    return [index for index, entry in rows if not isinstance(decode_leaf(entry), Decided)]


def _kept(connection: sqlite3.Connection, indices: Iterable[int]) -> list[int]:
    """Those whose key row is there, ascending."""
    return [
        one
        for one in sorted(set(indices))
        if connection.execute("SELECT 1 FROM ledger_envelope_key WHERE idx = ?", (one,)).fetchone()
    ]
