"""Receipts: entry, index, inclusion proof and signed checkpoint in one c2sp.org/tlog-proof file.

The entry travels in the format's `extra` line, so one file is enough. Never in it: VRF proof, salt, envelope, request
token. With those, leaked personal numbers would unmask a holder in minutes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from functools import cached_property

from dauys.ledger import sqlite
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.note import Signer
from dauys.translog.proof import Receipt
from dauys.translog.tiles import TileTree


class ReceiptWriter:
    """Writes receipts against one tree size; the checkpoint is signed once, and only if one is asked for."""

    def __init__(self, tree: TileTree, signer: Signer) -> None:
        self.tree, self.signer = tree, signer

    @cached_property
    def checkpoint(self) -> str:
        """The signed checkpoint of the tree as it is committed."""
        return sign_checkpoint(self.signer, Checkpoint(self.signer.verifier.name, self.tree.size, self.tree.root()))

    def write(self, index: int, entry: bytes) -> str:
        """The receipt of the entry at this index."""
        return Receipt(index, tuple(self.tree.inclusion_proof(index)), self.checkpoint, entry).to_text()


def receipts_of(connection: sqlite3.Connection, signer: Signer, indices: Iterable[int]) -> dict[int, str]:
    """Receipts of entries that are already in the log, by index, from one consistent view."""
    with sqlite.snapshot(connection):
        tree = TileTree(
            sqlite.read_tail(connection).size, lambda level, number: sqlite.read_tile(connection, level, number)
        )
        writer = ReceiptWriter(tree, signer)
        return {index: writer.write(index, sqlite.read_entries(connection, index, index + 1)[0]) for index in indices}
