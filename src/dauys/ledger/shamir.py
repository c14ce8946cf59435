"""Sharing a secret so that any k of n shares give it back and k - 1 tell nothing (Shamir, "How to share a secret", 1979).

Byte by byte over GF(2^8) with the polynomial x^8 + x^4 + x^3 + x + 1 of AES (FIPS 197 section 4.2). A share is one byte x,
1 to 255, and the polynomials' values at x. Nothing here tells a wrong share: what is shared is a key whose message does.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import reduce
from operator import xor

from dauys.errors import BadInput

GENERATOR = 3  # of the field's multiplicative group


def _tables() -> tuple[list[int], list[int]]:
    """Powers of the generator, twice over, and logarithms."""
    powers, logarithms, value = [0] * 510, [0] * 256, 1
    for power in range(255):
        powers[power] = powers[power + 255] = value
        logarithms[value] = power
        value ^= (value << 1) ^ (0x11B if value & 0x80 else 0)  # times GENERATOR
    return powers, logarithms


_POWER, _LOG = _tables()


def _times(one: int, other: int) -> int:
    return _POWER[_LOG[one] + _LOG[other]] if one and other else 0


def _over(one: int, other: int) -> int:
    return _POWER[_LOG[one] + 255 - _LOG[other]] if one else 0


def split(secret: bytes, threshold: int, count: int) -> list[bytes]:
    """`count` shares of which any `threshold` give the secret back; BadInput unless 1 ≤ threshold ≤ count ≤ 255."""
    if not 1 <= threshold <= count <= 255:
        raise BadInput(what=f"{threshold} of {count} is no way to share")
    polynomials = [bytes([byte]) + secrets.token_bytes(threshold - 1) for byte in secret]
    return [bytes([x]) + bytes(_at(polynomial, x) for polynomial in polynomials) for x in range(1, count + 1)]


def combine(shares: Sequence[bytes]) -> bytes:
    """The secret of at least as many shares as its threshold; other bytes of fewer. BadInput for what are no shares of one."""
    places = [share[0] for share in shares if share]
    if not shares or len(set(places)) != len(shares) or 0 in places or len({len(share) for share in shares}) != 1:
        raise BadInput(what="these are not different shares of one secret")
    weights = [_weight(place, places) for place in places]
    return bytes(
        reduce(xor, (_times(weight, share[at]) for weight, share in zip(weights, shares, strict=True)))
        for at in range(1, len(shares[0]))
    )


def _at(polynomial: bytes, x: int) -> int:
    """Horner's rule; the constant comes first."""
    value = 0
    for coefficient in reversed(polynomial):
        value = _times(value, x) ^ coefficient
    return value


def _weight(place: int, places: Sequence[int]) -> int:
    """Lagrange's basis polynomial of a place at 0; minus is plus in this field."""
    value = 1
    for other in places:
        if other != place:
            value = _times(value, _over(other, other ^ place))
    return value
