"""What came out of a verification: each stage in its order, the reason of a refusal, and who signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from msgspec import Struct
from msgspec.structs import force_setattr

from dauys.errors import StageSkipped, catalogue

if TYPE_CHECKING:
    from dauys.errors import SignatureRejected
    from dauys.identity.certificates import Certificate
    from dauys.identity.iin import Iin
    from dauys.identity.subjects import Kind

# What a reader could check again, in forms that JSON knows; gathered only when somebody asks.
Evidence: TypeAlias = Callable[[], dict[str, Any]]

DOMAIN: Final = "verdict"  # of gettext: the names of stages and kinds, and what is found
ORDER: Final = "500/НҚ, as summarised"  # of 2026-08-21; read in the summaries of implementers, not in its own text


class Stage(StrEnum):
    """What is checked, in this order; the first failure ends it."""

    FORM = "form"  # it can be read
    SIGNER = "signer"  # one signer, with the certificate
    ATTRIBUTES = "attributes"  # the signed attributes bind content and certificate
    CONTENT = "content"  # what was signed is what should be
    SIGNATURE = "signature"  # the key of the certificate made it
    CHAIN = "chain"  # the certificate leads to a pinned root
    TIMESTAMP = "timestamp"  # where there is one: since when it exists
    TIME = "time"  # all of the chain is valid at the time
    PURPOSE = "purpose"  # the key may do this
    REVOCATION = "revocation"  # the certificate was not taken back
    PERSON = "person"  # it names one person


# The clauses of ORDER that a stage fulfils; what has none is asked for by the formats or by the act itself.
CLAUSES: Final = {
    Stage.SIGNER: "15",
    Stage.ATTRIBUTES: "8",
    Stage.SIGNATURE: "15",
    Stage.TIMESTAMP: "14, 17",
    Stage.CHAIN: "16.1, 16.3",
    Stage.TIME: "16.1, 16.3",
    Stage.PURPOSE: "16.4",
    Stage.REVOCATION: "16.2, 18, 19",
}

# The least that must have passed before anything may be called valid, whoever made the verdict.
CERTIFICATE_STAGES: Final = frozenset({Stage.FORM, Stage.CHAIN, Stage.TIME, Stage.PURPOSE})
SIGNATURE_STAGES: Final = CERTIFICATE_STAGES | {Stage.SIGNER, Stage.CONTENT, Stage.SIGNATURE}


class Outcome(StrEnum):
    """How a stage ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_ASKED = "not asked"
    NOT_COUNTED = "not counted"  # a time stamp that proves nothing, and refuses nothing


def word(message: str, language: str) -> str:
    """A stage, outcome, kind of holder or sentence of the domain `verdict` in one of LANGUAGES."""
    return catalogue(language, DOMAIN).gettext(str(message))


def _told(fact: object, language: str) -> str:
    if isinstance(fact, dt.datetime):
        return fact.isoformat(" ", "seconds")
    return word(fact, language) if isinstance(fact, StrEnum) else str(fact)


def nothing() -> dict[str, Any]:
    """No evidence beyond the bytes that were given."""
    return {}


class Found(Struct, frozen=True):
    """What a stage found: a sentence of the domain `verdict`, the facts that fill it, and its evidence."""

    sentence: str
    evidence: Evidence = nothing
    facts: Mapping[str, object] = {}
    outcome: Outcome = Outcome.PASSED

    def explain(self, language: str = "en") -> str:
        """The sentence in one of LANGUAGES."""
        facts = {name: _told(fact, language) for name, fact in self.facts.items()}
        return word(self.sentence, language).format(**facts)


class Check(Struct, frozen=True):
    """One stage and how it ended: by what was found, or by the error that it failed with."""

    stage: Stage
    ended: Found | SignatureRejected

    @property
    def outcome(self) -> Outcome:
        """Whether it passed, failed, or was not asked for."""
        return self.ended.outcome if isinstance(self.ended, Found) else Outcome.FAILED

    @property
    def passed(self) -> bool:
        """Whether it was asked for and held."""
        return isinstance(self.ended, Found) and self.ended.outcome is Outcome.PASSED

    @property
    def evidence(self) -> dict[str, Any]:
        """What a reader could check again."""
        return self.ended.evidence()

    def explain(self, language: str = "en") -> str:
        """What was found, in one of LANGUAGES."""
        return self.ended.explain(language)

    def report(self, language: str) -> dict[str, Any]:
        """A plain form for JSON: names in English for machines, the sentence in the language."""
        return {
            "stage": str(self.stage),
            "outcome": str(self.outcome),
            "detail": self.explain(language),
            "clause": CLAUSES.get(self.stage),
            "evidence": self.evidence,
        }


class Signer(Struct, frozen=True):
    """Whom the certificate names. Believe it only from a valid verdict."""

    iin: Iin | None
    common_name: str
    kind: Kind
    algorithm: str
    certificate: Certificate
    issuer: Certificate | None = None  # the authority that issued the certificate, where the chain was checked
    moment: dt.datetime | None = (
        None  # the time that a valid verdict holds for: that of a time stamp, or the one asked for
    )

    @property
    def business_number(self) -> str | None:
        """The BIN of the organisation the holder acts for."""
        return self.certificate.holder.business_number

    def report(self) -> dict[str, Any]:
        """A plain form for JSON."""
        return {
            "iin": self.iin.digits if self.iin else None,
            "bin": self.business_number,
            "name": self.common_name,
            "kind": str(self.kind),
            "algorithm": self.algorithm,
            "certificate": self.certificate.fingerprint,
        }


class Verdict(Struct, frozen=True):
    """The stages gone through, the error that ended them, and the signer where the certificate could be read.

    Without an error it is valid, and there is none without an error where a required stage did not pass.
    """

    checks: tuple[Check, ...]
    error: SignatureRejected | None
    signer: Signer | None
    required: frozenset[Stage] = SIGNATURE_STAGES

    def __post_init__(self) -> None:
        if self.error is None:
            skipped = self.required.difference([check.stage for check in self.checks if check.passed])
            if skipped:
                force_setattr(self, "error", StageSkipped(what=min(skipped)))

    @property
    def valid(self) -> bool:
        """Whether every stage that is required passed."""
        return self.error is None

    @property
    def deciding(self) -> Stage:
        """The stage that failed, or the last one passed."""
        return next(check.stage for check in reversed(self.checks) if check.outcome in {Outcome.PASSED, Outcome.FAILED})

    def require(self) -> Signer:
        """The signer of a valid verdict; raises the verdict's error otherwise."""
        if self.error is not None:
            raise self.error
        if self.signer is None:
            raise StageSkipped(what=Stage.SIGNER)
        return self.signer

    def report(self, language: str = "en") -> dict[str, Any]:
        """A plain form for JSON. It names the person: show it only to who may know."""
        return {
            "valid": self.valid,
            "code": self.error.code if self.error else None,
            "reason": self.error.explain(language) if self.error else None,
            "order": ORDER,
            "checks": [check.report(language) for check in self.checks],
            "signer": self.signer and self.signer.report(),
        }
