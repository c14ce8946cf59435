"""Which signatures of a log are provisional, final or taken back, as its confirmations say. Pure; for the recount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from dauys.ledger.confirmation_leaf import ActsConfirmed
from dauys.ledger.leaves import PetitionSignature
from dauys.ledger.moments import parse_hour, parse_moment

Totals = Counter[tuple[str, str]]  # signatures by subject and tier
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

    def copy(self) -> Counts:
        """The counts as they are now."""
        return Counts(self.standing.copy(), self.confirmed.copy(), self.withdrawn.copy())


@dataclass
class Standing:
    """Feed signatures and confirmations in the log's order. Remembers provisional signatures only."""

    counts: Counts = field(default_factory=Counts)
    _next: int = 0
    _provisional: dict[int, PetitionSignature] = field(default_factory=dict)  # ascending

    def sign(self, index: int, leaf: PetitionSignature) -> None:
        """One more provisional signature."""
        self.counts.standing[leaf.subject, leaf.tier] += 1
        self._provisional[index] = leaf

    def withdraw(self, subject: str, tier: str) -> bool:
        """One signature less; false where none of the tier stands."""
        self.counts.withdrawn[subject, tier] += 1
        self.counts.standing[subject, tier] -= 1
        return self.counts.standing[subject, tier] >= 0

    def confirm(self, index: int, leaf: ActsConfirmed) -> tuple[list[PetitionSignature], list[str]]:
        """Makes a range final; the signatures taken back, and what is wrong with the confirmation that can be seen."""
        problems = [*self._range_problems(index, leaf), *self._exception_problems(leaf)]
        reached = list(takewhile(lambda place: place <= leaf.last, self._provisional))
        settled = {place: self._provisional.pop(place) for place in reached}
        problems += _list_problems(leaf, list(settled.values()))
        excepted = {each.index for each in leaf.exceptions}
        taken = [signature for place, signature in settled.items() if place in excepted]
        self.counts.confirmed.update(
            (each.subject, each.tier) for place, each in settled.items() if place not in excepted
        )
        self.counts.standing.subtract((each.subject, each.tier) for each in taken)
        self._next = leaf.last + 1
        return taken, problems

    def _range_problems(self, index: int, leaf: ActsConfirmed) -> Iterator[str]:
        if leaf.first != self._next:
            yield f"it confirms from entry {leaf.first}; the confirmation before it ended before {self._next}"
        if not leaf.first <= leaf.last < index:
            yield f"it confirms entries {leaf.first} to {leaf.last}, which is no range before it"

    def _exception_problems(self, leaf: ActsConfirmed) -> Iterator[str]:
        for one, other in pairwise(leaf.exceptions):
            if one.index >= other.index:
                yield f"it takes back entry {other.index} twice or out of order"
        for each in leaf.exceptions:
            if not leaf.first <= each.index <= leaf.last or each.index not in self._provisional:
                yield f"it takes back entry {each.index}, which is no signature it confirms"


def _list_problems(leaf: ActsConfirmed, signatures: list[PetitionSignature]) -> Iterator[str]:
    """Each signature needs a list from after it. The log tells the hour only, so that is all that can be seen."""
    try:
        newest = max((parse_moment(used.updated).timestamp() for used in leaf.lists), default=0.0)
        hours = [parse_hour(each.hour) * 3600 for each in signatures if each.tier in BY_KEY]
    except ValueError:
        yield "it names a moment that does not exist"
        return
    if hours and newest <= max(hours):
        yield "it confirms signatures that are younger than every revocation list it names"
