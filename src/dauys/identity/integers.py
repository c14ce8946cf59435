"""The integers that curves compute with: those of gmpy2, or Python's own. Same results; gmpy2's are five times faster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Integers(NamedTuple):
    """How to make one of these integers, and its inverse modulo another; ZeroDivisionError where there is none."""

    name: str
    make: Callable[[int], int]
    invert: Callable[[int, int], int]


def _invert(number: int, modulus: int) -> int:
    try:
        return pow(number, -1, modulus)
    except ValueError:
        raise ZeroDivisionError("no inverse") from None


PYTHON: Final = Integers("python", int, _invert)
GMPY2: Integers | None = None
try:
    import gmpy2
except ImportError:
    pass
else:
    GMPY2 = Integers("gmpy2", gmpy2.mpz, gmpy2.invert)

FASTEST: Final = GMPY2 or PYTHON
