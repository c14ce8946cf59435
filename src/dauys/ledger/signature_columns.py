"""The columns of a bundle's entries that are written as signatures are: kind, and pseudonym; all without a schema.

A canonical signature has its fields at fixed places: its hour, subject and tier are few in a bundle and looked at once
each, its two values of 32 bytes are looked at all together. Pure bytes without memory, so that another process may do it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import msgspec

from dauys.translog.tiles import TILE_WIDTH

LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
LAST = b"AEIMQUYcgkosw048"
WIDE = 43  # letters of leaf_fields.Bytes32: all of LETTERS, the last of LAST
HEAD = b'{"commitment":"'
MIDDLE = re.compile(rb'","hour":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}Z)","kind":"petition\.signature","pseudonym":"')
TAIL = re.compile(rb'","subject":"([a-z]{1,40}/[0-9]{1,18}","tier":"[a-z]{1,20})","v":1\}')
LONGEST = 120  # bytes that TAIL can match; what is longer is not worth remembering
TO_HOUR = len(HEAD) + WIDE
TO_NAME = TO_HOUR + len('","hour":"2026-11-21T15Z","kind":"petition.signature","pseudonym":"')
TO_TAIL = TO_NAME + WIDE


class Kind(NamedTuple):
    """What signatures of one hour, subject and tier have in common, as it is written: the hour; `subject","tier":"tier`."""

    hour: bytes
    tail: bytes


class Columns(msgspec.Struct, frozen=True, array_like=True):
    """Of at most 256 entries: the kinds there are, which of them each is, the pseudonyms of signatures, all other entries.

    One kind is None: of the others, which are each read by themselves.
    """

    kinds: list[Kind | None]
    which: bytes
    names: bytes
    others: list[bytes]


def read_columns(entries: list[bytes]) -> Columns | None:
    """None where an entry looks like a signature and is none in its canonical form, or there are too many."""
    if len(entries) > TILE_WIDTH:
        return None
    keys = [(entry[TO_HOUR:TO_NAME], entry[TO_TAIL:]) for entry in entries]
    found = {key: _kind(*key) if len(key[1]) <= LONGEST else None for key in set(keys)}
    places = {kind: place for place, kind in enumerate(dict.fromkeys(found.values()))}
    numbered = {key: places[kind] for key, kind in found.items()}
    which = bytes([numbered[key] for key in keys])
    signatures, others = entries, list[bytes]()
    if None in places:
        signatures = [entry for entry, place in zip(entries, which, strict=True) if place != places[None]]
        others = [entry for entry, place in zip(entries, which, strict=True) if place == places[None]]
    heads = b"".join([entry[:TO_HOUR] for entry in signatures])
    names = b"".join([entry[TO_NAME:TO_TAIL] for entry in signatures])
    sure = _headed(heads, len(signatures)) and _of_letters(names)
    return Columns(list(places), which, names, others) if sure else None


@lru_cache(maxsize=1 << 14)
def _kind(middle: bytes, tail: bytes) -> Kind | None:
    between, after = MIDDLE.fullmatch(middle), TAIL.fullmatch(tail)
    return Kind(between[1], after[1]) if between and after else None


def _headed(heads: bytes, count: int) -> bool:
    """Whether each of these is HEAD and a value: a brace stands where each begins, and nowhere but in HEAD."""
    values = heads.replace(HEAD, b"")
    return heads[::TO_HOUR] == b"{" * count and len(values) == count * WIDE and _of_letters(values)


def _of_letters(values: bytes) -> bool:
    """Whether all of these, each of WIDE bytes, are base64url of 32 bytes in its one spelling."""
    return not values.translate(None, LETTERS) and not values[WIDE - 1 :: WIDE].translate(None, LAST)
