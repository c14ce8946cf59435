"""The stages of verification that a signer's certificate and a bare one share, and the loop that goes through them."""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias

from msgspec import Struct

from dauys.errors import (
    AlgorithmRetired,
    CertificateExpired,
    CertificateNotYetValid,
    PersonUnknown,
    RevocationUnknown,
    SignatureRejected,
    WrongKeyUsage,
    WrongLoginKey,
    WrongPurpose,
)
from dauys.identity import algorithms
from dauys.identity.certificates import DIGITAL_SIGNATURE, EXTENDED_KEY_USAGE, NON_REPUDIATION, Certificate
from dauys.identity.iin import Iin
from dauys.identity.subjects import Kind
from dauys.identity.trust import Profile, TrustStore
from dauys.identity.verdict import CERTIFICATE_STAGES, Check, Evidence, Found, Outcome, Signer, Stage, Verdict, nothing

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from dauys.identity.revocation import RevocationSource

# A stage and its method, which returns what it found or raises the reason of a refusal.
Step: TypeAlias = "tuple[Stage, Callable[[Any], Found]]"

# The national marks of a key for signing and of one for logging in (RFC 5280 section 4.2.1.12).
EMAIL_PROTECTION: Final = "1.3.6.1.5.5.7.3.4"
CLIENT_AUTHENTICATION: Final = "1.3.6.1.5.5.7.3.2"
# RFC 3161 section 2.3.
TIME_STAMPING: Final = "1.3.6.1.5.5.7.3.8"


class Purpose(StrEnum):
    """What the key must be allowed to do."""

    PERSON_SIGNING = "a person signs"
    PERSON_LOGIN = "a person logs in"
    ANY_SIGNING = "anyone signs"  # organisations, and older certificates that do not tell
    AUTHORITY = "an authority issues certificates"
    TIME_STAMPING = "an authority stamps the time"


class Context(Struct, frozen=True):
    """What a certificate is judged by. `at` has a time zone."""

    trust: TrustStore
    at: dt.datetime
    purpose: Purpose
    revocation: RevocationSource | None = None

    @property
    def asked(self) -> frozenset[Stage]:
        """The stages that must pass for being asked for."""
        return _ASKED[self.purpose in _BY_PERSONS, self.revocation is not None]


_BY_PERSONS: Final = frozenset({Purpose.PERSON_SIGNING, Purpose.PERSON_LOGIN})
# By whether a person must have signed, and whether there is a source of revocation.
_ASKED: Final = {
    (False, False): frozenset[Stage](),
    (False, True): frozenset({Stage.REVOCATION}),
    (True, False): frozenset({Stage.PERSON}),
    (True, True): frozenset({Stage.REVOCATION, Stage.PERSON}),
}


class CertificateChecks:
    """Chain, time, purpose, revocation, person. Each stage returns what it found, or raises the reason."""

    leaf: Certificate  # from the stage on that reads it
    required: ClassVar[frozenset[Stage]] = CERTIFICATE_STAGES  # and those that the context asks for

    def __init__(self, context: Context) -> None:
        self.context = context
        self.moment = context.at  # of the verification: a time stamp may put it earlier
        self.chain: tuple[Certificate, ...] = ()
        self.iin: Iin | None = None
        self.asked_about: list[tuple[Certificate, Evidence | None]] = []

    def check_chain(self) -> Found:
        """IssuerUntrusted, AlgorithmUnknown, AlgorithmRetired; CertificateMalformed for an unknown critical extension."""
        self.require_current(algorithms.known(self.leaf.signature_algorithm))
        self.leaf.check_extensions()
        self.chain = self.context.trust.chain(self.leaf)
        if len(self.chain) == 1:
            return Found("a root of its own", self.chain_evidence)
        return Found("issued by {authorities}", self.chain_evidence, {"authorities": _names(self.chain[1:])})

    def chain_evidence(self) -> dict[str, Any]:
        """The certificates from the signer's up to the root."""
        return {"chain": [{"name": link.holder.common_name, "sha256": link.fingerprint} for link in self.chain]}

    def require_current(self, *used: algorithms.Signature | algorithms.Digest | None) -> None:
        """AlgorithmRetired where a person signs or logs in and one of them is no longer for that."""
        if self.context.purpose in _BY_PERSONS:
            algorithms.require_current(*used)

    def check_time(self) -> Found:
        """CertificateExpired, CertificateNotYetValid, for any certificate of the chain; both ends are inclusive."""
        at = self.moment
        for link in self.chain:
            if at < link.not_before:
                raise CertificateNotYetValid(since=link.not_before.date())
            if at > link.not_after:
                raise CertificateExpired(until=link.not_after.date())
        return Found("the whole chain is valid at {moment}", self.time_evidence, {"moment": at})

    def time_evidence(self) -> dict[str, Any]:
        """The moment that counts, and the time in which the whole chain is valid."""
        return {
            "moment": self.moment.isoformat(),
            "not_before": max(link.not_before for link in self.chain).isoformat(),
            "not_after": min(link.not_after for link in self.chain).isoformat(),
        }

    def check_purpose(self) -> Found:
        """WrongKeyUsage, WrongPurpose; AlgorithmRetired for a person's key."""
        if self.context.purpose is Purpose.AUTHORITY:
            if not self.leaf.is_authority:
                raise WrongPurpose
        elif self.leaf.basic_constraints[0]:
            raise WrongPurpose
        elif self.context.purpose is Purpose.PERSON_SIGNING:
            _check_person_signs(self.leaf)
        elif self.context.purpose is Purpose.PERSON_LOGIN:
            _check_person_logs_in(self.leaf)
        elif self.context.purpose is Purpose.TIME_STAMPING:
            _check_stamps_time(self.leaf)
        else:
            _check_anyone_signs(self.leaf)
        return Found("a key of this kind: {kind}", self.purpose_evidence, {"kind": self.leaf.kind})

    def purpose_evidence(self) -> dict[str, Any]:
        """What the certificate says its key may do."""
        usage = self.leaf.key_usage
        return {
            "asked": str(self.context.purpose),
            "key_usage": None if usage is None else f"{usage:02x}",
            "extended_key_usage": list(self.leaf.purposes),
        }

    def check_revocation(self) -> Found:
        """CertificateRevoked, CertificateUnknown, RevocationUnknown; not asked where no source is given.

        The authorities between the certificate and its root are asked about too, but sources may be silent on them:
        the operator chose and keeps them.
        """
        source = self.context.revocation
        if source is None:
            return not_asked("no list and no OCSP response was given")
        self.asked_about = [(self.leaf, source.require_good(self.leaf, self.moment))]
        for link in self.chain[1:-1]:
            with suppress(RevocationUnknown):
                self.asked_about.append((link, source.require_good(link, self.moment)))
        return Found("not revoked", self.revocation_evidence)

    def revocation_evidence(self) -> dict[str, Any]:
        """By what each certificate was judged that a source told of."""
        return {"judged": [{"sha256": link.fingerprint} | (told or nothing)() for link, told in self.asked_about]}

    def check_person(self) -> Found:
        """PersonUnknown; not asked where anyone may sign."""
        if self.context.purpose not in _BY_PERSONS:
            return not_asked("anyone may sign")
        self.person()
        return Found("one personal number")

    # The stages in order; a signature's come before them.
    steps: ClassVar[tuple[Step, ...]] = (
        (Stage.CHAIN, check_chain),
        (Stage.TIME, check_time),
        (Stage.PURPOSE, check_purpose),
        (Stage.REVOCATION, check_revocation),
        (Stage.PERSON, check_person),
    )

    def person(self) -> Iin:
        """The personal number that the certificate names; PersonUnknown where there is none that holds."""
        if self.iin is None:
            digits = self.leaf.holder.personal_number
            if digits is None:
                raise PersonUnknown
            self.iin = Iin.parse(digits, test_profile=self.context.trust.profile is Profile.TEST)
        return self.iin

    def signer(self) -> Signer | None:
        """Whom the certificate names, None where none could be read."""
        if not hasattr(self, "leaf"):
            return None
        try:
            iin: Iin | None = self.person()
        except PersonUnknown:
            iin = None
        except SignatureRejected:
            return None
        try:
            issuer = self.chain[1] if len(self.chain) > 1 else None
            name = self.leaf.holder.common_name
            return Signer(iin, name, self.leaf.kind, self.leaf.key_algorithm, self.leaf, issuer, self.moment)
        except SignatureRejected:
            return None

    def verdict(self) -> Verdict:
        """Go through the stages up to the first failure."""
        checks: list[Check] = []
        reason: SignatureRejected | None = None
        for stage, step in self.steps:
            try:
                checks.append(Check(stage, step(self)))
            except SignatureRejected as error:
                # Without its frames, which hold all that was read and would keep it in a cycle.
                reason = error.with_traceback(None)
                checks.append(Check(stage, reason))
                break
        return Verdict(tuple(checks), reason, self.signer(), self.required | self.context.asked)


def with_timestamp(check: Callable[[Any], Found]) -> tuple[Step, ...]:
    """The certificate's stages with that of a time stamp among them.

    The chain comes first: only a certificate that somebody was given may cost us a stamp.
    """
    chain, *others = CertificateChecks.steps
    return (chain, (Stage.TIMESTAMP, check), *others)


def no_timestamp(_: CertificateChecks) -> Found:
    """The stage of a signature whose form has no place for a time stamp that is read here."""
    return not_asked("none is read in a signature of this form")


def not_asked(sentence: str) -> Found:
    """What a stage answers that this verification does not ask for, and why."""
    return Found(sentence, outcome=Outcome.NOT_ASKED)


def _names(certificates: tuple[Certificate, ...]) -> str:
    return " ← ".join(link.holder.common_name for link in certificates)


def _check_current_person(leaf: Certificate) -> None:
    if leaf.kind is not Kind.PERSON:
        raise WrongPurpose
    if leaf.public_key.family in algorithms.RETIRED:
        raise AlgorithmRetired(algorithm=leaf.public_key.name)


def _check_person_signs(leaf: Certificate) -> None:
    _check_current_person(leaf)
    usage = leaf.key_usage or 0
    if not usage & (DIGITAL_SIGNATURE | NON_REPUDIATION) or EMAIL_PROTECTION not in leaf.purposes:
        raise WrongKeyUsage


def _check_person_logs_in(leaf: Certificate) -> None:
    _check_current_person(leaf)
    if not (leaf.key_usage or 0) & DIGITAL_SIGNATURE or CLIENT_AUTHENTICATION not in leaf.purposes:
        raise WrongLoginKey


def _check_stamps_time(leaf: Certificate) -> None:
    """A key for nothing else, marked so critically (RFC 3161 section 2.3)."""
    if leaf.purposes != (TIME_STAMPING,) or not leaf.extensions[EXTENDED_KEY_USAGE][0]:
        raise WrongPurpose
    if leaf.key_usage is not None and not leaf.key_usage & (DIGITAL_SIGNATURE | NON_REPUDIATION):
        raise WrongKeyUsage


def _check_anyone_signs(leaf: Certificate) -> None:
    """A key usage or purposes that are absent forbid nothing; those for logging in or for servers alone do."""
    if leaf.key_usage is not None and not leaf.key_usage & (DIGITAL_SIGNATURE | NON_REPUDIATION):
        raise WrongKeyUsage
    for_signing = EMAIL_PROTECTION in leaf.purposes
    told = leaf.kind is not Kind.UNKNOWN and CLIENT_AUTHENTICATION not in leaf.purposes
    if leaf.purposes and not for_signing and not told:
        raise WrongKeyUsage
