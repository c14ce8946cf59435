"""Signed acts of offices: evidence sealed and logged by its commitment inside the caller's transaction, once a request.

A submission, an appeal or a decision is signed like any act, but its row belongs to an office: so the office writes it,
and the leaf, in one transaction of its own.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from dauys.errors import CodeUsed
from dauys.ledger.auditors import OFFICE, share
from dauys.ledger.envelope import Vault
from dauys.ledger.keys import Keys
from dauys.ledger.leaf_fields import Leaf
from dauys.ledger.leaves import encode_leaf, to_text
from dauys.ledger.tail import append
from dauys.ledger.vault import write_envelope

KEY_SIZE = 32


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verified signature over an office's statement: the signer by `Keys.person`, the sealed-to-be envelope, the tier."""

    person: str
    envelope: bytes
    nonce: bytes
    tier: str


@dataclass(frozen=True, slots=True)
class ActFacts:
    """What a statement says of the act: subject "petition/12" or "-", hex SHA-256, years that are declared or 0, and whether citizenship is."""

    subject: str
    title: str
    addressee: str
    sha256: str
    age: int = 0
    citizen: bool = True


@dataclass(frozen=True, slots=True)
class SignedAct:
    """A verified act for its office: the evidence, and how the signer is called, "Айгүл С.".

    `signer` is the person as pseudonyms take it, `iin|…`: for this moment only, kept by nobody.
    """

    reference: str
    sha256: str
    language: str
    evidence: Evidence
    name: str
    now: datetime
    signer: str = field(default="", repr=False)


def append_signed(
    connection: sqlite3.Connection, keys: Keys, subject: str, evidence: Evidence, leaf_of: Callable[[str], Leaf]
) -> tuple[int, Leaf]:
    """Logs the leaf that `leaf_of` makes of the commitment and keeps the evidence; (index, leaf).

    CodeUsed where another act used the request up; a repeated request is looked up before, by `act_of_nonce`.
    """
    sealed = _vault(connection, keys, subject).seal(evidence.envelope)
    leaf = leaf_of(to_text(sealed.commitment))
    index = append(connection, encode_leaf(leaf))
    write_envelope(connection, index, sealed)
    use_up(connection, evidence, index)
    return index, leaf


def use_up(connection: sqlite3.Connection, evidence: Evidence, index: int) -> None:
    """The request was answered by this entry; CodeUsed where another act used it up."""
    try:
        connection.execute(
            "INSERT INTO ledger_office_act (nonce, person, idx) VALUES (?, ?, ?)",
            (evidence.nonce, evidence.person, index),
        )
    except sqlite3.IntegrityError:
        raise CodeUsed from None


def act_of_nonce(connection: sqlite3.Connection, nonce: bytes) -> tuple[str, int] | None:
    """(person, index) of the act that used a request up."""
    row: tuple[str, int] | None = connection.execute(
        "SELECT person, idx FROM ledger_office_act WHERE nonce = ?", (nonce,)
    ).fetchone()
    return row


def read_vault(connection: sqlite3.Connection, keys: Keys, subject: str) -> Vault | None:
    """The vault of an office's acts about one subject; None where there was none."""
    row = connection.execute("SELECT wrapped FROM ledger_office_key WHERE subject = ?", (subject,)).fetchone()
    return None if row is None else Vault(keys.unwrap(row[0], OFFICE + subject))


def _vault(connection: sqlite3.Connection, keys: Keys, subject: str) -> Vault:
    """As `read_vault`; its key is made at the first act."""
    known = read_vault(connection, keys, subject)
    if known is not None:
        return known
    key = secrets.token_bytes(KEY_SIZE)
    connection.execute(
        "INSERT INTO ledger_office_key (subject, wrapped) VALUES (?, ?)",
        (subject, keys.wrap(key, OFFICE + subject)),
    )
    share(connection, OFFICE + subject, key)
    return Vault(key)
