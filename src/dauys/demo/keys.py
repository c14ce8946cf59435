"""The two kinds of signing key of the national profile: GOST 34.10-2015-512 with Streebog-512, and RSA with SHA-256.

Identifiers and layouts were proved on real certificates; a public key is x then y and a signature r then s, each
64 bytes little-endian.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Protocol

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dauys.demo import der
from dauys.identity import gost, kernel

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey


class SigningKey(Protocol):
    """A private key with the encoded identifiers (DER) that go with it."""

    signature_algorithm: ClassVar[bytes]
    digest_algorithm: ClassVar[bytes]

    @property
    def public_key_info(self) -> bytes:
        """DER of the SubjectPublicKeyInfo."""

    def digest(self, data: bytes) -> bytes:
        """Digest data by the key's own hash."""

    def sign(self, data: bytes) -> bytes:
        """Sign data: the raw signature value."""


@dataclass(frozen=True)
class GostKey:
    """GOST 34.10-2015 on id-tc26-gost-3410-12-512-paramSetA; the key is a scalar."""

    scalar: int

    signature_algorithm: ClassVar[bytes] = der.sequence(der.oid("1.2.398.3.10.1.1.2.3.2"), der.NULL)
    digest_algorithm: ClassVar[bytes] = der.sequence(der.oid("1.2.398.3.10.1.3.3"), der.NULL)
    _key_algorithm: ClassVar[bytes] = der.sequence(
        der.oid("1.2.398.3.10.1.1.2.2"),
        der.sequence(der.oid("1.2.398.3.10.1.1.2.2.1"), der.oid("1.2.398.3.10.1.3.3")),
    )

    @cached_property
    def public_key_info(self) -> bytes:
        """DER of the SubjectPublicKeyInfo; costs one multiplication on the curve, once."""
        return der.sequence(self._key_algorithm, der.bit_string(der.octets(gost.public_key(self.scalar))))

    def digest(self, data: bytes) -> bytes:
        """Digest data by Streebog-512."""
        return kernel.streebog512(data)

    def sign(self, data: bytes) -> bytes:
        """Sign data: 128 bytes."""
        return gost.sign(self.scalar, self.digest(data))


@dataclass(frozen=True)
class RsaKey:
    """RSA with SHA-256 by PKCS #1 v1.5, as the archives and accredited CAs still use it."""

    private: RSAPrivateKey

    signature_algorithm: ClassVar[bytes] = der.sequence(der.oid("1.2.840.113549.1.1.11"), der.NULL)
    digest_algorithm: ClassVar[bytes] = der.sequence(der.oid("2.16.840.1.101.3.4.2.1"), der.NULL)

    @cached_property
    def public_key_info(self) -> bytes:
        """DER of the SubjectPublicKeyInfo."""
        return self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def digest(self, data: bytes) -> bytes:
        """Digest data by SHA-256."""
        return hashlib.sha256(data).digest()

    def sign(self, data: bytes) -> bytes:
        """Sign data: as many bytes as the key has."""
        return self.private.sign(data, PKCS1v15(), SHA256())
