"""What a page may ask NCALayer for that a person must decide: which key serves, what it signs, how that is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dauys.demo.profile import EXTENDED_USAGE, Purpose
from dauys.demo.signer import enrolled, sign
from dauys.demo.xml_signer import sign_xml

if TYPE_CHECKING:
    from datetime import datetime

    from dauys.demo.people import Citizen
    from dauys.demo.pki import DemoPki, Signatory

OWN_KEYS = (Purpose.SIGNING, Purpose.AUTHENTICATION)  # what a citizen has; the first that fits is taken


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which keys a page accepts: the extended usages they must all bear, and whose they must be ("": anybody's)."""

    usages: frozenset[str] = frozenset()
    iin: str = ""
    bin: str = ""

    def purpose(self, citizen: Citizen) -> Purpose | None:
        """The purpose of the citizen's key that serves; None where no key does."""
        if self.bin or self.iin not in ("", citizen.iin):
            return None
        return next((purpose for purpose in OWN_KEYS if self.usages <= set(EXTENDED_USAGE[purpose])), None)


def detached_cms(signatory: Signatory, document: bytes, now: datetime) -> bytes:
    """A CMS beside its document."""
    return sign(signatory, document, now=now)


def attached_cms(signatory: Signatory, document: bytes, now: datetime) -> bytes:
    """A CMS with its document inside."""
    return sign(signatory, document, now=now, detached=False)


def enveloped_xml(signatory: Signatory, document: bytes, _now: datetime) -> bytes:
    """An XML document with its signature inside; this form names no time."""
    return sign_xml(signatory, document)


@dataclass(frozen=True, slots=True)
class Task:
    """Documents to sign, none where only a key's facts are asked for; `cancelled` is the answer to a person's No."""

    wanted: Wanted
    documents: tuple[bytes, ...]
    sign: Callable[[Signatory, bytes, datetime], bytes]
    answered: Callable[[Signatory, list[bytes]], str]
    cancelled: str

    def carry_out(self, pki: DemoPki, citizen: Citizen, now: datetime) -> str:
        """The answer to a Yes of this citizen, or `cancelled` where they have no key that serves."""
        purpose = self.wanted.purpose(citizen)
        if purpose is None:
            return self.cancelled
        signatory = enrolled(pki, citizen, now, purpose)
        moment = now.replace(microsecond=0)
        return self.answered(signatory, [self.sign(signatory, document, moment) for document in self.documents])
