"""Levels: how many signatures oblige which organ of which unit, and how long it may consider."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Annotated

import msgspec

from dauys.errors import LevelUnknown, PopulationNeeded
from dauys.rules.texts import Code, Text, UnitKind

Days = Annotated[int, msgspec.Meta(ge=1)]


class Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One level. Exactly one of `threshold` (signatures) and `threshold_percent` (of the unit's population) is set.

    It is the level of every body whose organ is one of `organs`, in a unit of kind `unit` with more residents than
    `population_over` and at most `population_up_to`.
    """

    code: Code
    name: Text
    unit: UnitKind
    organs: tuple[Code, ...]
    consideration_working_days: Days
    threshold: Annotated[int, msgspec.Meta(ge=1)] | None = None
    threshold_percent: Annotated[int, msgspec.Meta(ge=1, le=100)] | None = None
    population_over: int | None = None
    population_up_to: int | None = None

    def __post_init__(self) -> None:
        if (self.threshold is None) == (self.threshold_percent is None):
            raise ValueError(f"level {self.code} needs either threshold or threshold_percent")

    @property
    def needs_population(self) -> bool:
        """Whether its threshold is a share of the unit's residents."""
        return self.threshold_percent is not None

    @property
    def bounded(self) -> bool:
        """Whether the size of the unit decides if this is its level."""
        return self.population_over is not None or self.population_up_to is not None

    def signatures(self, population: int | None = None) -> int:
        """The threshold in signatures; a share is rounded up, so that it is reached and not nearly reached."""
        if self.threshold is not None:
            return self.threshold
        if not population or population < 0:
            raise PopulationNeeded(level=self.code)
        return -(-population * (self.threshold_percent or 0) // 100)

    def holds(self, population: int) -> bool:
        """Whether a unit of that many residents is within the bounds."""
        return (self.population_over is None or population > self.population_over) and (
            self.population_up_to is None or population <= self.population_up_to
        )


def level_of(levels: Iterable[Level], unit: str, organ: str, population: int | None) -> Level:
    """The level of an organ in a unit of a kind; LevelUnknown or PopulationNeeded where it cannot be told."""
    fitting = [level for level in levels if level.unit == unit and organ in level.organs]
    for level in fitting:
        if not level.bounded:
            return level
        if not population:
            raise PopulationNeeded(level=level.code)
        if level.holds(population):
            return level
    raise LevelUnknown(level=f"{unit}/{organ}")


def overlapping(levels: Iterable[Level]) -> tuple[str, str] | None:
    """Two levels that claim one organ in units of the same size, or None: the law would say two things."""
    for one, other in combinations(levels, 2):
        same_organ = one.unit == other.unit and set(one.organs) & set(other.organs)
        lowest = max(one.population_over or 0, other.population_over or 0) + 1  # the smallest unit both could hold
        if same_organ and one.holds(lowest) and other.holds(lowest):
            return one.code, other.code
    return None
