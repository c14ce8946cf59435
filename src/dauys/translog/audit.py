"""Read a whole published log again: every entry, every tile, the root."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dauys.errors import FileRejected, NotFound, ProofInvalid
from dauys.translog.frontier import Frontier, Hashed, hash_in_order
from dauys.translog.merkle import HASH_SIZE
from dauys.translog.tiles import TILE_WIDTH, Tile, bundle, unbundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dauys.translog.checkpoint import Checkpoint

    Hashing = Callable[[Iterable[bytes]], Iterator[tuple[bytes, Hashed]]]


class Bundle(NamedTuple):
    """Entries in a row from index `start` on, as a bundle's bytes, and their leaf hashes, one after another.

    `told` is what a reader beside the hashing made of exactly these, if anything.
    """

    start: int
    data: bytes
    leaves: bytes
    told: Any = None

    @property
    def end(self) -> int:
        """The index after the last."""
        return self.start + len(self.leaves) // HASH_SIZE


def walk(
    checkpoint: Checkpoint,
    read: Callable[[str], bytes],
    frontier: Frontier,
    hashing: Hashing = hash_in_order,
) -> Iterator[Bundle]:
    """Recompute the log from a frontier up to a checkpoint; ProofInvalid naming path and index where published files differ.

    `read(path)` returns a published file and raises NotFound or FileRejected where there is none. Each bundle is given
    once its leaf hashes were found in its tile; only at the end is the root proven. `hashing` may work ahead.
    """
    tiles = [
        Tile(None, number, min(TILE_WIDTH, checkpoint.size - number * TILE_WIDTH))
        for number in range(frontier.size // TILE_WIDTH, -(-checkpoint.size // TILE_WIDTH))
    ]
    bundles = hashing(_read_entries(read, tile) for tile in tiles)
    for tile, (data, hashed) in zip(tiles, bundles, strict=True):
        _require_whole(tile, hashed)
        _compare(read, Tile(0, tile.number, tile.width), hashed.leaves)
        fresh = _fresh(frontier, tile, data, hashed)
        for level, number, computed in frontier.add(hashed):
            _compare(read, Tile(level, number), computed)
        yield fresh
    for level, number, computed in frontier.partial_tiles():
        _compare(read, Tile(level, number, len(computed) // HASH_SIZE), computed)
    if frontier.root() != checkpoint.root:
        raise ProofInvalid(what=f"the {checkpoint.size} published entries do not have the root of the checkpoint")


def audit_tree(
    checkpoint: Checkpoint,
    read: Callable[[str], bytes],
    on_entry: Callable[[int, bytes], None],
    *,
    progress: Callable[[int], None] | None = None,
) -> None:
    """`walk` from the first entry: `on_entry(index, entry)` gets them in order, `progress` the number read so far."""
    for found in walk(checkpoint, read, Frontier()):
        for index, entry in enumerate(unbundle(found.data), found.start):
            on_entry(index, entry)
        if progress is not None:
            progress(found.end)


def _read_entries(read: Callable[[str], bytes], wanted: Tile) -> bytes:
    """A bundle, the beginning of a full one where it was partial and is gone."""
    found, data = _read(read, wanted)
    if found == wanted:
        return data
    try:
        entries = unbundle(data)
    except FileRejected as error:
        raise ProofInvalid(what=f"{found.path} is {error.facts['what']}") from error
    if len(entries) != found.width:
        raise ProofInvalid(what=f"{found.path} holds {len(entries)} entries")
    return bundle(entries[: wanted.width])


def _require_whole(tile: Tile, hashed: Hashed) -> None:
    if hashed.problem:
        raise ProofInvalid(what=f"{tile.path} is {hashed.problem}")
    if len(hashed.leaves) != tile.width * HASH_SIZE:
        raise ProofInvalid(what=f"{tile.path} holds {len(hashed.leaves) // HASH_SIZE} entries")


def _fresh(frontier: Frontier, tile: Tile, data: bytes, hashed: Hashed) -> Bundle:
    """What of a bundle was not walked before; its beginning must still be what it was."""
    start = tile.number * TILE_WIDTH
    known = b"".join(frontier.levels[0]) if frontier.levels else b""
    if not known:
        return Bundle(start, data, hashed.leaves, hashed.told)
    if not hashed.leaves.startswith(known):
        raise ProofInvalid(what=f"{tile.path} has other entries than before, from index {start} on")
    count = len(known) // HASH_SIZE
    return Bundle(start + count, bundle(unbundle(data)[count:]), hashed.leaves[len(known) :])


def _compare(read: Callable[[str], bytes], tile: Tile, computed: bytes) -> None:
    found, published = _read(read, tile)
    if len(published) != found.width * HASH_SIZE:
        raise ProofInvalid(what=f"{found.path} holds {len(published)} bytes")
    if published.startswith(computed):
        return
    for position in range(0, len(computed), HASH_SIZE):
        if published[position : position + HASH_SIZE] != computed[position : position + HASH_SIZE]:
            index = (tile.number * TILE_WIDTH + position // HASH_SIZE) * TILE_WIDTH ** (tile.level or 0)
            raise ProofInvalid(what=f"{found.path} differs from the published entries at index {index}")


def read_tile(read: Callable[[str], bytes], tile: Tile) -> bytes:
    """The hashes of a published tile, of this width or wider; ProofInvalid where it is not published."""
    return _read(read, tile)[1]


def _read(read: Callable[[str], bytes], tile: Tile) -> tuple[Tile, bytes]:
    """A published file; where a partial one is gone, the full one that replaced it and begins the same."""
    reasons = []
    for candidate in dict.fromkeys((tile, Tile(tile.level, tile.number))):
        try:
            return candidate, read(candidate.path)
        except (NotFound, FileRejected) as error:
            reasons.append(error.facts.get("what", "it is not published"))
    raise ProofInvalid(what=f"{tile.path} cannot be read: {reasons[0]}")
