"""Read a whole published log again: every entry, every tile, the root."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dauys.errors import FileRejected, NotFound, ProofInvalid
from dauys.translog.merkle import HASH_SIZE, leaf_hash
from dauys.translog.tiles import TILE_WIDTH, Tile, TileTree, unbundle

if TYPE_CHECKING:
    from collections.abc import Callable

    from dauys.translog.checkpoint import Checkpoint


def audit_tree(
    checkpoint: Checkpoint,
    read: Callable[[str], bytes],
    on_entry: Callable[[int, bytes], None],
    *,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Recompute the log up to a checkpoint; ProofInvalid naming the path and index where the published files differ.

    `read(path)` returns a published file and raises NotFound or FileRejected where there is none. `on_entry(index,
    entry)` gets the entries in order, each once its leaf hash was found in its tile; only when the audit returns is the
    root proven. `progress` gets the number of entries read so far.
    """
    tree = TileTree(0, _no_stored_tile)
    partial: dict[int, tuple[Tile, bytes]] = {}
    for number in range(-(-checkpoint.size // TILE_WIDTH)):
        width = min(TILE_WIDTH, checkpoint.size - number * TILE_WIDTH)
        entries = _read_entries(read, Tile(None, number, width))
        for level, at, computed in tree.append([leaf_hash(entry) for entry in entries]):
            tile = Tile(level, at, len(computed) // HASH_SIZE)
            partial.pop(level, None)
            if level == 0 or tile.width == TILE_WIDTH:
                _compare(read, tile, computed)
            else:  # it will grow with the next bundles
                partial[level] = tile, computed
        for index, entry in enumerate(entries, number * TILE_WIDTH):
            on_entry(index, entry)
        if progress is not None:
            progress(tree.size)
    for tile, computed in partial.values():
        _compare(read, tile, computed)
    if tree.root() != checkpoint.root:
        raise ProofInvalid(what=f"the {checkpoint.size} published entries do not have the root of the checkpoint")


def _read_entries(read: Callable[[str], bytes], bundle: Tile) -> list[bytes]:
    found, data = _read(read, bundle)
    try:
        entries = unbundle(data)
    except FileRejected as error:
        raise ProofInvalid(what=f"{found.path} is {error.facts['what']}") from error
    if len(entries) != found.width:
        raise ProofInvalid(what=f"{found.path} holds {len(entries)} entries")
    return entries[: bundle.width]


def _compare(read: Callable[[str], bytes], tile: Tile, computed: bytes) -> None:
    found, published = _read(read, tile)
    if len(published) != found.width * HASH_SIZE:
        raise ProofInvalid(what=f"{found.path} holds {len(published)} bytes")
    for position in range(0, len(computed), HASH_SIZE):
        if published[position : position + HASH_SIZE] != computed[position : position + HASH_SIZE]:
            index = (tile.number * TILE_WIDTH + position // HASH_SIZE) * TILE_WIDTH ** (tile.level or 0)
            raise ProofInvalid(what=f"{found.path} differs from the published entries at index {index}")


def _read(read: Callable[[str], bytes], tile: Tile) -> tuple[Tile, bytes]:
    """A published file; where a partial one is gone, the full one that replaced it and begins the same."""
    reasons = []
    for candidate in dict.fromkeys((tile, Tile(tile.level, tile.number))):
        try:
            return candidate, read(candidate.path)
        except (NotFound, FileRejected) as error:
            reasons.append(error.facts.get("what", "it is not published"))
    raise ProofInvalid(what=f"{tile.path} cannot be read: {reasons[0]}")


def _no_stored_tile(level: int, number: int) -> bytes:
    raise AssertionError(f"an audit recomputes tile {level}/{number}, it reads none")
