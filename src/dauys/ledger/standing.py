"""Which signatures of a log are provisional, final or taken back, as its confirmations say. Pure; for the recount."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any, NamedTuple, TypeAlias

from dauys.ledger.confirmation_leaf import ActsConfirmed
from dauys.ledger.moments import parse_moment
from dauys.ledger.signature_runs import Family, Run, Shape

Totals = Counter[tuple[str, str]]  # signatures by subject and tier
Problem: TypeAlias = tuple[str, dict[str, Any]]  # a code of findings and its facts
BY_KEY = ("desktop", "mobile")  # tiers whose acts are signed with a key that can be revoked


@dataclass
class Counts:
    """Signatures that stand; those that were confirmed, and how many were withdrawn."""

    standing: Totals = field(default_factory=Counter)
    confirmed: Totals = field(default_factory=Counter)
    withdrawn: Totals = field(default_factory=Counter)

    @property
    def final(self) -> Totals:
        """Final ones. Whether a withdrawn one was is hidden, so each counts as if it had been."""
        return Counter({key: max(0, count - self.withdrawn[key]) for key, count in self.confirmed.items()})

    def final_of(self, subject: str, tier: str) -> int:
        """Final ones of one subject and tier."""
        return max(0, self.confirmed[subject, tier] - self.withdrawn[subject, tier])

    def copy(self) -> Counts:
        """The counts as they are now."""
        return Counts(self.standing.copy(), self.confirmed.copy(), self.withdrawn.copy())


class Settled(NamedTuple):
    """What a confirmation did: signatures taken back, subjects it reached, and what is wrong with it that can be seen."""

    taken: list[tuple[Shape, bytes]]
    subjects: set[str]
    problems: list[Problem]


@dataclass
class Standing:
    """Feed signatures and confirmations in the log's order. Remembers provisional signatures only."""

    counts: Counts = field(default_factory=Counts)
    next: int = 0  # the entry that the next confirmation must begin with
    provisional: deque[Run] = field(default_factory=deque)  # ascending

    def sign(self, runs: list[Run], groups: dict[Family, list[bytes]]) -> None:
        """More provisional signatures, and the same by family."""
        for family, names in groups.items():
            self.counts.standing[family.subject, family.tier] += len(names)
        self.provisional.extend(runs)

    def withdraw(self, subject: str, tier: str) -> bool:
        """One signature less; false where none of the tier stands."""
        self.counts.withdrawn[subject, tier] += 1
        self.counts.standing[subject, tier] -= 1
        return self.counts.standing[subject, tier] >= 0

    def confirm(self, index: int, leaf: ActsConfirmed) -> Settled:
        """Makes a range final but for its exceptions."""
        problems = [*self._range_problems(index, leaf), *_order_problems(leaf)]
        runs = self._settle(leaf.last)
        taken, strays = _excepted(leaf, runs)
        problems += strays
        shapes = Counter(chain.from_iterable(run.shapes for run in runs))
        problems += _list_problems(leaf, shapes)
        shapes.subtract(shape for shape, _ in taken)
        for shape, count in shapes.items():
            self.counts.confirmed[shape.subject, shape.tier] += count
        for shape, _ in taken:
            self.counts.standing[shape.subject, shape.tier] -= 1
        self.next = leaf.last + 1
        return Settled(taken, {shape.subject for shape in shapes}, problems)

    def _settle(self, last: int) -> list[Run]:
        """Takes out what is provisional up to an entry."""
        runs = []
        while self.provisional and self.provisional[0].start <= last:
            run = self.provisional.popleft()
            if run.end > last + 1:
                run, rest = run.cut(last + 1)
                self.provisional.appendleft(rest)
            runs.append(run)
        return runs

    def _range_problems(self, index: int, leaf: ActsConfirmed) -> Iterator[Problem]:
        if leaf.first != self.next:
            yield "confirmation-gap", {"first": leaf.first, "expected": self.next}
        if not leaf.first <= leaf.last < index:
            yield "confirmation-range", {"first": leaf.first, "last": leaf.last}


def _order_problems(leaf: ActsConfirmed) -> Iterator[Problem]:
    for one, other in pairwise(leaf.exceptions):
        if one.index >= other.index:
            yield "exception-order", {"entry": other.index}


def _excepted(leaf: ActsConfirmed, runs: list[Run]) -> tuple[list[tuple[Shape, bytes]], list[Problem]]:
    """The signatures that are taken back, each once, and what is none of those settled."""
    taken, problems, starts = [], list[Problem](), [run.start for run in runs]
    for index in dict.fromkeys(each.index for each in leaf.exceptions):
        run = runs[max(0, bisect_right(starts, index) - 1)] if runs else None
        if run is None or not run.start <= index < run.end or index < leaf.first:
            problems.append(("exception-of-none", {"entry": index}))
        else:
            taken.append((run.shapes[index - run.start], run.names[index - run.start]))
    return taken, problems


def _list_problems(leaf: ActsConfirmed, shapes: Counter[Shape]) -> Iterator[Problem]:
    """Each signature needs a list from after it. The log tells the hour only, so that is all that can be seen."""
    try:
        newest = max((parse_moment(used.updated).timestamp() for used in leaf.lists), default=0.0)
    except ValueError:
        yield "moment-impossible", {}
        return
    youngest = max((shape.since or 0 for shape in shapes if shape.tier in BY_KEY), default=-1)
    if newest <= youngest:
        yield "confirmation-lists", {}
