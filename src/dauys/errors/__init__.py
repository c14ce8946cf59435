"""One tree of coded errors: a stable code, a sentence a person can act on in three languages, an HTTP status.

    DauysError
    ├── BadInput              what was sent cannot be read                      400
    │   ├── RequestError      a signing request that does not serve             400, 403, 409, 410
    │   └── FileRejected      a receipt, key or note that is not one            400
    ├── SignatureRejected     the e-signature does not prove what it must       422
    ├── NotAdmitted           a good signature that does not count here         403, 409
    ├── AccessDenied          a person who may not do this                      403
    ├── StepForbidden         a step that the rules of an office forbid          400, 403, 409
    ├── NotCosigned           a witness does not cosign a checkpoint            400, 403, 404, 409, 422, 5xx
    ├── MirrorError           a mirror cannot go on following its log           500
    ├── NotFound              no such thing                                     404
    ├── Overloaded            come back in a moment                             503
    ├── Unreachable           another server does not answer                    502
    ├── Storage               the disk does not take what must be durable       503
    └── Refusal               the operator's start-up or command cannot go on   500

Sentences are English message ids; Kazakh and Russian stand in the gettext domain `errors`.
"""

from __future__ import annotations

from dauys.errors.drafts import *
from dauys.errors.mirrors import *
from dauys.errors.offices import *
from dauys.errors.recovery import *
from dauys.errors.root import *
from dauys.errors.signatures import *
from dauys.errors.witnesses import *

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


class ReceiptKeyUnknown(ReceiptInvalid):
    code = "receipt-key-unknown"
    sentence = (
        "This receipt names the key {key}, which is not among those known here. A log may have changed its keys: verify it "
        "with the log's keys.json. If it does not hold then either, keep it and show it to others."
    )


class NotPublishedYet(FileRejected):
    code, status = "not-published-yet", 409
    sentence = (
        "The log has published {size} entries, fewer than this receipt's tree had. Please try again in a few minutes."
    )


class NoteInvalid(FileRejected):
    code, status = "note-invalid", 422
    sentence = "This signed note does not hold: {what}."


class ProofInvalid(FileRejected):
    code, status = "proof-invalid", 422
    sentence = "This proof does not hold: {what}."


class AddressesInvalid(FileRejected):
    code, status = "addresses-invalid", 422
    sentence = "This list of addresses does not hold: {what}. Do not rely on it."


class PolicyMalformed(FileRejected):
    code = "policy-malformed"
    sentence = "This policy of logs and witnesses cannot be used: line {line}, {what}."


class SubmissionMalformed(FileRejected):
    code = "submission-malformed"
    sentence = "This is not a checkpoint as logs send it to witnesses: {what}."


class KeyMalformed(FileRejected):
    code = "key-malformed"
    sentence = "This is not a key we can read: {what}."


class LogKeyUnknown(FileRejected):
    code = "log-key-unknown"
    sentence = "No log key is known here. Give one with --key; it stands at the foot of every page of the portal."


class StateUnreadable(FileRejected):
    code = "state-unreadable"
    sentence = (
        "What the audit kept in {file} cannot be used: {what}. Remove it, and the next audit reads the whole log again."
    )


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


class LoginUsed(RequestUsed):
    code = "login-used"
    sentence = "Someone has already signed with this log-in code. Please open the log-in page again for a fresh one."


class LoginNotYours(RequestError):
    code, status = "login-not-yours", 403
    sentence = "This log-in was begun in another browser. If somebody sent you this address, do not sign; begin your own log-in here."


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
    sentence = "Please tick what you declare: only then may this be signed."


# ---- Not for this person ----------------------------------------------------------------------------------------


class AccessDenied(DauysError):
    code, status = "access-denied", 403
    sentence = "This page is not open to you."


class NotOfficial(AccessDenied):
    code = "not-official"
    sentence = (
        "Your signature is good, but you are not among the officials of this portal. If you should be, please ask its "
        "administrator; as a citizen you can log in here."
    )


class RoleMissing(AccessDenied):
    code = "role-missing"
    sentence = "This page is for officials with another task. If it should be yours, please ask the administrator."


# ---- No such thing, too busy, cannot go on ----------------------------------------------------------------------


class NotFound(DauysError):
    code, status = "not-found", 404
    sentence = "There is no such page."


class SubjectUnknown(NotFound):
    code = "subject-unknown"
    sentence = "There is no petition under that number."


class TextWithheld(NotFound):
    code, status = "text-withheld", 410
    sentence = "This text was taken from the public pages (reason: {reason}). Its hash stays in the log."


class TextUnknown(NotFound):
    code = "text-unknown"
    sentence = "There is no such public text or file here, or it was erased before. Please load the page again."


class DraftUnknown(NotFound):
    code = "draft-unknown"
    sentence = (
        "This draft is not here: it was deleted, not touched for 90 days, or begun in another browser. If you have its "
        "private link, please open it."
    )


class OfficialUnknown(NotFound):
    code = "official-unknown"
    sentence = "There is no such official in office here."


class Overloaded(DauysError):
    code, status = "overloaded", 503
    sentence = "Very many people are signing right now. Nothing was lost; please try again in {seconds} seconds."


class Unreachable(DauysError):
    code, status = "unreachable", 502
    sentence = "{address} does not answer ({why}). Please check the address, and that the portal is running."


class WitnessAway(Unreachable):
    code = "witness-away"
    sentence = (
        "The witness at {address} does not answer as it should ({why}). The log goes on without it and asks again."
    )


class ListUnreachable(Unreachable):
    code = "list-unreachable"
    sentence = (
        "The revocation list at {address} could not be fetched ({why}). The list here stays; it is asked for again."
    )


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


class NoEvidence(NotFound):
    code = "no-evidence"
    sentence = "There is no evidence of this: nothing was signed by this person here, or it was erased before."


class EvidenceAbsent(NotFound):
    code = "evidence-absent"
    sentence = (
        "Of entry {index} no evidence can be opened here: none was kept, it was erased, or its keys were destroyed."
    )


class OrderMissing(BadInput):
    code = "order-missing"
    sentence = "For a court order, give its text or file: the public record names the order by its SHA-256."


class VaultDamaged(Refusal):
    code = "vault-damaged"
    sentence = (
        "Evidence that was acknowledged is missing on disk: {what}. Bring the folder `vault` back from the newest backup, "
        "and keep what is there for an examination."
    )


class RulesMalformed(Refusal):
    code = "rules-malformed"
    sentence = "The rules in {file} cannot be used: {what}."
