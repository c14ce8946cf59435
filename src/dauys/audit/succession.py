"""Who signs now what a known key signed before: the last entry of a log that was closed names its successor's key."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from dauys.audit.known import tile_reader
from dauys.errors import DauysError, ProofInvalid
from dauys.ledger.key_document import KEYS, read_document
from dauys.ledger.leaves import decode_leaf
from dauys.ledger.log_leaves import LogClosed
from dauys.translog.checkpoint import Checkpoint, open_checkpoint
from dauys.translog.merkle import leaf_hash, verify_inclusion
from dauys.translog.note import Verifier
from dauys.translog.tiles import TILE_WIDTH, TileTree, entries_path, unbundle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dauys.translog.keyring import Keyring

    Read = Callable[[str], bytes]


def with_successors(read: Read, known: Sequence[Verifier]) -> list[Verifier]:
    """The known keys, and those that their logs named as successors: each proven under a checkpoint of the key before."""
    found = list(known)
    for verifier in found:  # grows: a successor may have one too
        ring = past_ring(read, verifier)
        found += [other for other in (ring.verifiers if ring else ()) if other not in found]
        found += [following for following in _successors(read, verifier) if following not in found]
    return found


def past_ring(read: Read, verifier: Verifier) -> Keyring | None:
    """The keys of all times of a closed log, if its published changes name this one."""
    try:
        ring = read_document(read(f"past/{hashlib.sha256(verifier.name.encode()).hexdigest()}/{KEYS}"))
    except DauysError:
        return None
    return ring if verifier in ring.verifiers else None


def _successors(read: Read, verifier: Verifier) -> list[Verifier]:
    """Keys that the last entry of a closed log names; none where there is none, or it is not proven."""
    folder = f"past/{hashlib.sha256(verifier.name.encode()).hexdigest()}"
    try:
        last = open_checkpoint(read(f"{folder}/checkpoint").decode(errors="replace"), [verifier], verifier.name)
        leaf = decode_leaf(_last_entry(last, lambda path: read(f"{folder}/{path}")))
        if not isinstance(leaf, LogClosed):
            return []
        following = [Verifier.parse(vkey) for vkey in leaf.keys]
    except DauysError:
        return []
    return [each for each in following if each.name == leaf.successor]


def _last_entry(checkpoint: Checkpoint, read: Read) -> bytes:
    """The last entry of a tree, proven; ProofInvalid and its kin."""
    index = checkpoint.size - 1
    number, place = divmod(index, TILE_WIDTH)
    try:
        data = read(entries_path(number, place + 1))
    except DauysError:
        data = read(entries_path(number))
    entries = unbundle(data)
    if len(entries) <= place:
        raise ProofInvalid(what=f"{entries_path(number)} is cut short")
    proof = TileTree(checkpoint.size, tile_reader(checkpoint.size, read)).inclusion_proof(index)
    verify_inclusion(leaf_hash(entries[place]), index, checkpoint.size, proof, checkpoint.root)
    return entries[place]
