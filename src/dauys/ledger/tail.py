"""The log's tail: the one place where entries become leaves, inside the caller's write transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from dauys.errors import EdgeRefused, ProofInvalid, Refusal
from dauys.ledger import faults, sqlite
from dauys.translog.merkle import leaf_hash
from dauys.translog.tiles import MAX_ENTRY, TileTree, bundle


class LogTail:
    """Extends the log and proves inclusion; keeps the right edge in memory between transactions.

    The memory is only a cache of the tail row: each `extend` compares size and root with the database and reads the
    edge again when another process moved it, or when the transaction of an earlier `extend` was rolled back.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.tree = TileTree(0, self._read_tile)

    def _read_tile(self, level: int, number: int) -> bytes:
        return sqlite.read_tile(self.connection, level, number)

    def refresh(self) -> sqlite.Tail:
        """Brings the tree to the database's tail and returns that row; EdgeRefused where its tiles do not give its root."""
        tail = sqlite.read_tail(self.connection)
        if self.tree.size != tail.size or self.tree.root() != tail.root:
            try:
                self.tree = TileTree(tail.size, self._read_tile)
                root = self.tree.root()
            except ProofInvalid as error:
                raise EdgeRefused(what=error) from None
            if root != tail.root:
                raise EdgeRefused(what=f"another root at size {tail.size}")
        return tail

    def extend(self, entries: Sequence[bytes]) -> int:
        """Appends entries with their tiles and moves the tail; returns the first index. Call `refresh` before.

        FileRejected for an entry that no bundle can hold: committed, it would end publication for good.
        """
        bundle(entry for entry in entries if len(entry) > MAX_ENTRY)
        first = self.tree.size
        sqlite.write_entries(self.connection, first, entries)
        faults.reach("after-entries")
        sqlite.write_tiles(self.connection, self.tree.append([leaf_hash(entry) for entry in entries]))
        faults.reach("after-tiles")
        if not sqlite.move_tail(self.connection, first, self.tree.size, self.tree.root()):
            raise Refusal(why="another process moved the log's tail inside this transaction.")
        faults.reach("after-tail")
        return first


def append(connection: sqlite3.Connection, entry: bytes) -> int:
    """Logs one act of an office inside the caller's transaction, so that row and leaf commit together or not at all."""
    tail = LogTail(connection)
    tail.refresh()
    return tail.extend([entry])
