"""Entries that a restored database lacks, brought back from what was published, up to a checkpoint this log has signed.

The root decides: entries are believed because they, after those that are here, have the root of the checkpoint. Where
they have not, this database is no earlier state of the public log, and nothing is written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime

from dauys.errors import DauysError, FileRejected, ForkRefused, RefillImpossible
from dauys.ledger.leaves import AnyLeaf, decode_leaf, encode_leaf
from dauys.ledger.log_leaves import LogRestored
from dauys.ledger.moments import moment_text
from dauys.ledger.tail import LogTail
from dauys.translog.checkpoint import Checkpoint
from dauys.translog.tiles import TILE_WIDTH, entries_path, unbundle

Read = Callable[[str], bytes]


def refill(
    connection: sqlite3.Connection,
    checkpoint: Checkpoint,
    read: Read,
    take: Callable[[int, AnyLeaf], None],
    progress: Callable[[int, int], None] = lambda _done, _size: None,
) -> range:
    """Appends what is missing and hands each leaf to `take`, inside the caller's transaction; the indices.

    RefillImpossible where the source has not all of them, ForkRefused where they do not continue this database.
    """
    tail = LogTail(connection)
    first = tail.refresh().size
    if checkpoint.size <= first:
        _require_same(tail, checkpoint)
        return range(first, first)
    while tail.tree.size < checkpoint.size:
        try:
            entries = _missing(read, tail.tree.size, checkpoint.size)
        except DauysError as error:
            raise RefillImpossible(public=checkpoint.size, here=first, what=error) from None
        start = tail.extend(entries)
        for index, entry in enumerate(entries, start):
            take(index, decode_leaf(entry))
        progress(tail.tree.size - first, checkpoint.size - first)
    _require_same(tail, checkpoint)
    return range(first, checkpoint.size)


def record(connection: sqlite3.Connection, lost: range, now: datetime) -> None:
    """Says in the log, for ever, that the evidence of these entries was lost; inside the caller's transaction."""
    tail = LogTail(connection)
    tail.refresh()
    tail.extend([encode_leaf(LogRestored(first=lost.start, last=lost.stop - 1, moment=moment_text(now)))])


def _missing(read: Read, start: int, size: int) -> list[bytes]:
    """The entries of one bundle from `start` on."""
    number, held = divmod(start, TILE_WIDTH)
    width = min(TILE_WIDTH, size - number * TILE_WIDTH)
    entries = _read_bundle(read, number, width)[held:width]
    if len(entries) != width - held:
        raise FileRejected(what=f"{entries_path(number, width)} holds too few entries")
    return entries


def _read_bundle(read: Read, number: int, width: int) -> list[bytes]:
    """A bundle of at least `width` entries: a partial one may be gone since its full one stands."""
    try:
        return unbundle(read(entries_path(number, width)))
    except DauysError:
        if width == TILE_WIDTH:
            raise
        return unbundle(read(entries_path(number)))


def _require_same(tail: LogTail, checkpoint: Checkpoint) -> None:
    if tail.tree.root_at(checkpoint.size) != checkpoint.root:
        raise ForkRefused(what=f"at size {checkpoint.size} the public root differs")
