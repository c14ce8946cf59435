"""The verification of a CMS signature and of a bare certificate: stages in order, ended by the first failure.

trust = TrustStore.load(Path("var/trust"), Profile.PRODUCTION)
signer = verify_cms(signature, statement, trust, at=now).require()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from dauys.identity import armor, timestamp
from dauys.identity.certificates import Certificate
from dauys.identity.checks import CertificateChecks, Context, Purpose, not_asked, with_timestamp
from dauys.identity.cms_checks import CmsChecks
from dauys.identity.verdict import Found, Outcome, Stage

if TYPE_CHECKING:
    import datetime as dt

    from dauys.identity.checks import Step
    from dauys.identity.revocation import RevocationSource
    from dauys.identity.trust import TrustStore
    from dauys.identity.verdict import Verdict

__all__ = ["Purpose", "verify_certificate", "verify_cms", "verify_cms_all"]


def verify_cms(
    signature: bytes,
    content: bytes | None,
    trust: TrustStore,
    at: dt.datetime,
    *,
    purpose: Purpose = Purpose.PERSON_SIGNING,
    revocation: RevocationSource | None = None,
    limit: int = armor.SIGNATURE_LIMIT,
) -> Verdict:
    """Whether `signature` (DER, PEM or base64) is one holder's over `content`, with a certificate good at `at`.

    `content` None takes what the signature carries. A time stamp that holds takes the place of `at`. Whatever the bytes, this returns a verdict and raises nothing.
    """
    return _SigningChecks(signature, content, limit, Context(trust, at, purpose, revocation)).verdict()


def verify_cms_all(
    signature: bytes,
    content: bytes | None,
    trust: TrustStore,
    at: dt.datetime,
    *,
    purpose: Purpose = Purpose.ANY_SIGNING,
    revocation: RevocationSource | None = None,
    limit: int = armor.SIGNATURE_LIMIT,
) -> tuple[Verdict, ...]:
    """As `verify_cms`, for a document that several signed: a verdict on each signer, in their order, at most MOST_SIGNERS.

    Never empty: where there is no signer to judge, one verdict says so.
    """
    context = Context(trust, at, purpose, revocation)
    first = _SigningChecks(signature, content, limit, context, 0)
    verdict = first.verdict()
    others = [_SigningChecks(signature, content, limit, context, place) for place in range(1, first.count)]
    return (verdict, *(other.verdict() for other in others))


def verify_certificate(
    data: bytes,
    trust: TrustStore,
    at: dt.datetime,
    purpose: Purpose = Purpose.ANY_SIGNING,
    revocation: RevocationSource | None = None,
) -> Verdict:
    """Whether a bare certificate (DER, PEM or base64) is good at `at` for the purpose; it proves nobody's act."""
    return _BareCertificateChecks(data, Context(trust, at, purpose, revocation)).verdict()


class _BareCertificateChecks(CertificateChecks):
    def __init__(self, data: bytes, context: Context) -> None:
        super().__init__(context)
        self.data = data

    def check_form(self) -> Found:
        self.leaf = Certificate.load(armor.certificate_der(self.data))
        return Found("a certificate", self.form_evidence)

    def form_evidence(self) -> dict[str, Any]:
        """The certificate as it was given."""
        return {"bytes": len(self.leaf.der), "sha256": self.leaf.fingerprint}

    steps: ClassVar[tuple[Step, ...]] = ((Stage.FORM, check_form), *CertificateChecks.steps)


class _SigningChecks(CmsChecks):
    """A signature that somebody made of a content, perhaps with a time stamp: then its time is what counts."""

    def check_timestamp(self) -> Found:
        """The moment of the stamp becomes that of the verification (order 500, clause 14); not asked where there is none.

        A stamp that does not hold is told and does not count: it stands outside of what is signed, and anyone on the
        way could have put it there.
        """
        if not self.entry.timestamps:
            return not_asked("the signature brings none")
        found, problem = timestamp.earliest(
            self.entry.timestamps, self.entry.signature, self.context.trust, self.context.revocation
        )
        if found is None:
            return Found("one that does not count ({code})", facts={"code": problem}, outcome=Outcome.NOT_COUNTED)
        if found.moment > self.context.at:
            return Found("one from after the time that was asked for", found.evidence, outcome=Outcome.NOT_COUNTED)
        self.moment = found.moment
        return Found("by {authority}", found.evidence, {"authority": found.authority.holder.common_name})

    steps: ClassVar[tuple[Step, ...]] = (
        *CmsChecks.own_steps,
        *with_timestamp(check_timestamp),
    )
