"""Revocation lists (RFC 5280 section 5.1) taken apart by offsets: half a million entries, and no object for any of them.

The national list has 420,000 entries in 21 MB. Where each stands is kept in eight bytes, sorted by the end of its serial;
an entry is read when it is asked for. Nothing here is believed yet: `revocation` checks who signed.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from dauys.identity import asn1, tlv
from dauys.identity.asn1 import Malformed

if TYPE_CHECKING:
    import datetime as dt

# Ten times the national list; offsets must fit in 32 bits.
LIST_LIMIT: Final = 256 * 1024 * 1024

# RFC 5280 sections 5.2.3, 5.2.4 and 5.2.6.
NUMBER: Final = "2.5.29.20"
DELTA_INDICATOR: Final = "2.5.29.27"
FRESHEST: Final = "2.5.29.46"

_VERSION_2: Final = b"\x02\x01\x01"
_TIMES: Final = frozenset({0x17, 0x18})
_NULL: Final = b"\x05\x00"
_FRAGMENT: Final = 4  # bytes of a serial's end in the index: two of a million share them by chance, and are told apart
_OFFSET: Final = 32  # bits
_LONG: Final = 0x80


class Entries:
    """The entries between two offsets of a list, found by serial. Immutable; holds the list's bytes, copies nothing.

    `index` is what an earlier reading of the same bytes gave as its own, to be spared the second one.
    """

    def __init__(self, data: bytes, start: int, stop: int, index: bytes | None = None) -> None:
        self._data = data
        self._index = _index(data, start, stop) if index is None else array("Q", index)

    @property
    def index(self) -> bytes:
        """Of each entry the end of its serial and its offset, sorted; for this kind of machine only."""
        return self._index.tobytes()

    def __len__(self) -> int:
        return len(self._index)

    def find(self, serial: int) -> bytes | None:
        """The DER of the first entry with this serial, None where there is none."""
        wanted = asn1.encode_integer(serial)
        fragment = int.from_bytes(wanted[-_FRAGMENT:], "big")
        for place in range(bisect_left(self._index, fragment << _OFFSET), len(self._index)):
            key = self._index[place]
            if key >> _OFFSET != fragment:
                return None
            at = key & ((1 << _OFFSET) - 1)
            content, stop = tlv.span(self._data, at, len(self._data))
            if self._data.startswith(wanted, content):
                return self._data[at:stop]
        return None


def _index(data: bytes, at: int, end: int) -> array[int]:
    """Of each entry the end of its serial and its offset in one number, sorted. Malformed where one is no entry."""
    # Sorted bucket by bucket: a list of all the numbers would be the largest thing in memory.
    buckets = [array("Q") for _ in range(256)]
    add = [bucket.append for bucket in buckets]
    number = int.from_bytes
    while at < end:
        content, stop = at + 2, at + 2 + data[at + 1]
        if stop - content >= _LONG:
            content, stop = tlv.span(data, at, end)
        last = content + 2 + data[content + 1]
        if data[at] != tlv.SEQUENCE or data[content] != tlv.INTEGER or not content + 2 < last <= stop <= end:
            raise Malformed
        first = last - _FRAGMENT
        fragment = number(data[max(content, first) : last], "big")
        add[fragment >> 24](fragment << _OFFSET | at)
        at = stop
    index = array("Q")
    for bucket in buckets:
        index.extend(sorted(bucket))
        del bucket[:]
    return index


class CertificateList(Struct, frozen=True):
    """One list, full or delta, as its bytes tell it. Algorithms are the DER of their identifiers."""

    tbs: memoryview  # what is signed, where it stands in the file
    algorithm: bytes
    signature: bytes
    issuer: bytes  # DER of the Name
    this_update: dt.datetime
    next_update: dt.datetime | None
    entries: Entries
    extensions: dict[str, tuple[bool, bytes]]  # by dotted identifier: (critical, DER of the value)

    @classmethod
    def load(cls, data: bytes, index: bytes | None = None) -> CertificateList:
        """A list in strict DER; Malformed otherwise, also over LIST_LIMIT bytes. `index` is the one `entries` gave before."""
        try:
            return cls._read(data, index)
        except (ValueError, IndexError):
            raise Malformed from None

    @classmethod
    def _read(cls, data: bytes, index: bytes | None) -> CertificateList:
        if len(data) > LIST_LIMIT:
            raise Malformed
        content, stop = _span(data, 0, len(data))
        (tbs, after), algorithm, signature = _spans(data, content, stop)
        fields = _spans(data, _span(data, tbs, after)[0], after)
        if stop != len(data) or not same_algorithm(data[slice(*fields[1])], data[slice(*algorithm)]):
            raise Malformed
        version, _, issuer, this_update, *optional = fields
        if data[slice(*version)] != _VERSION_2:
            raise Malformed
        next_update = optional.pop(0) if optional and data[optional[0][0]] in _TIMES else None
        revoked = optional.pop(0) if optional and data[optional[0][0]] == tlv.SEQUENCE else (0, 0)
        return cls(
            tbs=memoryview(data)[tbs:after],
            algorithm=data[slice(*algorithm)],
            signature=tlv.whole_bytes(data[slice(*signature)]),
            issuer=data[slice(*issuer)],
            this_update=tlv.moment(data[slice(*this_update)]),
            next_update=next_update and tlv.moment(data[slice(*next_update)]),
            extensions=asn1.extensions(_wrapped([data[slice(*field)] for field in optional])),
            entries=Entries(data, _span(data, *revoked)[0] if revoked[1] else 0, revoked[1], index),
        )

    @property
    def number(self) -> int | None:
        """The CRL number, None where it bears none; Malformed where that is none."""
        return self._integer(NUMBER)

    @property
    def base_number(self) -> int | None:
        """The number of the full list that a delta starts from, None where it does not tell."""
        return self._integer(DELTA_INDICATOR)

    @property
    def is_delta(self) -> bool:
        """Whether it tells changes only: by its indicator, or by a critical freshestCRL as the national profile has it."""
        return DELTA_INDICATOR in self.extensions or self.extensions.get(FRESHEST, (False, b""))[0]

    def _integer(self, identifier: str) -> int | None:
        found = self.extensions.get(identifier)
        return None if found is None else tlv.integer(tlv.whole(found[1]))


def same_algorithm(one: bytes, other: bytes) -> bool:
    """Whether two AlgorithmIdentifiers are the same but for NULL parameters, which the national list has outside only."""
    first, second = ([part for part in tlv.children(each) if part != _NULL] for each in (one, other))
    return first == second


def _span(data: bytes, at: int, end: int) -> tuple[int, int]:
    """Where the content of the SEQUENCE at `at` begins and ends."""
    if data[at] != tlv.SEQUENCE:
        raise Malformed
    return tlv.span(data, at, end)


def _spans(data: bytes, at: int, end: int) -> list[tuple[int, int]]:
    """Where the elements from `at` to `end` begin and end."""
    found = []
    while at < end:
        stop = tlv.span(data, at, end)[1]
        found.append((at, stop))
        at = stop
    return found


def _wrapped(fields: list[bytes]) -> list[bytes] | None:
    """What the optional last field holds."""
    wrapped = tlv.take_list(fields, tlv.CONSTRUCTED)
    tlv.require_end(fields)
    return wrapped
