"""Read a whole published log again: every entry, every tile, the root."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from dauys.errors import FileRejected, NotFound, ProofInvalid
from dauys.translog.frontier import Frontier, hash_entries
from dauys.translog.merkle import HASH_SIZE
from dauys.translog.tiles import TILE_WIDTH, Tile, unbundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dauys.translog.checkpoint import Checkpoint

    Read = Callable[[str], bytes]
    Reader = Callable[[list[bytes]], Any]
    Looking = Callable[[Read, list[Tile], int, Reader], Iterator["Looked"]]

T = TypeVar("T")
R = TypeVar("R")


class Gather(Protocol):
    """As `map`: what a function gives for each item, in the items' order; it may work ahead."""

    def __call__(self, function: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]:
        """The results; what the function raises is raised in its place."""


class Looked(NamedTuple):
    """What one bundle hashes to, as its tile says, and what a reader made of its entries; or the problem with it."""

    leaves: bytes
    root: bytes = b""  # of 256 entries
    told: Any = None
    problem: str = ""


class Bundle(NamedTuple):
    """Entries in a row from index `start` on: their leaf hashes, one after another, and what the reader made of them."""

    start: int
    leaves: bytes
    told: Any

    @property
    def end(self) -> int:
        """The index after the last."""
        return self.start + len(self.leaves) // HASH_SIZE


def look(read: Read, wanted: Tile, skip: int, reader: Reader) -> Looked:
    """Reads one bundle and its tile; the reader gets all entries but the first `skip`.

    What is wrong with them is told, not raised, so that another process may do it.
    """
    try:
        entries = _read_entries(read, wanted)
        hashed = hash_entries(entries)
        _compare(read, Tile(0, wanted.number, wanted.width), hashed.leaves)
    except ProofInvalid as error:
        return Looked(b"", problem=str(error.facts["what"]))
    return Looked(hashed.leaves, hashed.root, reader(entries[skip:] if skip else entries))


def look_in_order(read: Read, tiles: list[Tile], skip: int, reader: Reader) -> Iterator[Looked]:
    """Looks at one after another; `skip` entries of the first are known."""
    for tile in tiles:
        yield look(read, tile, skip, reader)
        skip = 0


def looking_by(gather: Gather) -> Looking:
    """As `look_in_order`, as many at once as `gather` takes: bundles far away are waited for together."""

    def looking(read: Read, tiles: list[Tile], skip: int, reader: Reader) -> Iterator[Looked]:
        return gather(lambda number: look(read, tiles[number], 0 if number else skip, reader), range(len(tiles)))

    return looking


def walk(
    checkpoint: Checkpoint,
    read: Read,
    frontier: Frontier,
    reader: Reader = lambda entries: entries,
    looking: Looking = look_in_order,
) -> Iterator[Bundle]:
    """Recompute the log from a frontier up to a checkpoint; ProofInvalid naming path and index where published files differ.

    `read(path)` returns a published file and raises NotFound or FileRejected where there is none. Each bundle is given
    once its leaf hashes were found in its tile; only at the end is the root proven. `looking` may work ahead.
    """
    known = b"".join(frontier.levels[0]) if frontier.levels else b""
    tiles = [
        Tile(None, number, min(TILE_WIDTH, checkpoint.size - number * TILE_WIDTH))
        for number in range(frontier.size // TILE_WIDTH, -(-checkpoint.size // TILE_WIDTH))
    ]
    for tile, looked in zip(tiles, looking(read, tiles, len(known) // HASH_SIZE, reader), strict=True):
        if looked.problem:
            raise ProofInvalid(what=looked.problem)
        fresh = _fresh(known, tile, looked)
        for level, number, computed in frontier.add(looked):
            _compare(read, Tile(level, number), computed)
        yield fresh
        known = b""
    for level, number, computed in frontier.partial_tiles():
        _compare(read, Tile(level, number, len(computed) // HASH_SIZE), computed)
    if frontier.root() != checkpoint.root:
        raise ProofInvalid(what=f"the {checkpoint.size} published entries do not have the root of the checkpoint")


def audit_tree(
    checkpoint: Checkpoint,
    read: Read,
    on_entry: Callable[[int, bytes], None],
    *,
    progress: Callable[[int], None] | None = None,
    gather: Gather = map,
) -> None:
    """`walk` from the first entry: `on_entry(index, entry)` gets them in order, `progress` the number read so far."""
    for found in walk(checkpoint, read, Frontier(), looking=looking_by(gather)):
        for index, entry in enumerate(found.told, found.start):
            on_entry(index, entry)
        if progress is not None:
            progress(found.end)


def _read_entries(read: Read, wanted: Tile) -> list[bytes]:
    """The entries of a bundle, the beginning of a full one where it was partial and is gone."""
    found, data = _read(read, wanted)
    try:
        entries = unbundle(data)
    except FileRejected as error:
        raise ProofInvalid(what=f"{found.path} is {error.facts['what']}") from error
    if len(entries) != found.width:
        raise ProofInvalid(what=f"{found.path} holds {len(entries)} entries")
    return entries[: wanted.width]


def _fresh(known: bytes, tile: Tile, looked: Looked) -> Bundle:
    """What of a bundle was not walked before; its beginning must still be what it was."""
    start = tile.number * TILE_WIDTH
    if not looked.leaves.startswith(known):
        raise ProofInvalid(what=f"{tile.path} has other entries than before, from index {start} on")
    return Bundle(start + len(known) // HASH_SIZE, looked.leaves[len(known) :], looked.told)


def _compare(read: Read, tile: Tile, computed: bytes) -> None:
    found, published = _read(read, tile)
    if len(published) != found.width * HASH_SIZE:
        raise ProofInvalid(what=f"{found.path} holds {len(published)} bytes")
    if published.startswith(computed):
        return
    for position in range(0, len(computed), HASH_SIZE):
        if published[position : position + HASH_SIZE] != computed[position : position + HASH_SIZE]:
            index = (tile.number * TILE_WIDTH + position // HASH_SIZE) * TILE_WIDTH ** (tile.level or 0)
            raise ProofInvalid(what=f"{found.path} differs from the published entries at index {index}")


def read_tile(read: Read, tile: Tile) -> bytes:
    """The hashes of a published tile, of this width or wider; ProofInvalid where it is not published."""
    return _read(read, tile)[1]


def _read(read: Read, tile: Tile) -> tuple[Tile, bytes]:
    """A published file; where a partial one is gone, the full one that replaced it and begins the same."""
    reasons = []
    for candidate in dict.fromkeys((tile, Tile(tile.level, tile.number))):
        try:
            return candidate, read(candidate.path)
        except (NotFound, FileRejected) as error:
            reasons.append(error.facts.get("what", "it is not published"))
    raise ProofInvalid(what=f"{tile.path} cannot be read: {reasons[0]}")
