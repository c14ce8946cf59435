"""The columns of a bundle's signatures, read as the schema of their leaf would, but many at once.

A canonical signature has its fields at fixed places: what follows the pseudonym is the same in many and decoded by the
schema once, the hour is looked at once for all in a row, the two values of 32 bytes all together. Pure, so that another
process may do it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from dauys.errors import BadInput
from dauys.ledger.leaves import PetitionSignature, decode_leaf

if TYPE_CHECKING:
    from collections.abc import Iterator

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
LAST = b"AEIMQUYcgkosw048"
WIDE = 43  # letters of leaf_fields.Bytes32: all of LETTERS, the last of LAST
HEAD = b'{"commitment":"'
MIDDLE = re.compile(rb'","hour":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}Z)","kind":"petition\.signature","pseudonym":"')
TO_HOUR = len(HEAD) + WIDE
TO_NAME = TO_HOUR + len('","hour":"2026-11-21T15Z","kind":"petition.signature","pseudonym":"')
TO_TAIL = TO_NAME + WIDE
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
    stretches = list(_stretches([entry[TO_HOUR:TO_NAME] for entry in entries]))
    signatures, others = entries, list[bytes]()
    if not (len(stretches) == 1 and stretches[0].hour):
        signatures = [entry for start, end, hour in stretches if hour for entry in entries[start:end]]
        others = [entry for start, end, hour in stretches if not hour for entry in entries[start:end]]
    tails = [entry[TO_TAIL:] for entry in signatures]
    places = {tail: place for place, tail in enumerate(dict.fromkeys(tails))}
    heads = b"".join([entry[:TO_HOUR] for entry in signatures])
    names = b"".join([entry[TO_NAME:TO_TAIL] for entry in signatures])
    values = heads.replace(HEAD, b"")
    # A brace stands where each head begins, and nowhere but in HEAD, since what is left has none.
    headed = heads[::TO_HOUR] == b"{" * len(signatures) and len(values) == len(names) == WIDE * len(signatures)
    if not (headed and len(places) <= MOST and _of_letters(values + names) and all(map(_is_tail, places))):
        return Columns([], [], b"", b"", entries)
    which = bytes([places[tail] for tail in tails])
    return Columns([each for each in stretches if each.hour], list(places), which, names, others)


def _stretches(middles: list[bytes]) -> Iterator[Stretch]:
    """What follows one another with the same middle; without an hour where it is not that of a signature."""
    start = 0
    while start < len(middles):
        middle = middles[start]
        end = next((at for at in range(start + 1, len(middles)) if middles[at] != middle), len(middles))
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
