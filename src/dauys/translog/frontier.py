"""The right edge of a tree that only grows: what an auditor must remember to go on where they stopped."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from dauys.errors import FileRejected
from dauys.translog.merkle import HASH_SIZE, LEAF_PREFIX, NODE_PREFIX, root_of_edge
from dauys.translog.tiles import TILE_HEIGHT, TILE_WIDTH, unbundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Hashed(NamedTuple):
    """What a bundle of entries hashes to: its leaf hashes, one after another, and the root of 256 of them, else nothing.

    `problem` says why a bundle cannot be read; it has no hashes then. `told` is what a reader made of the same entries.
    """

    leaves: bytes
    root: bytes = b""
    problem: str = ""
    told: Any = None


def hash_bundle(data: bytes, reader: Callable[[list[bytes]], Any] = lambda _: None) -> Hashed:
    """Leaf hashes and root of a bundle; nothing is raised, so that another process may do it."""
    try:
        entries = unbundle(data)
    except FileRejected as error:
        return Hashed(b"", problem=str(error.facts["what"]))
    leaves = [sha256(LEAF_PREFIX + entry).digest() for entry in entries]
    root = perfect_root(leaves) if len(leaves) == TILE_WIDTH else b""
    return Hashed(b"".join(leaves), root, told=reader(entries))


def hash_in_order(bundles: Iterable[bytes]) -> Iterator[tuple[bytes, Hashed]]:
    """Each bundle with what it hashes to."""
    for data in bundles:
        yield data, hash_bundle(data)


def perfect_root(hashes: list[bytes]) -> bytes:
    """Root over a power of two of hashes."""
    while len(hashes) > 1:
        pairs = iter(hashes)
        hashes = [sha256(NODE_PREFIX + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return hashes[0]


def split_hashes(data: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [data[start : start + HASH_SIZE] for start in range(0, len(data), HASH_SIZE)]


class Frontier:
    """For each level the hashes of its last tile, which is not full yet; `levels` may be kept and given back."""

    def __init__(self, levels: Iterable[bytes] = ()) -> None:
        self.levels = [split_hashes(level) for level in levels]

    @property
    def size(self) -> int:
        """Leaves so far."""
        return sum(len(hashes) << TILE_HEIGHT * level for level, hashes in enumerate(self.levels))

    def add(self, hashed: Hashed) -> Iterator[tuple[int, int, bytes]]:
        """The tile that the edge stands in, as it is now known; yields (level, number, hashes) of tiles above that are full."""
        number = self.size // TILE_WIDTH
        if not hashed.root:
            self._level(0)[:] = split_hashes(hashed.leaves)
            return
        self._level(0).clear()
        level, root = 1, hashed.root
        while True:
            tile = self._level(level)
            tile.append(root)
            if len(tile) < TILE_WIDTH:
                return
            number //= TILE_WIDTH
            yield level, number, b"".join(tile)
            root = perfect_root(tile)
            tile.clear()
            level += 1

    def partial_tiles(self) -> Iterator[tuple[int, int, bytes]]:
        """(level, number, hashes) of the tiles above the leaves that are not full."""
        for level, hashes in enumerate(self.levels):
            if level and hashes:
                yield level, self.size >> TILE_HEIGHT * (level + 1), b"".join(hashes)

    def root(self) -> bytes:
        """Root of the whole tree."""
        edge = list[bytes]()
        for hashes in reversed(self.levels):
            start = 0
            for height in reversed(range(TILE_HEIGHT)):
                if len(hashes) >> height & 1:
                    edge.append(perfect_root(hashes[start : start + (1 << height)]))
                    start += 1 << height
        return root_of_edge(edge, self.size)

    def dump(self) -> list[bytes]:
        """What `Frontier` takes to go on here."""
        return [b"".join(hashes) for hashes in self.levels]

    def _level(self, level: int) -> list[bytes]:
        if level == len(self.levels):
            self.levels.append([])
        return self.levels[level]
