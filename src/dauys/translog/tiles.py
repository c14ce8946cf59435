"""The log's public files, tiles and entry bundles (c2sp.org/tlog-tiles), and the tree that grows in them.

    tile/<level>/<number>[.p/<width>]      `width` hashes of 32 bytes; level 0 holds leaf hashes
    tile/entries/<number>[.p/<width>]      `width` entries, each behind its length

A hash of level L+1 is the root of one full tile of level L, so a tile is a subtree of eight rows of which only the
lowest is published.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from dauys.errors import FileRejected, ProofInvalid
from dauys.translog.merkle import EMPTY_ROOT, HASH_SIZE, NODE_PREFIX, node_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

TILE_HEIGHT = 8  # c2sp.org/tlog-tiles fixes both
TILE_WIDTH = 1 << TILE_HEIGHT
MAX_LEVEL = 63
MAX_NUMBER = 2**55 - 1  # tiles of a tree of less than 2**63 leaves
MAX_ENTRY = 65535
"""Longest entry in bytes: its length stands in two bytes."""

PATH = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """What a path names: `width` hashes of `level`, or entries where `level` is None."""

    level: int | None
    number: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """The one path of this tile or bundle, relative to the log's prefix."""
        if self.level is None:
            return entries_path(self.number, self.width)
        return tile_path(self.level, self.number, self.width)


def tile_path(level: int, number: int, width: int = TILE_WIDTH) -> str:
    """Path of a tile: tile 1234 of level 0, five wide, is tile/0/x001/234.p/5."""
    return f"tile/{level}/{_numbered(number, width)}"


def entries_path(number: int, width: int = TILE_WIDTH) -> str:
    """Path of an entry bundle: the full bundle 7 is tile/entries/007."""
    return f"tile/entries/{_numbered(number, width)}"


def _numbered(number: int, width: int) -> str:
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    *upper, last = [digits[start : start + 3] for start in range(0, len(digits), 3)]
    path = "".join(f"x{group}/" for group in upper) + last
    return path if width == TILE_WIDTH else f"{path}.p/{width}"


def parse_path(path: str) -> Tile | None:
    """What a requested path names; None unless it is written exactly as tile_path or entries_path write it."""
    match = PATH.fullmatch(path)
    if match is None:
        return None
    level, groups, width = match.groups()
    tile = Tile(
        level=None if level == "entries" else int(level),
        number=int(groups.replace("x", "").replace("/", "")),
        width=int(width or TILE_WIDTH),
    )
    # Writing it again refuses what the pattern lets through: leading zeros, a needless group, `.p/256`.
    in_range = (tile.level or 0) <= MAX_LEVEL and tile.number <= MAX_NUMBER and tile.width <= TILE_WIDTH
    return tile if in_range and tile.path == path else None


def bundle(entries: Iterable[bytes]) -> bytes:
    """At most TILE_WIDTH entries as one bundle; FileRejected where one is longer than MAX_ENTRY."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY:
            raise FileRejected(what=f"an entry of {len(entry)} bytes; at most {MAX_ENTRY} are logged")
        parts += (len(entry).to_bytes(2, "big"), entry)
    return b"".join(parts)


def unbundle(data: bytes) -> list[bytes]:
    """The entries of a bundle; FileRejected where it is cut short."""
    entries: list[bytes] = []
    start, size = 2, len(data)  # after the length
    while start <= size:
        end = start + (data[start - 2] << 8 | data[start - 1])
        entries.append(data[start:end])
        start = end + 2
    read = start - 2
    if read != size:
        raise FileRejected(what=f"a bundle of entries that is cut short after entry {len(entries) - (read > size)}")
    return entries


# ---- The growing tree --------------------------------------------------------------------------------------------

CACHED_TILES = 256  # full tiles with all their rows, about 45 kB each
CACHED_SPINES = 16

Spine = list[bytes]
"""Of one tree size: hash of the last node of each row, leaf first, root last."""


class _Rows:
    """The rows of one tile: the published hashes, then every perfect subtree above them, up to the tile's root."""

    __slots__ = ("rows",)

    def __init__(self, hashes: Iterable[bytes] = ()) -> None:
        self.rows: list[list[bytes]] = [[] for _ in range(TILE_HEIGHT + 1)]
        self.extend(hashes)

    @property
    def width(self) -> int:
        return len(self.rows[0])

    @property
    def is_full(self) -> bool:
        return len(self.rows[0]) == TILE_WIDTH

    def extend(self, hashes: Iterable[bytes]) -> None:
        below = self.rows[0]
        below += hashes
        for row in self.rows[1:]:
            row += [
                sha256(NODE_PREFIX + below[left] + below[left + 1]).digest()
                for left in range(2 * len(row), len(below) - 1, 2)
            ]
            below = row

    def data(self) -> bytes:
        return b"".join(self.rows[0])


class TileTree:
    """A tree of `size` leaves over stored tiles: appends, roots and proofs for it and every smaller size.

    `read_tile(level, number)` returns the stored hashes of a tile, as many as are needed or more. The right edge is
    held in memory; full tiles never change and are cached. Memory changes before the caller has stored anything: after
    a failed commit, drop the tree and make a new one from what is stored. Not for several threads at once.
    """

    def __init__(self, size: int, read_tile: Callable[[int, int], bytes]) -> None:
        self._size = size
        self._read_tile = read_tile
        self._full: OrderedDict[tuple[int, int], _Rows] = OrderedDict()
        self._spines: dict[int, Spine] = {}
        self._edge: list[_Rows] = []
        hashes = size
        while hashes:
            number, width = divmod(hashes, TILE_WIDTH)
            self._edge.append(self._load(len(self._edge), number, width) if width else _Rows())
            hashes = number

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self._size

    def append(self, leaf_hashes: Sequence[bytes]) -> list[tuple[int, int, bytes]]:
        """Add leaves; return each tile that changed as (level, number, all its bytes so far), lowest level first."""
        if any(len(leaf) != HASH_SIZE for leaf in leaf_hashes):
            raise ProofInvalid(what=f"a leaf hash has {HASH_SIZE} bytes")
        changed: list[tuple[int, int, bytes]] = []
        level, hashes = 0, leaf_hashes
        while hashes:
            hashes = self._extend_level(level, hashes, changed)
            level += 1
        self._size += len(leaf_hashes)
        return changed

    def _extend_level(self, level: int, hashes: Sequence[bytes], changed: list[tuple[int, int, bytes]]) -> list[bytes]:
        """Add hashes to the edge of a level; return the roots of the tiles this filled, for the level above."""
        if level == len(self._edge):
            self._edge.append(_Rows())
        number = self._size >> TILE_HEIGHT * (level + 1)
        roots = []
        start = 0
        while start < len(hashes):
            tile = self._edge[level]
            stop = start + TILE_WIDTH - tile.width
            tile.extend(hashes[start:stop])
            changed.append((level, number, tile.data()))
            if tile.is_full:
                roots.append(tile.rows[TILE_HEIGHT][0])
                self._keep(level, number, tile)
                self._edge[level] = _Rows()
                number += 1
            start = stop
        return roots

    # ---- Roots and proofs ----

    def root(self) -> bytes:
        """Root of the whole tree."""
        return self.root_at(self._size)

    def root_at(self, size: int) -> bytes:
        """Root that the tree had at `size`."""
        if not 0 <= size <= self._size:
            raise ProofInvalid(what=f"there is no tree of {size}; it has {self._size}")
        return self._spine(size)[-1] if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Siblings from the leaf upwards (RFC 6962 §2.1.1) in the tree of `size`, by default the whole."""
        size = self._size if size is None else size
        if not 0 <= index < size <= self._size:
            raise ProofInvalid(what=f"there is no entry {index} in a tree of {size}; it has {self._size}")
        last = size - 1
        # Below the meeting of the paths of `index` and `last`, siblings are perfect; at the meeting the sibling is the
        # ragged right side, which only the size decides; above it, every left sibling is perfect again.
        meeting = (index ^ last).bit_length()
        proof = [self._node(height, index >> height ^ 1) for height in range(meeting - 1)]
        if meeting:
            proof.append(self._spine(size)[meeting - 1])
        left_turns = (height for height in range(meeting, last.bit_length()) if index >> height & 1)
        return proof + [self._node(height, (index >> height) - 1) for height in left_turns]

    def consistency_proof(self, old_size: int, size: int | None = None) -> list[bytes]:
        """Proof that the tree of `size` begins with that of `old_size` (RFC 6962 §2.1.2); none for 0 and for itself."""
        size = self._size if size is None else size
        if not 0 <= old_size <= size <= self._size:
            raise ProofInvalid(what=f"there is no growth from {old_size} to {size}; the tree has {self._size}")
        if old_size in (0, size):
            return []
        # It is the path of the old tree's last perfect subtree, after that subtree itself where it is not the whole.
        height = (old_size & -old_size).bit_length() - 1
        index = (old_size - 1) >> height
        path = self.inclusion_proof(old_size - 1, size)[height:]
        return [self._node(height, index), *path] if index else path

    def _spine(self, size: int) -> Spine:
        spine = self._spines.get(size)
        if spine is None:
            if len(self._spines) == CACHED_SPINES:
                del self._spines[next(iter(self._spines))]
            spine = self._spines[size] = self._make_spine(size - 1)
        return spine

    def _make_spine(self, last: int) -> Spine:
        node = self._node(0, last)
        spine = [node]
        for height in range(last.bit_length()):
            if last >> height & 1:
                node = node_hash(self._node(height, (last >> height) - 1), node)
            spine.append(node)
        return spine

    def _node(self, height: int, index: int) -> bytes:
        """Hash of the perfect subtree of 2**height leaves that is the `index`-th of its row."""
        level, row = divmod(height, TILE_HEIGHT)
        in_tile = TILE_HEIGHT - row
        return self._tile(level, index >> in_tile).rows[row][index & (1 << in_tile) - 1]

    # ---- Tiles ----

    def _tile(self, level: int, number: int) -> _Rows:
        if number == self._size >> TILE_HEIGHT * (level + 1):
            return self._edge[level]
        tile = self._full.get((level, number))
        if tile is None:
            tile = self._load(level, number, TILE_WIDTH)
            self._keep(level, number, tile)
        else:
            self._full.move_to_end((level, number))
        return tile

    def _keep(self, level: int, number: int, tile: _Rows) -> None:
        self._full[level, number] = tile
        if len(self._full) > CACHED_TILES:
            self._full.popitem(last=False)

    def _load(self, level: int, number: int, width: int) -> _Rows:
        data = self._read_tile(level, number)
        if len(data) < width * HASH_SIZE:
            raise ProofInvalid(what=f"{tile_path(level, number)} holds {len(data) // HASH_SIZE} hashes, not {width}")
        return _Rows(data[start : start + HASH_SIZE] for start in range(0, width * HASH_SIZE, HASH_SIZE))
