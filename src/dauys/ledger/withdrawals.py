"""Withdrawing one's signature: final, counted at once, and opened to the public only when signing is over.

A second withdrawal of the same person changes nothing and is answered as the first was, and signing again is answered
"you have signed": whoever looks over a person's shoulder learns nothing from an attempt.
"""

from __future__ import annotations

import secrets
import sqlite3
from datetime import datetime

from dauys.errors import NotSigned
from dauys.ledger import sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import PetitionSignature, decode_leaf, encode_leaf, from_text, to_text
from dauys.ledger.moments import hour_number, hour_text, moment_text
from dauys.ledger.office_acts import Evidence, act_of_nonce, append_signed, use_up
from dauys.ledger.subjects import Subject, read_secrets, read_subject
from dauys.ledger.tail import append
from dauys.ledger.withdrawal_leaves import (
    MOST_OPENED,
    SALT_SIZE,
    Opening,
    SignatureWithdrawn,
    WithdrawalsOpened,
    withdrawal_commitment,
)


def withdraw(
    connection: sqlite3.Connection, keys: Keys, name: str, person: str, evidence: Evidence, now: datetime
) -> None:
    """Withdraws the signature of `person` (`iin|…`) under a subject, inside the caller's transaction.

    NotSigned where none of theirs stands, SubjectClosed once signing is over, CodeUsed for another's request.
    """
    secrets_of = read_secrets(connection, keys, read_subject(connection, name))
    _withdraw(connection, keys, name, secrets_of.pseudonym(name, person), evidence, now)


def withdraw_by_link(
    connection: sqlite3.Connection, keys: Keys, name: str, pseudonym: bytes, evidence: Evidence, now: datetime
) -> None:
    """The same for a signature that no key made, by the pseudonym that a letter's link carries."""
    _withdraw(connection, keys, name, pseudonym, evidence, now)


def _withdraw(
    connection: sqlite3.Connection, keys: Keys, name: str, pseudonym: bytes, evidence: Evidence, now: datetime
) -> None:
    used = act_of_nonce(connection, evidence.nonce)
    if used is not None and used[0] == evidence.person:
        return
    subject = read_subject(connection, name)
    subject.require_open(now)
    signature = _signature(connection, subject, pseudonym)
    before = connection.execute("SELECT idx FROM ledger_withdrawal WHERE signature = ?", (signature,)).fetchone()
    if before is not None:
        use_up(connection, evidence, before[0])
        return
    _log(connection, keys, subject, pseudonym, signature, evidence, now)


def open_withdrawals(connection: sqlite3.Connection, keys: Keys, name: str, now: datetime) -> int:
    """Opens what is hidden once signing is over, inside the caller's transaction; how many."""
    subject = read_subject(connection, name)
    if now.timestamp() < subject.closes_at:
        return 0
    rows = connection.execute(
        "SELECT ledger_withdrawal.idx, salt, entry FROM ledger_withdrawal JOIN ledger_entry ON ledger_entry.idx = signature "
        "WHERE subject_id = ? AND opened IS NULL",
        (subject.id,),
    ).fetchall()
    hidden = sorted((_signed(entry).pseudonym, _salt(keys, name, salt), index) for index, salt, entry in rows)
    for start in range(0, len(hidden), MOST_OPENED):
        part = hidden[start : start + MOST_OPENED]
        opened = [Opening(pseudonym, to_text(salt)) for pseudonym, salt, _ in part]
        index = append(connection, encode_leaf(WithdrawalsOpened(moment_text(now), opened, name)))
        connection.executemany(
            "UPDATE ledger_withdrawal SET opened = ? WHERE idx = ?", [(index, one) for _, _, one in part]
        )
    return len(hidden)


def waiting_to_open(connection: sqlite3.Connection, now: datetime) -> list[str]:
    """Subjects that closed with withdrawals still hidden."""
    rows = connection.execute(
        "SELECT DISTINCT name FROM ledger_withdrawal JOIN ledger_subject ON ledger_subject.id = subject_id "
        "WHERE opened IS NULL AND closes_at <= ?",
        (int(now.timestamp()),),
    )
    return [name for (name,) in rows]


def signature_withdrawn(connection: sqlite3.Connection, index: int) -> PetitionSignature | None:
    """The signature that the withdrawal of this entry is about, as its row says."""
    row = connection.execute(
        "SELECT entry FROM ledger_withdrawal JOIN ledger_entry ON ledger_entry.idx = signature WHERE ledger_withdrawal.idx = ?",
        (index,),
    ).fetchone()
    return None if row is None else _signed(row[0])


def committed_to(
    connection: sqlite3.Connection, keys: Keys, leaf: SignatureWithdrawn, index: int, pseudonym: bytes
) -> bool:
    """Whether the withdrawal of this entry is that of this pseudonym, as an auditor with the keys can tell."""
    row = connection.execute("SELECT salt FROM ledger_withdrawal WHERE idx = ?", (index,)).fetchone()
    if row is None:
        return False
    return withdrawal_commitment(pseudonym, _salt(keys, leaf.subject, row[0])) == from_text(leaf.withdrawn)


def _signature(connection: sqlite3.Connection, subject: Subject, pseudonym: bytes) -> int:
    row = connection.execute(
        "SELECT idx FROM ledger_admission WHERE subject_id = ? AND pseudonym = ?", (subject.id, pseudonym)
    ).fetchone()
    if row is None:
        raise NotSigned
    return int(row[0])


def _log(
    connection: sqlite3.Connection,
    keys: Keys,
    subject: Subject,
    pseudonym: bytes,
    signature: int,
    evidence: Evidence,
    now: datetime,
) -> None:
    signed = _signed(sqlite.read_entries(connection, signature, signature + 1)[0])
    salt, hour = secrets.token_bytes(SALT_SIZE), hour_number(now)
    hidden = to_text(withdrawal_commitment(pseudonym, salt))
    index, _ = append_signed(
        connection, keys, subject.name, evidence,
        lambda commitment: SignatureWithdrawn(commitment, hour_text(hour), subject.name, signed.tier, hidden),
    )  # fmt: skip
    connection.execute(
        "INSERT INTO ledger_withdrawal (idx, subject_id, signature, salt) VALUES (?, ?, ?, ?)",
        (index, subject.id, signature, keys.wrap(salt, _label(subject.name))),
    )
    connection.execute(
        "INSERT INTO ledger_withdrawn (subject_id, hour, tier, committed) VALUES (?, ?, ?, 1) "
        "ON CONFLICT (subject_id, hour, tier) DO UPDATE SET committed = committed + 1",
        (subject.id, hour, signed.tier),
    )


def _signed(entry: bytes) -> PetitionSignature:
    leaf = decode_leaf(entry)
    assert isinstance(leaf, PetitionSignature)
    return leaf


def _salt(keys: Keys, name: str, wrapped: bytes) -> bytes:
    return keys.unwrap(wrapped, _label(name))


def _label(name: str) -> str:
    return f"withdrawal/{name}"
