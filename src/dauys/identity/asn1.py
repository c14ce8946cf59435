"""Declarative ASN.1 models of what stands inside certificates and signatures, and of revocation lists, in strict DER.

The frames of certificates and signatures, which every verification walks through, are read by `tlv`.
An AlgorithmIdentifier stays opaque and is compared as bytes (`algorithms`), since its parameters are part of its name.
"""

from __future__ import annotations

from typing import Annotated, Final, TypeVar

from cryptography.hazmat import asn1
from cryptography.hazmat.asn1 import TLV, Default, Implicit, Null
from cryptography.x509 import ObjectIdentifier

Model = TypeVar("Model")

DAMAGED: Final = "it is damaged, or something else"


class Malformed(ValueError):  # noqa: N818 - never leaves the package: each reader turns it into its own coded error
    """The bytes are not the strict DER of the model; the text is for people, never the parser's own."""

    def __init__(self, what: str = DAMAGED) -> None:
        super().__init__(what)


# ---- Certificates (RFC 5280 section 4.2) ------------------------------------------------------------------------


@asn1.sequence
class BasicConstraints:
    """Whether the subject is a CA, and how many CAs may follow it."""

    ca: Annotated[bool, Default(value=False)]
    path_length: int | None


@asn1.sequence
class AuthorityKeyIdentifier:
    """The issuer's key; its name and serial are not used to choose it."""

    key: Annotated[bytes | None, Implicit(0)]
    issuer: Annotated[list[TLV] | None, Implicit(1)]
    serial: Annotated[int | None, Implicit(2)]


# ---- CMS (RFC 5652) ---------------------------------------------------------------------------------------------


@asn1.sequence
class IssuerSerial:
    """IssuerSerial of RFC 5035; general names, not a name."""

    issuer: list[TLV]
    serial: int


@asn1.sequence
class HashAlgorithm:
    """The AlgorithmIdentifier of a hash, which has no parameters or NULL."""

    algorithm: ObjectIdentifier
    parameters: Null | None


@asn1.sequence
class EssCertificateId:
    """ESSCertIDv2 (RFC 5035): the hash of the signer's certificate, SHA-256 where no algorithm is named."""

    algorithm: HashAlgorithm | None
    hash: bytes
    issuer_serial: IssuerSerial | None


@asn1.sequence
class SigningCertificate:
    """SigningCertificateV2 (RFC 5035); the first certificate is the signer's."""

    certificates: list[EssCertificateId]
    policies: list[TLV] | None


# ---- Revocation lists (RFC 5280 section 5.1) --------------------------------------------------------------------


@asn1.sequence
class Extension:
    """One extension; its value is DER of its own."""

    id: ObjectIdentifier
    critical: Annotated[bool, Default(value=False)]
    value: bytes


# ---- Bare SEQUENCE OF, which a model can hold only as a field ---------------------------------------------------


@asn1.sequence
class KeyPurposes:
    """ExtKeyUsageSyntax, once enclosed."""

    purposes: list[ObjectIdentifier]


@asn1.sequence
class Elements:
    """Any SEQUENCE OF, once enclosed."""

    elements: list[TLV]


_SHORT_LENGTHS = [bytes((length,)) for length in range(0x80)]


def decode(model: type[Model], data: bytes) -> Model:
    """The model read from the whole of `data`; Malformed otherwise."""
    try:
        return asn1.decode_der(model, data)
    except ValueError:
        raise Malformed from None


def parse(model: type[Model], element: TLV) -> Model:
    """The model read from an element that an outer model left opaque; Malformed otherwise."""
    try:
        read: Model = element.parse(model)
    except ValueError:
        raise Malformed from None
    return read


def element(tag: int, content: bytes) -> bytes:
    """The DER of an element with this identifier octet."""
    return b"".join((bytes((tag,)), _length(len(content)), content))


def enclose(data: bytes) -> bytes:
    """A SEQUENCE around some DER."""
    return element(0x30, data)


def _length(length: int) -> bytes:
    if length < 0x80:
        return _SHORT_LENGTHS[length]
    size = (length.bit_length() + 7) // 8
    return bytes((0x80 | size,)) + length.to_bytes(size, "big")


def set_of(elements: list[bytes]) -> bytes:
    """The DER of a SET OF, sorted: what a signer signs of attributes (RFC 5652 section 5.4), however they were sent."""
    return element(0x31, b"".join(sorted(elements)))


def extensions(wrapped: list[bytes] | None) -> dict[str, tuple[bool, bytes]]:
    """Extensions from what their explicit tag held: by identifier whether critical, and the value; each one once."""
    if wrapped is None:
        return {}
    (block,) = wrapped
    listed = [parse(Extension, element) for element in elements(block)]
    found = {one.id.dotted_string: (one.critical, one.value) for one in listed}
    if len(found) != len(listed):
        raise Malformed
    return found


def elements(sequence: bytes) -> list[TLV]:
    """The elements of a SEQUENCE of anything; Malformed where it is none."""
    return decode(Elements, enclose(sequence)).elements


def encode_oid(oid: ObjectIdentifier) -> bytes:
    """The DER of an object identifier."""
    return asn1.encode_der(oid)


def encode_integer(value: int) -> bytes:
    """The DER of an integer."""
    return asn1.encode_der(value)
