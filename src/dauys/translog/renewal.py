"""A receipt of a newer checkpoint for the same entry, made by its holder from the published files alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dauys.errors import NotPublishedYet
from dauys.translog.audit import read_tile
from dauys.translog.keyring import Keyring
from dauys.translog.merkle import verify_consistency
from dauys.translog.note import SignatureLine, split_note
from dauys.translog.proof import Receipt
from dauys.translog.signature_types import COSIGNATURE_V1, TIME_SIZE
from dauys.translog.tiles import TILE_HEIGHT, TILE_WIDTH, Tile, TileTree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dauys.translog.note import Verifier

SMALL = COSIGNATURE_V1.signature_size + TIME_SIZE  # bytes of the longest Ed25519 line


def renew(
    receipt: Receipt, entry: bytes, keys: Keyring | Sequence[Verifier], note: str, read: Callable[[str], bytes]
) -> Receipt:
    """The entry's receipt under the published checkpoint `note`, everything verified by hashes that `read(path)` brings.

    ReceiptInvalid, NoteInvalid; NotPublishedYet where the receipt is newer; ProofInvalid where the published tree does
    not contain the receipt's, or the files do not give its root. `read` raises NotFound or FileRejected for no file.
    """
    ring = Keyring.of(keys)
    old = receipt.verify(entry, ring.for_note(receipt.checkpoint))
    new = ring.open(note, old.origin)
    if new.size < old.size:
        raise NotPublishedYet(size=new.size)
    tree = published_tree(new.size, read)
    verify_consistency(old.size, old.root, new.size, new.root, tree.consistency_proof(old.size))
    renewed = Receipt(receipt.index, tuple(tree.inclusion_proof(receipt.index)), note, receipt.extra)
    renewed.verify(entry, ring.for_note(note), old.origin)
    return renewed


def published_tree(size: int, read: Callable[[str], bytes]) -> TileTree:
    """The tree of a published size for proofs, over its published tiles; nothing of it is proven before a proof is."""

    def tile(level: int, number: int) -> bytes:
        width = min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - number * TILE_WIDTH)
        return read_tile(read, Tile(level, number, width))

    return TileTree(size, tile)


def small_lines(note: str) -> str:
    """A checkpoint with its Ed25519 lines only: what a receipt carries (docs/decisions: small receipts)."""
    text, lines = split_note(note)
    kept = [line for line in lines if len(line.signature) <= SMALL]
    return f"{text}\n" + "".join(map(SignatureLine.to_text, kept))
