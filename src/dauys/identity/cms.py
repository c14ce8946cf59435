"""CMS SignedData (RFC 5652), attached and detached, taken apart and not yet believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography.x509 import ObjectIdentifier

from dauys.errors import CmsMalformed
from dauys.identity import asn1

if TYPE_CHECKING:
    from cryptography.hazmat.asn1 import TLV

SIGNED_DATA: Final = ObjectIdentifier("1.2.840.113549.1.7.2")
# Signed attributes: RFC 5652 section 11, RFC 5035.
CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE_V2: Final = "1.2.840.113549.1.9.16.2.47"

_SET: Final = b"\x31"
# What a person's signature can need; more would only cost time.
MOST_CERTIFICATES: Final = 16


@dataclass(frozen=True)
class SignerEntry:
    """One SignerInfo. Algorithms are the DER of their identifiers."""

    issuer: bytes | None  # DER of the issuer's Name, with the serial; or else the key identifier
    serial: int | None
    key_identifier: bytes | None
    digest_algorithm: bytes
    signature_algorithm: bytes
    signature: bytes
    attributes: dict[str, TLV] | None  # signed attributes by dotted type, each with its one value; None where absent
    signed: bytes  # what the signature is over: the DER of the SET of signed attributes

    @classmethod
    def load(cls, element: TLV) -> SignerEntry:
        """One SignerInfo; Malformed otherwise, also where an attribute is repeated or has several values."""
        entry = asn1.parse(asn1.SignerInfo, element)
        named = entry.certificate if isinstance(entry.certificate, asn1.IssuerAndSerial) else None
        listed = entry.signed_attributes
        return cls(
            issuer=asn1.der(named.issuer) if named else None,
            serial=named.serial if named else None,
            key_identifier=entry.certificate if isinstance(entry.certificate, bytes) else None,
            digest_algorithm=asn1.der(entry.digest_algorithm),
            signature_algorithm=asn1.der(entry.signature_algorithm),
            signature=entry.signature,
            attributes=None if listed is None else _single_values(listed),
            signed=b"" if listed is None else asn1.set_of(listed),
        )


@dataclass(frozen=True)
class SignedMessage:
    """A SignedData: its content (None where kept apart), certificates in DER, and signers."""

    content_type: ObjectIdentifier
    content: bytes | None
    certificates: tuple[bytes, ...]
    signers: tuple[SignerEntry, ...]

    @classmethod
    def load(cls, der: bytes) -> SignedMessage:
        """A CMS in DER; CmsMalformed where it is none."""
        try:
            return cls._read(der)
        except asn1.Malformed:
            raise CmsMalformed from None

    @classmethod
    def _read(cls, der: bytes) -> SignedMessage:
        wrapper = asn1.decode(asn1.ContentInfo, der)
        if wrapper.type != SIGNED_DATA:
            raise asn1.Malformed("not signed data")
        data = asn1.parse(asn1.SignedData, wrapper.content)
        certificates = data.certificates or []
        if data.signers.tag_bytes != _SET or len(certificates) > MOST_CERTIFICATES:
            raise asn1.Malformed("no set of signers, or too many certificates")
        signers = asn1.elements(asn1.enclose(bytes(data.signers.data)))  # those of a SEQUENCE, as of the SET
        return cls(
            content_type=data.content.type,
            content=data.content.content,
            certificates=tuple(asn1.der(certificate) for certificate in certificates),
            # Two are enough to see that there are too many.
            signers=tuple(SignerEntry.load(signer) for signer in signers[:2]),
        )


def _single_values(attributes: list[asn1.Attribute]) -> dict[str, TLV]:
    """Each attribute with its one value (RFC 5652 section 5.3: an attribute is not repeated)."""
    values: dict[str, TLV] = {}
    for attribute in attributes:
        kind, several = attribute.type.dotted_string, attribute.values.as_list()
        if kind in values or len(several) != 1:
            raise asn1.Malformed("an attribute is repeated")
        values[kind] = several[0]
    return values
