"""An audit finds every changed, cut or missing file by name, and gives every entry of a good log once."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.errors import NotFound, ProofInvalid
from dauys.translog.audit import audit_tree
from dauys.translog.checkpoint import Checkpoint
from dauys.translog.merkle import EMPTY_ROOT, leaf_hash
from dauys.translog.tiles import TILE_WIDTH, TileTree, bundle, entries_path, tile_path

SIZES = [0, 1, 2, 255, 256, 257, 511, 512, 700]


def publish(size, ends=()):
    """Files and checkpoint of a log of `size`, published also at each size in `ends`."""
    files = {}
    entries = [b"entry %d" % number for number in range(size)]
    tree = TileTree(0, lambda _level, _number: b"")
    for end in sorted({*ends, size}):
        start = tree.size
        for level, number, data in tree.append([leaf_hash(entry) for entry in entries[start:end]]):
            files[tile_path(level, number, len(data) // 32)] = data
        for number in range(start // TILE_WIDTH, -(-end // TILE_WIDTH)):
            held = entries[number * TILE_WIDTH : min(end, (number + 1) * TILE_WIDTH)]
            files[entries_path(number, len(held))] = bundle(held)
    return files, Checkpoint("log.example/2026", size, tree.root())


def audit(files, checkpoint):
    def read(path):
        if path not in files:
            raise NotFound
        return files[path]

    found, counts = [], []
    audit_tree(checkpoint, read, lambda *entry: found.append(entry), progress=counts.append)
    return found, counts


@pytest.mark.parametrize("size", SIZES)
def test_a_good_log_gives_every_entry_once(size):
    files, checkpoint = publish(size)
    found, counts = audit(files, checkpoint)
    assert found == [(index, b"entry %d" % index) for index in range(size)]
    assert counts == [min(end, size) for end in range(256, size + 256, 256)]


def test_a_log_is_audited_at_every_size_it_published():
    files, _ = publish(700, [3, 256, 300, 600])
    for size in (3, 256, 300, 600, 700):
        assert len(audit(files, publish(size)[1])[0]) == size


def test_full_files_serve_for_partial_ones_that_are_gone():
    files, _ = publish(1024, [700])
    del files["tile/0/002.p/188"], files["tile/entries/002.p/188"]
    assert len(audit(files, publish(700)[1])[0]) == 700
    del files["tile/1/000.p/2"]  # at 1024 this tile is still partial, so the log must go on serving it
    with pytest.raises(ProofInvalid, match=r"tile/1/000\.p/2 cannot be read: it is not published"):
        audit(files, publish(700)[1])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SIZES[1:]), st.randoms(use_true_random=False))
def test_one_changed_byte_of_any_file_is_found_by_name(size, chooser):
    files, checkpoint = publish(size)
    path = chooser.choice(sorted(files))
    damaged = bytearray(files[path])
    damaged[chooser.randrange(len(damaged))] ^= chooser.randrange(1, 256)
    with pytest.raises(ProofInvalid) as found:
        audit({**files, path: bytes(damaged)}, checkpoint)
    named = {path, path.replace("tile/entries", "tile/0")}  # an entry that differs shows at its leaf hash
    assert re.search(r"tile/\S+", found.value.facts["what"])[0] in named


@pytest.mark.parametrize("size", SIZES[1:])
def test_missing_cut_and_longer_files_are_named(size):
    files, checkpoint = publish(size)
    for path, data in files.items():
        for changed in (None, b"", data[:-1], data + data[:1], data + data):
            rest = {name: held for name, held in files.items() if name != path}
            with pytest.raises(ProofInvalid, match=re.escape(path)):
                audit(rest if changed is None else {**rest, path: changed}, checkpoint)


def test_the_index_of_what_differs_is_named():
    files, checkpoint = publish(70_000)
    for path, position, index in (
        ("tile/0/001", 7, 263),
        ("tile/0/273.p/112", 111, 69_999),
        ("tile/1/000", 3, 768),
        ("tile/1/001.p/17", 16, 69_632),
        ("tile/2/000.p/1", 0, 0),
    ):
        damaged = bytearray(files[path])
        damaged[32 * position] ^= 1
        with pytest.raises(ProofInvalid, match=rf"{path} differs .* index {index}\b"):
            audit({**files, path: bytes(damaged)}, checkpoint)


@pytest.mark.parametrize("size", SIZES)
def test_another_root_is_found(size):
    files, checkpoint = publish(size)
    other = Checkpoint(checkpoint.origin, size, leaf_hash(b"other"))
    with pytest.raises(ProofInvalid, match="do not have the root"):
        audit(files, other)


def test_a_forged_log_that_agrees_with_itself_is_found_by_the_root():
    _, checkpoint = publish(300)
    forged, _ = publish(299)
    entries = [b"entry %d" % number for number in range(256, 299)] + [b"forged"]
    tree = TileTree(299, lambda level, number: forged[tile_path(level, number, (299 >> 8 * level) % 256)])
    for level, number, data in tree.append([leaf_hash(b"forged")]):
        forged[tile_path(level, number, len(data) // 32)] = data
    forged[entries_path(1, 44)] = bundle(entries)
    with pytest.raises(ProofInvalid, match="do not have the root"):
        audit(forged, checkpoint)


def test_no_entry_is_given_before_its_leaf_was_compared():
    files, checkpoint = publish(600)
    entries = [b"entry %d" % number for number in range(256, 512)]
    random.Random(1).shuffle(entries)
    files[entries_path(1)] = bundle(entries)
    given_entries = []
    with pytest.raises(ProofInvalid, match="tile/0/001"):
        audit_tree(checkpoint, files.__getitem__, lambda index, _entry: given_entries.append(index))
    assert given_entries == list(range(256))


def test_an_empty_log_reads_nothing():
    audit_tree(Checkpoint("o", 0, EMPTY_ROOT), pytest.fail, pytest.fail)
