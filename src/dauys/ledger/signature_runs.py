"""Signatures in a row, as they are judged and counted: by hour, by subject and tier; every other entry stands singly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from dauys.ledger.moments import parse_hour
from dauys.ledger.signature_columns import Columns, family_of, names_of

if TYPE_CHECKING:
    from dauys.ledger.leaves import PetitionSignature

HOUR = 3600
MOST_FAMILIES = 50_000


class Family:
    """Subject and tier of signatures; compared and hashed by identity, so that grouping by it is cheap."""

    __slots__ = ("subject", "tier")

    def __init__(self, subject: str, tier: str) -> None:
        self.subject, self.tier = subject, tier


class Hour(NamedTuple):
    """An hour as it is written, and its beginning in unix seconds; None where there is no such hour."""

    text: str
    since: int | None


@dataclass(frozen=True, eq=False)
class Run:
    """Signatures of one hour in a row from index `start` on: of each its family, by place in `families`, and its pseudonym."""

    start: int
    hour: Hour
    families: list[Family]
    which: bytes
    names: list[bytes]  # as they are written

    @property
    def end(self) -> int:
        """The index after the last."""
        return self.start + len(self.names)

    def each(self) -> Iterator[tuple[int, Family, bytes]]:
        """Index, family and pseudonym of each."""
        for index, (place, name) in enumerate(zip(self.which, self.names, strict=True), self.start):
            yield index, self.families[place], name

    def at(self, index: int) -> tuple[Family, bytes]:
        """Family and pseudonym of one."""
        return self.families[self.which[index - self.start]], self.names[index - self.start]

    @cached_property
    def counted(self) -> list[tuple[Family, int]]:
        """How many there are of each family."""
        return [(self.families[place], count) for place, count in Counter(self.which).items()]

    def cut(self, index: int) -> tuple[Run, Run]:
        """What stands before an index, and the rest."""
        at = index - self.start
        return (
            Run(self.start, self.hour, self.families, self.which[:at], self.names[:at]),
            Run(index, self.hour, self.families, self.which[at:], self.names[at:]),
        )

    def parts(self, sizes: Iterable[int]) -> Iterator[Run]:
        """The same in parts that end where the tree has these sizes."""
        rest = self
        for size in sorted(size for size in sizes if self.start < size < self.end):
            part, rest = rest.cut(size)
            yield part
        yield rest


class Single(NamedTuple):
    """One entry that must be read by itself."""

    place: int  # its index
    entry: bytes


Item: TypeAlias = Run | Single


@dataclass
class BundleReader:
    """Remembers the families it has met, so that each is one object."""

    _families: dict[bytes, Family] = field(default_factory=dict)

    def read(self, start: int, columns: Columns) -> Iterator[Item]:
        """Stretches of signatures, and the others between them, in their order, the first at index `start`."""
        families = [self._families.get(tail) or self._learn(tail) for tail in columns.tails]
        names = names_of(columns)
        others, at, count = iter(columns.others), 0, 0
        for first, end, hour in columns.stretches:
            for place in range(at, first):
                yield Single(start + place, next(others))
            at, done = end, count + end - first
            yield Run(start + first, hour_of(hour), families, columns.which[count:done], names[count:done])
            count = done
        for place, other in enumerate(others, at):
            yield Single(start + place, other)

    def _learn(self, tail: bytes) -> Family:
        if len(self._families) >= MOST_FAMILIES:
            self._families.clear()
        found = family_of(tail)
        assert found is not None  # read_columns made sure
        self._families[tail] = Family(*found)
        return self._families[tail]


def run_of(index: int, leaf: PetitionSignature) -> Run:
    """One signature by itself."""
    family = Family(leaf.subject, leaf.tier)
    return Run(index, hour_of(leaf.hour.encode()), [family], b"\0", [leaf.pseudonym.encode()])


@lru_cache(maxsize=1 << 12)
def hour_of(text: bytes) -> Hour:
    """An hour by how it is written."""
    return Hour(text.decode(), since_of(text.decode()))


@lru_cache(maxsize=1 << 12)
def since_of(hour: str) -> int | None:
    """Unix seconds at which an hour begins; None where there is no such hour."""
    try:
        return parse_hour(hour) * HOUR
    except ValueError:
        return None
