"""One tree of coded errors: a stable code, a sentence a person can act on in three languages, an HTTP status.

    DauysError
    ├── BadInput              what was sent cannot be read                      400
    │   ├── RequestError      a signing request that does not serve             400, 403, 409, 410
    │   └── FileRejected      a receipt, key or note that is not one            400
    ├── SignatureRejected     the e-signature does not prove what it must       422
    ├── NotAdmitted           a good signature that does not count here         403, 409
    ├── NotFound              no such thing                                     404
    ├── Overloaded            come back in a moment                             503
    ├── Unreachable           another server does not answer                    502
    └── Refusal               the operator's start-up or command cannot go on   500

Sentences are English message ids; Kazakh and Russian stand in the gettext domain `errors`.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Self

LOCALE_DIRECTORY = Path(__file__).parent / "portal" / "locale"
LANGUAGES = ("kk", "ru", "en")


@cache
def catalogue(language: str, domain: str = "errors") -> gettext.NullTranslations:
    """A gettext catalogue of one language; English message ids where none is installed."""
    return gettext.translation(domain, localedir=str(LOCALE_DIRECTORY), languages=[language], fallback=True)


class DauysError(Exception):
    """Root of the tree; `facts` fill the placeholders of the sentence."""

    code = "internal-error"
    status = 500
    sentence = "Something broke on our side. Nothing was lost; please try again in a minute."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.explain("en"))

    def explain(self, language: str = "en") -> str:
        """The sentence in one of LANGUAGES, placeholders filled."""
        return catalogue(language).gettext(self.sentence).format(**self.facts)


def error_classes() -> dict[str, type[DauysError]]:
    """Every error of the tree by its code."""
    found: dict[str, type[DauysError]] = {}
    waiting = [DauysError]
    while waiting:
        kind = waiting.pop()
        found[kind.code] = kind
        waiting.extend(kind.__subclasses__())
    return found


# ---- What was sent cannot be read -------------------------------------------------------------------------------


class BadInput(DauysError):
    code, status = "bad-input", 400
    sentence = "What was sent could not be read: {what}."


class TooLarge(BadInput):
    code, status = "too-large", 413
    sentence = "This is larger than the {limit} bytes we accept. Please send the signature only."


class FileRejected(BadInput):
    code = "file-rejected"
    sentence = "This file cannot be used: {what}."


class ReceiptMalformed(FileRejected):
    code = "receipt-malformed"
    sentence = "This is not a receipt, or it was damaged on the way: {what}."


class ReceiptInvalid(FileRejected):
    code, status = "receipt-invalid", 422
    sentence = "This receipt does not hold: {what}. If this is how you got it from us, keep it and show it to others."


class NoteInvalid(FileRejected):
    code, status = "note-invalid", 422
    sentence = "This signed note does not hold: {what}."


class ProofInvalid(FileRejected):
    code, status = "proof-invalid", 422
    sentence = "This proof does not hold: {what}."


class KeyMalformed(FileRejected):
    code = "key-malformed"
    sentence = "This is not a key we can read: {what}."


class LogKeyUnknown(FileRejected):
    code = "log-key-unknown"
    sentence = "No log key is known here. Give one with --key; it stands at the foot of every page of the portal."


class AnchorUnknown(FileRejected):
    code, status = "anchor-unknown", 422
    sentence = "This certificate is none of the pinned national ones (SHA-256 {fingerprint}) and is not trusted."


class RulesMissing(BadInput):
    code, status = "rules-missing", 404
    sentence = "There are no rules of {jurisdiction} here, or none for that day."


class LevelUnknown(BadInput):
    code = "level-unknown"
    sentence = "The rules do not say how many signatures are needed here ({level}). Please choose another addressee."


class PopulationNeeded(BadInput):
    code = "population-needed"
    sentence = "How many signatures are needed depends on the number of residents, and it is not known for this place ({level})."


class RequestError(BadInput):
    code = "request-error"
    sentence = "This signing request does not serve. Please open the page again."


class RequestForged(RequestError):
    code, status = "request-forged", 403
    sentence = "This signing request was not made by this portal, or it was changed. Please open the page again."


class RequestExpired(RequestError):
    code, status = "request-expired", 410
    sentence = "The time to sign this request has passed. Nothing was counted; please start again."


class CrossSite(RequestError):
    code, status = "cross-site", 403
    sentence = "This form was sent from another site, so nothing was done. Please open the page here and try again."


class RequestUsed(RequestError):
    code, status = "request-used", 409
    sentence = "Someone has already signed with this request. We have made a fresh one for you."


class CodeUsed(RequestUsed):
    code = "code-used"
    sentence = "Someone has already signed with this code. Please open the petition on your own device and begin there."


class BearerWrong(RequestError):
    code, status = "bearer-wrong", 401
    sentence = "The app did not show the pass that belongs to this signing request. Please scan the code again."


class LoginStale(RequestError):
    code, status = "login-stale", 401
    sentence = "This log-in was not signed just now, or the clock of the phone is wrong. Please scan the code again."


class LoginElsewhere(RequestError):
    code, status = "login-elsewhere", 403
    sentence = "This log-in was signed for another request. Please scan the code of this page."


class LoginDiffers(RequestError):
    code, status = "login-differs", 403
    sentence = "The one who signed is not the one who logged in. Nothing was counted; please sign with your own key."


class SigningCancelled(RequestError):
    code = "signing-cancelled"
    sentence = "You did not sign, and nothing was counted. If you change your mind, please scan the code again."


class DocumentsDiffer(RequestError):
    code = "documents-differ"
    sentence = (
        "What came back is not what was given to be signed ({what}). Nothing was counted; please scan the code again."
    )


# ---- The e-signature does not prove what it must ----------------------------------------------------------------


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


# ---- A good signature that does not count here ------------------------------------------------------------------


class NotAdmitted(DauysError):
    code, status = "not-admitted", 403
    sentence = "Your signature is good, but it cannot be counted here."


class AlreadySigned(NotAdmitted):
    code, status = "already-signed", 409
    sentence = "You have already signed this. Your voice is counted once and stands; here is your receipt again."


class SignedBefore(AlreadySigned):
    code = "signed-before"
    sentence = "You have already signed this. Your voice is counted once and stands."


class SubjectClosed(NotAdmitted):
    code, status = "subject-closed", 409
    sentence = "Signing ended on {until}. What was counted before stands."


class SubjectNotOpen(NotAdmitted):
    code, status = "subject-not-open", 409
    sentence = "Signing begins on {since}."


class DeclarationMissing(NotAdmitted):
    code, status = "declaration-missing", 400
    sentence = "Please declare that you are a citizen and of age: only then may this be signed."


# ---- No such thing, too busy, cannot go on ----------------------------------------------------------------------


class NotFound(DauysError):
    code, status = "not-found", 404
    sentence = "There is no such page."


class SubjectUnknown(NotFound):
    code = "subject-unknown"
    sentence = "There is no petition under that number."


class Overloaded(DauysError):
    code, status = "overloaded", 503
    sentence = "Very many people are signing right now. Nothing was lost; please try again in {seconds} seconds."


class Unreachable(DauysError):
    code, status = "unreachable", 502
    sentence = "{address} does not answer ({why}). Please check the address, and that the portal is running."


class Refusal(DauysError):
    code = "refusal"
    sentence = "Dauys does not start: {why}"


class ForkRefused(Refusal):
    code = "fork-refused"
    sentence = (
        "Dauys does not start: the published log is ahead of this database or differs from it ({what}). "
        "A restored backup would fork the log. Bring back the newest database, or open a successor log."
    )


class ModeRefused(Refusal):
    code = "mode-refused"
    sentence = "Dauys does not start: the log was opened in {log} mode and the settings say {settings}. A log never changes its mode."


class DatabaseRefused(Refusal):
    code = "database-refused"
    sentence = "Dauys does not start: the database is not ready ({what}). Run: script/dauys migrate"


class RulesMalformed(Refusal):
    code = "rules-malformed"
    sentence = "The rules in {file} cannot be used: {what}."
