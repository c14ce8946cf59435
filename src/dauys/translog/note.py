"""Signed notes with Ed25519 (c2sp.org/signed-note v1.0.0, signature type 0x01).

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
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dauys.errors import KeyMalformed, NoteInvalid
from dauys.translog.encoding import decode_base64, encode_base64

if TYPE_CHECKING:
    from collections.abc import Sequence

ED25519 = b"\x01"  # the specification's signature type
KEY_SIZE = 32  # of a public key and of a private seed (RFC 8032)
KEY_ID_SIZE = 4
SKEY_PREFIX = "PRIVATE+KEY+"  # as Go's sumdb/note writes private keys
DASH = "— "  # U+2014, space
MAX_SIGNATURES = 100  # the specification asks for at least 16; Go's sumdb/note stops at 100
MAX_NOTE = 1_000_000  # bytes, as Go's sumdb/note

UNWRITABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\ud800-\udfff]"
)  # control characters but newline; halves of surrogate pairs


class Opened(NamedTuple):
    """A note's text, and the names of the known keys that signed it, in the note's order."""

    text: str
    signed_by: list[str]


class SignatureLine(NamedTuple):
    """One line of a note's signature block, its signature not yet verified."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True)
class Verifier:
    """A public key of 32 bytes and the name it signs under."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        _require_key(self.name, self.public_key)

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
        return sha256(f"{self.name}\n".encode() + ED25519 + self.public_key).digest()[:KEY_ID_SIZE]

    @cached_property
    def vkey(self) -> str:
        """The key as text."""
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(ED25519 + self.public_key)}"

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is of this key over the message."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    @cached_property
    def _key(self) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.public_key)


@dataclass(frozen=True)
class Signer:
    """A private seed of 32 bytes and the name it signs under; the seed is hidden in repr."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _require_key(self.name, self.seed)

    @classmethod
    def generate(cls, name: str) -> Signer:
        """A new random key."""
        return cls(name, secrets.token_bytes(KEY_SIZE))

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
        return f"{SKEY_PREFIX}{self.name}+{self.verifier.key_id.hex()}+{encode_base64(ED25519 + self.seed)}"

    @cached_property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self._key.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The whole signed note; NoteInvalid where the text does not end in a newline or holds control characters."""
        if not text.endswith("\n") or UNWRITABLE.search(text):
            raise NoteInvalid(what="its text must be lines of plain text")
        signature = self.verifier.key_id + self._key.sign(text.encode())
        return f"{text}\n{DASH}{self.name} {encode_base64(signature)}\n"

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def open_note(note: str | bytes, verifiers: Sequence[Verifier]) -> Opened:
    """Verify a note; NoteInvalid unless a known key signed it and no known key's signature is bad.

    Signatures of other keys are ignored, whatever they are.
    """
    known: dict[tuple[str, bytes], Verifier] = {}
    for verifier in verifiers:
        if known.setdefault((verifier.name, verifier.key_id), verifier) != verifier:
            raise NoteInvalid(what=f"two different known keys are called {verifier.name}+{verifier.key_id.hex()}")
    text, signatures = split_note(note)
    message = text.encode()
    signed_by: dict[str, None] = {}
    for line in signatures:
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        if not key.verify(message, line.signature):
            raise NoteInvalid(what=f"the signature of {line.name} is not over this text")
        signed_by[line.name] = None
    if not signed_by:
        raise NoteInvalid(what="no key we know signed it")
    return Opened(text, list(signed_by))


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


def _parse_key(text: str) -> tuple[str, bytes]:
    """Name and 32 bytes of `name+key id+base64`; base64 itself may hold `+`, so only the first two separate."""
    parts = text.split("+", 2)
    try:
        blob = decode_base64(parts[2])
    except (IndexError, ValueError) as error:
        raise KeyMalformed(what="it is not written as name+key id+key") from error
    if not blob.startswith(ED25519):
        raise KeyMalformed(what="it is not an Ed25519 key of type 1")
    return parts[0], blob[len(ED25519) :]


def _require_key(name: str, key: bytes) -> None:
    if not _is_name(name):
        raise KeyMalformed(what="a key's name is not empty and holds no space, plus sign or control character")
    if len(key) != KEY_SIZE:
        raise KeyMalformed(what=f"a key has {KEY_SIZE} bytes, not {len(key)}")


def _is_name(name: str) -> bool:
    unfit = "+" in name or "\n" in name or UNWRITABLE.search(name) or any(map(str.isspace, name))
    return bool(name) and not unfit
