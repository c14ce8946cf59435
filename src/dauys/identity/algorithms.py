"""The algorithms of signatures, digests and keys, found by the exact bytes of their AlgorithmIdentifier.

Parameters are part of the identifier: a curve or hash that is not listed here is another algorithm, not a variant.
Verified: RSA PKCS #1 v1.5 and ECDSA with SHA-2, GOST 34.10-2015 of 512 and 256 bits with Streebog, GOST 34.310-2004 with
GOST 34.311-95. Those of RETIRED prove what was signed once, and the time of it; nobody signs a petition with them. Others
are only named, so that a verdict can say which one it met.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives import hashes
from cryptography.x509 import ObjectIdentifier

from dauys.errors import AlgorithmRetired, AlgorithmUnknown
from dauys.identity import asn1, kernel
from dauys.identity.gost94 import gost34311

if TYPE_CHECKING:
    from collections.abc import Callable


class Family(StrEnum):
    """Which mathematics a key belongs to."""

    RSA = "RSA"
    ECDSA = "ECDSA"
    GOST = "GOST 34.10-2015-512"
    GOST_256 = "GOST 34.10-2015-256"
    GOST_2004 = "GOST 34.310-2004"


# The national authority has issued only keys of 512 bits since 2024-04-28 (decision 12).
RETIRED: Final = frozenset({Family.GOST_256, Family.GOST_2004})


@dataclass(frozen=True)
class Digest:
    """A hash: its name, how to compute it, and what `cryptography` calls it (None where it does not know it)."""

    name: str
    compute: Callable[[bytes], bytes]
    standard: hashes.HashAlgorithm | None = None
    is_retired: bool = False


@dataclass(frozen=True)
class Signature:
    """A signature algorithm; the digest is None where the signer names it apart (rsaEncryption)."""

    family: Family
    digest: Digest | None

    @property
    def name(self) -> str:
        """What to call it in a sentence."""
        return str(self.family)

    @property
    def is_retired(self) -> bool:
        """Whether nobody signs with it any more."""
        return self.family in RETIRED


SHA256: Final = Digest("SHA-256", lambda data: hashlib.sha256(data).digest(), hashes.SHA256())
SHA384: Final = Digest("SHA-384", lambda data: hashlib.sha384(data).digest(), hashes.SHA384())
SHA512: Final = Digest("SHA-512", lambda data: hashlib.sha512(data).digest(), hashes.SHA512())
STREEBOG512: Final = Digest("Streebog-512", kernel.streebog512)
STREEBOG256: Final = Digest("Streebog-256", kernel.streebog256)
GOST34311: Final = Digest("GOST 34.311-95", gost34311, is_retired=True)

GOST_KEY: Final = "1.2.398.3.10.1.1.2.2"
GOST_SIGNATURE: Final = "1.2.398.3.10.1.1.2.3.2"
GOST_256_KEY: Final = "1.2.398.3.10.1.1.2.1"
GOST_256_SIGNATURE: Final = "1.2.398.3.10.1.1.2.3.1"
GOST_2004_KEY: Final = "1.2.398.3.10.1.1.1.1"
GOST_2004_SIGNATURE: Final = "1.2.398.3.10.1.1.1.2"
RSA_KEY: Final = "1.2.840.113549.1.1.1"

# FIPS 180-4 by RFC 5754; the national arcs by the authority's certificates.
_DIGESTS: Final = {
    "2.16.840.1.101.3.4.2.1": SHA256,
    "2.16.840.1.101.3.4.2.2": SHA384,
    "2.16.840.1.101.3.4.2.3": SHA512,
    "1.2.398.3.10.1.3.3": STREEBOG512,
    "1.2.398.3.10.1.3.2": STREEBOG256,
    "1.2.398.3.10.1.3.1": GOST34311,
}
# RFC 5754, RFC 5758, and the national arc. A GOST signer may name its key algorithm, as with rsaEncryption.
_SIGNATURES: Final = {
    "1.2.840.113549.1.1.11": Signature(Family.RSA, SHA256),
    "1.2.840.113549.1.1.12": Signature(Family.RSA, SHA384),
    "1.2.840.113549.1.1.13": Signature(Family.RSA, SHA512),
    RSA_KEY: Signature(Family.RSA, None),
    "1.2.840.10045.4.3.2": Signature(Family.ECDSA, SHA256),
    "1.2.840.10045.4.3.3": Signature(Family.ECDSA, SHA384),
    GOST_SIGNATURE: Signature(Family.GOST, STREEBOG512),
    GOST_KEY: Signature(Family.GOST, STREEBOG512),
    GOST_256_SIGNATURE: Signature(Family.GOST_256, STREEBOG256),
    GOST_256_KEY: Signature(Family.GOST_256, STREEBOG256),
    GOST_2004_SIGNATURE: Signature(Family.GOST_2004, GOST34311),
    GOST_2004_KEY: Signature(Family.GOST_2004, GOST34311),
}
# Known by name only.
_NAMES: Final = {
    "1.3.6.1.4.1.6801.1.2.2": "GOST 34.310-2004 of before 2017",
    "1.2.840.113549.1.1.5": "RSA with SHA-1",
    "1.2.840.113549.1.1.4": "RSA with MD5",
    "1.2.840.113549.1.1.10": "RSA-PSS",
    "1.3.14.3.2.26": "SHA-1",
    "1.2.840.10045.2.1": "ECDSA",
    "1.3.101.112": "Ed25519",
}


def identifier(oid: str, parameters: bytes = b"") -> bytes:
    """The DER of an AlgorithmIdentifier with the given DER parameters."""
    return asn1.enclose(asn1.encode_oid(ObjectIdentifier(oid)) + parameters)


_NULL: Final = b"\x05\x00"
_DIGEST_IDENTIFIERS: Final = {
    identifier(oid, parameters): digest for oid, digest in _DIGESTS.items() for parameters in (b"", _NULL)
}
_SIGNATURE_IDENTIFIERS: Final = {
    identifier(oid, parameters): signature for oid, signature in _SIGNATURES.items() for parameters in (b"", _NULL)
}


def digest(algorithm: bytes) -> Digest:
    """The digest of an AlgorithmIdentifier's DER; AlgorithmUnknown otherwise."""
    found = _DIGEST_IDENTIFIERS.get(algorithm)
    if found is None:
        raise AlgorithmUnknown(algorithm=name(algorithm))
    return found


def signature(algorithm: bytes) -> Signature:
    """The signature algorithm of an AlgorithmIdentifier's DER; AlgorithmUnknown otherwise."""
    found = _SIGNATURE_IDENTIFIERS.get(algorithm)
    if found is None:
        raise AlgorithmUnknown(algorithm=name(algorithm))
    return found


def known(algorithm: bytes) -> Signature | Digest | None:
    """What an AlgorithmIdentifier's DER stands for, None where that is nothing here."""
    return _SIGNATURE_IDENTIFIERS.get(algorithm) or _DIGEST_IDENTIFIERS.get(algorithm)


def require_current(*used: Signature | Digest | None) -> None:
    """AlgorithmRetired where one of them only proves what was signed once.

    Meant to be asked before anything is computed: the old hash is a hundred times as slow as the others.
    """
    for one in used:
        if one is not None and one.is_retired:
            raise AlgorithmRetired(algorithm=one.name)


def name(algorithm: bytes) -> str:
    """What to call an AlgorithmIdentifier in a sentence: its common name, or its dotted numbers."""
    try:
        oid = asn1.parse(ObjectIdentifier, asn1.elements(algorithm)[0]).dotted_string
    except (asn1.Malformed, IndexError):
        return "?"
    if oid in _SIGNATURES:
        return str(_SIGNATURES[oid].family)
    return _DIGESTS[oid].name if oid in _DIGESTS else _NAMES.get(oid, oid)
