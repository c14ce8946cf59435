"""From a signed statement to an admission: open the request, verify the signature, derive the pseudonym, seal.

Pure computation on the event loop's thread; the only reads are a subject (a second old at most) and, for a late repeat,
one look-up by nonce. No ORM, no network, no password hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dauys.errors import AlreadySigned, RequestExpired, RequestUsed, SubjectClosed
from dauys.intake.requests import SigningRequest, SigningRequests
from dauys.intake.stages import Stages
from dauys.ledger import sqlite
from dauys.ledger.envelope import Envelope, Sealed, Signed
from dauys.ledger.evidence import kept, person_of, verify_evidence
from dauys.ledger.leaves import PetitionSignature, encode_leaf, to_text
from dauys.ledger.moments import hour_number, hour_text
from dauys.ledger.sequencer import Admission, KeyUse, Outcome, Placed
from dauys.ledger.subjects import SubjectSecrets, read_secrets

if TYPE_CHECKING:
    from dauys.identity.revocation import RevocationSource
    from dauys.identity.trust import TrustStore
    from dauys.identity.verdict import Signer
    from dauys.ledger.keys import Keys

MAX_SIGNATURE = 32 * 1024  # bytes of a signature as sent: a real CMS has 2-5 KiB, a national time stamp adds 4


@dataclass(frozen=True, slots=True)
class Prepared:
    """An admission, and the request it answers (for a fresh one, should it be used up)."""

    admission: Admission
    request: SigningRequest


class Door:
    """Everything needed to judge a signed statement, for one process."""

    def __init__(
        self, requests: SigningRequests, keys: Keys, trust: TrustStore, revocation: RevocationSource | None = None
    ) -> None:
        self.requests, self.keys, self.trust, self.revocation = requests, keys, trust, revocation
        self.stages = Stages()
        self._secrets: dict[int, SubjectSecrets] = {}

    def prepare(self, token: str, signed: Signed, now: datetime) -> Prepared:
        """A verified admission of a signature as it came; any DauysError that says why not. Nothing is changed."""
        watch = self.stages.watch()
        signed = kept(signed, MAX_SIGNATURE)
        request = self.requests.open(token, now)
        self._require_timely(request, now)
        statement = request.statement.to_bytes()
        watch.lap("request")
        signer = self.signer(signed, statement, now)
        person = person_of(signer)
        watch.lap("verify")
        secrets = self._secrets_of(request)
        name = secrets.pseudonym(request.subject.name, person)
        watch.lap("pseudonym")
        envelope = Envelope(statement, signed.signature, int(now.timestamp() * 1000), signed.form, signed.certificate)
        sealed = secrets.seal(envelope.to_bytes())
        admission = _admission(request, name, sealed, now, _key_use(signer, now))
        watch.lap("seal")
        return Prepared(admission, request)

    def signer(self, signed: Signed, statement: bytes, now: datetime) -> Signer:
        """Who signed exactly this statement; any SignatureRejected."""
        return verify_evidence(statement, signed, self.trust, now, revocation=self.revocation).require()

    def _require_timely(self, request: SigningRequest, now: datetime) -> None:
        """Expiry and closing bind new acts only: who was admitted before gets the same receipt again."""
        try:
            request.require_open(now)
        except (RequestExpired, SubjectClosed):
            if sqlite.admission_of_nonce(self.requests.connection, request.grant.nonce) is None:
                raise

    def _secrets_of(self, request: SigningRequest) -> SubjectSecrets:
        subject = request.subject
        if subject.id not in self._secrets:
            self._secrets[subject.id] = read_secrets(self.requests.connection, self.keys, subject)
        return self._secrets[subject.id]

    def answer(self, prepared: Prepared, placed: Placed, now: datetime) -> Placed:
        """The placed act; AlreadySigned with facts `index` and `receipt`, or RequestUsed with a fresh `token`."""
        if placed.outcome is Outcome.ALREADY:
            raise AlreadySigned(index=placed.index, receipt=placed.receipt)
        if placed.outcome is Outcome.USED:
            raise RequestUsed(token=self.requests.renew(prepared.request.grant, now))
        return placed


def _admission(request: SigningRequest, pseudonym: bytes, sealed: Sealed, now: datetime, key: KeyUse) -> Admission:
    grant, subject, hour = request.grant, request.subject, hour_number(now)
    leaf = PetitionSignature(to_text(sealed.commitment), hour_text(hour), to_text(pseudonym), subject.name, grant.tier)
    return Admission(subject.id, pseudonym, grant.nonce, hour, grant.tier, encode_leaf(leaf), sealed, key)


def _key_use(signer: Signer, now: datetime) -> KeyUse:
    assert signer.issuer is not None and signer.moment is not None  # noqa: PT018 - a valid verdict went through the chain
    serial = signer.certificate.serial
    content = serial.to_bytes(serial.bit_length() // 8 + 1, "big", signed=True)
    return KeyUse(signer.issuer.key_identifier, content, int(signer.moment.timestamp()), int(now.timestamp()))
