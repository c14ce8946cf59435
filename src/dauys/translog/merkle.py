"""The hash tree of RFC 6962 §2.1 (the same as RFC 9162 §2.1): hashes, roots and the checks of its proofs.

Every hash is 32 bytes of SHA-256. A leaf and an inner node are hashed with different first bytes, so neither can
pass for the other; a verifier therefore refuses any hash of another length before it joins two.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from dauys.errors import ProofInvalid

if TYPE_CHECKING:
    from collections.abc import Sequence

HASH_SIZE = 32
LEAF_PREFIX, NODE_PREFIX = b"\x00", b"\x01"  # RFC 6962 §2.1
EMPTY_ROOT = sha256(b"").digest()
MAX_SIZE = 2**63 - 1
"""Greatest tree size and index: what the signed 64-bit integers of other implementations hold."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry as a leaf."""
    return sha256(LEAF_PREFIX + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node over its two children."""
    return sha256(NODE_PREFIX + left + right).digest()


def root_from_leaves(hashes: Sequence[bytes]) -> bytes:
    """Merkle Tree Hash of leaf hashes by the recursion of RFC 6962 §2.1: slow, the reference for everything else."""
    if not hashes:
        return EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1  # the largest power of two below the size
    return node_hash(root_from_leaves(hashes[:split]), root_from_leaves(hashes[split:]))


# ---- The right edge: what a growing tree must remember -----------------------------------------------------------


def root_of_edge(edge: Sequence[bytes], size: int) -> bytes:
    """Root of a tree of `size` leaves from its perfect subtrees, largest first."""
    if len(edge) != size.bit_count():
        raise ProofInvalid(what=f"a tree of {size} has {size.bit_count()} perfect subtrees, not {len(edge)}")
    if not edge:
        return EMPTY_ROOT
    root = edge[-1]
    for subtree in reversed(edge[:-1]):
        root = node_hash(subtree, root)
    return root


def extend_edge(edge: list[bytes], size: int, leaf: bytes) -> None:
    """Add one leaf hash, in place, to the edge of a tree that had `size` leaves."""
    while size & 1:  # each one-bit is a perfect subtree that the new one completes to the next power of two
        leaf = node_hash(edge.pop(), leaf)
        size >>= 1
    edge.append(leaf)


# ---- Proofs ------------------------------------------------------------------------------------------------------


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raise ProofInvalid unless `leaf` is at `index` of the tree of `size` with `root` (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size <= MAX_SIZE:
        raise ProofInvalid(what=f"there is no entry {index} in a tree of {size}")
    _require_hashes(leaf, root, *proof)
    inner, border = _path_shape(index, size - 1)
    if len(proof) != inner + border:
        raise ProofInvalid(what=f"entry {index} of {size} needs {inner + border} hashes, not {len(proof)}")
    if _climb(leaf, index, proof, inner) != root:
        raise ProofInvalid(what=f"entry {index} does not lead to the root of the tree of {size}")


def verify_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise ProofInvalid unless the new tree holds the old one as its beginning (RFC 9162 §2.1.4.2)."""
    if not 0 <= old_size <= new_size <= MAX_SIZE:
        raise ProofInvalid(what=f"a tree of {new_size} cannot have grown from one of {old_size}")
    _require_hashes(old_root, new_root, *proof)
    if old_size in (0, new_size):
        _verify_trivial_growth(old_size, old_root, new_size, new_root, proof)
        return
    # The path of the old tree's last perfect subtree: its left turns build the old root, all turns the new one.
    height = _trailing_zeros(old_size)
    index = (old_size - 1) >> height
    start, path = (old_root, proof) if index == 0 else (proof[0] if proof else b"", proof[1:])
    inner, border = _path_shape(index, (new_size - 1) >> height)
    if not start or len(path) != inner + border:
        raise ProofInvalid(what=f"growth from {old_size} to {new_size} is not shown by {len(proof)} hashes")
    if _climb_left(start, index, path, inner) != old_root:
        raise ProofInvalid(what=f"it does not lead to the old root, of {old_size}")
    if _climb(start, index, path, inner) != new_root:
        raise ProofInvalid(what=f"it does not lead to the new root, of {new_size}")


def _verify_trivial_growth(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    if proof:
        raise ProofInvalid(what=f"growth from {old_size} to {new_size} needs no hashes, not {len(proof)}")
    for size, root in ((old_size, old_root), (new_size, new_root)):
        if size == 0 and root != EMPTY_ROOT:
            raise ProofInvalid(what="an empty tree has another root")
    if old_size == new_size and old_root != new_root:
        raise ProofInvalid(what=f"two different roots for one size, {new_size}")


def _path_shape(index: int, last: int) -> tuple[int, int]:
    """Of the path from node `index` in a row that ends at `last`: hashes below the meeting of both paths, and above."""
    inner = (index ^ last).bit_length()
    return inner, (index >> inner).bit_count()


def _climb(node: bytes, index: int, path: Sequence[bytes], inner: int) -> bytes:
    for height, sibling in enumerate(path):
        is_right_child = height >= inner or index >> height & 1
        node = node_hash(sibling, node) if is_right_child else node_hash(node, sibling)
    return node


def _climb_left(node: bytes, index: int, path: Sequence[bytes], inner: int) -> bytes:
    for height, sibling in enumerate(path):
        if height >= inner or index >> height & 1:
            node = node_hash(sibling, node)
    return node


def _trailing_zeros(number: int) -> int:
    return (number & -number).bit_length() - 1


def _require_hashes(*hashes: bytes) -> None:
    for candidate in hashes:
        if len(candidate) != HASH_SIZE:
            raise ProofInvalid(what=f"a hash has {HASH_SIZE} bytes, not {len(candidate)}")
