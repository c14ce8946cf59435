"""Public keys of certificates: RSA and ECDSA by `cryptography`, GOST by this package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.x509 import ObjectIdentifier
from msgspec import Struct

from dauys.errors import AlgorithmUnknown, CertificateMalformed, SignatureInvalid
from dauys.identity import algorithms, asn1, gost, kernel, tlv
from dauys.identity.algorithms import Digest, Family, Signature, identifier

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

# Bounds of an RSA modulus in bits: below, keys are breakable; above, a certificate could buy minutes of our time.
RSA_BITS: Final = (2048, 8192)
RSA_EXPONENT_LIMIT: Final = 1 << 32
_CURVES: Final = ("secp256r1", "secp384r1")
_PADDING: Final = padding.PKCS1v15()

# The national parameters: key kind and hash (the curve is id-tc26-gost-3410-12-512-paramSetA).
_GOST_PARAMETERS: Final = identifier("1.2.398.3.10.1.1.2.2.1", asn1.encode_oid(ObjectIdentifier("1.2.398.3.10.1.3.3")))
_GOST: Final = identifier(algorithms.GOST_KEY, _GOST_PARAMETERS)
_RSA: Final = identifier(algorithms.RSA_KEY, b"\x05\x00")
_EC_PREFIX: Final = asn1.encode_oid(ObjectIdentifier("1.2.840.10045.2.1"))


class PublicKey(Struct, frozen=True):
    """A key that can check signatures of its own family only."""

    family: Family
    name: str
    _key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey | bytes

    @classmethod
    def load(cls, info: bytes) -> PublicKey:
        """The key of a SubjectPublicKeyInfo; AlgorithmUnknown or CertificateMalformed where there is none we can use."""
        try:
            algorithm, bits = tlv.children(tlv.whole(info))
            key = tlv.whole_bytes(bits)
        except ValueError:
            raise CertificateMalformed(what="its public key is damaged") from None
        if algorithm == _GOST:
            return cls(Family.GOST, str(Family.GOST), _gost_key(key))
        if algorithm == _RSA:
            return cls._rsa(cast("rsa.RSAPublicKey", _standard(info, algorithm)))
        if _EC_PREFIX in algorithm[:12]:
            return cls._ecdsa(cast("ec.EllipticCurvePublicKey", _standard(info, algorithm)))
        raise AlgorithmUnknown(algorithm=algorithms.name(algorithm))

    @classmethod
    def _rsa(cls, key: rsa.RSAPublicKey) -> PublicKey:
        name = f"RSA {key.key_size}"
        if not RSA_BITS[0] <= key.key_size <= RSA_BITS[1] or key.public_numbers().e >= RSA_EXPONENT_LIMIT:
            raise AlgorithmUnknown(algorithm=name)
        return cls(Family.RSA, name, key)

    @classmethod
    def _ecdsa(cls, key: ec.EllipticCurvePublicKey) -> PublicKey:
        name = f"ECDSA {key.curve.name}"
        if key.curve.name not in _CURVES:
            raise AlgorithmUnknown(algorithm=name)
        return cls(Family.ECDSA, name, key)

    def verify(
        self, algorithm: Signature, digest: Digest, data: bytes, signature: bytes, *, often: bool = False
    ) -> None:
        """SignatureInvalid unless the signature of `data` is this key's.

        `algorithm` and `digest` are what the signer names. `often` marks a CA's key: worth a table if it is GOST.
        """
        digest = algorithm.digest or digest
        if algorithm.family is not self.family:
            raise SignatureInvalid
        if isinstance(self._key, bytes):
            verify = kernel.prepared(self._key).verify if often else self._verify_gost
            if not verify(digest.compute(data), signature):
                raise SignatureInvalid
            return
        if digest.standard is None:
            raise AlgorithmUnknown(algorithm=f"{self.family} with {digest.name}")
        try:
            if self.family is Family.RSA:
                cast("rsa.RSAPublicKey", self._key).verify(signature, data, _PADDING, digest.standard)
            else:
                cast("ec.EllipticCurvePublicKey", self._key).verify(signature, data, ec.ECDSA(digest.standard))
        except InvalidSignature:
            raise SignatureInvalid from None

    def _verify_gost(self, digest: bytes, signature: bytes) -> bool:
        assert isinstance(self._key, bytes)
        return kernel.gost_verify(self._key, digest, signature)


def _standard(info: bytes, algorithm: bytes) -> PublicKeyTypes:
    """The key as `cryptography` reads it: of the kind that the algorithm names."""
    try:
        return load_der_public_key(info)
    except UnsupportedAlgorithm:
        raise AlgorithmUnknown(algorithm=algorithms.name(algorithm)) from None
    except ValueError:
        raise CertificateMalformed(what="its public key is damaged") from None


def _gost_key(bits: bytes) -> bytes:
    """The 128 bytes in the OCTET STRING that the national CA puts into the BIT STRING."""
    try:
        key = tlv.value(tlv.whole(bits))
    except ValueError:
        key = b""
    if len(key) != gost.KEY_SIZE:
        raise CertificateMalformed(what="its public key is damaged")
    return key
