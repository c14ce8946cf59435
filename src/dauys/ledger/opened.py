"""A subject as the recount knows it: its window, who signed it, what was withdrawn."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from dauys.ledger.withdrawal_leaves import Withdrawals


@dataclass
class Opened:
    """What the replay knows of a subject; `ends` is `closes`, or the moment signing was ended before it."""

    opens: int
    closes: int
    ends: int
    hours: defaultdict[tuple[str, int], int] = field(
        default_factory=lambda: defaultdict(int)
    )  # those that stand, by tier and beginning of the hour
    withdrawals: Withdrawals = field(default_factory=Withdrawals)
    paper: int = 0  # signatures that no sheet accounts for yet
