"""The stages of verification of a CMS itself, from its form to its signature."""

from __future__ import annotations

import hmac
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

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
    TooManySigners,
)
from dauys.identity import algorithms, armor, asn1, cms, tlv
from dauys.identity.certificates import Certificate
from dauys.identity.checks import CertificateChecks, Context
from dauys.identity.verdict import SIGNATURE_STAGES, Found, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from dauys.identity.checks import Step

Value = TypeVar("Value")


class CmsChecks(CertificateChecks):
    """Form, signer, attributes, content and signature of a CMS, then those of its signer's certificate."""

    message: cms.SignedMessage
    entry: cms.SignerEntry
    attributes: dict[str, bytes]
    required: ClassVar[frozenset[Stage]] = SIGNATURE_STAGES | {Stage.ATTRIBUTES}

    def __init__(
        self, data: bytes, content: bytes | None, limit: int, context: Context, place: int | None = None
    ) -> None:
        """`place` is that of the signer to judge among several; None demands that there is only one."""
        super().__init__(context)
        self.most = 1 if place is None else cms.MOST_SIGNERS
        self.place = place or 0
        self.data = data
        self.content = content
        self.limit = limit

    def check_form(self) -> Found:
        """CmsTooLarge, CmsMalformed."""
        self.message = cms.SignedMessage.load(armor.signature_der(self.data, self.limit), self.most)
        if self.message.content is None:
            return Found("CMS, the text kept apart", self.form_evidence)
        return Found("CMS, with the text in it", self.form_evidence)

    def form_evidence(self) -> dict[str, Any]:
        """The signature as it was given."""
        return {"bytes": len(self.data), "sha256": algorithms.SHA256.compute(self.data).hex()}

    def check_signer(self) -> Found:
        """NoSigner, ManySigners, TooManySigners, AlgorithmRetired, NoCertificate, CertificateMismatch, CertificateMalformed."""
        signers = self.message.signers
        if not signers:
            raise NoSigner
        if len(signers) > self.most:
            raise ManySigners if self.most == 1 else TooManySigners(limit=self.most)
        self.entry = signers[self.place]
        self.require_current(*map(algorithms.known, (self.entry.digest_algorithm, self.entry.signature_algorithm)))
        self.leaf = certificate_of(self.entry, self.message.certificates)
        if len(signers) == 1:
            return Found("one signer, with the certificate", self.signer_evidence)
        facts = {"number": self.place + 1, "count": len(signers)}
        return Found("signer {number} of {count}, with the certificate", self.signer_evidence, facts)

    @property
    def count(self) -> int:
        """How many signers there are to judge: 0 where that cannot be told."""
        count = len(self.message.signers) if hasattr(self, "message") else 0
        return count if count <= self.most else 0

    def signer_evidence(self) -> dict[str, Any]:
        """The certificate that the signer names."""
        return {"serial": f"{self.leaf.serial:x}", "sha256": self.leaf.fingerprint}

    def check_attributes(self) -> Found:
        """RFC 5652 section 11: content type and message digest; RFC 5035: the certificate, whenever it is named."""
        attributes = self.entry.attributes
        if attributes is None or not {cms.CONTENT_TYPE, cms.MESSAGE_DIGEST} <= attributes.keys():
            raise AttributesMissing
        if _value(tlv.identifier, attributes[cms.CONTENT_TYPE]) != self.message.content_type:
            raise AttributesMissing
        self.attributes = attributes
        if cms.SIGNING_CERTIFICATE_V2 not in attributes:
            return Found("content type and digest are signed", self.attributes_evidence)
        _check_names_certificate(attributes[cms.SIGNING_CERTIFICATE_V2], self.leaf)
        return Found("content type, digest and certificate are signed", self.attributes_evidence)

    def attributes_evidence(self) -> dict[str, Any]:
        """The types of the signed attributes."""
        return {"attributes": list(self.attributes)}

    def check_content(self) -> Found:
        """ContentMissing, ContentDiffers, SignatureInvalid, AlgorithmUnknown."""
        carried = self.message.content
        if carried is None and self.content is None:
            raise ContentMissing
        if carried is not None and self.content is not None and not hmac.compare_digest(carried, self.content):
            raise ContentDiffers
        digest = algorithms.digest(self.entry.digest_algorithm)
        computed = digest.compute(carried if carried is not None else self.content or b"")
        expected = _value(tlv.value, self.attributes[cms.MESSAGE_DIGEST])
        if computed != expected:
            error = ContentDiffers() if carried is None else SignatureInvalid()
            found = {"algorithm": digest.name, "digest": expected.hex(), "found": computed.hex()}
            raise error.judged_by(lambda: found)
        return Found("its digest by {digest} is the signed one", self.content_evidence, {"digest": digest.name})

    def content_evidence(self) -> dict[str, Any]:
        """The digest of the content, as it is signed."""
        digest = algorithms.digest(self.entry.digest_algorithm)
        return {"algorithm": digest.name, "digest": tlv.value(self.attributes[cms.MESSAGE_DIGEST]).hex()}

    def check_signature(self) -> Found:
        """SignatureInvalid, AlgorithmUnknown."""
        algorithm = algorithms.signature(self.entry.signature_algorithm)
        digest = algorithms.digest(self.entry.digest_algorithm)
        self.leaf.public_key.verify(algorithm, digest, self.entry.signed, self.entry.signature)
        return Found(
            "made by the key of the certificate, {key}", self.signature_evidence, {"key": self.leaf.public_key.name}
        )

    def signature_evidence(self) -> dict[str, Any]:
        """What the key signed: the digest of the signed attributes."""
        algorithm = algorithms.signature(self.entry.signature_algorithm)
        digest = algorithm.digest or algorithms.digest(self.entry.digest_algorithm)
        return {"algorithm": digest.name, "digest": digest.compute(self.entry.signed).hex()}

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
