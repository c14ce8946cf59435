"""Reads single files of a log under a checkpoint that was verified: whatever is returned is part of that tree.

From the top: the tiles of the right edge must give the checkpoint's root, every full tile its hash in the tile above it,
every entry its leaf hash. So a reader needs no whole log to believe one bundle, and keeps nothing that is not proven.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from dauys.errors import FileRejected, NotFound, ProofInvalid
from dauys.translog.merkle import HASH_SIZE, leaf_hash, root_from_leaves
from dauys.translog.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, TileTree, unbundle

if TYPE_CHECKING:
    from collections.abc import Callable

    from dauys.translog.checkpoint import Checkpoint

KEPT_TILES = 64  # of upper levels, 8 kB each; one of level 1 stands for 65,536 entries


class AuthenticTree:
    """The tree of a checkpoint over files read by `read(path)`, which raises NotFound or FileRejected where there is none.

    Every method raises ProofInvalid, naming the path, for a file that is missing or is not the checkpoint's.
    """

    def __init__(self, checkpoint: Checkpoint, read: Callable[[str], bytes]) -> None:
        self.checkpoint, self._read = checkpoint, read
        self._edge: dict[tuple[int, int], bytes] = {}  # partial tiles: read once, since only what was read is proven
        self._kept: OrderedDict[tuple[int, int], bytes] = OrderedDict()
        self._tree = TileTree(checkpoint.size, self._read_for_tree)
        if self._tree.root() != checkpoint.root:
            raise ProofInvalid(
                what=f"the tiles at its edge do not give the root of the checkpoint of {checkpoint.size}"
            )

    @property
    def size(self) -> int:
        """Number of entries."""
        return self.checkpoint.size

    def root_at(self, size: int) -> bytes:
        """The root this tree had at a smaller size."""
        return self._tree.root_at(size)

    def consistency_proof(self, old_size: int) -> list[bytes]:
        """Proof of growth from `old_size` (RFC 6962 §2.1.2)."""
        return self._tree.consistency_proof(old_size)

    def width(self, level: int, number: int) -> int:
        """How wide a tile of this tree is: 256, less at the right edge, 0 or below beyond it."""
        return min(TILE_WIDTH, (self.size >> TILE_HEIGHT * level) - number * TILE_WIDTH)

    def tile(self, level: int, number: int) -> bytes:
        """The hashes of a tile as wide as this tree has it."""
        kept = self._edge.get((level, number)) or self._kept.get((level, number))
        if kept is not None:
            return kept
        if self.width(level, number) != TILE_WIDTH:
            raise ProofInvalid(what=f"there is no tile {level}/{number} in a tree of {self.size}")
        data = self._hashes(level, number)
        self._prove(level, number, data)
        if level:
            self._keep(level, number, data)
        return data

    def _hashes(self, level: int, number: int) -> bytes:
        tile = Tile(level, number, self.width(level, number))
        data = self._fetch(tile)[: tile.width * HASH_SIZE]
        if len(data) != tile.width * HASH_SIZE:
            raise ProofInvalid(what=f"{tile.path} holds {len(data)} bytes")
        return data

    def entries(self, number: int, leaves: bytes | None = None) -> list[bytes]:
        """The entries of a bundle, each compared with its leaf hash; `leaves` is `tile(0, number)` where it is at hand."""
        leaves = self.tile(0, number) if leaves is None else leaves
        wanted = Tile(None, number, self.width(0, number))
        try:
            entries = unbundle(self._fetch(wanted))[: wanted.width]
        except FileRejected as error:
            raise ProofInvalid(what=f"{wanted.path} is {error.facts['what']}") from error
        for position, entry in enumerate(entries):
            if leaf_hash(entry) != leaves[position * HASH_SIZE : (position + 1) * HASH_SIZE]:
                raise ProofInvalid(
                    what=f"{wanted.path} differs from the tree at index {number * TILE_WIDTH + position}"
                )
        if len(entries) != wanted.width:
            raise ProofInvalid(what=f"{wanted.path} holds {len(entries)} entries")
        return entries

    def _prove(self, level: int, number: int, data: bytes) -> None:
        above, place = divmod(number, TILE_WIDTH)
        expected = self.tile(level + 1, above)[place * HASH_SIZE : (place + 1) * HASH_SIZE]
        if root_from_leaves([data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]) != expected:
            raise ProofInvalid(what=f"{Tile(level, number).path} is not the tile of the checkpoint of {self.size}")

    def _keep(self, level: int, number: int, data: bytes) -> None:
        self._kept[level, number] = data
        if len(self._kept) > KEPT_TILES:
            self._kept.popitem(last=False)

    def _read_for_tree(self, level: int, number: int) -> bytes:
        """What the tree asks for: at first the edge, which its root proves; afterwards full tiles."""
        if self.width(level, number) < TILE_WIDTH:
            self._edge[level, number] = self._hashes(level, number)
        return self.tile(level, number)

    def _fetch(self, tile: Tile) -> bytes:
        """A file; where a partial one is gone, the full one that replaced it and begins the same."""
        reasons = []
        for candidate in dict.fromkeys((tile, Tile(tile.level, tile.number))):
            try:
                return self._read(candidate.path)
            except (NotFound, FileRejected) as error:
                reasons.append(error.facts.get("what", "it is not published"))
        raise ProofInvalid(what=f"{tile.path} cannot be read: {reasons[0]}")
