"""Signatures that no key made: confirmed by a link that was sent to a mailbox, or entered from a sheet of paper."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

from dauys.ledger import sqlite
from dauys.ledger.envelope import Envelope, Form
from dauys.ledger.keys import Keys
from dauys.ledger.leaves import PetitionSignature, encode_leaf, to_text
from dauys.ledger.moments import hour_number, hour_text
from dauys.ledger.office_acts import Evidence
from dauys.ledger.sequencer import Admission
from dauys.ledger.statement import Statement
from dauys.ledger.subjects import Subject, read_secrets

LINK_LIFETIME = timedelta(hours=48)  # a letter may be read the next evening
FORMS = {"email": Form.LINK, "paper": Form.SHEET}


def keyless_statement(
    connection: sqlite3.Connection, subject: Subject, language: str, tier: str, nonce: bytes, expires: datetime
) -> Statement:
    """What such a signer declares: the words that others sign with a key under the same rules."""
    return Statement(
        "petition.signature", subject.name, subject.title, subject.text_sha256, sqlite.read_tail(connection).origin, language,
        subject.age, "", tier, nonce.hex(), expires, subject.citizens_only,
    )  # fmt: skip


def keyless_admission(
    connection: sqlite3.Connection,
    keys: Keys,
    subject: Subject,
    pseudonym: bytes,
    statement: Statement,
    proof: bytes,
    now: datetime,
) -> Admission:
    """Ready for the sequencer; `proof` is the SHA-256 of the sheet's scan, or empty. Says nothing of the person."""
    hour, tier, nonce = hour_number(now), statement.tier, bytes.fromhex(statement.nonce)
    envelope = Envelope(statement.to_bytes(), proof, int(now.timestamp() * 1000), FORMS[tier])
    sealed = read_secrets(connection, keys, subject).seal(envelope.to_bytes())
    leaf = PetitionSignature(
        to_text(sealed.commitment),
        hour_text(hour),
        to_text(pseudonym),
        subject.name,
        tier,  # type: ignore[arg-type]
    )
    return Admission(subject.id, pseudonym, nonce, hour, tier, encode_leaf(leaf), sealed)


def link_evidence(keys: Keys, name: str, pseudonym: bytes, statement: bytes, nonce: bytes, now: datetime) -> Evidence:
    """What stands behind an office's act that a letter's link did for a mailbox, known by its pseudonym under a subject."""
    envelope = Envelope(statement, b"", int(now.timestamp() * 1000), Form.LINK)
    return Evidence(keys.person(mailbox_of(name, pseudonym)), envelope.to_bytes(), nonce, "email")


def mailbox_of(name: str, pseudonym: bytes) -> str:
    """The mailbox's person, as `Keys.person` takes it: whose it is was never kept."""
    return f"mailbox|{name}|{to_text(pseudonym)}"
