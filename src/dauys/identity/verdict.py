"""What came out of a verification: each stage in its order, the reason of a refusal, and who signed."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    import datetime as dt

    from dauys.errors import SignatureRejected
    from dauys.identity.certificates import Certificate
    from dauys.identity.iin import Iin
    from dauys.identity.subjects import Kind


class Stage(StrEnum):
    """What is checked, in this order; the first failure ends it."""

    FORM = "form"  # it can be read
    SIGNER = "signer"  # one signer, with the certificate
    ATTRIBUTES = "attributes"  # the signed attributes bind content and certificate
    CONTENT = "content"  # what was signed is what should be
    SIGNATURE = "signature"  # the key of the certificate made it
    TIMESTAMP = "timestamp"  # where there is one: since when it exists
    CHAIN = "chain"  # the certificate leads to a pinned root
    TIME = "time"  # all of the chain is valid at the time
    PURPOSE = "purpose"  # the key may do this
    REVOCATION = "revocation"  # the certificate was not taken back
    PERSON = "person"  # it names one person


class Check(Struct, frozen=True):
    """One stage: whether it passed, and what was found: words, or the moment at which the chain is valid."""

    stage: Stage
    passed: bool
    found: str | dt.datetime

    @property
    def detail(self) -> str:
        """What was found, in English (a refusal's own sentence is in three languages)."""
        return self.found if isinstance(self.found, str) else f"valid at {self.found.isoformat(' ', 'minutes')}"


class Signer(Struct, frozen=True):
    """Whom the certificate names. Believe it only from a valid verdict."""

    iin: Iin | None
    common_name: str
    kind: Kind
    algorithm: str
    certificate: Certificate

    @property
    def business_number(self) -> str | None:
        """The BIN of the organisation the holder acts for."""
        return self.certificate.holder.business_number


class Verdict(Struct, frozen=True):
    """The stages gone through, the error that ended them, and the signer where the certificate could be read."""

    checks: tuple[Check, ...]
    error: SignatureRejected | None
    signer: Signer | None

    @property
    def valid(self) -> bool:
        """Whether every stage passed."""
        return self.error is None

    @property
    def deciding(self) -> Stage:
        """The stage that failed, or the last one passed."""
        return self.checks[-1].stage

    def require(self) -> Signer:
        """The signer of a valid verdict; raises the verdict's error otherwise."""
        if self.error is not None:
            raise self.error
        assert self.signer is not None
        return self.signer

    def report(self, language: str = "en") -> dict[str, Any]:
        """A plain form for JSON. It names the person: show it only to who may know."""
        signer = self.signer
        return {
            "valid": self.valid,
            "code": self.error.code if self.error else None,
            "reason": self.error.explain(language) if self.error else None,
            "checks": [{"stage": str(c.stage), "passed": c.passed, "detail": c.detail} for c in self.checks],
            "signer": signer
            and {
                "iin": signer.iin.digits if signer.iin else None,
                "bin": signer.business_number,
                "name": signer.common_name,
                "kind": str(signer.kind),
                "algorithm": signer.algorithm,
                "certificate": signer.certificate.fingerprint,
            },
        }
