"""The seam of the native kernel: which implementation of GOST and Streebog runs, chosen once at import.

    kernel   _gost.c, built at installation where there is a C compiler
    gmpy2    this package's Python over gmpy2's integers
    python   the same over Python's own

The first of these that is there runs; DAUYS_GOST names one for tests and benchmarks, and is refused where it cannot run.
All three give the same answers to the same bytes. Everything in this package verifies through the names below.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

from dauys.errors import Refusal
from dauys.identity import gost, streebog
from dauys.identity.integers import GMPY2, PYTHON

if TYPE_CHECKING:
    from collections.abc import Callable

    from dauys.identity.integers import Integers

VARIABLE: Final = "DAUYS_GOST"


class Prepared(Protocol):
    """A public key with a table of its multiples; where the bytes were no key, nothing verifies."""

    def verify(self, digest: bytes, signature: bytes, /) -> bool:
        """Whether the signature (128 bytes) of the digest (64) is this key's."""


@dataclass(frozen=True)
class Implementation:
    """What every implementation offers. Any bytes may come in; lengths that do not fit make a signature false."""

    name: str
    verify: Callable[[bytes, bytes, bytes], bool]  # public key (128 bytes), digest (64), signature (128)
    verify_batch: Callable[[list[tuple[bytes, bytes, bytes]]], list[bool]]
    prepare: Callable[[bytes], Prepared]
    streebog512: Callable[[bytes], bytes]
    streebog256: Callable[[bytes], bytes]


class AbsentError(Exception):
    """An implementation that this installation lacks, and what would bring it."""


def _native() -> Implementation:
    try:
        from dauys.identity import _gost  # noqa: PLC0415 - not built everywhere
    except ImportError:
        raise AbsentError(
            "the native kernel is not built: install a C compiler and Python's headers (Debian: gcc libc6-dev "
            "python3-dev), then run script/setup"
        ) from None
    return Implementation(
        "kernel", _gost.verify, _gost.verify_batch, _gost.Prepared, _gost.streebog512, _gost.streebog256
    )


def _over(integers: Integers | None) -> Implementation:
    if integers is None:
        raise AbsentError("gmpy2 is not installed")
    one = gost.Gost(integers)
    return Implementation(
        integers.name, one.verify, one.verify_batch, one.prepare, streebog.streebog512, streebog.streebog256
    )


_MAKERS: Final[dict[str, Callable[[], Implementation]]] = {
    "kernel": _native,
    "gmpy2": lambda: _over(GMPY2),
    "python": lambda: _over(PYTHON),
}
NAMES: Final = tuple(_MAKERS)  # the fastest first


def implementation(name: str) -> Implementation:
    """The implementation of that name; Refusal where there is none."""
    if name not in _MAKERS:
        raise Refusal(why=f"{VARIABLE}={name} is none of {', '.join(NAMES)}.")
    try:
        return _MAKERS[name]()
    except AbsentError as absent:
        raise Refusal(why=f"{VARIABLE}={name} cannot run: {absent}.") from None


def absent() -> dict[str, str]:
    """The implementations that cannot run here, and why."""
    reasons = {}
    for name, make in _MAKERS.items():
        try:
            make()
        except AbsentError as reason:
            reasons[name] = str(reason)
    return reasons


def _choose(wish: str) -> Implementation:
    return implementation(wish or next(name for name in NAMES if name not in absent()))


chosen: Final = _choose(os.environ.get(VARIABLE, ""))
gost_verify: Final = chosen.verify
gost_verify_batch: Final = chosen.verify_batch
streebog512: Final = chosen.streebog512
streebog256: Final = chosen.streebog256


@lru_cache(maxsize=16)
def prepared(public_key: bytes) -> Prepared:
    """The prepared form of a CA key, kept for the process."""
    return chosen.prepare(public_key)
