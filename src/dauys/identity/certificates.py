"""X.509 certificates of the national profile, whatever the algorithm of their keys (RFC 5280)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.asn1 import BitString

from dauys.errors import AlgorithmUnknown, CertificateMalformed
from dauys.identity import algorithms, armor, asn1, subjects
from dauys.identity.keys import PublicKey

if TYPE_CHECKING:
    import datetime as dt

# RFC 5280 section 4.2: the extensions that decide here.
SUBJECT_KEY: Final = "2.5.29.14"
KEY_USAGE: Final = "2.5.29.15"
ALTERNATIVE_NAME: Final = "2.5.29.17"
BASIC_CONSTRAINTS: Final = "2.5.29.19"
POLICIES: Final = "2.5.29.32"
AUTHORITY_KEY: Final = "2.5.29.35"
EXTENDED_KEY_USAGE: Final = "2.5.29.37"
# A critical extension outside this list means: do not use me unless you know what it says.
UNDERSTOOD: Final = frozenset({KEY_USAGE, BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE, POLICIES, ALTERNATIVE_NAME})

# Bits of KeyUsage in the first byte of its BIT STRING.
DIGITAL_SIGNATURE: Final = 0x80
NON_REPUDIATION: Final = 0x40
KEY_CERT_SIGN: Final = 0x04
CRL_SIGN: Final = 0x02

_VERSION_3: Final = 2


@dataclass(frozen=True, eq=False)
class Certificate:
    """One parsed certificate; nothing in it is trusted before its chain is. Two are equal if their bytes are."""

    der: bytes
    tbs: bytes
    serial: int
    issuer: bytes  # DER of the Name
    subject: bytes
    not_before: dt.datetime
    not_after: dt.datetime
    signature_algorithm: bytes  # DER of the AlgorithmIdentifier
    signature: bytes
    extensions: dict[str, tuple[bool, bytes]]  # by dotted identifier: (critical, DER of the value)
    public_key_info: bytes  # DER of the SubjectPublicKeyInfo

    @classmethod
    def load(cls, der: bytes) -> Certificate:
        """The certificate in DER; CertificateMalformed otherwise, also where it is absurdly large: hashing it costs."""
        if len(der) > armor.CERTIFICATE_LIMIT:
            raise CertificateMalformed(what=f"larger than {armor.CERTIFICATE_LIMIT} bytes")
        try:
            return cls._read(der)
        except asn1.Malformed as error:
            raise CertificateMalformed(what=str(error)) from None

    @classmethod
    def _read(cls, der: bytes) -> Certificate:
        outer = asn1.decode(asn1.SignedObject, der)
        tbs = asn1.der(outer.tbs)
        inner = asn1.decode(asn1.TbsCertificate, tbs)
        algorithm = asn1.der(outer.algorithm)
        if inner.version != _VERSION_3 or asn1.der(inner.signature) != algorithm or outer.signature.padding_bits():
            raise asn1.Malformed("its parts contradict one another")
        listed = inner.extensions or []
        extensions = {item.id.dotted_string: (item.critical, item.value) for item in listed}
        if len(extensions) != len(listed):
            raise asn1.Malformed("an extension is repeated")
        return cls(
            der=der,
            tbs=tbs,
            serial=inner.serial,
            issuer=asn1.der(inner.issuer),
            subject=asn1.der(inner.subject),
            not_before=asn1.moment(inner.validity.not_before),
            not_after=asn1.moment(inner.validity.not_after),
            signature_algorithm=algorithm,
            signature=outer.signature.as_bytes(),
            extensions=extensions,
            public_key_info=asn1.der(inner.public_key),
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Certificate) and other.der == self.der

    def __hash__(self) -> int:
        return hash(self.der)

    def __repr__(self) -> str:
        return f"Certificate({self.fingerprint[:16]}…)"

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the DER, in hexadecimal."""
        return hashlib.sha256(self.der).hexdigest()

    @cached_property
    def public_key(self) -> PublicKey:
        """The key; AlgorithmUnknown or CertificateMalformed where it is of no use."""
        return PublicKey.load(self.public_key_info)

    @property
    def key_algorithm(self) -> str:
        """What to call the key's algorithm, also where it cannot be used; CertificateMalformed where it is none."""
        try:
            return self.public_key.name
        except AlgorithmUnknown as error:
            return str(error.facts["algorithm"])

    @cached_property
    def holder(self) -> subjects.Subject:
        """The subject's attributes as texts; CertificateMalformed where the name is none."""
        try:
            return subjects.Subject.load(self.subject)
        except asn1.Malformed as error:
            raise CertificateMalformed(what=str(error)) from None

    @cached_property
    def key_usage(self) -> int | None:
        """The first byte of KeyUsage, None where the extension is absent."""
        bits = self._extension(KEY_USAGE, BitString)
        return None if bits is None else (bits.as_bytes() or b"\x00")[0]

    @cached_property
    def purposes(self) -> tuple[str, ...]:
        """Extended key usages as dotted identifiers; empty where the extension is absent."""
        usage = self._extension(EXTENDED_KEY_USAGE, asn1.KeyPurposes, enclosed=True)
        return () if usage is None else tuple(purpose.dotted_string for purpose in usage.purposes)

    @cached_property
    def basic_constraints(self) -> tuple[bool, int | None]:
        """Whether it is a CA's, and how many CAs may follow it (None: any number)."""
        constraints = self._extension(BASIC_CONSTRAINTS, asn1.BasicConstraints)
        return (False, None) if constraints is None else (constraints.ca, constraints.path_length)

    @property
    def is_authority(self) -> bool:
        """Whether it may issue certificates."""
        may_sign = self.key_usage is None or bool(self.key_usage & KEY_CERT_SIGN)
        return self.basic_constraints[0] and may_sign

    @cached_property
    def subject_key(self) -> bytes | None:
        """Subject key identifier."""
        return self._extension(SUBJECT_KEY, bytes)

    @cached_property
    def authority_key(self) -> bytes | None:
        """The issuer's key identifier."""
        identifier = self._extension(AUTHORITY_KEY, asn1.AuthorityKeyIdentifier)
        return None if identifier is None else identifier.key

    @cached_property
    def kind(self) -> subjects.Kind:
        """What the national profile says the holder is."""
        return subjects.kind(self.purposes, is_authority=self.basic_constraints[0])

    @property
    def is_self_issued(self) -> bool:
        """Whether it names itself as its issuer, as roots do."""
        return self.issuer == self.subject

    def check_extensions(self) -> None:
        """CertificateMalformed where it demands, critically, something that is not understood here."""
        for identifier, (critical, _) in self.extensions.items():
            if critical and identifier not in UNDERSTOOD:
                raise CertificateMalformed(what=f"it demands {identifier}, which is not known here")

    def check_signed_by(self, issuer: Certificate, *, often: bool = True) -> None:
        """SignatureInvalid unless the issuer's key signed it; AlgorithmUnknown where that cannot be told.

        `often` is for an issuer of many certificates, whose key is worth preparing (0.1 s once for a GOST key).
        """
        algorithm = algorithms.signature(self.signature_algorithm)
        if algorithm.digest is None:
            raise AlgorithmUnknown(algorithm=algorithms.name(self.signature_algorithm))
        issuer.public_key.verify(algorithm, algorithm.digest, self.tbs, self.signature, often=often)

    def _extension(self, identifier: str, model: type[asn1.Model], *, enclosed: bool = False) -> asn1.Model | None:
        found = self.extensions.get(identifier)
        if found is None:
            return None
        try:
            return asn1.decode(model, asn1.enclose(found[1]) if enclosed else found[1])
        except asn1.Malformed as error:
            raise CertificateMalformed(what=f"{identifier}: {error}") from None
