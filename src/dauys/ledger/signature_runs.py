"""Reads bundles of entries quickly where they are signatures, which nearly all are; every other entry is given singly.

A canonical signature differs from another of the same subject and tier in three fields only, whose form a regular
expression proves. So one of each is decoded by its schema, and the others are known to be right with it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from struct import error as struct_error
from struct import pack
from typing import NamedTuple, TypeAlias

from dauys.errors import BadInput, FileRejected
from dauys.ledger.leaves import PetitionSignature, decode_leaf
from dauys.ledger.moments import parse_hour
from dauys.translog.tiles import unbundle

BYTES32, LETTERS, LAST = (
    rb".{43}",
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
    b"AEIMQUYcgkosw048",
)
WIDE = 43  # letters of leaf_fields.Bytes32: all of LETTERS, the last of LAST; looked at together, which is quicker
HOUR_TEXT = rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}Z"  # as in leaf_fields.Hour
ENTRY = re.compile(
    rb'(?s)(.*?)(..)(\{"commitment":"(' + BYTES32 + rb')","hour":"(' + HOUR_TEXT + rb')","kind":"petition\.signature",'
    rb'"pseudonym":"(' + BYTES32 + rb')","subject":("[^"]*","tier":"[a-z]*)","v":1\})'
)  # what is before it, its length, the entry; of this the commitment, the hour, the pseudonym, subject and tier
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
Column: TypeAlias = tuple[bytes, ...]  # one field of all that was found


@dataclass
class BundleReader:
    """Remembers the shapes it has met, and the subjects and tiers that the schema lets pass or refuses."""

    _shapes: dict[tuple[bytes, bytes], Shape | None] = field(default_factory=dict)
    _families: dict[bytes, Family | None] = field(default_factory=dict)

    def read(self, start: int, data: bytes) -> Iterator[Item]:
        """The entries of a bundle in their order; FileRejected where it is cut short."""
        found = ENTRY.findall(data)
        if not found:
            return _singles(start, data)
        before, lengths, entries, commitments, *columns = zip(*found, strict=True)
        covered = sum(map(len, before)) + 2 * len(found) + sum(map(len, entries))
        others = [*before, data[covered:]]
        sure = _of_letters(commitments) and _of_letters(columns[1]) and _fits(lengths, entries, others)
        return self._runs(start, others, entries, *columns) if sure else _singles(start, data)

    def _runs(
        self, start: int, others: list[bytes], entries: Column, hours: Column, names: Column, tails: Column
    ) -> Iterator[Item]:
        """Each stretch of signatures between `others`."""
        shapes = self._known(entries, list(zip(hours, tails, strict=True)))
        marks = [n for n, other in enumerate(others[:-1]) if other]
        if None in shapes:  # what the schema refuses stands alone
            marks += [at for n, shape in enumerate(shapes) if shape is None for at in (n, n + 1)]
        stops = sorted({0, *marks, len(entries)})
        index = start
        for one, other in pairwise(stops):
            for single in _singles(index, others[one]):
                yield single
                index += 1
            if shapes[one] is None:
                yield Single(index, entries[one])
            else:
                yield Run(index, shapes[one:other], list(names[one:other]))  # type: ignore[arg-type]
            index += other - one
        yield from _singles(index, others[-1])

    def _known(self, entries: Column, keys: list[tuple[bytes, bytes]]) -> list[Shape | None]:
        """The shape of each entry; None where the schema refuses it."""
        known = self._shapes
        if len(known) > MOST_SHAPES:
            known.clear()
        for key, entry in dict(zip(keys, entries, strict=True)).items():
            if key not in known:
                known[key] = self._shape(entry, *key)
        return [known[key] for key in keys]

    def _shape(self, entry: bytes, hour: bytes, tail: bytes) -> Shape | None:
        """The first entry of a tail is decoded by its schema."""
        if tail not in self._families:
            leaf = _decoded(entry)
            self._families[tail] = Family(leaf.subject, leaf.tier) if leaf else None
        family, text = self._families[tail], hour.decode()
        return Shape(family, text, since_of(text)) if family else None


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


def _of_letters(values: Column) -> bool:
    """Whether all of these, each of WIDE bytes, are base64url of 32 bytes in its one spelling."""
    together = b"".join(values)
    return not together.translate(None, LETTERS) and not together[WIDE - 1 :: WIDE].translate(None, LAST)


def _fits(lengths: Column, entries: Column, others: Iterable[bytes]) -> bool:
    """Whether what was found is how the lengths in the bundle cut it: reading from its beginning there is one way only."""
    try:
        if b"".join(lengths) != pack(f">{len(entries)}H", *map(len, entries)):
            return False
        for other in filter(None, others):
            unbundle(other)
    except (FileRejected, struct_error):  # an entry too long for a bundle
        return False
    return True


def _singles(start: int, data: bytes) -> Iterator[Item]:
    return (Single(index, entry) for index, entry in enumerate(unbundle(data), start)) if data else iter(())
