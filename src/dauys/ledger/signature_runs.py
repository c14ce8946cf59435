"""Reads bundles of entries quickly where they are signatures, which nearly all are; every other entry is given singly.

A canonical signature differs from another of the same subject and tier in three fields only, whose form its columns
prove. So one of each is decoded by its schema, and the others are known to be right with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from dauys.errors import BadInput
from dauys.ledger.leaves import PetitionSignature, decode_leaf
from dauys.ledger.moments import parse_hour
from dauys.ledger.signature_columns import WIDE, Columns, Kind, read_columns
from dauys.translog.tiles import unbundle

HOUR = 3600
MOST_SHAPES = 50_000


class Family:
    """Subject and tier of signatures; compared and hashed by identity, so that grouping by it is cheap."""

    __slots__ = ("subject", "tier")

    def __init__(self, subject: str, tier: str) -> None:
        self.subject, self.tier = subject, tier


class Shape:
    """What signatures have in common; `since` is the hour's beginning in unix seconds, None where there is no such hour.

    Made for each family and hour, so as cheaply as can be; compared and hashed by identity.
    """

    __slots__ = ("family", "hour", "since", "subject", "tier")

    def __init__(self, family: Family, hour: str, since: int | None) -> None:
        self.family, self.hour, self.since = family, hour, since
        self.subject, self.tier = family.subject, family.tier

    @classmethod
    def of(cls, leaf: PetitionSignature) -> Shape:
        """The shape of one signature."""
        return cls(Family(leaf.subject, leaf.tier), leaf.hour, since_of(leaf.hour))


class Run(NamedTuple):
    """Signatures in a row from index `start` on: of each its shape and its pseudonym as it is written."""

    start: int
    shapes: list[Shape]
    names: list[bytes]

    @property
    def end(self) -> int:
        """The index after the last."""
        return self.start + len(self.names)

    def cut(self, index: int) -> tuple[Run, Run]:
        """What stands before an index, and the rest."""
        at = index - self.start
        return Run(self.start, self.shapes[:at], self.names[:at]), Run(index, self.shapes[at:], self.names[at:])

    def parts(self, sizes: Iterable[int]) -> Iterator[Run]:
        """The same in parts that end where the tree has these sizes."""
        rest = self
        for size in sorted(size for size in sizes if self.start < size < self.end):
            part, rest = rest.cut(size)
            yield part
        yield rest


def groups_of(runs: Iterable[Run]) -> dict[Family, list[bytes]]:
    """Pseudonyms by family."""
    groups: dict[Family, list[bytes]] = defaultdict(list)
    for run in runs:
        for shape, name in zip(run.shapes, run.names, strict=True):
            groups[shape.family].append(name)
    return groups


class Single(NamedTuple):
    """One entry that must be read by itself."""

    place: int  # its index
    entry: bytes


Item: TypeAlias = Run | Single


@dataclass
class BundleReader:
    """Remembers the shapes it has met, and the subjects and tiers that the schema lets pass or refuses."""

    _shapes: dict[Kind, Shape | None] = field(default_factory=dict)
    _families: dict[bytes, Family | None] = field(default_factory=dict)

    def read(self, start: int, data: bytes, columns: Columns | None = None) -> Iterator[Item]:
        """The entries of a bundle in their order, whose columns another may have read; FileRejected where it is cut short."""
        columns = columns or read_columns(unbundle(data))
        kinds = self._known(data, columns) if columns else None
        if columns is None or kinds is None:
            return _singles(start, unbundle(data))
        shapes = [kinds[place] for place in columns.which]
        names = [columns.names[at : at + WIDE] for at in range(0, len(columns.names), WIDE)]
        return _stretches(start, shapes, names, columns.others)

    def _known(self, data: bytes, columns: Columns) -> list[Shape | None] | None:
        """The shape of each kind, None for the others; None where the schema refuses one."""
        known = self._shapes
        if len(known) > MOST_SHAPES:
            known.clear()
        for place, kind in enumerate(columns.kinds):
            if kind is not None and kind not in known:
                known[kind] = self._shape(kind, data, columns.which.index(place))
        shapes = [kind and known[kind] for kind in columns.kinds]
        return shapes if shapes.count(None) == columns.kinds.count(None) else None

    def _shape(self, kind: Kind, data: bytes, place: int) -> Shape | None:
        """The first entry of a tail is decoded by its schema."""
        hour, tail = kind
        if tail not in self._families:
            leaf = _decoded(unbundle(data)[place])
            self._families[tail] = Family(leaf.subject, leaf.tier) if leaf else None
        family, text = self._families[tail], hour.decode()
        return Shape(family, text, since_of(text)) if family else None


def _stretches(start: int, shapes: list[Shape | None], names: list[bytes], others: list[bytes]) -> Iterator[Item]:
    """Each stretch of signatures between `others`, whose shape is None."""
    at = 0
    for count, other in enumerate(others):
        end = shapes.index(None, at)
        if end > at:
            yield Run(start + at, shapes[at:end], names[at - count : end - count])  # type: ignore[arg-type]
        yield Single(start + end, other)
        at = end + 1
    if at < len(shapes):
        yield Run(start + at, shapes[at:], names[at - len(others) :])  # type: ignore[arg-type]


def place_of(runs: list[Run], which: Callable[[Shape, bytes], bool], *, last: bool = False) -> int:
    """The entry of the first signature, or of the last, whose shape and pseudonym are `which`."""
    places = [
        place
        for run in runs
        for place, (shape, name) in enumerate(zip(run.shapes, run.names, strict=True), run.start)
        if which(shape, name)
    ]
    return places[-1 if last else 0]


def only(runs: list[Run], known: Container[Family]) -> list[Run]:
    """Signatures of known families, each by itself."""
    return [
        Run(place, [shape], [name])
        for run in runs
        for place, (shape, name) in enumerate(zip(run.shapes, run.names, strict=True), run.start)
        if shape.family in known
    ]


def run_of(index: int, leaf: PetitionSignature) -> Run:
    """One signature by itself."""
    return Run(index, [Shape.of(leaf)], [leaf.pseudonym.encode()])


def _decoded(entry: bytes) -> PetitionSignature | None:
    try:
        leaf = decode_leaf(entry)
    except BadInput:
        return None
    return leaf if isinstance(leaf, PetitionSignature) else None


@lru_cache(maxsize=1 << 16)
def since_of(hour: str) -> int | None:
    """Unix seconds at which an hour begins; None where there is no such hour."""
    try:
        return parse_hour(hour) * HOUR
    except ValueError:
        return None


def _singles(start: int, entries: list[bytes]) -> Iterator[Item]:
    return (Single(index, entry) for index, entry in enumerate(entries, start))
