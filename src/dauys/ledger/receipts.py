"""Receipts: entry, index, inclusion proof and signed checkpoint in one c2sp.org/tlog-proof file.

The entry travels in the format's `extra` line, so one file is enough. Never in it: VRF proof, salt, envelope, request
token. With those, leaked personal numbers would unmask a holder in minutes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from functools import cached_property

from dauys.ledger import sqlite
from dauys.ledger.log_keys import require_present
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.note import Signer, split_note
from dauys.translog.proof import Receipt
from dauys.translog.renewal import small_lines
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


def best_receipt(connection: sqlite3.Connection, signer: Signer, index: int) -> str:
    """Under the published checkpoint where witnesses cosigned it and it covers the entry, else under the newest tree."""
    return witnessed_receipt(connection, index) or receipts_of(connection, signer, [index])[index]


def witnessed_receipt(connection: sqlite3.Connection, index: int) -> str | None:
    """Under the published checkpoint; None where no witness cosigned that, or it does not cover the entry yet."""
    with sqlite.snapshot(connection):
        tail = sqlite.read_tail(connection)
        if index >= tail.published_size or not is_cosigned(tail.published_checkpoint):
            return None
        tree = TileTree(tail.size, lambda level, number: sqlite.read_tile(connection, level, number))
        proof = tuple(tree.inclusion_proof(index, tail.published_size))
        [entry] = sqlite.read_entries(connection, index, index + 1)
        return Receipt(index, proof, small_lines(tail.published_checkpoint), entry).to_text()


def is_cosigned(note: str) -> bool:
    """Whether a checkpoint of ours bears a line under another name than the log's."""
    if not note:
        return False
    text, lines = split_note(note)
    return any(line.name != Checkpoint.parse(text).origin for line in lines)


def receipts_of(connection: sqlite3.Connection, signer: Signer, indices: Iterable[int]) -> dict[int, str]:
    """Receipts of entries that are already in the log, by index, from one consistent view."""
    with sqlite.snapshot(connection):
        tail = sqlite.read_tail(connection)
        require_present(tail, signer)
        tree = TileTree(tail.size, lambda level, number: sqlite.read_tile(connection, level, number))
        writer = ReceiptWriter(tree, signer)
        return {index: writer.write(index, sqlite.read_entries(connection, index, index + 1)[0]) for index in indices}
