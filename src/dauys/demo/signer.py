"""CMS SignedData as NCALayer and eGov Mobile make it: one signer, its certificate, four signed attributes (RFC 5652)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from dauys.demo import der
from dauys.demo.profile import Purpose

if TYPE_CHECKING:
    from datetime import datetime

    from dauys.demo.people import Citizen
    from dauys.demo.pki import DemoPki, Signatory

ISSUED_DAYS_AGO = 30  # the same certificate all day, as a person has one
DATA = der.oid("1.2.840.113549.1.7.1")
SIGNED_DATA = der.oid("1.2.840.113549.1.7.2")
MESSAGE_DIGEST = der.oid("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE_V2 = der.oid("1.2.840.113549.1.9.16.2.47")  # RFC 5035; its hash is SHA-256 where none is named
CONTENT_TYPE = der.sequence(der.oid("1.2.840.113549.1.9.3"), der.set_of(DATA))


def sign_cms(pki: DemoPki, citizen: Citizen, content: bytes, *, now: datetime, detached: bool = True) -> bytes:
    """Sign content now, with the citizen's key for signing; DER of the CMS."""
    return sign(enrolled(pki, citizen, now), content, now=now.replace(microsecond=0), detached=detached)


def enrolled(pki: DemoPki, citizen: Citizen, now: datetime, purpose: Purpose = Purpose.SIGNING) -> Signatory:
    """The citizen with a key of that purpose and its certificate, issued at a midnight a month ago."""
    return pki.enrol(citizen, now=enrolment(now), purpose=purpose)


def enrolment(now: datetime) -> datetime:
    """When a citizen who signs now was issued the certificate."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=ISSUED_DAYS_AGO)


def sign(signatory: Signatory, content: bytes, *, now: datetime, detached: bool = True) -> bytes:
    """Sign content with a key and certificate at hand; DER of the CMS."""
    attributes = signed_attributes(signatory, content, now)
    return signed_data(
        content=b"" if detached else der.context(0, der.octets(content)),
        digest_algorithm=signatory.key.digest_algorithm,
        certificates=signatory.certificate,
        signers=signer_info(signatory, attributes),
    )


def signed_attributes(signatory: Signatory, content: bytes, now: datetime) -> bytes:
    """Signed attributes as the SET OF over which the signature is made (RFC 5652 5.4)."""
    certificate_hash = der.octets(hashlib.sha256(signatory.certificate).digest())
    return der.set_of(
        CONTENT_TYPE,
        der.sequence(der.oid("1.2.840.113549.1.9.5"), der.set_of(der.time(now))),
        der.sequence(MESSAGE_DIGEST, der.set_of(der.octets(signatory.key.digest(content)))),
        der.sequence(SIGNING_CERTIFICATE_V2, der.set_of(der.sequence(der.sequence(der.sequence(certificate_hash))))),
    )


def signer_info(signatory: Signatory, attributes: bytes) -> bytes:
    """SignerInfo of version 1: the signatory by issuer and serial, the attributes, the signature over them."""
    return der.sequence(
        der.integer(1),
        der.sequence(signatory.issuer, der.tlv(0x02, signatory.serial)),
        signatory.key.digest_algorithm,
        b"\xa0" + attributes[1:],  # [0] IMPLICIT in the message, SET OF under the signature
        signatory.key.signature_algorithm,
        der.octets(signatory.key.sign(attributes)),
    )


def signed_data(*, content: bytes, digest_algorithm: bytes, certificates: bytes, signers: bytes) -> bytes:
    """Frame of the CMS from its parts, each a run of encoded values that may be empty."""
    return der.sequence(
        SIGNED_DATA,
        der.context(
            0,
            der.sequence(
                der.integer(1),
                der.tlv(0x31, digest_algorithm),
                der.sequence(DATA, content),
                der.context(0, certificates) if certificates else b"",
                der.tlv(0x31, signers),
            ),
        ),
    )
