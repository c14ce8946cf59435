"""The stages of verification of an enveloped XML signature, from its form to its signature.

signer = verify_xml(signed_document, document, trust, at=now).require()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from dauys.errors import ContentDiffers, SignatureInvalid
from dauys.identity import xmldsig, xmltree
from dauys.identity.algorithms import SHA256
from dauys.identity.certificates import Certificate
from dauys.identity.checks import CertificateChecks, Context, Purpose, no_timestamp, with_timestamp
from dauys.identity.verdict import SIGNATURE_STAGES, Found, Stage

if TYPE_CHECKING:
    import datetime as dt

    from dauys.identity.checks import Step
    from dauys.identity.revocation import RevocationSource
    from dauys.identity.trust import TrustStore
    from dauys.identity.verdict import Verdict
    from dauys.identity.xmldsig import SignedInfo, XmlSignature
    from dauys.identity.xmltree import Element


def verify_xml(
    signed: bytes,
    original: bytes | None,
    trust: TrustStore,
    at: dt.datetime,
    *,
    purpose: Purpose = Purpose.PERSON_SIGNING,
    revocation: RevocationSource | None = None,
    limit: int = xmltree.LIMIT,
) -> Verdict:
    """Whether `signed`, an XML document with its signature inside, is one holder's, with a certificate good at `at`.

    `original` is the document that was to be signed: without the signature both must be canonically equal. None takes
    what was signed. Whatever the bytes, this returns a verdict and raises nothing.
    """
    return XmlChecks(signed, original, limit, Context(trust, at, purpose, revocation)).verdict()


class XmlChecks(CertificateChecks):
    """Form, signer, coverage, content and signature of a document, then those of its signer's certificate."""

    root: Element  # without its signature from the content's stage on
    signature: XmlSignature
    info: SignedInfo
    required: ClassVar[frozenset[Stage]] = SIGNATURE_STAGES | {Stage.ATTRIBUTES}

    def __init__(self, data: bytes, original: bytes | None, limit: int, context: Context) -> None:
        super().__init__(context)
        self.data = data
        self.original = original
        self.limit = limit

    def check_form(self) -> Found:
        """XmlTooLarge, XmlMalformed, XmlNotCovered."""
        self.root = xmltree.read(self.data, self.limit)
        return Found("XML, with the signature in it", self.form_evidence)

    def form_evidence(self) -> dict[str, Any]:
        """The document as it was given."""
        return {"bytes": len(self.data), "sha256": SHA256.compute(self.data).hex()}

    def check_signer(self) -> Found:
        """NoSigner, ManySigners, NoCertificate, XmlNotCovered, XmlMalformed, CertificateMalformed."""
        self.signature = xmldsig.XmlSignature.load(self.root)
        self.leaf = Certificate.load(self.signature.certificate)
        return Found("one signer, with the certificate", self.signer_evidence)

    def signer_evidence(self) -> dict[str, Any]:
        """The certificate in the signature."""
        return {"serial": f"{self.leaf.serial:x}", "sha256": self.leaf.fingerprint}

    def check_coverage(self) -> Found:
        """XmlNotCovered, AlgorithmUnknown, AlgorithmRetired, XmlMalformed."""
        self.info = xmldsig.SignedInfo.load(self.signature.info)
        self.require_current(self.info.algorithm, self.info.digest)
        return Found("the whole document is signed")

    def check_content(self) -> Found:
        """ContentDiffers where it is not the original; SignatureInvalid where it was changed after signing."""
        info = self.info
        xmldsig.strip(self.root)
        document = xmltree.canonical(self.root, exclusive=info.exclusive)
        if self.original is not None:
            asked = xmltree.read(self.original, self.limit)
            if xmltree.canonical(asked, exclusive=info.exclusive) != document:
                raise ContentDiffers
        if info.digest.compute(document) != info.expected:
            raise SignatureInvalid
        return Found("its digest by {digest} is the signed one", self.content_evidence, {"digest": info.digest.name})

    def content_evidence(self) -> dict[str, Any]:
        """The digest of the canonical document, as it is signed."""
        return {"algorithm": self.info.digest.name, "digest": self.info.expected.hex()}

    def check_signature(self) -> Found:
        """SignatureInvalid, AlgorithmUnknown."""
        key = self.leaf.public_key
        key.verify(self.info.algorithm, self.info.digest, self.info.signed, self.signature.value)
        return Found("made by the key of the certificate, {key}", self.signature_evidence, {"key": key.name})

    def signature_evidence(self) -> dict[str, Any]:
        """What the key signed: the digest of the canonical SignedInfo."""
        digest = self.info.algorithm.digest or self.info.digest
        return {"algorithm": digest.name, "digest": digest.compute(self.info.signed).hex()}

    steps: ClassVar[tuple[Step, ...]] = (
        (Stage.FORM, check_form),
        (Stage.SIGNER, check_signer),
        (Stage.ATTRIBUTES, check_coverage),
        (Stage.CONTENT, check_content),
        (Stage.SIGNATURE, check_signature),
        *with_timestamp(no_timestamp),
    )
