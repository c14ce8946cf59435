"""OCSP (RFC 6960): asking an authority whether a certificate still holds, and judging what it answers.

nonce = secrets.token_bytes(NONCE_SIZE)
answer = OcspResponse.load(post(request(certificate, issuer, nonce)), issuer, nonce)
answer.require_good(certificate, at=now)
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from typing import TYPE_CHECKING, Any, Final

from cryptography.x509 import ObjectIdentifier
from msgspec import Struct

from dauys.errors import CertificateRevoked, CertificateUnknown, FileRejected, RevocationUnknown, SignatureRejected
from dauys.identity import algorithms, asn1, tlv
from dauys.identity.asn1 import Malformed
from dauys.identity.certificates import DIGITAL_SIGNATURE, Certificate
from dauys.identity.revocation import Revoked, reason_of

if TYPE_CHECKING:
    from dauys.identity.revocation import Reason
    from dauys.identity.verdict import Evidence

RESPONSE_LIMIT: Final = 64 * 1024  # bytes; the national responder's are under 4 KB
NONCE_SIZE: Final = 32  # RFC 8954 section 2.1
# The national responder names no next update: its answer counts for this long.
FRESH: Final = dt.timedelta(minutes=5)

# RFC 6960 sections 4.2.1, 4.2.2.2 and 4.4.1.
BASIC: Final = "1.3.6.1.5.5.7.48.1.1"
NONCE: Final = "1.3.6.1.5.5.7.48.1.2"
NO_CHECK: Final = "1.3.6.1.5.5.7.48.1.5"
OCSP_SIGNING: Final = "1.3.6.1.5.5.7.3.9"
_SHA256: Final = algorithms.identifier("2.16.840.1.101.3.4.2.1", b"\x05\x00")
_SUCCESSFUL: Final = b"\x0a\x01\x00"
_GOOD: Final = b"\x80\x00"
_UNKNOWN: Final = b"\x82\x00"
_REVOKED: Final = tlv.CONSTRUCTED + 1


def request(certificate: Certificate, issuer: Certificate, nonce: bytes) -> bytes:
    """The DER of an OCSPRequest for one certificate, named by SHA-256."""
    algorithm, name, key = _names(issuer, _SHA256)
    identifier = asn1.enclose(
        b"".join(
            (
                algorithm,
                asn1.element(tlv.OCTET_STRING, name),
                asn1.element(tlv.OCTET_STRING, key),
                asn1.encode_integer(certificate.serial),
            )
        )
    )
    told = asn1.element(tlv.OCTET_STRING, asn1.element(tlv.OCTET_STRING, nonce))
    extension = asn1.enclose(asn1.encode_oid(ObjectIdentifier(NONCE)) + told)
    requests = asn1.enclose(asn1.enclose(identifier))
    return asn1.enclose(asn1.enclose(requests + asn1.element(tlv.CONSTRUCTED + 2, asn1.enclose(extension))))


class Told(Struct, frozen=True):
    """What a response tells of one certificate. `known` is False where the authority says it does not know it."""

    this_update: dt.datetime
    next_update: dt.datetime | None
    known: bool = True
    revoked: Revoked | None = None


class OcspResponse:
    """An answer about certificates of one authority, its signature checked. Immutable; share it between threads."""

    def __init__(
        self,
        issuer: Certificate,
        responder: Certificate,
        produced: dt.datetime,
        told: dict[int, Told],
        fresh: dt.timedelta,
    ) -> None:
        self.issuer = issuer
        self._responder = responder
        self.produced = produced
        self._told = told
        self._fresh = fresh

    @classmethod
    def load(
        cls, data: bytes, issuer: Certificate, nonce: bytes | None = None, fresh: dt.timedelta = FRESH
    ) -> OcspResponse:
        """A response in DER about certificates of `issuer`, signed by it or by its delegate; FileRejected otherwise.

        `nonce` is what the request held (None: the response comes from a file). `fresh` is how long an answer without
        a next update counts.
        """
        try:
            basic = _Basic.load(data)
            responder = basic.check_signature(issuer)
            basic.check_nonce(nonce)
            told = _told(basic.responses, issuer)
        except SignatureRejected as error:
            raise FileRejected(what=f"an OCSP response that is not the authority's ({error.code})") from None
        except (ValueError, IndexError):
            raise FileRejected(what=f"as an OCSP response: {asn1.DAMAGED}") from None
        return cls(issuer, responder, basic.produced, told, fresh)

    @property
    def tells(self) -> bool:
        """Whether it is about any certificate of its authority."""
        return bool(self._told)

    def told(self, serial: int) -> Told | None:
        """What it tells of a certificate of its authority, None where nothing."""
        return self._told.get(serial)

    def require_good(self, certificate: Certificate, at: dt.datetime) -> Evidence:
        """See `RevocationSource`; CertificateUnknown where the authority does not know it (order 500, clause 19)."""
        told = self._told.get(certificate.serial)
        if told is None or certificate.issuer != self.issuer.subject:
            raise RevocationUnknown
        if at > (told.next_update or told.this_update + self._fresh):
            raise RevocationUnknown
        if not told.known:
            raise CertificateUnknown().judged_by(self.evidence)
        if told.revoked is not None and told.revoked.voids(at):
            raise CertificateRevoked(since=told.revoked.since.date()).judged_by(self.evidence)
        return self.evidence

    def evidence(self) -> dict[str, Any]:
        """Which answer this is."""
        return {
            "source": "OCSP",
            "issuer": self.issuer.fingerprint,
            "responder": self._responder.fingerprint,
            "produced_at": self.produced.isoformat(),
        }


class _Basic(Struct, frozen=True):
    """A BasicOCSPResponse, taken apart and not yet believed."""

    tbs: bytes
    responder: bytes  # ResponderID
    produced: dt.datetime
    responses: list[bytes]
    extensions: dict[str, tuple[bool, bytes]]
    algorithm: bytes
    signature: bytes
    certificates: list[bytes]

    @classmethod
    def load(cls, data: bytes) -> _Basic:
        if len(data) > RESPONSE_LIMIT:
            raise Malformed
        status, *answer = tlv.children(tlv.whole(data))
        if status != _SUCCESSFUL:
            raise FileRejected(what="an OCSP response that answers nothing: ask again later")
        ((kind, octets),) = [tlv.children(one) for (one,) in [tlv.children(each, tlv.CONSTRUCTED) for each in answer]]
        if tlv.identifier(kind) != BASIC:
            raise Malformed
        tbs, algorithm, signature, *rest = tlv.children(tlv.whole(tlv.value(octets)))
        wrapped = tlv.take_list(rest, tlv.CONSTRUCTED)
        tlv.require_end(rest)
        responder, produced, responses, *rest = tlv.children(tbs)  # version 1 is not written
        extensions = asn1.extensions(tlv.take_list(rest, tlv.CONSTRUCTED + 1))
        tlv.require_end(rest)
        return cls(
            tbs=tbs,
            responder=responder,
            produced=tlv.moment(produced),
            responses=tlv.children(responses),
            extensions=extensions,
            algorithm=algorithm,
            signature=tlv.whole_bytes(signature),
            certificates=[] if wrapped is None else [one for block in wrapped for one in tlv.children(block)],
        )

    def check_signature(self, issuer: Certificate) -> Certificate:
        """Who signed: the authority, or a delegate of it; SignatureRejected or Malformed otherwise."""
        signer = issuer if self._names(issuer) else self._delegate(issuer)
        algorithm = algorithms.signature(self.algorithm)
        if algorithm.digest is None:
            raise Malformed
        signer.public_key.verify(algorithm, algorithm.digest, self.tbs, self.signature, often=signer is issuer)
        return signer

    def _names(self, certificate: Certificate) -> bool:
        """Whether the ResponderID is this certificate's: its name, or the SHA-1 of its key."""
        (named,) = tlv.children(self.responder, self.responder[0])
        if self.responder[0] == tlv.CONSTRUCTED + 1:
            return named == certificate.subject
        if self.responder[0] != tlv.CONSTRUCTED + 2:
            raise Malformed
        return tlv.value(named) == hashlib.sha1(certificate.key_bits, usedforsecurity=False).digest()

    def _delegate(self, issuer: Certificate) -> Certificate:
        """The certificate that the authority itself gave its responder; SignatureRejected where there is none."""
        for der in self.certificates[:4]:
            delegate = Certificate.load(der)
            if self._names(delegate):
                check_delegate(delegate, issuer, self.produced)
                return delegate
        raise SignatureRejected

    def check_nonce(self, nonce: bytes | None) -> None:
        """FileRejected where it answers another request; Malformed where it demands the unknown."""
        if any(critical and identifier != NONCE for identifier, (critical, _) in self.extensions.items()):
            raise Malformed
        if nonce is None:
            return
        echoed = self.extensions.get(NONCE)
        if echoed is None or not hmac.compare_digest(tlv.value(tlv.whole(echoed[1])), nonce):
            raise FileRejected(what="an OCSP response to another request")


def check_delegate(delegate: Certificate, issuer: Certificate, at: dt.datetime) -> None:
    """SignatureRejected unless the authority lets this key answer for it (RFC 6960 section 4.2.2.2).

    It must carry nocheck: nobody could tell whether it was revoked itself.
    """
    delegate.check_extensions()
    usage = delegate.key_usage
    if (
        delegate.issuer != issuer.subject
        or OCSP_SIGNING not in delegate.purposes
        or NO_CHECK not in delegate.extensions
        or (usage is not None and not usage & DIGITAL_SIGNATURE)
        or not delegate.not_before <= at <= delegate.not_after
    ):
        raise SignatureRejected
    delegate.check_signed_by(issuer)


def _told(responses: list[bytes], issuer: Certificate) -> dict[int, Told]:
    """The answers that are about this authority's certificates; Malformed where one is repeated."""
    found: dict[int, Told] = {}
    for response in responses:
        identifier, *answer = tlv.children(response)
        algorithm, name, key, serial = tlv.children(identifier)
        if (tlv.value(name), tlv.value(key)) != _names(issuer, algorithm)[1:]:
            continue
        number = tlv.integer(serial)
        if number in found:
            raise Malformed
        found[number] = _answer(answer)
    return found


def _names(issuer: Certificate, algorithm: bytes) -> tuple[bytes, bytes, bytes]:
    """The algorithm, and by it the hashes of the issuer's name and key; AlgorithmUnknown for SHA-1 and the like."""
    digest = algorithms.digest(algorithm)
    return algorithm, digest.compute(issuer.subject), digest.compute(issuer.key_bits)


def _answer(fields: list[bytes]) -> Told:
    status, this_update, *rest = fields
    until = tlv.take_list(rest, tlv.CONSTRUCTED)
    extensions = asn1.extensions(tlv.take_list(rest, tlv.CONSTRUCTED + 1))
    tlv.require_end(rest)
    if any(critical for critical, _ in extensions.values()):
        raise Malformed
    next_update = None
    if until is not None:
        (moment,) = until
        next_update = tlv.moment(moment)
    revoked = None
    if status not in (_GOOD, _UNKNOWN):
        since, *reasons = tlv.children(status, _REVOKED)
        revoked = Revoked(tlv.moment(since), _reason(reasons))
    return Told(tlv.moment(this_update), next_update, status != _UNKNOWN, revoked)


def _reason(fields: list[bytes]) -> Reason:
    wrapped = tlv.take_list(fields, tlv.CONSTRUCTED)
    tlv.require_end(fields)
    if wrapped is None:
        return reason_of(b"\x0a\x01\x00")
    (reason,) = wrapped
    return reason_of(reason)
