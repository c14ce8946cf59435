"""A receipt brought under a newer checkpoint by its holder, from published files only."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.errors import NotFound, NotPublishedYet, ProofInvalid, ReceiptInvalid
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.merkle import leaf_hash
from dauys.translog.note import Signer, split_note
from dauys.translog.proof import Receipt
from dauys.translog.renewal import renew, small_lines
from dauys.translog.signature_types import COSIGNATURE_V1, ML_DSA_44
from dauys.translog.tiles import TileTree, parse_path

LOG = Signer("log.example/2026", bytes(range(32)))
WITNESS = Signer("w.example", bytes(32), COSIGNATURE_V1)
SIZES = [1, 2, 255, 256, 257, 511, 512, 700]


class Published:
    """700 entries, whose tiles can be read at the widths of `size` only."""

    def __init__(self, branch=b""):
        self.entries = [b"entry %d %s" % (number, branch if number > 300 else b"") for number in range(700)]
        self.tiles = {}
        self.tree = TileTree(0, lambda level, number: self.tiles[level, number])
        for level, number, data in self.tree.append([leaf_hash(entry) for entry in self.entries]):
            self.tiles[level, number] = data

    def note(self, size):
        return sign_checkpoint(LOG, Checkpoint(LOG.name, size, self.tree.root_at(size)), WITNESS, time=1)

    def receipt(self, index, size):
        note = sign_checkpoint(LOG, Checkpoint(LOG.name, size, self.tree.root_at(size)))
        return Receipt(index, tuple(self.tree.inclusion_proof(index, size)), note, self.entries[index])

    def reader(self, size):
        def read(path):
            tile = parse_path(path)
            whole = size >> 8 * tile.level
            if not 0 < tile.width <= whole - tile.number * 256:
                raise NotFound
            return self.tiles[tile.level, tile.number][: tile.width * 32]

        return read


LOG_A, LOG_B = Published(), Published(b"other")


def renewed(receipt, published, size, read=None):
    return renew(receipt, receipt.entry, [LOG.verifier], published.note(size), read or published.reader(size))


@settings(deadline=None)
@given(st.sampled_from(SIZES), st.sampled_from(SIZES), st.data())
def test_any_receipt_under_any_larger_published_size(old, size, data):
    old, size = sorted((old, size))
    receipt = LOG_A.receipt(data.draw(st.integers(0, old - 1)), old)
    newer = renewed(receipt, LOG_A, size)
    assert newer.verify(receipt.entry, [LOG.verifier]).size == size
    assert (newer.index, newer.extra) == (receipt.index, receipt.extra)
    assert "w.example" in newer.checkpoint


def test_a_log_that_has_not_published_so_far_is_told():
    with pytest.raises(NotPublishedYet) as refused:
        renewed(LOG_A.receipt(5, 512), LOG_A, 511)
    assert refused.value.facts["size"] == 511


def test_a_fork_is_refused_even_where_it_contains_the_entry():
    with pytest.raises(ProofInvalid):
        renewed(LOG_A.receipt(5, 512), LOG_B, 700)
    renewed(LOG_A.receipt(5, 256), LOG_B, 700)  # before they part they are one


def test_tiles_that_do_not_give_the_root_are_refused():
    def bent(path):
        data = bytearray(LOG_A.reader(700)(path))
        data[-1] ^= 1
        return bytes(data)

    with pytest.raises((ProofInvalid, ReceiptInvalid)):
        renewed(LOG_A.receipt(5, 512), LOG_A, 700, bent)

    def gone(_path):
        raise NotFound

    with pytest.raises(ProofInvalid, match="cannot be read"):
        renewed(LOG_A.receipt(5, 512), LOG_A, 700, gone)


def test_a_receipt_that_does_not_hold_is_not_renewed():
    receipt = LOG_A.receipt(5, 512)
    with pytest.raises(ReceiptInvalid):
        renew(receipt, b"another entry", [LOG.verifier], LOG_A.note(700), LOG_A.reader(700))


def test_small_lines_leave_the_long_ones_out():
    checkpoint = Checkpoint(LOG.name, 5, bytes(32))
    long = [Signer(name, bytes(32), ML_DSA_44) for name in (LOG.name, "w.example")]
    note = sign_checkpoint(LOG, checkpoint, long[0], WITNESS, long[1], time=1)
    assert small_lines(note) == sign_checkpoint(LOG, checkpoint, WITNESS, time=1)
    assert len(split_note(small_lines(note))[1]) == 2
