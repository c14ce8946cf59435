"""Where a petition stands between its opening, its threshold and its closing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """What a reader needs to know first."""

    AWAITED = "awaited"  # signing has not begun
    OPEN = "open"
    REACHED = "reached"  # the threshold is reached and signing goes on
    PASSED = "passed"  # closed with the threshold reached
    LAPSED = "lapsed"  # closed below the threshold


@dataclass(frozen=True, slots=True)
class Progress:
    """Published signatures against the threshold at one moment: only final ones move it."""

    signatures: int
    final: int
    threshold: int
    opens_at: datetime
    closes_at: datetime
    now: datetime

    @property
    def state(self) -> State:
        """The one word for it."""
        if self.now < self.opens_at:
            return State.AWAITED
        if self.now < self.closes_at:
            return State.REACHED if self.is_reached else State.OPEN
        return State.PASSED if self.is_reached else State.LAPSED

    @property
    def is_open(self) -> bool:
        """Whether it can be signed now."""
        return self.opens_at <= self.now < self.closes_at

    @property
    def is_reached(self) -> bool:
        """Whether the threshold is reached."""
        return self.final >= self.threshold

    @property
    def provisional(self) -> int:
        """Signatures that await confirmation that no key was revoked."""
        return self.signatures - self.final

    @property
    def remaining(self) -> int:
        """Final signatures still needed, 0 once reached."""
        return max(0, self.threshold - self.final)

    @property
    def percent(self) -> int:
        """Of the threshold, rounded down: 100 is said only when it is reached."""
        return min(100, self.final * 100 // self.threshold)

    @property
    def days_left(self) -> int:
        """Days until closing, a begun day counted whole; 0 when closed."""
        return max(0, math.ceil((self.closes_at - self.now) / timedelta(days=1)))
