"""The private evidence of an act: what was signed, the signature, when it came; sealed under its own key.

docs/spec/envelope.md is the frozen specification. Erasing a person deletes the small wrapped row (key and salt): the
sealed bytes are then noise, the commitment tells nothing, and the tree stays valid.
"""

from __future__ import annotations

import hashlib
import secrets
import struct
from dataclasses import dataclass
from enum import IntEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dauys.errors import BadInput

MAGIC = b"dauys-envelope/v1\n"  # of a CMS
MAGIC_2 = b"dauys-envelope/v2\n"  # of any other form
COMMITMENT_LABEL = b"dauys/envelope-commitment/v1\n"
KEY_SIZE = SALT_SIZE = 32
NONCE_SIZE = 12  # AES-GCM, RFC 5116 section 5.1
ZERO_NONCE = bytes(NONCE_SIZE)  # safe: an envelope's key seals exactly one message


class Form(IntEnum):
    """How a statement was signed; the numbers stand in envelopes."""

    CMS = 0
    XML = 1
    RAW = 2
    LINK = 3  # no key: a link that was sent to a mailbox was followed
    SHEET = 4  # no key: entered from paper; the signature is the SHA-256 of the sheet's scan


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature by its form: a CMS, the signed XML document, or bare bytes with the certificate apart."""

    form: Form
    signature: bytes
    certificate: bytes = b""  # of RAW alone


@dataclass(frozen=True, slots=True)
class Envelope:
    """What proves an act: the statement's exact bytes, the signature as `form` says, the time of receipt (unix ms).

    A CMS and a certificate are in DER, an XML document is the bytes that came.
    """

    statement: bytes
    signature: bytes
    received_ms: int
    form: Form = Form.CMS
    certificate: bytes = b""

    @property
    def signed(self) -> Signed:
        """The signature by itself."""
        return Signed(self.form, self.signature, self.certificate)

    def to_bytes(self) -> bytes:
        """Magic (the form's number after the second), parts each after its u32 length, u64 time; integers big-endian."""
        head, parts = MAGIC, [self.statement, self.signature]
        if self.form is not Form.CMS:
            head, parts = MAGIC_2 + bytes((self.form,)), [*parts, self.certificate]
        body = b"".join(struct.pack(">I", len(part)) + part for part in parts)
        return head + body + struct.pack(">Q", self.received_ms)

    @classmethod
    def parse(cls, data: bytes) -> Envelope:
        """The envelope of `to_bytes`; BadInput on anything else."""
        try:
            form, rest, certificate = Form.CMS, data.removeprefix(MAGIC), b""
            if rest == data:
                form, rest = _form(data)
            statement, rest = _take(rest)
            signature, rest = _take(rest)
            if form is not Form.CMS:
                certificate, rest = _take(rest)
            (received_ms,) = struct.unpack(">Q", rest)
            if bool(certificate) is not (form is Form.RAW):
                raise ValueError
        except (ValueError, struct.error):
            raise BadInput(what="no envelope") from None
        return cls(statement, signature, received_ms, form, certificate)


def _form(data: bytes) -> tuple[Form, bytes]:
    """The form of a second version, and what follows; a CMS has only the first, so that each is written in one way."""
    rest = data.removeprefix(MAGIC_2)
    if rest == data or not rest or not rest[0]:
        raise ValueError
    return Form(rest[0]), rest[1:]


def _take(data: bytes) -> tuple[bytes, bytes]:
    (length,) = struct.unpack_from(">I", data)
    if len(data) < 4 + length:
        raise ValueError
    return data[4 : 4 + length], data[4 + length :]


def commitment(envelope: bytes, salt: bytes) -> bytes:
    """SHA-256 of label, salt and the envelope's SHA-256: hiding by the salt, binding by the hash."""
    return hashlib.sha256(COMMITMENT_LABEL + salt + hashlib.sha256(envelope).digest()).digest()


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the vault keeps of one envelope, and the commitment that the leaf shows."""

    commitment: bytes
    wrapped: bytes  # nonce ‖ AES-256-GCM(subject's vault key, key ‖ salt): the small deletable row
    ciphertext: bytes  # AES-256-GCM(key, envelope)


class Vault:
    """A subject's vault key, ready for use; both AEADs take the commitment as associated data."""

    def __init__(self, key: bytes) -> None:
        self._key = AESGCM(key)

    def seal(self, envelope: bytes) -> Sealed:
        """Seals under a fresh key and salt."""
        fresh = secrets.token_bytes(KEY_SIZE + SALT_SIZE + NONCE_SIZE)
        key, secret, nonce = fresh[:KEY_SIZE], fresh[: KEY_SIZE + SALT_SIZE], fresh[KEY_SIZE + SALT_SIZE :]
        committed = commitment(envelope, secret[KEY_SIZE:])
        wrapped = nonce + self._key.encrypt(nonce, secret, committed)
        return Sealed(committed, wrapped, AESGCM(key).encrypt(ZERO_NONCE, envelope, committed))

    def unseal(self, sealed: Sealed) -> tuple[bytes, bytes]:
        """(envelope, salt); BadInput when the key, the row or the commitment is another's."""
        try:
            opened = self._key.decrypt(sealed.wrapped[:NONCE_SIZE], sealed.wrapped[NONCE_SIZE:], sealed.commitment)
            key, salt = opened[:KEY_SIZE], opened[KEY_SIZE:]
            envelope = AESGCM(key).decrypt(ZERO_NONCE, sealed.ciphertext, sealed.commitment)
        except (InvalidTag, ValueError):
            raise BadInput(what="the envelope does not open with this key") from None
        if commitment(envelope, salt) != sealed.commitment:
            raise BadInput(what="the envelope is not the one that was committed to")
        return envelope, salt
