"""The e-signature does not prove what it must: 422, or 400 where it cannot even be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from dauys.errors.root import DauysError


class SignatureRejected(DauysError):
    code, status = "signature-rejected", 422
    sentence = "The electronic signature could not be accepted."
    # What it was judged by, beyond the signature itself, in forms that JSON knows; gathered only when somebody asks.
    evidence: Callable[[], dict[str, Any]] = staticmethod(dict)

    def judged_by(self, evidence: Callable[[], dict[str, Any]]) -> Self:
        """The same error with its evidence."""
        self.evidence = evidence
        return self


class CmsMalformed(SignatureRejected):
    code, status = "cms-malformed", 400
    sentence = "This is not a CMS signature, or it was damaged on the way. Please sign again."


class CmsTooLarge(SignatureRejected):
    code, status = "cms-too-large", 413
    sentence = "The signature is larger than {limit} bytes. Please sign the statement itself, with one key."


class StageSkipped(SignatureRejected):
    code, status = "stage-skipped", 500
    sentence = "The verification left out a stage ({what}), so nothing is proved. Please tell the operator."


class XmlMalformed(SignatureRejected):
    code, status = "xml-malformed", 400
    sentence = "This is not a signed XML document, or it was damaged on the way. Please sign again."


class XmlTooLarge(SignatureRejected):
    code, status = "xml-too-large", 413
    sentence = "The signed XML document is larger than {limit} bytes, or more deeply nested than any real one."


class XmlNotCovered(SignatureRejected):
    code = "xml-not-covered"
    sentence = "The signature does not cover the whole XML document in the one way that is accepted here ({what}). Please sign again."


class NoSigner(SignatureRejected):
    code = "no-signer"
    sentence = "Nobody has signed this. Please sign with your own key."


class ManySigners(SignatureRejected):
    code = "many-signers"
    sentence = "More than one person signed this; a statement is signed by one person. Please sign alone."


class TooManySigners(SignatureRejected):
    code = "too-many-signers"
    sentence = "More than {limit} signatures are in this file, too many to judge at once. Please give them one by one."


class NoCertificate(SignatureRejected):
    code = "no-certificate"
    sentence = "The signer's certificate is not in the signature. Please sign again with the certificate included."


class ContentMissing(SignatureRejected):
    code = "content-missing"
    sentence = "The signed text is not in the signature and was not given. Please give it with --content."


class ContentDiffers(SignatureRejected):
    code = "content-differs"
    sentence = "The text that was signed is not the statement that was shown. Please open the page again and sign what you see."


class AttributesMissing(SignatureRejected):
    code = "attributes-missing"
    sentence = (
        "The signature lacks the signed attributes that bind it to its text. Please sign with an up-to-date program."
    )


class CertificateMismatch(SignatureRejected):
    code = "certificate-mismatch"
    sentence = "The signature names another certificate than the one it brings. Please sign again."


class AlgorithmUnknown(SignatureRejected):
    code = "algorithm-unknown"
    sentence = (
        "The algorithm {algorithm} is not accepted. Please sign with a key of the national certification authority."
    )


class AlgorithmRetired(SignatureRejected):
    code = "algorithm-retired"
    sentence = (
        "{algorithm} still proves old documents, but nothing new is signed with it here. Please get a new key; it is free "
        "at egov.kz and in eGov Mobile."
    )


class SignatureInvalid(SignatureRejected):
    code = "signature-invalid"
    sentence = "The signature does not match the text and the key. Please sign again."


class CertificateMalformed(SignatureRejected):
    code, status = "certificate-malformed", 400
    sentence = "The certificate cannot be read: {what}."


class IssuerUntrusted(SignatureRejected):
    code = "issuer-untrusted"
    sentence = (
        "The certificate was not issued by a certification authority that this portal trusts, whatever names it bears."
    )


class CertificateExpired(SignatureRejected):
    code = "certificate-expired"
    sentence = (
        "The certificate was valid until {until}. Please get a new key; it is free at egov.kz and in eGov Mobile."
    )


class CertificateNotYetValid(SignatureRejected):
    code = "certificate-not-yet-valid"
    sentence = "The certificate is valid only from {since}. Please check the clock, or wait."


class CertificateRevoked(SignatureRejected):
    code = "certificate-revoked"
    sentence = "The certificate was revoked on {since}. Please get a new key and sign again."


class CertificateUnknown(SignatureRejected):
    code = "certificate-unknown"
    sentence = "The authority named in this certificate does not know it. Please get a new key and sign again."


class RevocationUnknown(SignatureRejected):
    code, status = "revocation-unknown", 503
    sentence = (
        "Whether the certificate is still good cannot be checked just now. Nothing was counted; please try again later."
    )


class WrongKeyUsage(SignatureRejected):
    code = "wrong-key-usage"
    sentence = "This key may not sign documents. Please use the signing key, not the one for logging in."


class WrongLoginKey(WrongKeyUsage):
    code = "wrong-login-key"
    sentence = "This key is not the one for logging in. Please choose your key for authentication (AUTH)."


class WrongPurpose(SignatureRejected):
    code = "wrong-purpose"
    sentence = (
        "This certificate is not a person's own signing certificate. Please use the key issued to you as a citizen."
    )


class PersonUnknown(SignatureRejected):
    code = "person-unknown"
    sentence = "The certificate holds no valid personal number (IIN), so it cannot be told who signed."
