"""A person's own entry, or its absence, provable to themselves: docs/spec/own-entry.md.

The file holds no personal number: whoever checks types it. It holds the VRF proof, which a receipt never does; so it is
given only to the person, and a guessed number can be confirmed by whoever gets hold of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from dauys.errors import BadInput, ProofInvalid, ReceiptInvalid, ReceiptMalformed
from dauys.ledger.keys import Keys
from dauys.ledger.leaf_fields import Subject
from dauys.ledger.leaves import PetitionOpened, PetitionSignature, decode_leaf, from_text, to_text
from dauys.ledger.pseudonym import check
from dauys.ledger.receipts import receipts_of
from dauys.ledger.signed import own_index
from dauys.ledger.subjects import read_secrets, read_subject
from dauys.translog.checkpoint import Checkpoint
from dauys.translog.keyring import Keyring
from dauys.translog.note import Verifier
from dauys.translog.proof import Receipt, verify_by

LARGEST = 1 << 16  # bytes of a file; a real one has about 3 KiB


class OwnEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file: receipts of the subject's opening and, where there is one, of the person's signature."""

    format: Literal["dauys/own-entry/v1"]
    opening: str
    proof: str
    signature: str | None
    subject: Subject


@dataclass(frozen=True, slots=True)
class Claim:
    """What a file proves of a person: the one pseudonym they can have, and the index of its entry or None.

    Without an index the file claims that the first `checkpoint.size` entries hold none; `is_of` finds one.
    """

    subject: str
    pseudonym: str
    checkpoint: Checkpoint
    index: int | None

    def is_of(self, entry: bytes) -> bool:
        """Whether an entry of the log is this person's signature under this subject."""
        if self.pseudonym.encode() not in entry:  # spares reading every entry as a leaf
            return False
        try:
            leaf = decode_leaf(entry)
        except BadInput:
            return False
        return isinstance(leaf, PetitionSignature) and (leaf.subject, leaf.pseudonym) == (self.subject, self.pseudonym)


def prove_own_entry(connection: sqlite3.Connection, keys: Keys, name: str, person: str) -> bytes:
    """The file for `person` (`iin|…`) under a subject; SubjectUnknown where there is none or its keys are destroyed."""
    subject = read_subject(connection, name)
    proof = read_secrets(connection, keys, subject).prove(name, person)
    index = own_index(connection, keys, name, person)
    receipts = receipts_of(connection, keys.log, [subject.opened_index] + ([] if index is None else [index]))
    signature = None if index is None else receipts[index]
    entry = OwnEntry("dauys/own-entry/v1", receipts[subject.opened_index], to_text(proof), signature, name)
    return msgspec.json.format(msgspec.json.encode(entry), indent=1) + b"\n"


def read_own_entry(data: bytes) -> OwnEntry:
    """The file of these bytes; ReceiptMalformed."""
    if len(data) > LARGEST:
        raise ReceiptMalformed(what=f"it is longer than {LARGEST} bytes")
    try:
        return msgspec.json.decode(data, type=OwnEntry)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ReceiptMalformed(what=f"it is no file of one's own entry ({error})") from None


def verify_own_entry(entry: OwnEntry, keys: Keyring | Sequence[Verifier], person: str) -> Claim:
    """What the file proves of `person` (`iin|…`); ReceiptInvalid where a part of it does not hold for them."""
    ring = Keyring.of(keys)
    opening, checkpoint = verify_by(ring, entry.opening)
    opened = _leaf(opening)
    if not isinstance(opened, PetitionOpened) or opened.subject != entry.subject:
        raise ReceiptInvalid(what=f"it does not hold the opening of {entry.subject}")
    try:
        pseudonym = to_text(check(from_text(opened.vrf), entry.subject, person, from_text(entry.proof)))
    except (ProofInvalid, BadInput) as error:
        raise ReceiptInvalid(what=f"its proof is not of this personal number: {error.facts['what']}") from None
    claim = Claim(entry.subject, pseudonym, checkpoint, None)
    if entry.signature is None:
        return claim
    signature, checkpoint = verify_by(ring, entry.signature)
    if not claim.is_of(signature.entry or b""):
        raise ReceiptInvalid(what="the signature in it has another pseudonym than this personal number")
    return Claim(entry.subject, pseudonym, checkpoint, signature.index)


def _leaf(receipt: Receipt) -> object:
    try:
        return decode_leaf(receipt.entry or b"")
    except BadInput as error:
        raise ReceiptInvalid(what=error.facts["what"]) from None
