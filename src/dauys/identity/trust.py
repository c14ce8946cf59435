"""Whom we believe: certification authorities pinned by fingerprint, and the chain from a certificate up to one of them.

This is the boundary that no signature passes on its looks: an authority is found by name and key identifier, but
believed for its signature alone. Authorities are checked once, when the store is made; a signer's certificate costs one
signature check.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dauys.errors import (
    AlgorithmUnknown,
    AnchorUnknown,
    FileRejected,
    IssuerUntrusted,
    SignatureInvalid,
    SignatureRejected,
)
from dauys.identity import armor
from dauys.identity.certificates import Certificate

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

ANCHORS_FILE: Final = Path(__file__).with_name("anchors.toml")
SUFFIXES: Final = frozenset({".cer", ".crt", ".pem", ".der"})
_ANY_LENGTH: Final = 1 << 10  # a chain longer than any store


class Profile(StrEnum):
    """Whose authorities count. They never mix."""

    PRODUCTION = "production"  # the national authorities, pinned
    TEST = "test"  # the national test hierarchy or a demo country; personal numbers need no check digit


@dataclass(frozen=True)
class Anchor:
    """A pinned certificate of the national authorities."""

    file: str
    name: str
    role: str
    algorithm: str
    not_before: dt.datetime
    not_after: dt.datetime
    sha256: str


@cache
def pinned() -> dict[str, Anchor]:
    """The pinned certificates by SHA-256 in hexadecimal."""
    listed = tomllib.loads(ANCHORS_FILE.read_text(encoding="utf-8"))["anchor"]
    return {entry["sha256"]: Anchor(**entry) for entry in listed}


@dataclass(frozen=True)
class Authority:
    """A placed authority: its certificate, who issued it (None for a root), how many CAs may still follow it.

    `problem` is why nothing below it can be believed, though it stands in its place: an algorithm not read yet.
    """

    certificate: Certificate
    issuer: Authority | None
    may_follow: int
    problem: SignatureRejected | None = None

    @cached_property
    def chain(self) -> tuple[Certificate, ...]:
        """From this authority up to its root."""
        return (self.certificate, *(self.issuer.chain if self.issuer else ()))

    def key_fits(self, certificate: Certificate) -> bool:
        """Whether key identifiers fit, where both are present; proof of nothing."""
        wanted, own = certificate.authority_key, self.certificate.subject_key
        return wanted is None or own is None or wanted == own


class TrustStore:
    """The authorities of one profile. Immutable once made; share it between threads."""

    def __init__(self, certificates: Iterable[Certificate], profile: Profile) -> None:
        self.profile = profile
        self._by_subject: dict[bytes, list[Authority]] = {}
        waiting = {certificate.fingerprint: certificate for certificate in certificates}
        self._place(waiting)
        self.unplaced = tuple(waiting.values())  # without a root here, or no authorities: they count for nothing

    @classmethod
    def of(cls, certificates: Iterable[Certificate], profile: Profile) -> TrustStore:
        """A store of these certificates: self-issued ones are its roots, others stand where their chain places them.

        AnchorUnknown where the production profile is given one that is not pinned; FileRejected where the test profile
        is given one that is.
        """
        known = list(certificates)
        for certificate in known:
            _check_profile(certificate, profile)
        return cls(known, profile)

    @classmethod
    def load(cls, directory: Path, profile: Profile) -> TrustStore:
        """A store of all certificate files of a directory; an absent directory gives an empty store.

        Errors as of `of`, and CertificateMalformed: a file that is not understood is not skipped.
        """
        files = sorted(path for path in directory.glob("*") if path.suffix.lower() in SUFFIXES)
        return cls.of([Certificate.load(armor.certificate_der(path.read_bytes())) for path in files], profile)

    @property
    def authorities(self) -> tuple[Authority, ...]:
        """All placed authorities, roots first."""
        return tuple(authority for group in self._by_subject.values() for authority in group)

    def issuer_of(self, certificate: Certificate) -> Authority:
        """The authority whose key signed the certificate.

        IssuerUntrusted where no authority here did, whatever names it bears; AlgorithmUnknown where that cannot be told.
        """
        problem: SignatureRejected | None = None
        for authority in self._by_subject.get(certificate.issuer, ()):
            if not authority.key_fits(certificate) or (certificate.is_authority and not authority.may_follow):
                continue
            try:
                certificate.check_signed_by(authority.certificate)
            except SignatureInvalid:
                continue
            except AlgorithmUnknown as error:
                problem = error
                continue
            if authority.problem is None:
                return authority
            problem = authority.problem
        if problem is None:
            raise IssuerUntrusted
        raise problem.with_traceback(None)  # a kept error would gather the frames of every raise

    def chain(self, certificate: Certificate) -> tuple[Certificate, ...]:
        """The certificate, its issuer, and so on up to the root. Errors as of `issuer_of`; a root is its own chain."""
        for authority in self._by_subject.get(certificate.subject, ()):
            if authority.certificate == certificate:
                if authority.problem is not None:
                    raise authority.problem.with_traceback(None)
                return authority.chain
        return (certificate, *self.issuer_of(certificate).chain)

    def _place(self, waiting: dict[str, Certificate]) -> None:
        """Roots first, then again and again whatever hangs below what is placed; leaves in `waiting` what does not."""
        for fingerprint, certificate in list(waiting.items()):
            if certificate.is_self_issued:
                self._keep(_root(certificate))
                del waiting[fingerprint]
        placed = True
        while placed:
            placed = False
            for fingerprint, certificate in list(waiting.items()):
                authority = self._below(certificate)
                if authority is not None:
                    self._keep(authority)
                    del waiting[fingerprint]
                    placed = True

    def _keep(self, authority: Authority) -> None:
        self._by_subject.setdefault(authority.certificate.subject, []).append(authority)

    def _below(self, certificate: Certificate) -> Authority | None:
        """The place of an intermediate authority, None where it has none (yet)."""
        for issuer in self._by_subject.get(certificate.issuer, ()):
            if not (certificate.is_authority and issuer.may_follow and issuer.key_fits(certificate)):
                continue
            problem = issuer.problem
            try:
                certificate.check_extensions()
                certificate.check_signed_by(issuer.certificate, often=False)
            except AlgorithmUnknown as error:
                problem = error
            except SignatureRejected:
                continue
            own = certificate.basic_constraints[1]
            may_follow = issuer.may_follow - 1 if own is None else min(issuer.may_follow - 1, own)
            return Authority(certificate, issuer, may_follow, problem)
        return None


def _root(certificate: Certificate) -> Authority:
    """A root, believed for being given; its own signature only shows whether its algorithm is understood."""
    problem: SignatureRejected | None = None
    try:
        certificate.check_extensions()
        certificate.check_signed_by(certificate, often=False)
    except SignatureRejected as error:
        problem = error
    if problem is None and not certificate.is_authority:
        problem = IssuerUntrusted()
    length = certificate.basic_constraints[1]
    return Authority(certificate, None, _ANY_LENGTH if length is None else length, problem)


def _check_profile(certificate: Certificate, profile: Profile) -> None:
    is_pinned = certificate.fingerprint in pinned()
    if profile is Profile.PRODUCTION and not is_pinned:
        raise AnchorUnknown(fingerprint=certificate.fingerprint)
    if profile is Profile.TEST and is_pinned:
        raise FileRejected(what="a national authority has no place in a test or demo profile")


def add(data: bytes, directory: Path) -> tuple[Anchor, Path]:
    """Keep a pinned certificate in the directory; AnchorUnknown where it is not pinned, CertificateMalformed if none."""
    certificate = Certificate.load(armor.certificate_der(data))
    anchor = pinned().get(certificate.fingerprint)
    if anchor is None:
        raise AnchorUnknown(fingerprint=certificate.fingerprint)
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{anchor.file}.cer"
    partial = path.with_suffix(".partial")
    partial.write_bytes(certificate.der)
    partial.replace(path)  # whole or not at all: a half-written file would stop the next start
    return anchor, path
