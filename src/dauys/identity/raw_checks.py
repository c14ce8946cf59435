"""The verification of raw signature bytes with the certificate apart, as the national apps return for SIGN_BYTES_ARRAY.

Nothing but the content is signed: neither a time nor which certificate it was, and two certificates of one key are one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from dauys.errors import AlgorithmUnknown, ContentMissing
from dauys.identity import algorithms, armor
from dauys.identity.algorithms import Family, Signature
from dauys.identity.certificates import Certificate
from dauys.identity.checks import CertificateChecks, Context, Purpose, no_timestamp, not_asked, with_timestamp
from dauys.identity.verdict import SIGNATURE_STAGES, Found, Stage

if TYPE_CHECKING:
    import datetime as dt

    from dauys.identity.checks import Step
    from dauys.identity.revocation import RevocationSource
    from dauys.identity.trust import TrustStore
    from dauys.identity.verdict import Verdict

# Raw bytes name no algorithm: each kind of national key has the one that its authority signs with.
_SIGNATURES: Final = {
    Family.RSA: Signature(Family.RSA, algorithms.SHA256),
    Family.GOST: Signature(Family.GOST, algorithms.STREEBOG512),
    Family.GOST_256: Signature(Family.GOST_256, algorithms.STREEBOG256),
    Family.GOST_2004: Signature(Family.GOST_2004, algorithms.GOST34311),
}


def verify_raw(
    signature: bytes,
    certificate: bytes,
    content: bytes | None,
    trust: TrustStore,
    at: dt.datetime,
    *,
    purpose: Purpose = Purpose.PERSON_SIGNING,
    revocation: RevocationSource | None = None,
) -> Verdict:
    """Whether `signature` is that of the certificate's key over `content`, with the certificate good at `at`.

    GOST: r ‖ s, each little-endian, of 64 bytes (32 with 256-bit keys). RSA: PKCS #1 v1.5 with SHA-256. The certificate is
    DER, PEM or base64. Whatever the bytes, this returns a verdict and raises nothing.
    """
    return RawChecks(signature, certificate, content, Context(trust, at, purpose, revocation)).verdict()


class RawChecks(CertificateChecks):
    """Certificate, content and signature, then the stages of the certificate."""

    algorithm: Signature
    digest: algorithms.Digest
    signed: bytes
    required: ClassVar[frozenset[Stage]] = SIGNATURE_STAGES

    def __init__(self, signature: bytes, certificate: bytes, content: bytes | None, context: Context) -> None:
        super().__init__(context)
        self.signature = signature
        self.certificate = certificate
        self.content = content

    def check_form(self) -> Found:
        """CertificateMalformed."""
        self.leaf = Certificate.load(armor.certificate_der(self.certificate))
        return Found("raw bytes, with the certificate apart", self.form_evidence)

    def form_evidence(self) -> dict[str, Any]:
        """The signature as it was given."""
        return {"bytes": len(self.signature), "sha256": algorithms.SHA256.compute(self.signature).hex()}

    def check_signer(self) -> Found:
        """AlgorithmUnknown, AlgorithmRetired, CertificateMalformed."""
        key = self.leaf.public_key
        algorithm = _SIGNATURES.get(key.family)
        if algorithm is None or algorithm.digest is None:
            raise AlgorithmUnknown(algorithm=key.name)
        self.require_current(algorithm)
        self.algorithm, self.digest = algorithm, algorithm.digest
        return Found("the holder of the certificate", self.signer_evidence)

    def signer_evidence(self) -> dict[str, Any]:
        """The certificate that was given."""
        return {"serial": f"{self.leaf.serial:x}", "sha256": self.leaf.fingerprint}

    def check_attributes(self) -> Found:
        """Not asked: raw bytes have none."""
        return not_asked("raw bytes have none")

    def check_content(self) -> Found:
        """ContentMissing."""
        if self.content is None:
            raise ContentMissing
        self.signed = self.content
        return Found("signed as it is, by its {digest} digest", self.content_evidence, {"digest": self.digest.name})

    def content_evidence(self) -> dict[str, Any]:
        """The digest of the content, which the key signed."""
        return {"algorithm": self.digest.name, "digest": self.digest.compute(self.signed).hex()}

    def check_signature(self) -> Found:
        """SignatureInvalid."""
        key = self.leaf.public_key
        key.verify(self.algorithm, self.digest, self.signed, self.signature)
        return Found("made by the key of the certificate, {key}", self.content_evidence, {"key": key.name})

    steps: ClassVar[tuple[Step, ...]] = (
        (Stage.FORM, check_form),
        (Stage.SIGNER, check_signer),
        (Stage.ATTRIBUTES, check_attributes),
        (Stage.CONTENT, check_content),
        (Stage.SIGNATURE, check_signature),
        *with_timestamp(no_timestamp),
    )
