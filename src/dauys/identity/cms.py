"""CMS SignedData (RFC 5652), attached and detached, taken apart and not yet believed."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from dauys.errors import CmsMalformed
from dauys.identity import asn1, tlv

SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
# Signed attributes: RFC 5652 section 11, RFC 5035.
CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE_V2: Final = "1.2.840.113549.1.9.16.2.47"
# An unsigned attribute: RFC 3161 appendix A.
TIME_STAMP: Final = "1.2.840.113549.1.9.16.2.14"

# What a person's signature can need; more would only cost time.
MOST_CERTIFICATES: Final = 16
# Of those who sign one document together; each costs a verification.
MOST_SIGNERS: Final = 16


class SignerEntry(Struct, frozen=True):
    """One SignerInfo. Algorithms are the DER of their identifiers."""

    issuer: bytes | None  # DER of the issuer's Name, with the serial; or else the key identifier
    serial: int | None
    key_identifier: bytes | None
    digest_algorithm: bytes
    signature_algorithm: bytes
    signature: bytes
    attributes: dict[str, bytes] | None  # signed attributes by dotted type, each with the DER of its one value
    timestamps: tuple[bytes, ...]  # CMS of their own, over the signature; nobody signed that they belong here
    signed: bytes  # what the signature is over: the DER of the SET of signed attributes

    @classmethod
    def load(cls, element: bytes) -> SignerEntry:
        """One SignerInfo; Malformed otherwise, also where an attribute is repeated or has several values."""
        version, name, digest_algorithm, *fields = tlv.children(element)
        tlv.integer(version)
        attributes = tlv.take_list(fields, tlv.CONSTRUCTED)
        signature_algorithm, signature, *fields = fields
        unsigned = tlv.take_list(fields, tlv.CONSTRUCTED + 1)
        tlv.require_end(fields)
        issuer, serial, key_identifier = _signer_name(name)
        return cls(
            issuer=issuer,
            serial=serial,
            key_identifier=key_identifier,
            digest_algorithm=digest_algorithm,
            signature_algorithm=signature_algorithm,
            signature=tlv.value(signature),
            attributes=None if attributes is None else _single_values(attributes),
            timestamps=() if unsigned is None else _timestamps(unsigned),
            signed=b"" if attributes is None else asn1.set_of(attributes),
        )


class SignedMessage(Struct, frozen=True):
    """A SignedData: its content (None where kept apart), certificates in DER, and signers."""

    content_type: str
    content: bytes | None
    certificates: tuple[bytes, ...]
    signers: tuple[SignerEntry, ...]

    @classmethod
    def load(cls, der: bytes, most: int = 1) -> SignedMessage:
        """A CMS in DER; CmsMalformed where it is none. Of signers only one more than `most` are read."""
        try:
            return cls._read(der, most)
        except ValueError:
            raise CmsMalformed from None

    @classmethod
    def _read(cls, der: bytes, most: int) -> SignedMessage:
        kind, wrapped = tlv.children(tlv.whole(der))
        if tlv.identifier(kind) != SIGNED_DATA:
            raise asn1.Malformed
        (data,) = tlv.children(wrapped, tlv.CONSTRUCTED)
        version, _, content, *fields = tlv.children(data)
        tlv.integer(version)
        certificates = tlv.take_list(fields, tlv.CONSTRUCTED) or []
        tlv.take_list(fields, tlv.CONSTRUCTED + 1)  # revocation lists: only those of our own keeping count
        (signers,) = fields
        if len(certificates) > MOST_CERTIFICATES:
            raise asn1.Malformed
        content_type, carried = _content(content)
        return cls(
            content_type=content_type,
            content=carried,
            certificates=tuple(certificates),
            # Two are enough to see that there are too many.
            signers=tuple([SignerEntry.load(signer) for signer in tlv.children(signers, tlv.SET)[: most + 1]]),
        )


def _content(element: bytes) -> tuple[str, bytes | None]:
    """EncapsulatedContentInfo: the type, and what is signed; None where it is kept apart."""
    kind, *fields = tlv.children(element)
    carried = tlv.take_list(fields, tlv.CONSTRUCTED)
    tlv.require_end(fields)
    if carried is None:
        return tlv.identifier(kind), None
    (content,) = carried
    return tlv.identifier(kind), tlv.value(content)


def _signer_name(element: bytes) -> tuple[bytes | None, int | None, bytes | None]:
    """SignerIdentifier: the issuer and serial of a certificate, or the identifier of its key."""
    if element[0] == tlv.CONTEXT:
        return None, None, tlv.value(element, tlv.CONTEXT)
    issuer, serial = tlv.children(element)
    return issuer, tlv.integer(serial), None


def _timestamps(unsigned: list[bytes]) -> tuple[bytes, ...]:
    """The time stamps among unsigned attributes; whatever else stands there says nothing that counts."""
    found: list[bytes] = []
    for attribute in unsigned:
        kind, values = tlv.children(attribute)
        if tlv.identifier(kind) == TIME_STAMP:
            found += tlv.children(values, tlv.SET)
    return tuple(found)


def _single_values(attributes: list[bytes]) -> dict[str, bytes]:
    """Each attribute with its one value (RFC 5652 section 5.3: an attribute is not repeated)."""
    values: dict[str, bytes] = {}
    for attribute in attributes:
        kind, several = tlv.children(attribute)
        (values[tlv.identifier(kind)],) = tlv.children(several, tlv.SET)
    if len(values) != len(attributes):
        raise asn1.Malformed
    return values
