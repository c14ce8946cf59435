"""Revocation lists (RFC 5280 section 5): whether a certificate was taken back, and what that does to a signature.

Read here and not by a library: the national lists name their algorithm with NULL outside and without it inside, which
strict readers refuse, and the full list has half a million entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final, Protocol

from dauys.errors import CertificateRevoked, FileRejected, RevocationUnknown, SignatureRejected
from dauys.identity import algorithms, asn1
from dauys.identity.certificates import AUTHORITY_KEY, CRL_SIGN, Certificate

if TYPE_CHECKING:
    import datetime as dt

# RFC 5280 sections 5.2 and 5.3.
REASON_CODE: Final = "2.5.29.21"
DELTA_INDICATOR: Final = "2.5.29.27"
FRESHEST: Final = "2.5.29.46"
_UNDERSTOOD: Final = frozenset({AUTHORITY_KEY, "2.5.29.20"})


class Reason(IntEnum):
    """CRLReason of RFC 5280 section 5.3.1."""

    UNSPECIFIED = 0
    KEY_COMPROMISE = 1
    CA_COMPROMISE = 2
    AFFILIATION_CHANGED = 3
    SUPERSEDED = 4
    CESSATION_OF_OPERATION = 5
    CERTIFICATE_HOLD = 6
    REMOVE_FROM_CRL = 8
    PRIVILEGE_WITHDRAWN = 9
    AA_COMPROMISE = 10


# After such a reason what was signed before stays good; after any other nobody knows who held the key.
HARMLESS: Final = frozenset(
    {Reason.AFFILIATION_CHANGED, Reason.SUPERSEDED, Reason.CESSATION_OF_OPERATION, Reason.PRIVILEGE_WITHDRAWN}
)


@dataclass(frozen=True)
class Revoked:
    """Since when a certificate is revoked, and why."""

    since: dt.datetime
    reason: Reason

    def voids(self, at: dt.datetime) -> bool:
        """Whether a signature made at that time falls with it."""
        return at >= self.since or self.reason not in HARMLESS


class RevocationSource(Protocol):
    """What can tell whether a certificate was revoked."""

    def require_good(self, certificate: Certificate, at: dt.datetime) -> None:
        """CertificateRevoked where a signature made at `at` does not stand; RevocationUnknown where it cannot tell."""


class RevocationList:
    """A full list of one authority, its signature checked. Immutable; share it between threads."""

    def __init__(self, issuer: Certificate, listed: asn1.TbsCertificateList) -> None:
        assert listed.next_update is not None
        self.issuer = issuer
        self.this_update = asn1.moment(listed.this_update)
        self.next_update = asn1.moment(listed.next_update)
        # The content of an entry begins with the INTEGER of the serial: its bytes are the key, the rest is read on demand.
        self._entries = {bytes(entry.data[: 2 + entry.data[1]]): entry for entry in listed.revoked or []}

    @classmethod
    def load(cls, der: bytes, issuer: Certificate) -> RevocationList:
        """A list in DER that the issuer signed; FileRejected otherwise, also where it is a delta, not a full list."""
        try:
            outer = asn1.decode(asn1.SignedObject, der)
            tbs = asn1.der(outer.tbs)
            listed = asn1.decode(asn1.TbsCertificateList, tbs)
            _check_form(listed, issuer)
            _check_signature(outer, tbs, issuer)
            return cls(issuer, listed)
        except (asn1.Malformed, IndexError) as error:
            raise FileRejected(what=f"as a revocation list: {error}") from None

    def __len__(self) -> int:
        return len(self._entries)

    def revoked(self, serial: int) -> Revoked | None:
        """When and why the certificate with this serial was revoked, None where it was not."""
        entry = self._entries.get(asn1.encode_integer(serial))
        if entry is None:
            return None
        try:
            read = asn1.parse(asn1.RevokedCertificate, entry)
            return Revoked(asn1.moment(read.date), _reason(read.extensions or []))
        except asn1.Malformed:
            raise RevocationUnknown from None

    def require_good(self, certificate: Certificate, at: dt.datetime) -> None:
        """See RevocationSource. An expired list says nothing (order 500, clause 18)."""
        if certificate.issuer != self.issuer.subject or at > self.next_update:
            raise RevocationUnknown
        revoked = self.revoked(certificate.serial)
        if revoked is not None and revoked.voids(at):
            raise CertificateRevoked(since=revoked.since.date())


def _check_form(listed: asn1.TbsCertificateList, issuer: Certificate) -> None:
    if asn1.der(listed.issuer) != issuer.subject or listed.next_update is None:
        raise asn1.Malformed("of another authority, or without an end")
    for extension in listed.extensions or []:
        identifier = extension.id.dotted_string
        # The national delta lists carry a critical freshestCRL in place of the delta indicator.
        if identifier == DELTA_INDICATOR or (extension.critical and identifier == FRESHEST):
            raise FileRejected(what="a delta list, which cannot stand for the full one")
        if extension.critical and identifier not in _UNDERSTOOD:
            raise asn1.Malformed(f"it demands {identifier}")


def _check_signature(outer: asn1.SignedObject, tbs: bytes, issuer: Certificate) -> None:
    """The outer algorithm decides; the inner one may differ from it in its NULL, so it is not compared."""
    if issuer.key_usage is not None and not issuer.key_usage & CRL_SIGN:
        raise FileRejected(what="its authority may not sign revocation lists")
    try:
        algorithm = algorithms.signature(asn1.der(outer.algorithm))
        digest = algorithm.digest or algorithms.SHA256
        issuer.public_key.verify(algorithm, digest, tbs, outer.signature.as_bytes(), often=True)
    except SignatureRejected as error:
        raise FileRejected(what=f"a revocation list that its authority did not sign ({error.code})") from None


def _reason(extensions: list[asn1.Extension]) -> Reason:
    """The reason code, an ENUMERATED (tag 10) of one byte; unspecified where there is none."""
    for extension in extensions:
        if extension.id.dotted_string == REASON_CODE:
            if len(extension.value) != 3 or extension.value[:2] != b"\x0a\x01":
                raise asn1.Malformed("no reason")
            try:
                return Reason(extension.value[2])
            except ValueError:
                return Reason.UNSPECIFIED
    return Reason.UNSPECIFIED
