"""DER taken apart by its headers (X.690 section 8.1): each element stays the exact bytes it came as, header included.

This reads the frames of certificates and signatures, which every verification walks through; what stands inside the
smaller elements is read by the models of `asn1`. Only what all those structures use is accepted: one-byte tags,
definite lengths in their shortest form. A wrong number of parts shows when they are unpacked, as a ValueError; Malformed
is one too.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Final

from cryptography.x509 import ObjectIdentifier

from dauys.identity import asn1
from dauys.identity.asn1 import Malformed

# Identifier octets (X.690 section 8.1.2): universal types, and the number to which a context tag is added.
BOOLEAN: Final = 0x01
INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
ENUMERATED: Final = 0x0A
SEQUENCE: Final = 0x30
SET: Final = 0x31
CONTEXT: Final = 0x80
CONSTRUCTED: Final = 0xA0  # in context

# UTCTime of 13 characters, GeneralizedTime of 15.
_TIME_HEADS: Final = (b"\x17\x0d", b"\x18\x0f")
_HIGH_TAG: Final = 0x1F
_LONG: Final = 0x80  # the length is written in the following bytes, as many as the other bits tell
# Types, algorithms and attributes are few; the rest are an attacker's.
_DISTINCT: Final = 1024


def elements(data: bytes, at: int = 0) -> list[bytes]:
    """The elements that stand one after another from `at` up to the end; Malformed where they do not fill it."""
    found = []
    size = len(data)
    try:
        while at < size:
            length = data[at + 1]
            end = at + 2 + length if length < _LONG else _end(data, at)
            if end > size or data[at] & _HIGH_TAG == _HIGH_TAG:
                raise Malformed
            found.append(data[at:end])
            at = end
    except IndexError:
        raise Malformed from None
    return found


def span(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Where the content of the element at `at` begins and where it stops, by `end`; Malformed where it does not.

    For files too large to be cut into their elements.
    """
    try:
        length = data[at + 1]
        content = at + 2 + (length & ~_LONG if length >= _LONG else 0)
        stop = content + length if length < _LONG else _end(data, at)
        if stop > end or data[at] & _HIGH_TAG == _HIGH_TAG:
            raise Malformed
    except IndexError:
        raise Malformed from None
    return content, stop


def _end(data: bytes, at: int) -> int:
    """Where an element with a long length ends; Malformed where the length is indefinite or could be shorter."""
    start = at + 2 + (data[at + 1] & ~_LONG)
    length = int.from_bytes(data[at + 2 : start], "big")
    if length < _LONG or data[at + 2] == 0:
        raise Malformed
    return start + length


def _content(element: bytes, tag: int) -> int:
    """Where the content of a whole element begins; Malformed where it is not tagged so."""
    if element[0] != tag:
        raise Malformed
    length = element[1]
    return 2 if length < _LONG else 2 + (length & ~_LONG)


def children(element: bytes, tag: int = SEQUENCE) -> list[bytes]:
    """The elements within a whole element; Malformed where it is not tagged so or not made of elements."""
    return elements(element, _content(element, tag))


def value(element: bytes, tag: int = OCTET_STRING) -> bytes:
    """The content of a whole element; Malformed where it is not tagged so."""
    return element[_content(element, tag) :]


def whole(data: bytes) -> bytes:
    """The data, which must be one element and nothing else."""
    (element,) = elements(data)
    return element


def take_list(fields: list[bytes], tag: int) -> list[bytes] | None:
    """The elements of the first field, which is taken away, where it bears the optional tag; None where it does not."""
    return children(fields.pop(0), tag) if fields and fields[0][0] == tag else None


def require_end(fields: list[bytes]) -> None:
    """Malformed where fields are left over."""
    if fields:
        raise Malformed


def integer(element: bytes) -> int:
    """An INTEGER of any size; Malformed where it could be shorter."""
    content = value(element, INTEGER)
    if not content or (len(content) > 1 and content[0] in (0x00, 0xFF) and content[0] >> 7 == content[1] >> 7):
        raise Malformed
    return int.from_bytes(content, "big", signed=True)


def whole_bytes(element: bytes) -> bytes:
    """A BIT STRING whose bits fill its bytes; Malformed otherwise."""
    content = value(element, BIT_STRING)
    if content[:1] != b"\x00":
        raise Malformed
    return content[1:]


def moment(element: bytes) -> dt.datetime:
    """A UTCTime or GeneralizedTime in UTC to the second, as certificates write them (RFC 5280 section 4.1.2.5)."""
    head, digits = element[:2], element[2:-1]
    # The hour 24, which later versions of Python take for the next day's midnight, is none in DER.
    if head not in _TIME_HEADS or element[-1:] != b"Z" or not digits.isdigit() or digits[-6:-4] > b"23":
        raise Malformed
    text = digits.decode()
    if head == _TIME_HEADS[0]:
        text = ("19" if text >= "50" else "20") + text
    return dt.datetime.fromisoformat(f"{text[:8]}T{text[8:]}Z")


@lru_cache(_DISTINCT)
def identifier(element: bytes) -> str:
    """An OBJECT IDENTIFIER as dotted numbers; Malformed where it is none."""
    return asn1.decode(ObjectIdentifier, element).dotted_string
