"""The short form of a receipt: the same receipt comes back, and one value has one writing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import ReceiptMalformed
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.compact import from_compact, slimmed, to_compact
from dauys.translog.note import Signer
from dauys.translog.proof import Receipt
from dauys.translog.signature_types import COSIGNATURE_V1, ML_DSA_44

LOG = Signer("log.example/2026", bytes(range(32)))
NOTE = sign_checkpoint(LOG, Checkpoint(LOG.name, 9, bytes(32)))

receipts = st.builds(
    Receipt, st.integers(0, 2**63 - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple),
    st.just(NOTE), st.binary(max_size=400),
)  # fmt: skip


@given(receipts)
def test_the_same_receipt_comes_back(receipt):
    assert from_compact(to_compact(receipt)) == receipt


@given(receipts, st.data())
def test_another_writing_is_refused_or_is_another_receipt(receipt, data):
    short = to_compact(receipt)
    at = data.draw(st.integers(0, len(short) - 1))
    other = short[:at] + data.draw(st.sampled_from("ABab01-_=+ ")) + short[at + 1 :]
    try:
        read = from_compact(other)
    except ReceiptMalformed:
        return
    assert to_compact(read) == other


@pytest.mark.parametrize("text", ["", "A", "AA", "AQ", "AgAAAA", "ключ", "AYAA"])
def test_anything_else_is_refused(text):
    with pytest.raises(ReceiptMalformed):
        from_compact(text)


def test_a_receipt_without_its_entry_has_no_short_form():
    with pytest.raises(ReceiptMalformed, match="does not carry its entry"):
        to_compact(Receipt(0, (), NOTE))


def test_slimmed_keeps_what_a_browser_can_check():
    witness = Signer("witness.example/w1", bytes(32), COSIGNATURE_V1)
    lattice = Signer(LOG.name, bytes(32), ML_DSA_44)
    checkpoint = Checkpoint(LOG.name, 1, bytes(32))
    whole = Receipt(0, (), sign_checkpoint(LOG, checkpoint, lattice, witness), b"entry")
    assert slimmed(whole).checkpoint == sign_checkpoint(LOG, checkpoint, witness)
