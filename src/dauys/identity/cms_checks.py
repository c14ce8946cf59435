"""The stages of verification of a CMS itself, from its form to its signature."""

from __future__ import annotations

import hmac
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from dauys.errors import (
    AttributesMissing,
    CertificateMalformed,
    CertificateMismatch,
    CmsMalformed,
    ContentDiffers,
    ContentMissing,
    ManySigners,
    NoCertificate,
    NoSigner,
    SignatureInvalid,
)
from dauys.identity import algorithms, armor, asn1, cms, tlv
from dauys.identity.certificates import Certificate
from dauys.identity.checks import CertificateChecks, Context
from dauys.identity.verdict import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from dauys.identity.checks import Step

Value = TypeVar("Value")


class CmsChecks(CertificateChecks):
    """Form, signer, attributes, content and signature of a CMS, then those of its signer's certificate."""

    message: cms.SignedMessage
    entry: cms.SignerEntry
    attributes: dict[str, bytes]

    def __init__(self, data: bytes, content: bytes | None, limit: int, context: Context) -> None:
        super().__init__(context)
        self.data = data
        self.content = content
        self.limit = limit

    def check_form(self) -> str:
        """CmsTooLarge, CmsMalformed."""
        self.message = cms.SignedMessage.load(armor.signature_der(self.data, self.limit))
        return "CMS, detached" if self.message.content is None else "CMS, attached"

    def check_signer(self) -> str:
        """NoSigner, ManySigners, NoCertificate, CertificateMismatch, CertificateMalformed."""
        signers = self.message.signers
        if not signers:
            raise NoSigner
        if len(signers) > 1:
            raise ManySigners
        self.entry = signers[0]
        self.leaf = certificate_of(self.entry, self.message.certificates)
        return "one signer, with the certificate"

    def check_attributes(self) -> str:
        """RFC 5652 section 11: content type and message digest; RFC 5035: the certificate, whenever it is named."""
        attributes = self.entry.attributes
        if attributes is None or not {cms.CONTENT_TYPE, cms.MESSAGE_DIGEST} <= attributes.keys():
            raise AttributesMissing
        if _value(tlv.identifier, attributes[cms.CONTENT_TYPE]) != self.message.content_type:
            raise AttributesMissing
        self.attributes = attributes
        if cms.SIGNING_CERTIFICATE_V2 not in attributes:
            return "content type and digest are signed"
        _check_names_certificate(attributes[cms.SIGNING_CERTIFICATE_V2], self.leaf)
        return "content type, digest and certificate are signed"

    def check_content(self) -> str:
        """ContentMissing, ContentDiffers, SignatureInvalid, AlgorithmUnknown."""
        carried = self.message.content
        if carried is None and self.content is None:
            raise ContentMissing
        if carried is not None and self.content is not None and not hmac.compare_digest(carried, self.content):
            raise ContentDiffers
        digest = algorithms.digest(self.entry.digest_algorithm)
        signed = carried if carried is not None else self.content or b""
        if digest.compute(signed) != _value(tlv.value, self.attributes[cms.MESSAGE_DIGEST]):
            raise ContentDiffers if carried is None else SignatureInvalid
        return digest.name

    def check_signature(self) -> str:
        """SignatureInvalid, AlgorithmUnknown."""
        algorithm = algorithms.signature(self.entry.signature_algorithm)
        digest = algorithms.digest(self.entry.digest_algorithm)
        self.leaf.public_key.verify(algorithm, digest, self.entry.signed, self.entry.signature)
        return self.leaf.public_key.name

    own_steps: ClassVar[tuple[Step, ...]] = (
        (Stage.FORM, check_form),
        (Stage.SIGNER, check_signer),
        (Stage.ATTRIBUTES, check_attributes),
        (Stage.CONTENT, check_content),
        (Stage.SIGNATURE, check_signature),
    )
    steps: ClassVar[tuple[Step, ...]] = (*own_steps, *CertificateChecks.steps)


def certificate_of(entry: cms.SignerEntry, certificates: tuple[bytes, ...]) -> Certificate:
    """The certificate that the signer names, among those the signature brings."""
    if not certificates:
        raise NoCertificate
    damaged: CertificateMalformed | None = None
    for der in certificates:
        try:
            certificate = Certificate.load(der)
            if entry.key_identifier is not None:
                found = certificate.subject_key == entry.key_identifier
            else:
                found = (certificate.serial, certificate.issuer) == (entry.serial, entry.issuer)
        except CertificateMalformed as error:
            damaged = error
            continue
        if found:
            return certificate
    raise damaged or CertificateMismatch


def _value(read: Callable[[bytes], Value], attribute: bytes) -> Value:
    """The value of a signed attribute; CmsMalformed where it is of another kind."""
    try:
        return read(attribute)
    except asn1.Malformed:
        raise CmsMalformed from None


def _check_names_certificate(value: bytes, certificate: Certificate) -> None:
    """SigningCertificateV2 must hash this very certificate."""
    named = _value(partial(asn1.decode, asn1.SigningCertificate), value).certificates
    if not named:
        raise CertificateMismatch
    chosen = named[0].algorithm
    digest = algorithms.SHA256
    if chosen is not None:
        digest = algorithms.digest(algorithms.identifier(chosen.algorithm.dotted_string))
    if digest.compute(certificate.der) != named[0].hash:
        raise CertificateMismatch
