"""The tree against the published roots and proofs of the Certificate Transparency test tree, then by properties."""

import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import ProofInvalid
from dauys.translog import merkle
from dauys.translog.tiles import TileTree

LEAVES = [merkle.leaf_hash(bytes([number % 251, number // 251])) for number in range(300)]


@pytest.fixture(scope="module")
def published(log_vectors):
    return json.loads((log_vectors / "merkle.json").read_text())


def tree_of(leaves):
    tree = TileTree(0, lambda _level, _number: b"")
    tree.append(leaves)
    return tree


def test_roots_of_the_ct_test_tree(published):
    leaves = [merkle.leaf_hash(bytes.fromhex(entry)) for entry in published["entries"]]
    edge = []
    for size, root in enumerate(published["roots"]):
        assert merkle.root_from_leaves(leaves[:size]).hex() == root
        assert merkle.root_of_edge(edge, size).hex() == root
        if size < len(leaves):
            merkle.extend_edge(edge, size, leaves[size])


def test_published_proofs_hold_and_are_ours(published):
    leaves = [merkle.leaf_hash(bytes.fromhex(entry)) for entry in published["entries"]]
    tree = tree_of(leaves)
    roots = [bytes.fromhex(root) for root in published["roots"]]
    for case in published["inclusion"]:
        index, size, proof = case["index"], case["size"], [bytes.fromhex(line) for line in case["proof"]]
        assert tree.inclusion_proof(index, size) == proof
        merkle.verify_inclusion(leaves[index], index, size, proof, roots[size])
    for case in published["consistency"]:
        old, new, proof = case["old"], case["new"], [bytes.fromhex(line) for line in case["proof"]]
        assert tree.consistency_proof(old, new) == proof
        merkle.verify_consistency(old, roots[old], new, roots[new], proof)


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_edge_gives_the_root_of_the_recursion(entries):
    leaves = [merkle.leaf_hash(entry) for entry in entries]
    edge = []
    for size, leaf in enumerate(leaves):
        merkle.extend_edge(edge, size, leaf)
    assert merkle.root_of_edge(edge, len(leaves)) == merkle.root_from_leaves(leaves)


def test_a_leaf_cannot_pass_for_a_node():
    left, right = LEAVES[:2]
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)


def test_an_edge_of_another_size_is_refused():
    with pytest.raises(ProofInvalid, match="perfect subtrees"):
        merkle.root_of_edge(LEAVES[:2], 4)


@given(st.integers(1, 300), st.data())
def test_changed_inclusion_is_refused(size, data):
    tree = tree_of(LEAVES[:size])
    index = data.draw(st.integers(0, size - 1))
    root, proof = tree.root(), tree.inclusion_proof(index)
    merkle.verify_inclusion(LEAVES[index], index, size, proof, root)
    flip = data.draw(st.integers(0, 255))
    for place in range(len(proof)):
        with pytest.raises(ProofInvalid):
            merkle.verify_inclusion(LEAVES[index], index, size, changed(proof, place, flip), root)
    for leaf, at, of, path, top in [
        (changed([LEAVES[index]], 0, flip)[0], index, size, proof, root),
        (LEAVES[index], index, size, proof, changed([root], 0, flip)[0]),
        (LEAVES[index], index, size, [*proof, root], root),
        (LEAVES[index], size, size, proof, root),
        (LEAVES[index], -1, size, proof, root),
        *([(LEAVES[index], index, size, proof[:-1], root)] if proof else []),
        *([(LEAVES[index], index - 1, size, proof, root)] if index else []),
    ]:
        with pytest.raises(ProofInvalid):
            merkle.verify_inclusion(leaf, at, of, path, top)


@given(st.integers(1, 299), st.data())
def test_changed_consistency_is_refused(old, data):
    new = data.draw(st.integers(old + 1, 300))
    tree = tree_of(LEAVES[:new])
    old_root, new_root, proof = tree.root_at(old), tree.root(), tree.consistency_proof(old)
    merkle.verify_consistency(old, old_root, new, new_root, proof)
    flip = data.draw(st.integers(0, 255))
    for place in range(len(proof)):
        with pytest.raises(ProofInvalid):
            merkle.verify_consistency(old, old_root, new, new_root, changed(proof, place, flip))
    for first, last, path in [
        (changed([old_root], 0, flip)[0], new_root, proof),
        (old_root, changed([new_root], 0, flip)[0], proof),
        (old_root, new_root, proof[:-1]),
        (old_root, new_root, [*proof, new_root]),
        (old_root, new_root, []),
    ]:
        with pytest.raises(ProofInvalid):
            merkle.verify_consistency(old, first, new, last, path)


def test_growth_from_nothing_and_by_nothing():
    root = merkle.root_from_leaves(LEAVES[:5])
    merkle.verify_consistency(0, merkle.EMPTY_ROOT, 5, root, [])
    merkle.verify_consistency(5, root, 5, root, [])
    merkle.verify_consistency(0, merkle.EMPTY_ROOT, 0, merkle.EMPTY_ROOT, [])
    for old, old_root, new, new_root, proof in [
        (0, root, 5, root, []),
        (0, merkle.EMPTY_ROOT, 0, root, []),
        (5, root, 5, LEAVES[0], []),
        (5, root, 5, root, [root]),
        (0, merkle.EMPTY_ROOT, 5, root, [root]),
        (6, root, 5, root, []),
    ]:
        with pytest.raises(ProofInvalid):
            merkle.verify_consistency(old, old_root, new, new_root, proof)


def test_hashes_of_other_lengths_are_refused():
    """Else 33 and 31 bytes would join to the same node as 32 and 32."""
    left, right = LEAVES[:2]
    root = merkle.node_hash(left, right)
    with pytest.raises(ProofInvalid, match="32 bytes"):
        merkle.verify_inclusion(left + right[:1], 0, 2, [right[1:]], root)


@given(st.integers(-3, 70), st.integers(-3, 70), st.lists(st.binary(min_size=30, max_size=34), max_size=8), st.data())
def test_anything_else_is_a_clean_refusal(first, second, proof, data):
    root = data.draw(st.binary(max_size=33) | st.just(sha256(b"").digest()))
    with pytest.raises(ProofInvalid):
        merkle.verify_inclusion(LEAVES[0], first, second, proof, root)
    try:
        merkle.verify_consistency(first, root, second, LEAVES[1], proof)
    except ProofInvalid:
        return
    assert first == 0  # nothing is the beginning of everything
    assert root == merkle.EMPTY_ROOT


def changed(hashes, place, flip):
    """The hashes with one bit of one of them turned."""
    byte, bit = divmod(flip, 8)
    hash_ = bytearray(hashes[place])
    hash_[byte] ^= 1 << bit
    return [*hashes[:place], bytes(hash_), *hashes[place + 1 :]]
