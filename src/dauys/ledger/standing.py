"""Which signatures of a log are provisional, final or taken back, as its confirmations say. Pure; for the recount."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

from dauys.ledger.confirmation_leaf import ActsConfirmed
from dauys.ledger.moments import parse_moment
from dauys.ledger.signature_runs import Family, Hour, Run

Totals = Counter[tuple[str, str]]  # signatures by subject and tier
Problem: TypeAlias = tuple[str, dict[str, Any]]  # a code of findings and its facts
Taken: TypeAlias = tuple[Hour, Family, bytes]  # with the pseudonym
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

    taken: list[Taken]
    subjects: set[str]
    problems: list[Problem]


@dataclass
class Standing:
    """Feed signatures and confirmations in the log's order. Remembers provisional signatures only."""

    counts: Counts = field(default_factory=Counts)
    next: int = 0  # the entry that the next confirmation must begin with
    provisional: deque[Run] = field(default_factory=deque)  # ascending

    def sign(self, runs: list[Run], counted: Mapping[Family, int]) -> None:
        """More provisional signatures, and how many of each family."""
        for family, count in counted.items():
            self.counts.standing[family.subject, family.tier] += count
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
        subjects, youngest = self._make_final(runs)
        problems += _list_problems(leaf, youngest)
        for _, family, _ in taken:
            self.counts.confirmed[family.subject, family.tier] -= 1
            self.counts.standing[family.subject, family.tier] -= 1
        self.next = leaf.last + 1
        return Settled(taken, subjects, problems)

    def _make_final(self, runs: list[Run]) -> tuple[set[str], int]:
        """The subjects that were reached, and the latest hour of what was signed with a key, -1 where there is none."""
        totals, youngest = defaultdict[Family, int](int), -1
        for run in runs:
            for family, count in run.counted:
                totals[family] += count
            since = run.hour.since or 0
            if since > youngest and any(family.tier in BY_KEY for family, _ in run.counted):
                youngest = since
        for family, count in totals.items():
            self.counts.confirmed[family.subject, family.tier] += count
        return {family.subject for family in totals}, youngest

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


def _excepted(leaf: ActsConfirmed, runs: list[Run]) -> tuple[list[Taken], list[Problem]]:
    """The signatures that are taken back, each once, and what is none of those settled."""
    taken, problems, starts = list[Taken](), list[Problem](), [run.start for run in runs]
    for index in dict.fromkeys(each.index for each in leaf.exceptions):
        run = runs[max(0, bisect_right(starts, index) - 1)] if runs else None
        if run is None or not run.start <= index < run.end or index < leaf.first:
            problems.append(("exception-of-none", {"entry": index}))
        else:
            taken.append((run.hour, *run.at(index)))
    return taken, problems


def _list_problems(leaf: ActsConfirmed, youngest: int) -> Iterator[Problem]:
    """Each signature needs a list from after it. The log tells the hour only, so that is all that can be seen."""
    try:
        newest = max((parse_moment(used.updated).timestamp() for used in leaf.lists), default=0.0)
    except ValueError:
        yield "moment-impossible", {}
        return
    if newest <= youngest:
        yield "confirmation-lists", {}
