"""Receipts: offline proof that an entry is in the log (c2sp.org/tlog-proof@v1, files `.tlog-proof`).

    c2sp.org/tlog-proof@v1
    extra <base64>                  in Dauys the entry itself, so that one file is enough
    index <decimal>
    <base64 hash> ...               siblings from the leaf upwards
                                    empty line
    <signed checkpoint, verbatim>

`extra` is not authenticated by itself: the entry in it is believed only because it hashes to the proven leaf.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dauys.errors import NoteInvalid, ProofInvalid, ReceiptInvalid, ReceiptKeyUnknown, ReceiptMalformed
from dauys.translog.checkpoint import Checkpoint, open_checkpoint
from dauys.translog.encoding import decode_base64, decode_decimal, encode_base64
from dauys.translog.merkle import HASH_SIZE, leaf_hash, verify_inclusion
from dauys.translog.note import Verifier, split_note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dauys.translog.keyring import Keyring

HEADER, EXTRA, INDEX = "c2sp.org/tlog-proof@v1", "extra ", "index "
MAX_HASHES = 63  # the height of a tree of 2**63 leaves
MAX_RECEIPT = 1 << 20  # bytes: the longest entry, 63 hashes and a checkpoint with every witness stay well below


@dataclass(frozen=True, slots=True)
class Receipt:
    """Entry `index` is in the log of `checkpoint`, a signed note kept verbatim, by `proof`, hashes of 32 bytes."""

    index: int
    proof: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    @property
    def entry(self) -> bytes | None:
        """The entry that a Dauys receipt carries; not to be believed before it is verified."""
        return self.extra

    def to_text(self) -> str:
        """The receipt as a file."""
        extra = [] if self.extra is None else [EXTRA + encode_base64(self.extra)]
        head = [HEADER, *extra, f"{INDEX}{self.index}", *map(encode_base64, self.proof)]
        return "\n".join(head) + f"\n\n{self.checkpoint}"

    @classmethod
    def parse(cls, data: bytes | str) -> Receipt:
        """Read exactly what `to_text` writes, verifying nothing; ReceiptMalformed otherwise."""
        if len(data) > MAX_RECEIPT:
            raise ReceiptMalformed(what=f"it is longer than {MAX_RECEIPT} bytes")
        try:
            text = data.decode() if isinstance(data, bytes) else data
        except UnicodeDecodeError as error:
            raise ReceiptMalformed(what="it is not text") from error
        head, separator, checkpoint = text.partition("\n\n")
        header, *lines = head.split("\n")
        if header != HEADER or not separator:
            raise ReceiptMalformed(what=f"it does not begin with {HEADER} and end with a checkpoint")
        try:
            split_note(checkpoint)
        except NoteInvalid as error:
            raise ReceiptMalformed(what=f"its checkpoint is broken, {error.facts['what']}") from error
        extra = _parse_extra(lines.pop(0)) if lines and lines[0].startswith(EXTRA) else None
        index, proof = _parse_proof(lines)
        return cls(index, proof, checkpoint, extra)

    def verify(self, entry: bytes, verifiers: Sequence[Verifier], origin: str | None = None) -> Checkpoint:
        """The checkpoint that proves `entry` is in the log; ReceiptInvalid, saying what fails, otherwise."""
        try:
            checkpoint = open_checkpoint(self.checkpoint, verifiers, origin)
            verify_inclusion(leaf_hash(entry), self.index, checkpoint.size, self.proof, checkpoint.root)
        except (NoteInvalid, ProofInvalid) as error:
            raise ReceiptInvalid(what=error.facts["what"]) from error
        return checkpoint


def verify_by(keyring: Keyring, data: bytes | str) -> tuple[Receipt, Checkpoint]:
    """As `verify_receipt`, by the keys that signed trees of the receipt's size."""
    receipt = Receipt.parse(data)
    try:
        keys = keyring.for_note(receipt.checkpoint)
    except NoteInvalid as error:
        raise ReceiptInvalid(what=error.facts["what"]) from error
    _require_known_key(keyring, receipt.checkpoint)
    return verify_receipt(data, keys)


def _require_known_key(keyring: Keyring, note: str) -> None:
    """ReceiptKeyUnknown where the log's lines are of keys that nobody named, as after a change; ReceiptInvalid of one given up."""
    text, lines = split_note(note)
    checkpoint = Checkpoint.parse(text)
    own = {line.key_id for line in lines if line.name == checkpoint.origin}
    known = {key.key_id for key in keyring.verifiers if key.name == checkpoint.origin}
    if own and not own & known:
        raise ReceiptKeyUnknown(key=f"{checkpoint.origin}+{min(own).hex()}")
    if own and not own & {key.key_id for key in keyring.at(checkpoint.size)}:
        which = f"{checkpoint.origin}+{min(own & known).hex()}"
        raise ReceiptInvalid(
            what=f"the key {which} signs no tree of {checkpoint.size} entries, as the log changed its keys"
        )


def verify_receipt(
    data: bytes | str, verifiers: Sequence[Verifier], origin: str | None = None
) -> tuple[Receipt, Checkpoint]:
    """Read a receipt and verify the entry that it carries."""
    receipt = Receipt.parse(data)
    if receipt.entry is None:
        raise ReceiptMalformed(what="it does not carry its entry")
    return receipt, receipt.verify(receipt.entry, verifiers, origin)


def _parse_extra(line: str) -> bytes:
    try:
        return decode_base64(line.removeprefix(EXTRA))
    except ValueError as error:
        raise ReceiptMalformed(what="its extra line is not base64") from error


def _parse_proof(lines: list[str]) -> tuple[int, tuple[bytes, ...]]:
    if not lines or not lines[0].startswith(INDEX):
        raise ReceiptMalformed(what="its index is missing")
    try:
        index = decode_decimal(lines[0].removeprefix(INDEX))
        hashes = tuple(map(decode_base64, lines[1:]))
    except ValueError as error:
        raise ReceiptMalformed(what="its index or its hashes cannot be read") from error
    if len(hashes) > MAX_HASHES or any(len(hash_) != HASH_SIZE for hash_ in hashes):
        raise ReceiptMalformed(what=f"its proof is not of at most {MAX_HASHES} hashes of {HASH_SIZE} bytes")
    return index, hashes
