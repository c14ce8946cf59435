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
from dauys.identity.gost_curves import CRYPTOPRO_A, TC26_256_A
from dauys.identity.integers import FASTEST

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

# Bounds of an RSA modulus in bits: below, keys are breakable; above, a certificate could buy minutes of our time.
RSA_BITS: Final = (2048, 8192)
RSA_EXPONENT_LIMIT: Final = 1 << 32
_CURVES: Final = ("secp256r1", "secp384r1")
_PADDING: Final = padding.PKCS1v15()


def _gost_identifier(key: str, curve: str, digest: str) -> bytes:
    """A national key's AlgorithmIdentifier, whose parameters name a curve and a hash."""
    return identifier(key, identifier(curve, asn1.encode_oid(ObjectIdentifier(digest))))


# As the national authority writes them; the numbers of each curve stand in `gost_curves`.
_GOST: Final = {
    _gost_identifier(algorithms.GOST_KEY, "1.2.398.3.10.1.1.2.2.1", "1.2.398.3.10.1.3.3"): Family.GOST,
    _gost_identifier(algorithms.GOST_256_KEY, "1.2.398.3.10.1.1.2.1.1", "1.2.398.3.10.1.3.2"): Family.GOST_256,
    _gost_identifier(algorithms.GOST_2004_KEY, "1.2.398.3.10.1.1.1.1.1", "1.2.398.3.10.1.3.1.1.0"): Family.GOST_2004,
}
# Only archives and time stamps have these: no native kernel, no prepared keys.
_SEEN_SELDOM: Final = {
    Family.GOST_256: gost.Gost(FASTEST, TC26_256_A),
    Family.GOST_2004: gost.Gost(FASTEST, CRYPTOPRO_A),
}
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
        family = _GOST.get(algorithm)
        if family is not None:
            return cls(family, str(family), _gost_key(key, family))
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
            if not self._verify_gost(digest.compute(data), signature, often=often):
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

    def _verify_gost(self, digest: bytes, signature: bytes, *, often: bool) -> bool:
        assert isinstance(self._key, bytes)
        if self.family is not Family.GOST:
            return _SEEN_SELDOM[self.family].verify(self._key, digest, signature)
        if often:
            return kernel.prepared(self._key).verify(digest, signature)
        return kernel.gost_verify(self._key, digest, signature)


def _standard(info: bytes, algorithm: bytes) -> PublicKeyTypes:
    """The key as `cryptography` reads it: of the kind that the algorithm names."""
    try:
        return load_der_public_key(info)
    except UnsupportedAlgorithm:
        raise AlgorithmUnknown(algorithm=algorithms.name(algorithm)) from None
    except ValueError:
        raise CertificateMalformed(what="its public key is damaged") from None


def _gost_key(bits: bytes, family: Family) -> bytes:
    """The two coordinates in the OCTET STRING that the national CA puts into the BIT STRING."""
    try:
        key = tlv.value(tlv.whole(bits))
    except ValueError:
        key = b""
    if len(key) != (gost.KEY_SIZE if family is Family.GOST else 2 * _SEEN_SELDOM[family].size):
        raise CertificateMalformed(what="its public key is damaged")
    return key
