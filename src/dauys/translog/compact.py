"""A receipt short enough for a QR code: the same facts in bytes, as base64url in an address's fragment.

    0x01 · varint index · varint length of the entry · entry · number of hashes (1 byte) · hashes · checkpoint (UTF-8)

A varint is unsigned LEB128 without needless bytes. The fragment of an address never leaves the browser that opens it.
"""

from __future__ import annotations

import base64
import binascii

from dauys.errors import ReceiptMalformed
from dauys.translog.merkle import HASH_SIZE
from dauys.translog.note import split_note
from dauys.translog.proof import Receipt

VERSION = 1
MAX_VARINT = 9  # bytes: 63 bits, as indices have
SEVEN_BITS = 0x7F
MAX_SIGNATURE = 8 + 64  # bytes: a cosignature's time and an Ed25519 signature


def to_compact(receipt: Receipt) -> str:
    """A receipt that carries its entry; ReceiptMalformed without one."""
    if receipt.entry is None:
        raise ReceiptMalformed(what="it does not carry its entry")
    head = bytes([VERSION]) + _varint(receipt.index) + _varint(len(receipt.entry)) + receipt.entry
    whole = head + bytes([len(receipt.proof)]) + b"".join(receipt.proof) + receipt.checkpoint.encode()
    return base64.urlsafe_b64encode(whole).decode().rstrip("=")


def from_compact(text: str) -> Receipt:
    """Read exactly what `to_compact` writes, verifying nothing; ReceiptMalformed otherwise."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        receipt = _parse(data)
    except (ValueError, IndexError, binascii.Error) as error:
        raise ReceiptMalformed(what="its short form cannot be read") from error
    if to_compact(receipt) != text:
        raise ReceiptMalformed(what="its short form has another writing")
    return Receipt.parse(receipt.to_text())


def slimmed(receipt: Receipt) -> Receipt:
    """The same with short signature lines only: those of Ed25519. One of ML-DSA-44 would need 2,420 bytes."""
    text, lines = split_note(receipt.checkpoint)
    kept = [line.to_text() for line in lines if len(line.signature) <= MAX_SIGNATURE]
    return Receipt(receipt.index, receipt.proof, f"{text}\n{''.join(kept)}", receipt.extra)


def _parse(data: bytes) -> Receipt:
    if data[0] != VERSION:
        raise ValueError("another version")
    index, data = _read_varint(data[1:])
    length, data = _read_varint(data)
    entry, count, data = data[:length], data[length], data[length + 1 :]
    hashes = tuple(data[at : at + HASH_SIZE] for at in range(0, count * HASH_SIZE, HASH_SIZE))
    return Receipt(index, hashes, data[count * HASH_SIZE :].decode(), entry)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > SEVEN_BITS:
        out.append(number & SEVEN_BITS | 0x80)
        number >>= 7
    return bytes([*out, number])


def _read_varint(data: bytes) -> tuple[int, bytes]:
    number = 0
    for at, byte in enumerate(data[:MAX_VARINT]):
        number |= (byte & SEVEN_BITS) << 7 * at
        if byte <= SEVEN_BITS:
            return number, data[at + 1 :]
    raise ValueError("no end of a number")
