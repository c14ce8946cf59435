"""Checkpoints and receipts that somebody kept: whether they are of the same log as the one that is published now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dauys.errors import DauysError, ProofInvalid
from dauys.ledger.findings import Found, told
from dauys.ledger.leaves import from_text
from dauys.translog.checkpoint import Checkpoint
from dauys.translog.keyring import Keyring
from dauys.translog.merkle import HASH_SIZE, verify_consistency
from dauys.translog.proof import HEADER, Receipt, verify_by
from dauys.translog.tiles import TILE_HEIGHT, TILE_WIDTH, TileTree, entries_path, tile_path, unbundle

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from dauys.translog.note import Verifier

    Read = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody kept: a signed checkpoint, and the receipt it was in, if it was one."""

    name: str
    checkpoint: Checkpoint
    receipt: Receipt | None = None


def open_known(name: str, data: bytes, keys: Keyring | Sequence[Verifier]) -> Known:
    """A checkpoint or a receipt, verified by the keys of its size; NoteInvalid, ReceiptInvalid and their kin."""
    ring = Keyring.of(keys)
    if data.startswith(HEADER.encode()):
        receipt, checkpoint = verify_by(ring, data)
        return Known(name, checkpoint, receipt)
    return Known(name, ring.open(data))


def check_succession(now: Checkpoint, read: Read, found: Found) -> set[str]:
    """Whether the logs that this one says it continues ended as it says; the names of all of them."""
    names = {now.origin}
    for each in [finding for finding in found if finding.code in ("succeeds", "entries-lost")]:
        named, size = each.facts["named"], each.facts["size"]
        names.add(named)
        before = Checkpoint(named, size, from_text(each.facts["root"]))
        if each.code == "succeeds" and not is_prefix(before, now, read):
            found.add(each.index, "succession-differs", named=named, size=size)
    return names


def check_ring(ring: Keyring | None, size: int, signers: Sequence[str], found: Found) -> None:
    """Whether a key that is believed at this size signed, by changes that the auditor knew from elsewhere."""
    believed = {key.vkey for key in ring.at(size)} if ring else set(signers)
    if not believed & set(signers) and not any(each.code == "retired-key" for each in found):
        found.add(None, "retired-key")


def check_known(known: Known, now: Checkpoint, read: Read, found: Found, names: Collection[str] = ()) -> None:
    """Whether the published log, under any of its `names`, holds all that the kept checkpoint did, in the same order."""
    facts = {"source": known.name, "size": known.checkpoint.size}
    if known.checkpoint.origin not in {now.origin, *names}:
        found.add(None, "of-another-log", origin=known.checkpoint.origin, **facts)
    elif (
        known.checkpoint.size > now.size and known.checkpoint.origin == now.origin
    ):  # a signer's receipt comes before the checkpoint is published
        found.add(None, "known-ahead", **facts)
    elif not is_prefix(known.checkpoint, now, read):
        found.add(None, "forked", **facts)
        _check_entry(known, now, read, found)


def is_prefix(before: Checkpoint, now: Checkpoint, read: Read) -> bool:
    """Whether the log of a checkpoint begins with that of an earlier one, by the published tiles."""
    try:
        tree = TileTree(now.size, tile_reader(now.size, read))
        proof = tree.consistency_proof(before.size)
        verify_consistency(before.size, before.root, now.size, now.root, proof)
    except ProofInvalid:
        return False
    return True


def tile_reader(size: int, read: Read) -> Callable[[int, int], bytes]:
    """Reads tiles of a published tree of `size` by level and number; ProofInvalid where one is missing."""

    def tile(level: int, number: int) -> bytes:
        width = min(TILE_WIDTH, (size >> TILE_HEIGHT * level) - number * TILE_WIDTH)
        try:
            return read(tile_path(level, number, width))
        except DauysError:
            try:
                return read(tile_path(level, number))[: width * HASH_SIZE]
            except DauysError as error:
                raise ProofInvalid(what=str(error)) from error

    return tile


def _check_entry(known: Known, now: Checkpoint, read: Read, found: Found) -> None:
    """Where a receipt's entry should stand."""
    if known.receipt is None:
        return
    index = known.receipt.index
    number, place = divmod(index, TILE_WIDTH)
    width = min(TILE_WIDTH, now.size - number * TILE_WIDTH)
    try:
        entries = unbundle(read(entries_path(number, width)))
        if entries[place] == known.receipt.entry:
            return
        why: object = "another entry stands in its place"
    except (DauysError, IndexError) as error:
        why = told(error)
    found.add(index, "receipt-not-held", source=known.name, why=why)
