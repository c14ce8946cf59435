"""The seam of the native kernel: the two functions whose cost decides how fast a GOST signature is verified.

Everything in this package calls them here; a compiled kernel replaces them by assigning to these two names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dauys.identity import gost, streebog

if TYPE_CHECKING:
    from collections.abc import Callable

streebog512: Callable[[bytes], bytes] = streebog.streebog512
gost_verify: Callable[[bytes, bytes, bytes], bool] = gost.verify
