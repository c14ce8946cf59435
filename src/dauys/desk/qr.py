"""QR codes as squares of an inline SVG."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import segno

MODULE = 5  # pixels: whole ones, so that all modules are equal wherever the code has its full size
# Trying all eight masks takes 13 ms of a page that takes two, and at a surge pages and acts share the processor. Of our
# tokens this one's penalty (ISO/IEC 18004, 7.8.3) is 3 % above the best one's; any reader takes any mask.
MASK = 3
LONGEST = 2953  # bytes that the largest code holds, at the lowest correction (ISO/IEC 18004)
QUIET = 4  # modules of white around a code (ISO/IEC 18004)


class Code(NamedTuple):
    """A QR code as an SVG path of horizontal strokes, one unit high, in a square of `size` units."""

    text: str
    size: int
    path: str

    @property
    def pixels(self) -> int:
        """The side as drawn."""
        return MODULE * self.size


@lru_cache(maxsize=256)  # without script a waiting page is loaded again and again
def code(text: str) -> Code:
    """The code of a text; of the lowest correction that fits its size: a screen has no scratches."""
    matrix = segno.make_qr(text, error="l", mask=MASK).matrix
    strokes = []
    for y, row in enumerate(matrix):
        x = QUIET
        for dark, run in groupby(row):
            length = len(list(run))
            strokes += [f"M{x} {y + QUIET}.5h{length}"] if dark else []
            x += length
    return Code(text, len(matrix) + 2 * QUIET, "".join(strokes))
