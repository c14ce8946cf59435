"""BER of indefinite length (X.690 section 8.1.3.6), as old national programs write CMS, rewritten as DER.

Only the framing is rewritten: lengths take their shortest definite form, and an OCTET STRING sent in pieces becomes one.
Values stay as they came, and what is DER already comes out byte for byte; so the strict readers that follow judge the
same certificates and attributes the signer hashed (RFC 5652 section 5.4 signs DER whatever was sent).
"""

from __future__ import annotations

from typing import Final

from dauys.identity import asn1, tlv
from dauys.identity.asn1 import Malformed

# A time-stamped CMS is twelve deep. Documents travel in pieces of 1,000 bytes: this many elements carry 128 MB.
DEEPEST: Final = 32
MOST_ELEMENTS: Final = 1 << 17

INDEFINITE: Final = 0x80
_MORE: Final = 0x20  # the bit of a tag that says its content is elements
_PIECES: Final = tlv.OCTET_STRING | _MORE
_END: Final = b"\x00\x00"
_HIGH_TAG: Final = 0x1F
_LONGEST: Final = 0x84  # four bytes of length tell more than any file holds


def to_der(data: bytes) -> bytes:
    """The one BER element that `data` is, in DER; Malformed where it is none, deeper or of more parts than any real."""
    reader = _Reader(data)
    try:
        der = reader.element(len(data), DEEPEST)
    except IndexError:
        raise Malformed from None
    if reader.at != len(data):
        raise Malformed
    return der


class _Reader:
    """Walks once from front to back: `at` is the next byte to read, `left` how many elements may still come."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.left = MOST_ELEMENTS

    def element(self, end: int, depth: int) -> bytes:
        """The element at `at`, which must end by `end`, in DER."""
        tag, stop = self._header(end)
        if not tag & _MORE:
            if stop is None:
                raise Malformed
            return asn1.element(tag, self._take(stop))
        if not depth:
            raise Malformed
        parts = self._parts(end, stop, depth - 1)
        if tag == _PIECES:
            return asn1.element(tlv.OCTET_STRING, b"".join([tlv.value(part) for part in parts]))
        return asn1.element(tag, b"".join(parts))

    def _header(self, end: int) -> tuple[int, int | None]:
        """Tag, and where the content stops; None where only its end mark tells."""
        self.left -= 1
        tag, length = self.data[self.at], self.data[self.at + 1]
        self.at += 2
        if not self.left or tag == 0 or tag & _HIGH_TAG == _HIGH_TAG:
            raise Malformed
        if length == INDEFINITE:
            return tag, None
        if length > _LONGEST:
            raise Malformed
        if length > INDEFINITE:
            size = self.at + (length & ~INDEFINITE)
            length = int.from_bytes(self.data[self.at : size], "big")
            self.at = size
        if self.at + length > end:
            raise Malformed
        return tag, self.at + length

    def _parts(self, end: int, stop: int | None, depth: int) -> list[bytes]:
        """The elements up to `stop`, or up to the end mark, which is taken too."""
        parts = []
        while stop is None or self.at < stop:
            if stop is None and self.data[self.at : self.at + 2] == _END:
                self.at += 2
                if self.at > end:
                    raise Malformed
                break
            parts.append(self.element(end if stop is None else stop, depth))
        return parts

    def _take(self, stop: int) -> bytes:
        content = self.data[self.at : stop]
        self.at = stop
        return content
