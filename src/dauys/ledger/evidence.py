"""Whether the evidence of an act holds, whatever the form of its signature: at the door, and again by an auditor.

verify_evidence(envelope.statement, envelope.signed, trust, at=from_unix(envelope.received_ms // 1000)).require()
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dauys.errors import CmsMalformed, CmsTooLarge, PersonUnknown, XmlTooLarge
from dauys.identity import armor
from dauys.identity.raw_checks import verify_raw
from dauys.identity.verify import verify_cms
from dauys.identity.xml_checks import verify_xml
from dauys.ledger.envelope import Form, Signed

if TYPE_CHECKING:
    import datetime as dt

    from dauys.identity.revocation import RevocationSource
    from dauys.identity.trust import TrustStore
    from dauys.identity.verdict import Signer, Verdict


def verify_evidence(
    statement: bytes,
    signed: Signed,
    trust: TrustStore,
    at: dt.datetime,
    *,
    revocation: RevocationSource | None = None,
) -> Verdict:
    """Whether a person signed exactly this statement, with a certificate good at `at`; raises nothing."""
    if signed.form is Form.XML:
        return verify_xml(signed.signature, statement_xml(statement), trust, at, revocation=revocation)
    if signed.form is Form.RAW:
        return verify_raw(signed.signature, signed.certificate, statement, trust, at, revocation=revocation)
    # A form without a key proves no signature, whatever its bytes: they are not even read.
    cms = signed.signature if signed.form is Form.CMS else b""
    return verify_cms(cms, statement, trust, at, revocation=revocation)


def person_of(signer: Signer) -> str:
    """The person, `iin|…`, as pseudonyms take it; PersonUnknown without a personal number."""
    if signer.iin is None:
        raise PersonUnknown
    return f"iin|{signer.iin.digits}"


def statement_xml(statement: bytes) -> bytes:
    """The document in which a statement is signed as XML: one element, its text the statement."""
    text = escape(statement.decode(), quote=False).replace("\r", "&#13;")
    return f"<statement>{text}</statement>".encode()


def kept(signed: Signed, limit: int) -> Signed:
    """The form in which an envelope keeps it: DER whatever armour a CMS or certificate came in.

    CmsTooLarge, XmlTooLarge over `limit` bytes; CmsMalformed, CertificateMalformed.
    """
    if signed.form is Form.XML:
        if len(signed.signature) > limit:
            raise XmlTooLarge(limit=limit)
        return signed
    if signed.form is Form.RAW:
        if len(signed.signature) > limit:
            raise CmsTooLarge(limit=limit)
        return Signed(Form.RAW, signed.signature, armor.certificate_der(signed.certificate))
    if signed.form is not Form.CMS:
        raise CmsMalformed
    return Signed(Form.CMS, armor.signature_der(signed.signature, limit))
