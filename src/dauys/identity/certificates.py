"""X.509 certificates of the national profile, whatever the algorithm of their keys (RFC 5280)."""

from __future__ import annotations

import hashlib
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.asn1 import BitString
from msgspec import Struct

from dauys.errors import AlgorithmUnknown, CertificateMalformed
from dauys.identity import algorithms, armor, asn1, subjects, tlv
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

_VERSION_3: Final = b"\xa0\x03\x02\x01\x02"
_TRUE: Final = b"\x01\x01\xff"
# A CA writes the same extensions into all its certificates, but for the identifiers of keys; kept, up to 16 KB each.
_DISTINCT: Final = 256


class Certificate(Struct, frozen=True, eq=False, dict=True):
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
        except ValueError:
            raise CertificateMalformed(what=asn1.DAMAGED) from None

    @classmethod
    def _read(cls, der: bytes) -> Certificate:
        tbs, algorithm, signature = tlv.children(tlv.whole(der))
        version, serial, signed_algorithm, issuer, validity, subject, public_key, *fields = tlv.children(tbs)
        if version != _VERSION_3 or signed_algorithm != algorithm:
            raise CertificateMalformed(what="its parts contradict one another")
        not_before, not_after = tlv.children(validity)
        return cls(
            der=der,
            tbs=tbs,
            serial=tlv.integer(serial),
            issuer=issuer,
            subject=subject,
            not_before=tlv.moment(not_before),
            not_after=tlv.moment(not_after),
            signature_algorithm=algorithm,
            signature=tlv.whole_bytes(signature),
            extensions=_extensions(fields),
            public_key_info=public_key,
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
    def key_bits(self) -> bytes:
        """The content of the key's BIT STRING, by whose hash OCSP names an issuer; CertificateMalformed where none."""
        try:
            _, bits = tlv.children(self.public_key_info)
            return tlv.whole_bytes(bits)
        except ValueError:
            raise CertificateMalformed(what="its public key is damaged") from None

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
        except ValueError:
            raise CertificateMalformed(what=asn1.DAMAGED) from None

    @property
    def key_usage(self) -> int | None:
        """The first byte of KeyUsage, None where the extension is absent."""
        return _key_usage(self._extension(KEY_USAGE))

    @property
    def purposes(self) -> tuple[str, ...]:
        """Extended key usages as dotted identifiers; empty where the extension is absent."""
        return _purposes(self._extension(EXTENDED_KEY_USAGE))

    @property
    def basic_constraints(self) -> tuple[bool, int | None]:
        """Whether it is a CA's, and how many CAs may follow it (None: any number)."""
        return _basic_constraints(self._extension(BASIC_CONSTRAINTS))

    @property
    def is_authority(self) -> bool:
        """Whether it may issue certificates."""
        usage = self.key_usage
        return self.basic_constraints[0] and (usage is None or bool(usage & KEY_CERT_SIGN))

    @property
    def subject_key(self) -> bytes | None:
        """Subject key identifier."""
        return _subject_key(self._extension(SUBJECT_KEY))

    @property
    def authority_key(self) -> bytes | None:
        """The issuer's key identifier."""
        return _authority_key(self._extension(AUTHORITY_KEY))

    @property
    def key_identifier(self) -> bytes:
        """What its key is called: the subject key identifier, or RFC 5280 section 4.2.1.2's SHA-1 of the key."""
        return self.subject_key or hashlib.sha1(self.key_bits, usedforsecurity=False).digest()

    @property
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

        `often` is for an issuer of many certificates, whose key is worth preparing (10 ms with the native kernel, 0.1 s without once for a GOST key).
        """
        algorithm = algorithms.signature(self.signature_algorithm)
        if algorithm.digest is None:
            raise AlgorithmUnknown(algorithm=algorithms.name(self.signature_algorithm))
        issuer.public_key.verify(algorithm, algorithm.digest, self.tbs, self.signature, often=often)

    def _extension(self, identifier: str) -> bytes | None:
        found = self.extensions.get(identifier)
        return None if found is None else found[1]


def _extensions(fields: list[bytes]) -> dict[str, tuple[bool, bytes]]:
    """The extensions from the last fields of a certificate; the unique identifiers before them are of no use here."""
    for number in (1, 2):
        if fields and fields[0][0] == tlv.CONTEXT + number:
            asn1.decode(BitString, b"\x03" + fields.pop(0)[1:])
    wrapped = tlv.take_list(fields, tlv.CONSTRUCTED + 3)
    tlv.require_end(fields)
    if wrapped is None:
        return {}
    (block,) = wrapped
    listed = tlv.children(block)
    extensions = dict([_extension(element) for element in listed])
    if len(extensions) != len(listed):
        raise CertificateMalformed(what="an extension is repeated")
    return extensions


@lru_cache(_DISTINCT)
def _extension(element: bytes) -> tuple[str, tuple[bool, bytes]]:
    """One Extension: its identifier; whether it is critical, and the DER of its value."""
    identifier, *critical, value = tlv.children(element)
    if critical not in ([], [_TRUE]):
        raise asn1.Malformed
    return tlv.identifier(identifier), (bool(critical), tlv.value(value))


def _decode(model: type[asn1.Model], identifier: str, value: bytes) -> asn1.Model:
    try:
        return asn1.decode(model, value)
    except asn1.Malformed as error:
        raise CertificateMalformed(what=f"{identifier}: {error}") from None


@lru_cache(_DISTINCT)
def _key_usage(value: bytes | None) -> int | None:
    return None if value is None else (_decode(BitString, KEY_USAGE, value).as_bytes() or b"\x00")[0]


@lru_cache(_DISTINCT)
def _purposes(value: bytes | None) -> tuple[str, ...]:
    if value is None:
        return ()
    listed = _decode(asn1.KeyPurposes, EXTENDED_KEY_USAGE, asn1.enclose(value)).purposes
    return tuple(purpose.dotted_string for purpose in listed)


@lru_cache(_DISTINCT)
def _basic_constraints(value: bytes | None) -> tuple[bool, int | None]:
    if value is None:
        return False, None
    constraints = _decode(asn1.BasicConstraints, BASIC_CONSTRAINTS, value)
    return constraints.ca, constraints.path_length


@lru_cache(_DISTINCT)
def _subject_key(value: bytes | None) -> bytes | None:
    return None if value is None else _decode(bytes, SUBJECT_KEY, value)


@lru_cache(_DISTINCT)
def _authority_key(value: bytes | None) -> bytes | None:
    return None if value is None else _decode(asn1.AuthorityKeyIdentifier, AUTHORITY_KEY, value).key
