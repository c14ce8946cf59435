"""Paths, bundles, and the growing tree against the definitions of RFC 6962 and tlog-tiles taken word for word."""

import base64
import json
import random
from functools import cache
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.errors import FileRejected, ProofInvalid
from dauys.translog import merkle
from dauys.translog.tiles import (
    MAX_ENTRY,
    TILE_WIDTH,
    Tile,
    TileTree,
    bundle,
    entries_path,
    parse_path,
    tile_path,
    unbundle,
)

MANY = 300_000


@cache
def leaves():
    return [sha256(number.to_bytes(4, "big")).digest() for number in range(MANY)]


def mth(start, stop):
    """Merkle Tree Hash of leaves[start:stop] by the recursion; short runs are not remembered, they are many."""
    return remembered_mth(start, stop) if stop - start >= 16 else merkle.root_from_leaves(leaves()[start:stop])


@cache
def remembered_mth(start, stop):
    split = start + largest_power_below(stop - start)
    return merkle.node_hash(mth(start, split), mth(split, stop))


def largest_power_below(size):
    return 1 << (size - 1).bit_length() - 1


def path(index, start, stop):
    """PATH of RFC 6962 §2.1.1."""
    if stop - start == 1:
        return []
    split = start + largest_power_below(stop - start)
    if index < split:
        return [*path(index, start, split), mth(split, stop)]
    return [*path(index, split, stop), mth(start, split)]


def subproof(old, start, stop, whole):
    """SUBPROOF of RFC 6962 §2.1.2."""
    if old == stop:
        return [] if whole else [mth(start, stop)]
    split = start + largest_power_below(stop - start)
    if old <= split:
        return [*subproof(old, start, split, whole), mth(split, stop)]
    return [*subproof(old, split, stop, False), mth(start, split)]


class Store:
    """Tiles as a log stores them; counts what is read."""

    def __init__(self):
        self.tiles = {}
        self.reads = []

    def put(self, changed):
        for level, number, data in changed:
            assert data.startswith(self.tiles.get((level, number), b""))
            self.tiles[level, number] = data

    def read(self, level, number):
        self.reads.append((level, number))
        return self.tiles[level, number]


def grown(size, batch=1000):
    store = Store()
    tree = TileTree(0, store.read)
    for start in range(0, size, batch):
        store.put(tree.append(leaves()[start : min(start + batch, size)]))
    return tree, store


# ---- The tree ----


def test_every_proof_of_every_size_to_600():
    tree, _ = grown(600)
    for size in range(1, 601):
        assert tree.root_at(size) == mth(0, size)
        for index in range(size):
            assert tree.inclusion_proof(index, size) == path(index, 0, size)
        for old in {1, size - 1, size // 2, size // 3, largest_power_below(size) if size > 1 else 1} - {0}:
            assert tree.consistency_proof(old, size) == subproof(old, 0, size, True)
    assert tree.root_at(0) == merkle.EMPTY_ROOT


def test_every_growth_to_130():
    tree, _ = grown(130)
    for size in range(1, 131):
        for old in range(1, size + 1):
            assert tree.consistency_proof(old, size) == subproof(old, 0, size, True)


def test_a_tree_grown_leaf_by_leaf_has_the_right_root_each_time():
    tree = TileTree(0, Store().read)
    for size in range(1, 601):
        tree.append(leaves()[size - 1 : size])
        assert tree.root() == mth(0, size)
        assert tree.inclusion_proof(size - 1) == path(size - 1, 0, size)


@pytest.fixture(scope="module")
def large():
    return grown(MANY)


@settings(max_examples=60, deadline=None)
@given(size=st.integers(1, MANY) | st.sampled_from([255, 256, 257, 65535, 65536, 65537, 131072, MANY]), data=st.data())
def test_random_proofs_of_large_trees(large, size, data):
    tree, _ = large
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert tree.inclusion_proof(index, size) == path(index, 0, size)
    assert tree.consistency_proof(old, size) == subproof(old, 0, size, True)
    merkle.verify_inclusion(leaves()[index], index, size, tree.inclusion_proof(index, size), tree.root_at(size))
    merkle.verify_consistency(old, tree.root_at(old), size, tree.root_at(size), tree.consistency_proof(old, size))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 700), max_size=6), st.integers(0, 2000))
def test_tiles_hold_the_hashes_of_their_definition(batches, start):
    tree, store = grown(start)
    for batch in batches:
        store.put(tree.append(leaves()[tree.size : tree.size + batch]))
    level, hashes = 0, tree.size
    while hashes:
        span = TILE_WIDTH**level
        for number in range(-(-hashes // TILE_WIDTH)):
            first = number * TILE_WIDTH
            wanted = [mth(at * span, (at + 1) * span) for at in range(first, min(first + TILE_WIDTH, hashes))]
            assert store.tiles.pop((level, number)) == b"".join(wanted)
        level, hashes = level + 1, hashes // TILE_WIDTH
    assert not store.tiles  # nothing else was written, no empty tile


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 3000) | st.sampled_from([255, 256, 257, 65535, 65536, 65537]), st.integers(0, 600))
def test_a_reopened_tree_goes_on_even_from_tiles_wider_than_it_needs(size, more):
    """A crash may leave tiles that are ahead of the committed size."""
    _, store = grown(size + more)
    tree = TileTree(size, store.read)
    assert tree.root() == mth(0, size)
    tree.append(leaves()[size : size + more])
    assert tree.size == size + more
    assert tree.root() == mth(0, size + more)


def test_only_tiles_that_changed_come_back():
    tree, _ = grown(65536 - 256)
    changed = tree.append(leaves()[65280:65537])
    assert [(level, number, len(data) // 32) for level, number, data in changed] == [
        (0, 255, 256),
        (0, 256, 1),
        (1, 0, 256),
        (2, 0, 1),
    ]
    assert tree.append([]) == []


def test_proofs_near_the_edge_read_nothing(large):
    tree, store = large
    tree.inclusion_proof(MANY - 1)
    store.reads.clear()
    for index in range(MANY - 200, MANY):
        tree.inclusion_proof(index)
    assert store.reads == []


def test_a_full_tile_is_read_once(large):
    _, store = large
    tree = TileTree(MANY, store.read)
    store.reads.clear()
    for index in range(512, 768):
        tree.inclusion_proof(index)
    assert store.reads == [(0, 2), (1, 0)]  # leaves and their row of tiles; the level above is the edge


def test_a_tile_that_is_too_short_is_named(large):
    _, store = large
    with pytest.raises(ProofInvalid, match=r"tile/0/x001/171 holds"):
        TileTree(MANY, lambda level, number: store.read(level, number)[:40])


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0), (0, 11), (3, -1)])
def test_no_proof_of_what_is_not_there(index, size):
    tree, _ = grown(10)
    with pytest.raises(ProofInvalid):
        tree.inclusion_proof(index, size)


@pytest.mark.parametrize(("old", "size"), [(-1, 5), (6, 5), (0, 11), (11, 11)])
def test_no_growth_of_what_is_not_there(old, size):
    tree, _ = grown(10)
    with pytest.raises(ProofInvalid):
        tree.consistency_proof(old, size)
    with pytest.raises(ProofInvalid):
        tree.root_at(11)


def test_growth_from_nothing_and_to_itself_needs_no_hashes():
    tree, _ = grown(10)
    assert tree.consistency_proof(0) == tree.consistency_proof(10) == []


def test_a_leaf_that_is_no_hash_is_refused():
    tree, _ = grown(3)
    with pytest.raises(ProofInvalid):
        tree.append([b"short"])
    assert tree.size == 3


def test_roots_of_a_log_that_tessera_wrote(log_vectors):
    published = json.loads((log_vectors / "tiles.json").read_text())["tessera"]
    tree = TileTree(0, Store().read)
    tree.append([merkle.leaf_hash(entry.encode()) for entry in published["entries"]])
    for size, root in published["roots"].items():
        assert base64.b64encode(tree.root_at(int(size))).decode() == root


def test_tiles_of_the_published_sizes(log_vectors):
    """Sizes at which a level begins or a tile is ragged; every tile's SHA-256 stands in the vectors."""
    for case in json.loads((log_vectors / "tiles.json").read_text())["trees"]:
        tree, store = grown_from_numbers(case["size"])
        assert tree.root().hex() == case["root"]
        named = {
            tile_path(level, number, len(data) // 32): sha256(data).hexdigest()
            for (level, number), data in store.tiles.items()
        }
        assert named == case["tiles"]


def grown_from_numbers(size):
    """The tree whose entry n is the decimal text of n."""
    store = Store()
    tree = TileTree(0, store.read)
    store.put(tree.append([merkle.leaf_hash(str(number).encode()) for number in range(size)]))
    return tree, store


# ---- Paths ----


def test_published_paths(log_vectors):
    for case in json.loads((log_vectors / "tiles.json").read_text())["paths"]:
        tile = Tile(case["level"], case["number"], case["width"])
        assert tile.path == case["path"]
        assert parse_path(case["path"]) == tile
    for refused in json.loads((log_vectors / "tiles.json").read_text())["refused_paths"]:
        assert parse_path(refused) is None


def test_the_path_of_the_specification():
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path(0, 1234, 5) == "tile/0/x001/234.p/5"
    assert entries_path(0, 255) == "tile/entries/000.p/255"


@given(st.none() | st.integers(0, 63), st.integers(0, 2**55 - 1), st.integers(1, 256))
def test_every_path_is_read_back(level, number, width):
    tile = Tile(level, number, width)
    assert parse_path(tile.path) == tile


@given(st.text(alphabet="tile/nrsx0123456789.p", max_size=40) | st.text(max_size=20))
def test_what_is_read_is_written_the_same(requested):
    for path_ in (requested, f"tile/0/{requested}", f"tile/entries/{requested}"):
        tile = parse_path(path_)
        assert tile is None or tile.path == path_


# ---- Bundles ----


@given(st.lists(st.binary(max_size=300), max_size=TILE_WIDTH))
def test_a_bundle_is_read_back(entries):
    assert unbundle(bundle(entries)) == entries


def test_the_longest_entry():
    assert unbundle(bundle([bytes(MAX_ENTRY)])) == [bytes(MAX_ENTRY)]
    with pytest.raises(FileRejected, match="65536 bytes"):
        bundle([bytes(MAX_ENTRY + 1)])


def test_a_bundle_in_bytes():
    assert bundle([b"", b"ab"]).hex() == "000000026162"


@given(st.binary(max_size=200))
def test_random_bytes_are_a_bundle_or_a_clean_refusal(data):
    try:
        entries = unbundle(data)
    except FileRejected:
        return
    assert bundle(entries) == data


@given(st.lists(st.binary(max_size=9), min_size=1, max_size=9), st.data())
def test_a_bundle_cut_inside_an_entry_is_refused(entries, data):
    whole = bundle(entries)
    cut = data.draw(st.integers(1, len(entries[-1]) + 1))
    with pytest.raises(FileRejected, match=f"after entry {len(entries) - 1}"):
        unbundle(whole[:-cut])


def test_random_access_is_right_while_tiles_are_evicted(large, monkeypatch):
    monkeypatch.setattr("dauys.translog.tiles.CACHED_TILES", 3)
    _, store = large
    tree = TileTree(MANY, store.read)
    chooser = random.Random(20260101)
    for _ in range(60):
        index = chooser.randrange(MANY)
        assert tree.inclusion_proof(index) == path(index, 0, MANY)
    assert len(tree._full) == 3
