"""What a note's signature line may hold: notes in Ed25519, and the cosignatures of c2sp.org/tlog-cosignature v1.1.

    0x01  Ed25519                  signs the note's text
    0x04  Ed25519 cosignature/v1   signs a time and the text; the line holds time and signature
    0x06  ML-DSA-44 cosignature    signs name, time, origin, size and root; the line holds time and signature

Of 0x06 only whole trees are signed and read here, never subtrees that begin above 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from dauys.translog.encoding import decode_base64, decode_decimal

SEED_SIZE = 32  # bytes of a private key: RFC 8032 and FIPS 204 alike
TIME_SIZE = 8  # bytes of a cosignature's time, unix seconds, big-endian
LATEST = 2**63 - 1  # the specification's latest time
SUBTREE_LABEL = b"subtree/v1\n\0"
LONGEST_VECTOR = 255  # bytes of a name and an origin in the message of 0x06


class PublicKey(Protocol):
    """As `cryptography` has them."""

    def verify(self, signature: bytes, data: bytes, /) -> None:
        """InvalidSignature where the signature is not over the data."""


class PrivateKey(Protocol):
    """As `cryptography` has them."""

    def sign(self, data: bytes, /) -> bytes:
        """The signature."""

    def public_key(self) -> Ed25519PublicKey | MLDSA44PublicKey:
        """The public half."""


@dataclass(frozen=True, repr=False)
class SignatureType:
    """One type: its byte, its sizes in bytes, its algorithm, and what it signs of (key name, time, text of the note)."""

    byte: bytes
    title: str
    public_size: int
    signature_size: int
    timed: bool
    public_key: Callable[[bytes], PublicKey]
    private_key: Callable[[bytes], PrivateKey]
    message: Callable[[str, int, bytes], bytes]

    def __repr__(self) -> str:
        return self.title

    def time_of(self, signature: bytes) -> int | None:
        """The time that a line claims, in unix seconds; None for a type without one."""
        return int.from_bytes(signature[:TIME_SIZE], "big") if self.timed else None

    def verify(self, key: PublicKey, name: str, text: bytes, signature: bytes) -> bool:
        """Whether the line's bytes after the key id are of this key, under this name, over this text."""
        time = self.time_of(signature) or 0
        raw = signature[TIME_SIZE:] if self.timed else signature
        if len(raw) != self.signature_size or time > LATEST:
            return False
        try:
            key.verify(raw, self.message(name, time, text))
        except (InvalidSignature, ValueError):
            return False
        return True

    def sign(self, key: PrivateKey, name: str, text: bytes, time: int) -> bytes:
        """The line's bytes after the key id; ValueError for a text that this type cannot sign."""
        stamp = time.to_bytes(TIME_SIZE, "big") if self.timed else b""
        return stamp + key.sign(self.message(name, time, text))


def _text_itself(name: str, time: int, text: bytes) -> bytes:  # noqa: ARG001 - the form of every type's message
    return text


def _cosignature_v1(name: str, time: int, text: bytes) -> bytes:  # noqa: ARG001 - this type does not commit to the name
    return b"cosignature/v1\ntime %d\n" % time + text


def _whole_tree(name: str, time: int, text: bytes) -> bytes:
    """The specification's `cosigned_message` with start 0; ValueError where the text is no checkpoint."""
    origin, size, root, *_ = text.decode().split("\n")
    hash_ = decode_base64(root)
    if len(hash_) != 32:
        raise ValueError("a root has 32 bytes")
    end = decode_decimal(size).to_bytes(8, "big")
    return SUBTREE_LABEL + _vector(name) + time.to_bytes(8, "big") + _vector(origin) + bytes(8) + end + hash_


def _vector(text: str) -> bytes:
    data = text.encode()
    if not 1 <= len(data) <= LONGEST_VECTOR:
        raise ValueError(f"a name has 1 to {LONGEST_VECTOR} bytes")
    return bytes([len(data)]) + data


ED25519 = SignatureType(
    b"\x01", "Ed25519", 32, 64, False, Ed25519PublicKey.from_public_bytes, Ed25519PrivateKey.from_private_bytes, _text_itself
)  # fmt: skip
COSIGNATURE_V1 = SignatureType(
    b"\x04", "cosignature/v1", 32, 64, True, Ed25519PublicKey.from_public_bytes, Ed25519PrivateKey.from_private_bytes, _cosignature_v1
)  # fmt: skip
ML_DSA_44 = SignatureType(
    b"\x06", "ML-DSA-44", 1312, 2420, True, MLDSA44PublicKey.from_public_bytes, MLDSA44PrivateKey.from_seed_bytes, _whole_tree
)  # fmt: skip
BY_BYTE = {type_.byte: type_ for type_ in (ED25519, COSIGNATURE_V1, ML_DSA_44)}
LOG_TYPES = frozenset({ED25519, ML_DSA_44})  # a log signs with these
WITNESS_TYPES = frozenset({COSIGNATURE_V1, ML_DSA_44})  # a witness with these
