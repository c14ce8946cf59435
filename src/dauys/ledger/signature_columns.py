"""The columns of a bundle's signatures, read as the schema of their leaf would, but many at once.

A canonical signature has its fields at fixed places: what follows the pseudonym is the same in many and decoded by the
schema once, the hour is looked at once for all in a row, the two values of 32 bytes all together. Pure, so that another
process may do it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from dauys.errors import BadInput
from dauys.ledger.leaves import PetitionSignature, decode_leaf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
LAST = b"AEIMQUYcgkosw048"
WIDE = 43  # letters of leaf_fields.Bytes32: all of LETTERS, the last of LAST
HEAD = b'{"commitment":"'
MIDDLE = re.compile(rb'","hour":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}Z)","kind":"petition\.signature","pseudonym":"')
TO_HOUR = len(HEAD) + WIDE
TO_NAME = TO_HOUR + len('","hour":"2026-11-21T15Z","kind":"petition.signature","pseudonym":"')
TO_TAIL = TO_NAME + WIDE
FIELDS = f"{len(HEAD)}s{WIDE}s{TO_NAME - TO_HOUR}s{WIDE}s"
EXAMPLE = HEAD + b"A" * WIDE + b'","hour":"2026-01-01T00Z","kind":"petition.signature","pseudonym":"' + b"A" * WIDE
LONGEST = 200  # bytes of a tail; a longer one is read by itself
MOST = 256  # tails that a byte tells apart


class Stretch(NamedTuple):
    """Signatures of one hour, as it is written, in a row: the places of the first and after the last in the bundle."""

    start: int
    end: int
    hour: bytes


class Columns(msgspec.Struct, frozen=True, array_like=True):
    """Of entries in a row: stretches of signatures, what follows a pseudonym in them, the pseudonyms, all other entries.

    `which` has for each signature the place of its tail in `tails`; pseudonyms stand one after another.
    """

    stretches: list[Stretch]
    tails: list[bytes]
    which: bytes
    names: bytes
    others: list[bytes]


def read_columns(entries: list[bytes]) -> Columns:
    """The columns; where an entry looks like a signature and the schema refuses it, all are others."""
    fields = _cut([entry[:TO_TAIL] for entry in entries])
    stretches = list(_stretches(fields[2::4]))
    signatures = _of_stretches(entries, stretches, signed=True)
    heads, values, names = (_of_stretches(fields[at::4], stretches, signed=True) for at in (0, 1, 3))
    tails = [entry[TO_TAIL:] for entry in signatures]
    places = {tail: place for place, tail in enumerate(dict.fromkeys(tails))}
    sure = set(heads) <= {HEAD} and len(places) <= MOST and all(map(_is_tail, places))
    if not (sure and _of_letters(b"".join(values + names))):
        return Columns([], [], b"", b"", entries)
    which = bytes([places[tail] for tail in tails])
    others = _of_stretches(entries, stretches, signed=False)
    return Columns([each for each in stretches if each.hour], list(places), which, b"".join(names), others)


def names_of(columns: Columns) -> list[bytes]:
    """The pseudonyms one by one."""
    return list(_fields(len(columns.which), f"{WIDE}s").unpack(columns.names))


def _cut(beginnings: list[bytes]) -> tuple[bytes, ...]:
    """Head, value, middle, name of each, one after another; what is too short is filled up, and no signature then."""
    block = b"".join(beginnings)
    if len(block) < len(beginnings) * TO_TAIL:
        block = b"".join([each.ljust(TO_TAIL) for each in beginnings])
    return _fields(len(beginnings), FIELDS).unpack(block)


@lru_cache(maxsize=1 << 10)
def _fields(count: int, each: str) -> Struct:
    return Struct(each * count)


def _of_stretches(column: Sequence[bytes], stretches: list[Stretch], *, signed: bool) -> list[bytes]:
    """Of a column what belongs to signatures, or to the others."""
    found = list[bytes]()
    for start, end, hour in stretches:
        if bool(hour) is signed:
            found += column[start:end]
    return found


def _stretches(middles: Sequence[bytes]) -> Iterator[Stretch]:
    """What follows one another with the same middle; without an hour where it is not that of a signature."""
    start = 0
    for middle, same in groupby(middles):
        end = start + len(list(same))
        yield Stretch(start, end, _hour(middle))
        start = end


@lru_cache(maxsize=1 << 12)
def _hour(middle: bytes) -> bytes:
    found = MIDDLE.fullmatch(middle)
    return found[1] if found else b""


def family_of(tail: bytes) -> tuple[str, str] | None:
    """Subject and tier of the signatures that end like this; None where the schema refuses them."""
    try:
        leaf = decode_leaf(EXAMPLE + tail)
    except BadInput:
        return None
    return (leaf.subject, leaf.tier) if isinstance(leaf, PetitionSignature) else None


def _is_tail(tail: bytes) -> bool:
    return len(tail) <= LONGEST and _is_known_tail(tail)


@lru_cache(maxsize=1 << 16)
def _is_known_tail(tail: bytes) -> bool:
    return family_of(tail) is not None


def _of_letters(values: bytes) -> bool:
    """Whether all of these, each of WIDE bytes, are base64url of 32 bytes in its one spelling."""
    return not values.translate(None, LETTERS) and not values[WIDE - 1 :: WIDE].translate(None, LAST)
