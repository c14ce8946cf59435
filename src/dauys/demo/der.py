"""A DER writer (ITU-T X.690): each function returns one encoded value; parts are encoded values, put side by side.

Written rather than modelled: a demo certificate is nine parts in ten the same bytes, kept ready, and signing a hundred
thousand of them is a matter of joining.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

NULL = b"\x05\x00"
TRUE = b"\x01\x01\xff"


def tlv(tag: int, *parts: bytes) -> bytes:
    """A value under a one-byte tag, its length in the fewest bytes."""
    body = b"".join(parts)
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def sequence(*parts: bytes) -> bytes:
    """Encode a SEQUENCE."""
    return tlv(0x30, *parts)


def set_of(*parts: bytes) -> bytes:
    """Encode a SET OF, sorted as DER demands (X.690 11.6)."""
    return tlv(0x31, *sorted(parts))


def context(number: int, *parts: bytes) -> bytes:
    """Wrap parts in a constructed context tag: EXPLICIT, or IMPLICIT over a SEQUENCE's or SET's parts."""
    return tlv(0xA0 | number, *parts)


def context_primitive(number: int, content: bytes) -> bytes:
    """Put raw content under a primitive IMPLICIT context tag."""
    return tlv(0x80 | number, content)


def integer(value: int) -> bytes:
    """Encode an INTEGER that is not negative."""
    return tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


@lru_cache(maxsize=256)
def oid(dotted: str) -> bytes:
    """Encode an OBJECT IDENTIFIER from its dotted form."""
    first, second, *others = map(int, dotted.split("."))
    return tlv(0x06, b"".join(_base128(arc) for arc in (40 * first + second, *others)))


def bit_string(content: bytes, unused: int = 0) -> bytes:
    """Encode a BIT STRING whose last byte has that many unused bits."""
    return tlv(0x03, bytes((unused,)), content)


def octets(content: bytes) -> bytes:
    """Encode an OCTET STRING."""
    return tlv(0x04, content)


def utf8(text: str) -> bytes:
    """Encode a UTF8String."""
    return tlv(0x0C, text.encode())


def printable(text: str) -> bytes:
    """Encode a PrintableString; the caller keeps to its letters."""
    return tlv(0x13, text.encode("ascii"))


@lru_cache(maxsize=256)
def time(moment: datetime) -> bytes:
    """Encode an aware time in whole seconds: UTCTime before 2050, GeneralizedTime after (RFC 5280 4.1.2.5)."""
    moment = moment.astimezone(UTC)
    if moment.year < 2050:
        return tlv(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(0x18, moment.strftime("%Y%m%d%H%M%SZ").encode())


def _base128(arc: int) -> bytes:
    groups = [arc & 0x7F]
    while arc := arc >> 7:
        groups.append(0x80 | arc & 0x7F)
    return bytes(reversed(groups))
