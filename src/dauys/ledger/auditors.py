"""Auditors who can open evidence without the operator, any `threshold` of them together (docs/spec/envelope.md).

Each subject's secrets are sealed once more, under a random key of which every auditor gets a share (Shamir), encrypted to their
public key (HPKE, RFC 9180). So a copy of the database and of the segments is all they need.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dauys.errors import BadInput, KeyMalformed
from dauys.ledger import shamir, sqlite
from dauys.ledger.envelope import KEY_SIZE, ZERO_NONCE
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import decode_leaf, encode_leaf, from_text, to_text
from dauys.ledger.moments import moment_text
from dauys.ledger.tail import append
from dauys.ledger.vault_leaves import AuditorsNamed

# DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM: 0x0020, 0x0001, 0x0002 of RFC 9180 section 7.
SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
INFO = b"dauys/auditor-share/v1\n"
OFFICE = "office/"  # before a subject's name: the key of what an office keeps about it


@dataclass(frozen=True, slots=True)
class Auditors:
    """Those named last: the entry that names them, how many it takes, their public keys."""

    index: int
    threshold: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one auditor contributes: their place among the auditors of entry `index`, and their shares by label."""

    index: int
    place: int
    shares: Mapping[str, bytes]


def named(connection: sqlite3.Connection) -> Auditors | None:
    """The auditors of now."""
    row = connection.execute("SELECT max(idx) FROM ledger_auditors").fetchone()
    if row[0] is None:
        return None
    leaf = decode_leaf(sqlite.read_entries(connection, row[0], row[0] + 1)[0])
    assert isinstance(leaf, AuditorsNamed)
    return Auditors(row[0], leaf.threshold, tuple(leaf.keys))


def name_auditors(
    connection: sqlite3.Connection, keys: Keys, publics: Sequence[str], threshold: int, now: datetime
) -> int:
    """Names them in the log and shares all secrets with them, inside the caller's transaction; how many secrets.

    The auditors before them can open nothing from now on that they have not copied. KeyMalformed, BadInput.
    """
    for public in publics:
        _public(public)
    if len(set(publics)) != len(publics) or not 1 <= threshold <= len(publics):
        raise BadInput(what=f"{threshold} of {len(set(publics))} different auditors cannot be")
    index = append(connection, encode_leaf(AuditorsNamed(list(publics), moment_text(now), threshold)))
    connection.execute("INSERT INTO ledger_auditors (idx) VALUES (?)", (index,))
    connection.execute("DELETE FROM ledger_auditor_share")
    connection.execute("DELETE FROM ledger_auditor_secret")
    held = _secrets(connection, keys)
    for label, secret in held.items():
        share(connection, label, secret)
    return len(held)


def share(connection: sqlite3.Connection, label: str, secret: bytes) -> None:
    """Seals a secret for the auditors of now, if there are any, inside the caller's transaction."""
    auditors = named(connection)
    if auditors is None:
        return
    key = secrets.token_bytes(KEY_SIZE)
    sealed = AESGCM(key).encrypt(ZERO_NONCE, secret, label.encode())  # the key seals exactly this message
    connection.execute("INSERT INTO ledger_auditor_secret (label, sealed) VALUES (?, ?)", (label, sealed))
    shares = shamir.split(key, auditors.threshold, len(auditors.keys))
    connection.executemany(
        "INSERT INTO ledger_auditor_share (label, auditor, share) VALUES (?, ?, ?)",
        [
            (label, place, SUITE.encrypt(one, _public(public), INFO + label.encode()))
            for place, (public, one) in enumerate(zip(auditors.keys, shares, strict=True))
        ],
    )


def forget(connection: sqlite3.Connection, name: str) -> None:
    """Takes back what auditors could open of a subject, inside the transaction that destroys its keys."""
    for table in ("ledger_auditor_share", "ledger_auditor_secret"):
        connection.execute(f"DELETE FROM {table} WHERE label IN (?, ?)", (name, OFFICE + name))  # noqa: S608 - our tables


def part_of(connection: sqlite3.Connection, private: X25519PrivateKey) -> Part:
    """An auditor's shares of everything; KeyMalformed where the key is none of those named, or a share is not for it."""
    auditors, public = named(connection), to_text(private.public_key().public_bytes_raw())
    if auditors is None or public not in auditors.keys:
        raise KeyMalformed(what="the log names no auditor with this key now")
    place = auditors.keys.index(public)
    rows = connection.execute("SELECT label, share FROM ledger_auditor_share WHERE auditor = ?", (place,))
    try:
        found = {label: SUITE.decrypt(one, private, INFO + label.encode()) for label, one in rows}
    except (InvalidTag, ValueError):
        raise KeyMalformed(what="a share was made for another key") from None
    return Part(auditors.index, place, found)


def combine(connection: sqlite3.Connection, parts: Sequence[Part]) -> dict[str, bytes]:
    """The secrets by label that enough auditors open together; BadInput where they are too few, or their parts do not fit."""
    auditors = named(connection)
    if auditors is None or any(part.index != auditors.index for part in parts):
        raise BadInput(what="a part was taken out for other auditors than those named now")
    present = len({part.place for part in parts})
    if present < auditors.threshold:
        raise BadInput(what=f"{auditors.threshold} auditors are needed, {present} are here")
    opened = {}
    for label, sealed in connection.execute("SELECT label, sealed FROM ledger_auditor_secret"):
        try:
            key = shamir.combine([part.shares[label] for part in parts][: auditors.threshold])
            opened[label] = AESGCM(key).decrypt(ZERO_NONCE, sealed, label.encode())
        except (KeyError, InvalidTag, ValueError):
            raise BadInput(what=f"the parts do not open {label} together") from None
    return opened


def _secrets(connection: sqlite3.Connection, keys: Keys) -> dict[str, bytes]:
    """Every secret that the operator holds, by label; the labels are those they are wrapped under."""
    subjects = "SELECT name, wrapped FROM ledger_subject_key JOIN ledger_subject ON id = subject_id"
    offices = "SELECT 'office/' || subject, wrapped FROM ledger_office_key"
    rows = connection.execute(f"{subjects} UNION ALL {offices}").fetchall()
    return {label: keys.unwrap(wrapped, label) for label, wrapped in rows}


def _public(text: str) -> X25519PublicKey:
    try:
        return X25519PublicKey.from_public_bytes(from_text(text))
    except (BadInput, ValueError):
        raise KeyMalformed(what="no auditor's public key, as `dauys auditor new` prints it") from None
