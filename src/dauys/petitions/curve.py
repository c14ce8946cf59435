"""The curve of signatures: published tallies in at most 48 steps of time, ready to draw and to read as a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F, Sum

from dauys.desk.models import LedgerTally, LedgerWithdrawn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

MOST_STEPS = 48  # more cannot be told apart on a phone, nor read in a table
STEPS = (1, 2, 3, 6, 12, 24, 48, 168, 336, 672)  # hours
OFFSET = 5  # hours the country is ahead of UTC, so that steps of a day begin at midnight here
WIDTH, HEIGHT = 1000, 400  # of the drawing's own coordinates; the page stretches them


@dataclass(frozen=True, slots=True)
class Step:
    """Signatures added until a moment, less those withdrawn, and all so far."""

    until: datetime
    added: int
    total: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale: its value and how far down the drawing it stands, as a percentage."""

    value: int
    down: str


@dataclass(frozen=True, slots=True)
class Curve:
    """Steps from the opening on, the totals by tier, and the top of the scale."""

    begins: datetime
    steps: tuple[Step, ...]
    by_tier: Mapping[str, int]
    threshold: int

    @property
    def total(self) -> int:
        """Signatures at the end."""
        return self.steps[-1].total if self.steps else 0

    @property
    def ends(self) -> datetime:
        """The end of the last step."""
        return self.steps[-1].until if self.steps else self.begins

    @property
    def shows_threshold(self) -> bool:
        """The threshold is drawn once it is in sight: from half way on."""
        return self.total * 2 >= self.threshold

    @property
    def top(self) -> int:
        """A round number at or above everything drawn."""
        highest = max(self.total, self.threshold if self.shows_threshold else 0, 4)
        unit = 10 ** (len(str(highest)) - 1)
        return next(
            int(unit * factor)
            for factor in (1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10)
            if unit * factor >= highest and unit * factor % 1 == 0
        )

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """The top and the middle of the scale."""
        return (Tick(self.top, "0"), Tick(self.top // 2, self._down(self.top // 2)))

    @property
    def threshold_down(self) -> str:
        """How far down the threshold stands."""
        return self._down(self.threshold)

    @property
    def is_early(self) -> bool:
        """Whether the threshold was reached in the first half: its label then stands free at the right, under the curve."""
        return bool(self.steps) and self.steps[len(self.steps) // 2].total >= self.threshold

    @property
    def line(self) -> str:
        """The path of the totals, from the lower left corner on."""
        if not self.steps:
            return ""
        across = WIDTH / len(self.steps)
        points = (f"L{round(across * (n + 1))} {self._y(step.total)}" for n, step in enumerate(self.steps))
        return f"M0 {HEIGHT}" + "".join(points)

    @property
    def area(self) -> str:
        """The same path closed along the bottom."""
        return f"{self.line}V{HEIGHT}Z" if self.steps else ""

    def _y(self, value: int) -> int:
        return round(HEIGHT - HEIGHT * value / self.top)

    def _down(self, value: int) -> str:
        return f"{100 - 100 * value / self.top:.1f}"


def step_hours(hours: int) -> int:
    """The shortest of STEPS that covers so many hours in MOST_STEPS."""
    return next((step for step in STEPS if hours <= step * (MOST_STEPS - 1)), STEPS[-1])


def curve(subject_id: int | None, threshold: int, opens_at: datetime, until: datetime) -> Curve:
    """The curve of one subject from its opening until a moment; two queries, however many signatures."""
    first, last = (int(moment.timestamp()) // 3600 + OFFSET for moment in (opens_at, max(opens_at, until)))
    size = step_hours(last - first + 1)
    added, by_tier = Counter[int](), Counter[str]()
    for sign, rows in ((1, LedgerTally.objects), (-1, LedgerWithdrawn.objects)):
        for row in _by_step(rows.filter(subject_id=subject_id, published__gt=0), size):
            added[min(max(row["step"], first // size), last // size)] += sign * row["published_sum"]
            by_tier[row["tier"]] += sign * row["published_sum"]
    steps, total = [], 0
    for number in range(first // size, last // size + 1):
        total += added[number]
        end = min(((number + 1) * size - OFFSET) * 3600, max(int(until.timestamp()), int(opens_at.timestamp())))
        steps.append(Step(datetime.fromtimestamp(end, UTC), added[number], total))
    tiers = {tier: by_tier[tier] for tier in LedgerTally.TIERS if tier in by_tier}
    return Curve(opens_at, tuple(steps), tiers, threshold)


def _by_step(rows: QuerySet[Any], size: int) -> QuerySet[Any]:
    return rows.values("tier", step=(F("hour") + OFFSET) / size).annotate(published_sum=Sum("published")).order_by()
