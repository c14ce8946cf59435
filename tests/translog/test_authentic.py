"""Nothing of a log is believed that does not lead to the checkpoint, whatever the server answers and how often."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import NotFound, ProofInvalid
from dauys.translog.authentic import AuthenticTree
from dauys.translog.checkpoint import Checkpoint
from dauys.translog.merkle import leaf_hash, verify_consistency
from dauys.translog.tiles import TILE_WIDTH, Tile, TileTree, bundle


def log(size):
    """(checkpoint, files by path) of a log of so many entries, with tiles of exactly this size."""
    entries = [b"entry %d" % n for n in range(size)]
    tree = TileTree(0, lambda *_: b"")
    files = {}
    for level, number, data in tree.append([leaf_hash(entry) for entry in entries]):
        files[Tile(level, number, len(data) // 32).path] = data
    for number in range(-(-size // TILE_WIDTH)):
        part = entries[number * TILE_WIDTH : (number + 1) * TILE_WIDTH]
        files[Tile(None, number, len(part)).path] = bundle(part)
    return Checkpoint("log.example", size, tree.root()), files


def reading(files):
    def read(path):
        if path not in files:
            raise NotFound
        return files[path]

    return read


def read_all(checkpoint, read):
    tree = AuthenticTree(checkpoint, read)
    entries = [entry for number in range(-(-checkpoint.size // 256)) for entry in tree.entries(number)]
    level = 0
    while checkpoint.size >> 8 * level:
        for number in range(-(-(checkpoint.size >> 8 * level) // 256)):
            tree.tile(level, number)
        level += 1
    return entries


SIZES = [0, 1, 2, 255, 256, 257, 511, 512, 700, 65_536, 65_537, 66_000]


@pytest.mark.parametrize("size", SIZES)
def test_an_honest_log_is_read_whole(size):
    checkpoint, files = log(size)
    assert read_all(checkpoint, reading(files)) == [b"entry %d" % n for n in range(size)]


@pytest.mark.parametrize("size", [256, 700, 66_000])
def test_a_changed_or_missing_file_is_named_or_no_file_of_this_tree(size):
    checkpoint, files = log(size)
    for path in sorted(files)[:: max(1, len(files) // 40)]:
        for harm in (lambda data: bytes([data[0] ^ 1]) + data[1:], lambda data: data[:-1], lambda _: b""):
            with pytest.raises(ProofInvalid):
                read_all(checkpoint, reading(files | {path: harm(files[path])}))
        with pytest.raises(ProofInvalid):
            read_all(checkpoint, reading({name: data for name, data in files.items() if name != path}))


@given(st.integers(1, 1500), st.data())
def test_roots_and_growth_are_those_of_the_tree(size, data):
    checkpoint, files = log(size)
    old_size = data.draw(st.integers(1, size))
    tree, old = AuthenticTree(checkpoint, reading(files)), log(old_size)[0]
    assert tree.root_at(old_size) == old.root
    verify_consistency(old_size, old.root, size, checkpoint.root, tree.consistency_proof(old_size))


def test_a_server_that_answers_differently_the_second_time():
    """The edge is read once: what is asked for later is what was proven."""
    checkpoint, files = log(700)
    asked = {}

    def read(path):
        asked[path] = asked.get(path, 0) + 1
        data = reading(files)(path)
        return data if asked[path] == 1 else sha256(data).digest() * (len(data) // 32)

    tree = AuthenticTree(checkpoint, read)
    assert tree.tile(0, 2) == files["tile/0/002.p/188"]
    assert tree.tile(1, 0) == files["tile/1/000.p/2"]
    assert tree.tile(0, 0) == files["tile/0/000"]
    with pytest.raises(ProofInvalid):
        tree.tile(0, 0)  # read anew, proven anew


def test_a_wider_tile_serves_and_a_tile_beyond_the_tree_does_not():
    checkpoint, files = log(700)
    wide = log(768)[1]
    narrow = {path: data for path, data in files.items() if ".p/188" not in path}
    assert read_all(checkpoint, reading(narrow | wide)) == [b"entry %d" % n for n in range(700)]
    tree = AuthenticTree(checkpoint, reading(files))
    for level, number in ((0, 3), (1, 1), (2, 0)):
        with pytest.raises(ProofInvalid):
            tree.tile(level, number)
