"""Evidence of chosen acts for a court: opened, checked, and laid out as files that anybody can check again.

The entry of the log that says so comes first: what was handed out is never more than what the log tells.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dauys.errors import EvidenceAbsent
from dauys.ledger import sqlite
from dauys.ledger.envelope import Envelope, Form, Sealed
from dauys.ledger.evidence import statement_xml, verify_evidence
from dauys.ledger.leaves import PetitionSignature, decode_leaf, encode_leaf, from_text
from dauys.ledger.moments import from_unix, moment_text
from dauys.ledger.receipts import best_receipt
from dauys.ledger.tail import append
from dauys.ledger.vault import read_envelope
from dauys.ledger.vault_leaves import EvidenceExported

if TYPE_CHECKING:
    from dauys.identity.trust import TrustStore
    from dauys.ledger.opener import Opener
    from dauys.translog.note import Signer

SIGNATURES = {Form.CMS: "signature.p7s", Form.XML: "signature.xml", Form.RAW: "signature.bin"}


@dataclass(frozen=True, slots=True)
class Opened:
    """An act whose evidence was opened: its entry, the envelope and the salt of its commitment."""

    index: int
    entry: bytes
    envelope: Envelope
    salt: bytes


def open_acts(connection: sqlite3.Connection, opener: Opener, indices: Sequence[int]) -> list[Opened]:
    """Acts by their entries, ascending; EvidenceAbsent where one has no evidence, or not any more, BadInput where it fails."""
    return [_open(connection, opener, index) for index in sorted(set(indices))]


def _open(connection: sqlite3.Connection, opener: Opener, index: int) -> Opened:
    entries, kept = sqlite.read_entries(connection, index, index + 1), read_envelope(connection, index)
    if not entries or kept is None:
        raise EvidenceAbsent(index=index)
    leaf = decode_leaf(entries[0])
    subject, commitment = getattr(leaf, "subject", ""), getattr(leaf, "commitment", "")
    vault = opener.signatures(subject) if isinstance(leaf, PetitionSignature) else opener.office(subject)
    if vault is None:
        raise EvidenceAbsent(index=index)
    envelope, salt = vault.unseal(Sealed(from_text(commitment), *kept))
    return Opened(index, entries[0], Envelope.parse(envelope), salt)


def log_export(connection: sqlite3.Connection, acts: Sequence[Opened], order: str, now: datetime) -> int:
    """Says in the log, inside the caller's transaction, that so many were handed out by an order (its SHA-256)."""
    return append(connection, encode_leaf(EvidenceExported(len(acts), moment_text(now), order)))


def files_of(
    connection: sqlite3.Connection, act: Opened, signer: Signer, trust: TrustStore
) -> Iterator[tuple[str, bytes]]:
    """(name, content) of everything about one act: what was signed, the signature, the verdict, its place in the log."""
    envelope, at = act.envelope, from_unix(act.envelope.received_ms // 1000)
    xml = envelope.form is Form.XML
    yield "statement.txt", envelope.statement
    if xml:
        yield "statement.xml", statement_xml(envelope.statement)
    if envelope.form in SIGNATURES:
        verdict = verify_evidence(envelope.statement, envelope.signed, trust, at)
        yield SIGNATURES[envelope.form], envelope.signature
        if verdict.signer is not None:
            yield "certificate.cer", verdict.signer.certificate.der
        yield "verdict.json", json.dumps(verdict.report(), ensure_ascii=False, indent=1, default=str).encode() + b"\n"
    yield "entry.json", act.entry
    yield "receipt.tlog-proof", best_receipt(connection, signer, act.index).encode()
    yield "envelope.bin", envelope.to_bytes()
    facts = {"index": act.index, "form": envelope.form.name, "received": moment_text(at), "salt": act.salt.hex()}
    yield "facts.json", json.dumps(facts, indent=1).encode() + b"\n"
