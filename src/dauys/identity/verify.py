"""The verification of a CMS signature and of a bare certificate: stages in order, ended by the first failure.

trust = TrustStore.load(Path("var/trust"), Profile.PRODUCTION)
signer = verify_cms(signature, statement, trust, at=now).require()
"""

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
from dauys.identity.checks import CertificateChecks, Context, Purpose
from dauys.identity.verdict import Stage

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from dauys.identity.checks import Step
    from dauys.identity.revocation import RevocationSource
    from dauys.identity.trust import TrustStore
    from dauys.identity.verdict import Verdict

Value = TypeVar("Value")

__all__ = ["Purpose", "verify_certificate", "verify_cms"]


def verify_cms(
    signature: bytes,
    content: bytes | None,
    trust: TrustStore,
    at: dt.datetime,
    *,
    purpose: Purpose = Purpose.PERSON_SIGNING,
    revocation: RevocationSource | None = None,
    limit: int = armor.SIGNATURE_LIMIT,
) -> Verdict:
    """Whether `signature` (DER, PEM or base64) is one holder's over `content`, with a certificate good at `at`.

    `content` None takes what the signature carries. Whatever the bytes, this returns a verdict and raises nothing.
    """
    return _CmsChecks(signature, content, limit, Context(trust, at, purpose, revocation)).verdict()


def verify_certificate(
    data: bytes,
    trust: TrustStore,
    at: dt.datetime,
    purpose: Purpose = Purpose.ANY_SIGNING,
    revocation: RevocationSource | None = None,
) -> Verdict:
    """Whether a bare certificate (DER, PEM or base64) is good at `at` for the purpose; it proves nobody's act."""
    return _BareCertificateChecks(data, Context(trust, at, purpose, revocation)).verdict()


class _BareCertificateChecks(CertificateChecks):
    def __init__(self, data: bytes, context: Context) -> None:
        super().__init__(context)
        self.data = data

    def check_form(self) -> str:
        self.leaf = Certificate.load(armor.certificate_der(self.data))
        return "a certificate"

    steps: ClassVar[tuple[Step, ...]] = ((Stage.FORM, check_form), *CertificateChecks.steps)


class _CmsChecks(CertificateChecks):
    message: cms.SignedMessage
    entry: cms.SignerEntry
    attributes: dict[str, bytes]

    def __init__(self, data: bytes, content: bytes | None, limit: int, context: Context) -> None:
        super().__init__(context)
        self.data = data
        self.content = content
        self.limit = limit

    def check_form(self) -> str:
        self.message = cms.SignedMessage.load(armor.signature_der(self.data, self.limit))
        return "CMS, detached" if self.message.content is None else "CMS, attached"

    def check_signer(self) -> str:
        signers = self.message.signers
        if not signers:
            raise NoSigner
        if len(signers) > 1:
            raise ManySigners
        self.entry = signers[0]
        self.leaf = _certificate_of(self.entry, self.message.certificates)
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
        algorithm = algorithms.signature(self.entry.signature_algorithm)
        digest = algorithms.digest(self.entry.digest_algorithm)
        self.leaf.public_key.verify(algorithm, digest, self.entry.signed, self.entry.signature)
        return self.leaf.public_key.name

    steps: ClassVar[tuple[Step, ...]] = (
        (Stage.FORM, check_form),
        (Stage.SIGNER, check_signer),
        (Stage.ATTRIBUTES, check_attributes),
        (Stage.CONTENT, check_content),
        (Stage.SIGNATURE, check_signature),
        *CertificateChecks.steps,
    )


def _certificate_of(entry: cms.SignerEntry, certificates: tuple[bytes, ...]) -> Certificate:
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
