"""Revocation lists that their authority signed: whether a certificate was taken back, and what that does to a signature.

Read here and not by a library: the national lists name their algorithm with NULL outside and without it inside, which
strict readers refuse, and a linear search through the full list takes 31 ms.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from dauys.errors import CertificateRevoked, FileRejected, RevocationUnknown, SignatureRejected
from dauys.identity import algorithms, asn1, crl, kernel, tlv
from dauys.identity.certificates import AUTHORITY_KEY, CRL_SIGN, Certificate
from dauys.identity.crl import CertificateList

if TYPE_CHECKING:
    import datetime as dt

    from dauys.identity.verdict import Evidence

# RFC 5280 sections 5.2 and 5.3.
REASON_CODE: Final = "2.5.29.21"
_UNDERSTOOD: Final = frozenset({AUTHORITY_KEY, crl.NUMBER})
_UNDERSTOOD_IN_DELTA: Final = _UNDERSTOOD | {crl.DELTA_INDICATOR, crl.FRESHEST}


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

    def require_good(self, certificate: Certificate, at: dt.datetime) -> Evidence | None:
        """What it was judged by, where the source can tell that too.

        CertificateRevoked where a signature made at `at` does not stand; RevocationUnknown where it cannot tell.
        """


class RevocationList:
    """A full list of one authority, its signature checked, and a delta list over it. Immutable; share it."""

    def __init__(self, issuer: Certificate, full: CertificateList, delta: CertificateList | None = None) -> None:
        assert full.next_update is not None
        self.issuer = issuer
        self.this_update = full.this_update
        self.next_update = full.next_update
        self.full = full
        self.delta = delta

    @property
    def issued(self) -> dt.datetime:
        """What it tells is as of this time: thisUpdate of the delta, or of the full list where there is none newer."""
        return self.this_update if self.delta is None else max(self.this_update, self.delta.this_update)

    @classmethod
    def load(cls, data: bytes, issuer: Certificate) -> RevocationList:
        """A list in DER that the issuer signed; FileRejected otherwise, also where it is a delta, not a full list."""
        try:
            listed = CertificateList.load(data)
        except asn1.Malformed as error:
            raise FileRejected(what=f"as a revocation list: {error}") from None
        return cls.of(listed, issuer)

    @classmethod
    def of(cls, listed: CertificateList, issuer: Certificate) -> RevocationList:
        """A list that was read already; as `load`."""
        if listed.is_delta:
            raise FileRejected(what="a delta list, which cannot stand for the full one")
        try:
            _check(listed, issuer, _UNDERSTOOD)
        except asn1.Malformed as error:
            raise FileRejected(what=f"as a revocation list: {error}") from None
        return cls(issuer, listed)

    def updated(self, data: bytes) -> RevocationList:
        """The same list with a delta list over it in place of any earlier one; FileRejected where it does not fit.

        A delta fits by its numbers (RFC 5280 section 5.2.4): it starts from this list or an older one, and is not older
        itself. One that does not tell where it starts (a critical freshestCRL alone) can only add revocations.
        """
        try:
            delta = CertificateList.load(data)
            if not delta.is_delta:
                raise FileRejected(what="a full revocation list where a delta is wanted")
            _check(delta, self.issuer, _UNDERSTOOD_IN_DELTA)
            own, number, base = self.full.number, delta.number, delta.base_number
        except asn1.Malformed as error:
            raise FileRejected(what=f"as a delta list: {error}") from None
        if own is None or number is None or number < own or (base is not None and base > own):
            raise FileRejected(what="a delta list that does not fit the full one by its numbers")
        return RevocationList(self.issuer, self.full, delta)

    def __len__(self) -> int:
        return len(self.full.entries)

    def revoked(self, serial: int) -> Revoked | None:
        """When and why the certificate with this serial was revoked, None where it was not.

        RevocationUnknown where its entry cannot be read.
        """
        if self.delta is not None:
            changed = _revoked(self.delta, serial)
            if changed is not None and changed.reason is not Reason.REMOVE_FROM_CRL:
                return changed
            if changed is not None and self.delta.base_number is not None:
                return None
        return _revoked(self.full, serial)

    def covers(self, certificate: Certificate) -> bool:
        """Whether its authority issued the certificate, by name and, where both tell, by key: names are used again."""
        wanted, own = certificate.authority_key, self.issuer.subject_key
        return certificate.issuer == self.issuer.subject and (wanted is None or own is None or wanted == own)

    def require_good(self, certificate: Certificate, at: dt.datetime) -> Evidence:
        """See RevocationSource. An expired list says nothing (order 500, clause 18)."""
        if not self.covers(certificate) or at > self.next_update:
            raise RevocationUnknown
        revoked = self.revoked(certificate.serial)
        if revoked is not None and revoked.voids(at):
            raise CertificateRevoked(since=revoked.since.date()).judged_by(self.evidence)
        return self.evidence

    def evidence(self) -> dict[str, Any]:
        """Which list this is; its numbers are those of RFC 5280, None where it bears none."""
        return {
            "source": "CRL",
            "issuer": self.issuer.fingerprint,
            "number": self.full.number,
            "delta": self.delta and self.delta.number,
            "this_update": (self.delta or self.full).this_update.isoformat(),
            "next_update": self.next_update.isoformat(),
        }


def _check(listed: CertificateList, issuer: Certificate, understood: frozenset[str]) -> None:
    """Malformed or FileRejected where the list is not the issuer's, demands the unknown, or never ends."""
    if listed.issuer != issuer.subject or listed.next_update is None:
        raise asn1.Malformed("of another authority, or without an end")
    for identifier, (critical, _) in listed.extensions.items():
        if critical and identifier not in understood:
            raise asn1.Malformed(f"it demands {identifier}")
    if issuer.key_usage is not None and not issuer.key_usage & CRL_SIGN:
        raise FileRejected(what="its authority may not sign revocation lists")
    try:
        key, algorithm = issuer.public_key, algorithms.signature(listed.algorithm)
        # The native kernel and `cryptography` read 20 MB where they lie; this package's Python wants a copy.
        lie_well = key.family is not algorithms.Family.GOST or kernel.chosen.name == "kernel"
        signed = cast("bytes", listed.tbs if lie_well else bytes(listed.tbs))
        key.verify(algorithm, algorithm.digest or algorithms.SHA256, signed, listed.signature, often=True)
    except SignatureRejected as error:
        raise FileRejected(what=f"a revocation list that its authority did not sign ({error.code})") from None


def _revoked(listed: CertificateList, serial: int) -> Revoked | None:
    """What a list tells of a serial; RevocationUnknown where its entry cannot be read."""
    entry = listed.entries.find(serial)
    if entry is None:
        return None
    try:
        _, date, *extensions = tlv.children(entry)
        return Revoked(tlv.moment(date), _reason(extensions))
    except ValueError:
        raise RevocationUnknown from None


def _reason(extensions: list[bytes]) -> Reason:
    """The reason code of an entry; unspecified where there is none. Malformed where it demands the unknown."""
    listed = tlv.take_list(extensions, tlv.SEQUENCE) or []
    tlv.require_end(extensions)
    reason = Reason.UNSPECIFIED
    for element in listed:
        extension = asn1.decode(asn1.Extension, element)
        if extension.id.dotted_string == REASON_CODE:
            reason = reason_of(tlv.whole(extension.value))
        elif extension.critical:
            raise asn1.Malformed
    return reason


def reason_of(element: bytes) -> Reason:
    """The CRLReason in an ENUMERATED of one byte; Malformed otherwise, unspecified where the number means nothing."""
    number = tlv.value(element, tlv.ENUMERATED)
    if len(number) != 1:
        raise asn1.Malformed
    try:
        return Reason(number[0])
    except ValueError:
        return Reason.UNSPECIFIED
