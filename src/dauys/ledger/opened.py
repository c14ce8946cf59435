"""A subject as the recount knows it: its window, who signed it, what was withdrawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from dauys.ledger.withdrawal_leaves import Withdrawals


@dataclass
class Opened:
    """What the replay knows of a subject; `ends` is `closes`, or the moment signing was ended before it."""

    opens: int
    closes: int
    ends: int
    seen: dict[str, set[bytes]] = field(default_factory=dict)  # pseudonyms as they are written, by tier
    hours: Counter[tuple[str, int]] = field(
        default_factory=Counter
    )  # those that stand, by tier and beginning of the hour
    withdrawals: Withdrawals = field(default_factory=Withdrawals)
    paper: int = 0  # signatures that no sheet accounts for yet

    def tier_of(self, name: bytes) -> str | None:
        """The tier of a pseudonym's signature, if it has one."""
        return next((tier for tier, names in self.seen.items() if name in names), None)
