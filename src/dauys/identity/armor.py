"""The wrappings in which signatures and certificates travel, taken off: BER, PEM, base64 of any line ending or alphabet.

The size is looked at before anything is read.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from dauys.errors import CertificateMalformed, CmsMalformed, CmsTooLarge
from dauys.identity import asn1, ber

# A signature with its certificates and a time-stamp is under 10 KB; the text it signs is under 4 KB.
SIGNATURE_LIMIT: Final = 64 * 1024
CERTIFICATE_LIMIT: Final = 16 * 1024

_SEQUENCE: Final = 0x30
_PEM: Final = re.compile(rb"-----BEGIN ([A-Z0-9 #]{1,40})-----(.*?)-----END \1-----", re.DOTALL)
_SIGNATURE_LABELS: Final = frozenset({b"CMS", b"PKCS7", b"PKCS #7 SIGNED DATA"})
_CERTIFICATE_LABELS: Final = frozenset({b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE"})
_URL_ALPHABET: Final = bytes.maketrans(b"-_", b"+/")


def signature_der(data: bytes, limit: int = SIGNATURE_LIMIT) -> bytes:
    """The DER of a CMS, also where it came as BER of indefinite length. CmsTooLarge over `limit` bytes as sent.

    CmsMalformed where it is neither; that it is a CMS is for the reader of the DER to find.
    """
    if len(data) > limit:
        raise CmsTooLarge(limit=limit)
    der = _unwrap(data, _SIGNATURE_LABELS)
    if der is None:
        raise CmsMalformed
    if der[1] != ber.INDEFINITE:
        return der
    try:
        return ber.to_der(der)
    except asn1.Malformed:
        raise CmsMalformed from None


def certificate_der(data: bytes) -> bytes:
    """The DER of one certificate; CertificateMalformed otherwise, also over CERTIFICATE_LIMIT bytes as sent."""
    if len(data) > CERTIFICATE_LIMIT:
        raise CertificateMalformed(what=f"larger than {CERTIFICATE_LIMIT} bytes")
    der = _unwrap(data, _CERTIFICATE_LABELS)
    if der is None:
        raise CertificateMalformed(what="neither DER nor PEM nor base64 of one certificate")
    return der


def _unwrap(data: bytes, labels: frozenset[bytes]) -> bytes | None:
    """DER of a SEQUENCE, at least its two first bytes; None where there is none."""
    # The byte 0x30 of a SEQUENCE is no letter of its base64, which begins with M.
    der = data if data[:1] == b"0" else _base64(data) or _text(data, labels)
    return der if der and len(der) > 2 and der[0] == _SEQUENCE else None


def _text(data: bytes, labels: frozenset[bytes]) -> bytes | None:
    """What PEM or base64 of any alphabet holds, broken into lines or not, padded or not; None where it holds nothing."""
    blocks = _PEM.findall(data)
    if blocks:
        label, data = blocks[0]
        if len(blocks) > 1 or label not in labels:
            return None
    letters = b"".join(data.translate(_URL_ALPHABET).split()).rstrip(b"=")
    return _base64(letters + b"=" * (-len(letters) % 4))


def _base64(text: bytes) -> bytes | None:
    """Plain base64, padded and unbroken; None where it is not. This reader is four times as quick as the library's."""
    try:
        return msgspec.convert(text.decode("ascii"), bytes)
    except ValueError:
        return None
