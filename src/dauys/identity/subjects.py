"""Whom a certificate names: the kinds of holders in the national profile, and the attributes of their names."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

from msgspec import Struct

from dauys.identity import asn1, tlv


class Kind(StrEnum):
    """What the national certificate policy says the holder is."""

    PERSON = "person"
    PERSON_SYSTEM = "person's system"
    ORGANISATION = "organisation"
    HEAD = "head of an organisation"
    SIGN_RIGHT = "employee with the right to sign"
    FINANCE = "employee of finance"
    HR = "employee of human resources"
    EMPLOYEE = "employee"
    SYSTEM = "information system"
    TREASURY = "client of the treasury"
    AUTHORITY = "certification authority"
    UNKNOWN = "not told"


# Extended key usages of the national profile, the most telling first (certificate policy of the national CA).
PERSON_PURPOSE: Final = "1.2.398.3.3.4.1.1"
_KINDS: Final = {
    "1.2.398.3.3.4.1.2.1": Kind.HEAD,
    "1.2.398.3.3.4.1.2.2": Kind.SIGN_RIGHT,
    "1.2.398.3.3.4.1.2.3": Kind.FINANCE,
    "1.2.398.3.3.4.1.2.4": Kind.HR,
    "1.2.398.3.3.4.1.2.5": Kind.EMPLOYEE,
    "1.2.398.3.3.4.1.2.6": Kind.SYSTEM,
    "1.2.398.5.19.1.2.2.1": Kind.TREASURY,
    "1.2.398.3.3.4.1.2": Kind.ORGANISATION,
    "1.2.398.3.3.4.1.1.1": Kind.PERSON_SYSTEM,
    PERSON_PURPOSE: Kind.PERSON,
}

# Certificates of a CA tell few sets of purposes.
_DISTINCT: Final = 256

# X.520 attribute types.
COMMON_NAME: Final = "2.5.4.3"
SERIAL_NUMBER: Final = "2.5.4.5"
ORGANISATION_UNIT: Final = "2.5.4.11"

# ASN.1 string types that names are written in (X.680).
_ENCODINGS: Final = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}
_IIN: Final = re.compile("IIN([0-9]{12})")
_BIN: Final = re.compile("BIN([0-9]{12})")


class Subject(Struct, frozen=True):
    """What a distinguished name tells of its holder."""

    common_name: str  # the name people read: never proof of anything
    personal_number: str | None  # the twelve digits after IIN, None where there are none or several
    business_number: str | None  # the twelve digits after BIN, likewise

    @classmethod
    def load(cls, name: bytes) -> Subject:
        """The DER of a Name; Malformed otherwise."""
        texts: dict[str, list[str]] = {COMMON_NAME: [], SERIAL_NUMBER: [], ORGANISATION_UNIT: []}
        for part in tlv.children(name):
            attributes = tlv.children(part, tlv.SET)
            if len(attributes) > 1 and attributes != sorted(attributes):
                raise asn1.Malformed
            for attribute in attributes:
                kind, value = tlv.children(attribute)
                wanted = texts.get(tlv.identifier(kind))
                if wanted is not None:
                    wanted.append(_text(value))
        return cls(
            common_name=next(iter(texts[COMMON_NAME]), ""),
            personal_number=_only(_IIN, texts[SERIAL_NUMBER]),
            business_number=_only(_BIN, texts[ORGANISATION_UNIT]),
        )

    def __repr__(self) -> str:
        return "Subject(…)"


@lru_cache(_DISTINCT)
def kind(purposes: tuple[str, ...], *, is_authority: bool) -> Kind:
    """The kind of holder told by extended key usages."""
    if is_authority:
        return Kind.AUTHORITY
    return next((kind for purpose, kind in _KINDS.items() if purpose in purposes), Kind.UNKNOWN)


def _text(element: bytes) -> str:
    tag = element[0]
    return tlv.value(element, tag).decode(_ENCODINGS.get(tag, "utf-8"), errors="replace")


def _only(pattern: re.Pattern[str], texts: list[str]) -> str | None:
    if not texts:
        return None
    found = {match[1] for text in texts if (match := pattern.fullmatch(text))}
    return found.pop() if len(found) == 1 else None
