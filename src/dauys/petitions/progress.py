"""How far the signatures of a petition have come towards its threshold."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Progress:
    """Published signatures, and the final ones among them, against the threshold at one moment: only final ones move it."""

    signatures: int
    final: int
    threshold: int
    closes_at: datetime
    now: datetime

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
