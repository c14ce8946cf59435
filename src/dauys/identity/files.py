"""What kind of file somebody has at hand, and the verification that fits it."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from dauys.errors import SignatureRejected
from dauys.identity import armor
from dauys.identity.certificates import Certificate
from dauys.identity.checks import Purpose
from dauys.identity.raw_checks import verify_raw
from dauys.identity.verify import verify_certificate, verify_cms, verify_cms_all
from dauys.identity.xml_checks import verify_xml

if TYPE_CHECKING:
    import datetime as dt

    from dauys.identity.revocation import RevocationSource
    from dauys.identity.trust import TrustStore
    from dauys.identity.verdict import Verdict

FILE_LIMIT: Final = 64 * 1024 * 1024  # bytes: attached signatures carry whole documents


class Question(Struct, frozen=True):
    """By what a file is judged. `at` has a time zone; `certificate` is that of raw signature bytes."""

    trust: TrustStore
    at: dt.datetime
    purpose: Purpose = Purpose.ANY_SIGNING
    revocation: RevocationSource | None = None
    all_signers: bool = False
    certificate: bytes | None = None


def verify_file(data: bytes, content: bytes | None, question: Question) -> tuple[Verdict, ...]:
    """The verdicts on a file: one, or one for each signer of a CMS where all are asked about; never none.

    Raw bytes where their certificate is given, otherwise an XML document, a bare certificate, or a CMS.
    """
    trust, at, purpose, revocation, *_ = structs.astuple(question)
    if question.certificate is not None:
        raw = _raw(data)
        return (verify_raw(raw, question.certificate, content, trust, at, purpose=purpose, revocation=revocation),)
    if data.lstrip().startswith(b"<"):
        return (verify_xml(data, content, trust, at, purpose=purpose, revocation=revocation, limit=FILE_LIMIT),)
    certificate = _certificate(data)
    if certificate is not None:
        if certificate.basic_constraints[0] and purpose is Purpose.ANY_SIGNING:
            purpose = Purpose.AUTHORITY
        return (verify_certificate(data, trust, at, purpose, revocation),)
    if question.all_signers:
        return verify_cms_all(data, content, trust, at, purpose=purpose, revocation=revocation, limit=FILE_LIMIT)
    return (verify_cms(data, content, trust, at, purpose=purpose, revocation=revocation, limit=FILE_LIMIT),)


def _certificate(data: bytes) -> Certificate | None:
    """The certificate that the data is, None where it is none."""
    try:
        certificate = Certificate.load(armor.certificate_der(data))
        _ = certificate.basic_constraints
    except SignatureRejected:
        return None
    return certificate


def _raw(data: bytes) -> bytes:
    """Signature bytes, also where they came as base64."""
    try:
        return b64decode(b"".join(data.split()), validate=True)
    except binascii.Error:
        return data
