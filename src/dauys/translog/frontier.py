"""The right edge of a tree that only grows: what an auditor must remember to go on where they stopped."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from dauys.translog.merkle import HASH_SIZE, LEAF_PREFIX, NODE_PREFIX, root_of_edge
from dauys.translog.tiles import TILE_HEIGHT, TILE_WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dauys.translog.audit import Looked


class Hashed(NamedTuple):
    """What a bundle's entries hash to: their leaf hashes, one after another, and the root of 256 of them, else nothing."""

    leaves: bytes
    root: bytes = b""


def hash_entries(entries: list[bytes]) -> Hashed:
    """Leaf hashes and root of a bundle's entries."""
    leaves = [sha256(LEAF_PREFIX + entry).digest() for entry in entries]
    return Hashed(b"".join(leaves), perfect_root(leaves) if len(leaves) == TILE_WIDTH else b"")


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

    def add(self, hashed: Hashed | Looked) -> Iterator[tuple[int, int, bytes]]:
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
