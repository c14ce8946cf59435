"""Signed notes (c2sp.org/signed-note v1.0.0) and the keys that sign them, of any type in `signature_types`.

<text, its last line ended>
                                                      the last empty line separates
— <key name> <base64 of key id and signature>
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from cryptography.exceptions import InvalidSignature

from dauys.errors import KeyMalformed, NoteInvalid
from dauys.translog.encoding import decode_base64, encode_base64
from dauys.translog.signature_types import (
    BY_BYTE,
    ED25519,
    SEED_SIZE,
    PrivateKey,
    PublicKey,
    SignatureType,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

KEY_ID_SIZE = 4
SKEY_PREFIX = "PRIVATE+KEY+"  # as Go's sumdb/note writes private keys
DASH = "— "  # U+2014, space
MAX_SIGNATURES = 100  # the specification asks for at least 16; Go's sumdb/note stops at 100
MAX_NOTE = 1_000_000  # bytes, as Go's sumdb/note

UNWRITABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\ud800-\udfff]"
)  # control characters but newline; halves of surrogate pairs


class Signature(NamedTuple):
    """A verified line: whose key, and the time in unix seconds that a cosignature states."""

    verifier: Verifier
    time: int | None


class Opened(NamedTuple):
    """A note's text, and the verified lines of known keys, in the note's order, each key once."""

    text: str
    signatures: list[Signature]

    @property
    def signed_by(self) -> list[str]:
        """Names of the known keys that signed, in the note's order."""
        return list(dict.fromkeys(signature.verifier.name for signature in self.signatures))


class SignatureLine(NamedTuple):
    """One line of a note's signature block, its signature not yet verified."""

    name: str
    key_id: bytes
    signature: bytes

    def to_text(self) -> str:
        """The line with its newline."""
        return f"{DASH}{self.name} {encode_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True)
class Verifier:
    """A public key, the name it signs under, and the type of its signatures."""

    name: str
    public_key: bytes
    type: SignatureType = ED25519

    def __post_init__(self) -> None:
        _require_key(self.name, self.public_key, self.type.public_size)

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        """Read `name+key id+key`, the way logs and witnesses publish their keys; KeyMalformed otherwise."""
        verifier = cls(*_parse_key(vkey))
        if verifier.vkey != vkey:
            raise KeyMalformed(what="its key id is not that of its name and key")
        return verifier

    @cached_property
    def key_id(self) -> bytes:
        """Four bytes that, with the name, tell which signature line is of this key."""
        return sha256(f"{self.name}\n".encode() + self.type.byte + self.public_key).digest()[:KEY_ID_SIZE]

    @cached_property
    def vkey(self) -> str:
        """The key as text."""
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(self.type.byte + self.public_key)}"

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Whether a line's signature is of this key over the note's text."""
        try:
            return self.type.verify(self._key, self.name, text, signature)
        except ValueError:  # bytes that are no key of this algorithm sign nothing
            return False

    def verify_bare(self, data: bytes, signature: bytes) -> bool:
        """Whether a signature of this key's algorithm, without a time, is over just these bytes."""
        try:
            self._key.verify(signature, data)
        except (InvalidSignature, ValueError):
            return False
        return True

    @cached_property
    def _key(self) -> PublicKey:
        return self.type.public_key(self.public_key)


@dataclass(frozen=True)
class Signer:
    """A private seed of 32 bytes, the name it signs under and the type of its signatures; repr hides the seed."""

    name: str
    seed: bytes = field(repr=False)
    type: SignatureType = ED25519

    def __post_init__(self) -> None:
        _require_key(self.name, self.seed, SEED_SIZE)

    @classmethod
    def generate(cls, name: str, type_: SignatureType = ED25519) -> Signer:
        """A new random key."""
        return cls(name, secrets.token_bytes(SEED_SIZE), type_)

    @classmethod
    def load(cls, skey: str) -> Signer:
        """Read a key written by `skey` or by Go's sumdb/note; KeyMalformed otherwise, never showing the key."""
        if not skey.startswith(SKEY_PREFIX):
            raise KeyMalformed(what="a private key begins with PRIVATE+KEY+")
        signer = cls(*_parse_key(skey.removeprefix(SKEY_PREFIX)))
        if signer.skey != skey:
            raise KeyMalformed(what="its key id is not that of its name and key")
        return signer

    @property
    def skey(self) -> str:
        """The private key as text: keep it secret."""
        return f"{SKEY_PREFIX}{self.name}+{self.verifier.key_id.hex()}+{encode_base64(self.type.byte + self.seed)}"

    @cached_property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self._key.public_key().public_bytes_raw(), self.type)

    def sign(self, text: str, time: int = 0) -> str:
        """The whole signed note; `time` in unix seconds where the type states one; NoteInvalid as `sign_note`."""
        return sign_note(text, [self], time)

    def line(self, text: str, time: int = 0) -> str:
        """The signature line of this key over a text."""
        try:
            signature = self.type.sign(self._key, self.name, text.encode(), time)
        except ValueError as error:
            raise NoteInvalid(what=f"its text cannot be signed by a key of type {self.type}") from error
        return SignatureLine(self.name, self.verifier.key_id, signature).to_text()

    def bare_line(self, text: str) -> str:
        """A line with a signature of this key's algorithm over the text itself; no note's, see `keyring`."""
        return SignatureLine(self.name, self.verifier.key_id, self._key.sign(text.encode())).to_text()

    @cached_property
    def _key(self) -> PrivateKey:
        return self.type.private_key(self.seed)


def sign_note(text: str, signers: Sequence[Signer], time: int = 0) -> str:
    """The whole note; NoteInvalid where the text does not end in a newline or holds control characters."""
    if not text.endswith("\n") or UNWRITABLE.search(text):
        raise NoteInvalid(what="its text must be lines of plain text")
    return f"{text}\n" + "".join(signer.line(text, time) for signer in signers)


def open_note(note: str | bytes, verifiers: Sequence[Verifier]) -> Opened:
    """Verify a note; NoteInvalid unless a known key signed it and no known key's signature is bad.

    Signatures of other keys are ignored, whatever they are.
    """
    text, signatures = verified_lines(note, verifiers)
    if not signatures:
        raise NoteInvalid(what="no key we know signed it")
    return Opened(text, signatures)


def verified_lines(note: str | bytes, verifiers: Sequence[Verifier]) -> Opened:
    """As `open_note`, but a note that no known key signed is told by an empty list."""
    known = _by_line(verifiers)
    text, lines = split_note(note)
    message = text.encode()
    signatures: dict[Verifier, Signature] = {}
    for line in lines:
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        if not key.verify(message, line.signature):
            raise NoteInvalid(what=f"the signature of {line.name} is not over this text")
        signatures[key] = Signature(key, key.type.time_of(line.signature))
    return Opened(text, list(signatures.values()))


def _by_line(verifiers: Sequence[Verifier]) -> dict[tuple[str, bytes], Verifier]:
    known: dict[tuple[str, bytes], Verifier] = {}
    for verifier in verifiers:
        if known.setdefault((verifier.name, verifier.key_id), verifier) != verifier:
            raise NoteInvalid(what=f"two different known keys are called {verifier.name}+{verifier.key_id.hex()}")
    return known


def split_note(note: str | bytes) -> tuple[str, list[SignatureLine]]:
    """Text and unverified signatures; NoteInvalid where the form is not exactly a signed note's."""
    if len(note) > MAX_NOTE:
        raise NoteInvalid(what=f"it is longer than {MAX_NOTE} bytes")
    try:
        written = note.decode() if isinstance(note, bytes) else note
    except UnicodeDecodeError as error:
        raise NoteInvalid(what="it is not UTF-8") from error
    if UNWRITABLE.search(written):
        raise NoteInvalid(what="it holds control characters")
    text, separator, block = written.rpartition("\n\n")
    if not separator or not block.endswith("\n"):
        raise NoteInvalid(what="it has no signature lines after an empty line")
    lines = block[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteInvalid(what=f"it has more than {MAX_SIGNATURES} signatures")
    return f"{text}\n", [_parse_signature_line(line) for line in lines]


def _parse_signature_line(line: str) -> SignatureLine:
    name, _, encoded = line.removeprefix(DASH).partition(" ")
    try:
        blob = decode_base64(encoded)
    except ValueError:
        blob = b""
    if not line.startswith(DASH) or not _is_name(name) or len(blob) <= KEY_ID_SIZE:
        raise NoteInvalid(what="a line after the last empty line is not a signature")
    return SignatureLine(name, blob[:KEY_ID_SIZE], blob[KEY_ID_SIZE:])


# ---- Keys as text ------------------------------------------------------------------------------------------------


def _parse_key(text: str) -> tuple[str, bytes, SignatureType]:
    """Name, key and type of `name+key id+base64`; base64 itself may hold `+`, so only the first two separate."""
    parts = text.split("+", 2)
    try:
        blob = decode_base64(parts[2])
    except (IndexError, ValueError) as error:
        raise KeyMalformed(what="it is not written as name+key id+key") from error
    type_ = BY_BYTE.get(blob[:1])
    if type_ is None:
        raise KeyMalformed(what="it is not a key of type 1 (Ed25519), 4 (cosignature/v1) or 6 (ML-DSA-44)")
    return parts[0], blob[1:], type_


def _require_key(name: str, key: bytes, size: int) -> None:
    if not _is_name(name):
        raise KeyMalformed(what="a key's name is not empty and holds no space, plus sign or control character")
    if len(key) != size:
        raise KeyMalformed(what=f"a key of its type has {size} bytes, not {len(key)}")


def _is_name(name: str) -> bool:
    unfit = "+" in name or "\n" in name or UNWRITABLE.search(name) or any(map(str.isspace, name))
    return bool(name) and not unfit
