"""Whom a certificate names: the kinds of holders in the national profile, and the attributes of their names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from dauys.identity import asn1

if TYPE_CHECKING:
    from cryptography.hazmat.asn1 import TLV


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

# X.520 attribute types.
COMMON_NAME: Final = "2.5.4.3"
SERIAL_NUMBER: Final = "2.5.4.5"
ORGANISATION: Final = "2.5.4.10"
ORGANISATION_UNIT: Final = "2.5.4.11"

# ASN.1 string types that names are written in (X.680).
_ENCODINGS: Final = {b"\x0c": "utf-8", b"\x13": "ascii", b"\x14": "latin-1", b"\x16": "ascii", b"\x1e": "utf-16-be"}
_IIN: Final = re.compile("IIN([0-9]{12})")
_BIN: Final = re.compile("BIN([0-9]{12})")


@dataclass(frozen=True)
class Subject:
    """A distinguished name by attribute type, in its order; repeated types are kept."""

    attributes: tuple[tuple[str, TLV], ...]

    @classmethod
    def load(cls, name: bytes) -> Subject:
        """The DER of a Name; Malformed otherwise."""
        parts = asn1.decode(asn1.Name, asn1.enclose(name)).parts
        return cls(tuple((item.type.dotted_string, item.value) for part in parts for item in part.as_list()))

    def values(self, kind: str) -> list[str]:
        """All texts of one attribute type."""
        return [_text(value) for oid, value in self.attributes if oid == kind]

    @property
    def common_name(self) -> str:
        """The name people read: never proof of anything."""
        return next(iter(self.values(COMMON_NAME)), "")

    @property
    def personal_number(self) -> str | None:
        """The twelve digits after IIN, None where there are none or several."""
        return _only(_IIN, self.values(SERIAL_NUMBER))

    @property
    def business_number(self) -> str | None:
        """The twelve digits after BIN, None where there are none or several."""
        return _only(_BIN, self.values(ORGANISATION_UNIT))

    def __repr__(self) -> str:
        return "Subject(…)"


def kind(purposes: tuple[str, ...], *, is_authority: bool) -> Kind:
    """The kind of holder told by extended key usages."""
    if is_authority:
        return Kind.AUTHORITY
    return next((kind for purpose, kind in _KINDS.items() if purpose in purposes), Kind.UNKNOWN)


def _text(value: TLV) -> str:
    return bytes(value.data).decode(_ENCODINGS.get(value.tag_bytes, "utf-8"), errors="replace")


def _only(pattern: re.Pattern[str], texts: list[str]) -> str | None:
    found = {match[1] for text in texts if (match := pattern.fullmatch(text))}
    return found.pop() if len(found) == 1 else None
