"""Receipts: one file, checked offline; whatever changes in it, it does not hold."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import DauysError, ReceiptInvalid, ReceiptMalformed
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.merkle import leaf_hash, root_from_leaves
from dauys.translog.note import Signer, Verifier
from dauys.translog.proof import Receipt, verify_receipt
from dauys.translog.tiles import TileTree

SIGNER = Signer("log.example/2026", bytes(range(32)))
WITNESS = Signer("witness.example", bytes(32))


@pytest.fixture(scope="module")
def published(log_vectors):
    return json.loads((log_vectors / "receipt.json").read_text())


def issue(entries, index, signer=SIGNER):
    tree = TileTree(0, lambda _level, _number: b"")
    tree.append([leaf_hash(entry) for entry in entries])
    note = sign_checkpoint(signer, Checkpoint(signer.name, tree.size, tree.root()))
    return Receipt(index, tuple(tree.inclusion_proof(index)), note, entries[index])


RECEIPT = issue([b"entry %d" % number for number in range(11)], 6)


def test_the_published_receipt_holds_and_is_issued_again(published, log_vectors):
    case = published["dauys"]
    text = (log_vectors / case["file"]).read_text()
    signer = Signer.load(case["skey"])
    assert issue([b"%d" % number for number in range(case["size"])], case["index"], signer).to_text() == text
    receipt, checkpoint = verify_receipt(text, [Verifier.parse(case["vkey"])])
    assert (receipt.entry, receipt.index, checkpoint.size) == (b"513", case["index"], case["size"])


def test_a_receipt_under_a_checkpoint_that_tessera_signed(published):
    case = published["tessera"]
    receipt = Receipt.parse(case["receipt"])
    assert receipt.extra is None
    checkpoint = receipt.verify(case["entry"].encode(), [Verifier.parse(case["vkey"])])
    assert (receipt.index, checkpoint.size) == (case["index"], case["size"])
    with pytest.raises(ReceiptMalformed, match="does not carry its entry"):
        verify_receipt(case["receipt"], [Verifier.parse(case["vkey"])])


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=40), st.data())
def test_every_receipt_is_read_back_and_holds(entries, data):
    receipt = issue(entries, data.draw(st.integers(0, len(entries) - 1)))
    assert Receipt.parse(receipt.to_text()) == receipt == Receipt.parse(receipt.to_text().encode())
    read, checkpoint = verify_receipt(receipt.to_text(), [SIGNER.verifier], "log.example/2026")
    assert read == receipt
    assert checkpoint.root == root_from_leaves([leaf_hash(entry) for entry in entries])


@given(st.data())
def test_one_changed_byte_is_refused(data):
    text = bytearray(RECEIPT.to_text().encode())
    place = data.draw(st.integers(0, len(text) - 1))
    text[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises((ReceiptMalformed, ReceiptInvalid)):
        verify_receipt(bytes(text), [SIGNER.verifier])


@pytest.mark.parametrize("place", range(len(RECEIPT.to_text().encode())))
def test_every_byte_counts(place):
    text = bytearray(RECEIPT.to_text().encode())
    text[place] ^= 1
    for damaged in (bytes(text), bytes(text[:place]), bytes(text[:place] + text[place + 1 :])):
        with pytest.raises((ReceiptMalformed, ReceiptInvalid)):
            verify_receipt(damaged, [SIGNER.verifier])


def test_cosignatures_we_do_not_know_do_no_harm():
    cosigned = RECEIPT.checkpoint + WITNESS.sign("anything\n").rpartition("\n\n")[2]
    receipt = Receipt(RECEIPT.index, RECEIPT.proof, cosigned, RECEIPT.extra)
    assert verify_receipt(receipt.to_text(), [SIGNER.verifier])[1].size == 11
    with pytest.raises(ReceiptInvalid, match="no key we know"):
        receipt.verify(b"entry 6", [])


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"extra": b"entry 7"}, "does not lead to the root"),
        ({"index": 7}, "does not lead to the root"),
        ({"index": 11}, "no entry 11 in a tree of 11"),
        ({"proof": RECEIPT.proof[:-1]}, "needs 4 hashes, not 3"),
        ({"checkpoint": issue([b"entry 6"], 0).checkpoint}, "no entry 6 in a tree of 1"),
        ({"checkpoint": RECEIPT.checkpoint.replace("\n11\n", "\n12\n")}, "is not over this text"),
    ],
)
def test_what_fails_is_said_in_words(change, what):
    fields = {"index": 6, "proof": RECEIPT.proof, "checkpoint": RECEIPT.checkpoint, "extra": RECEIPT.extra}
    with pytest.raises(ReceiptInvalid, match=what):
        verify_receipt(Receipt(**{**fields, **change}).to_text(), [SIGNER.verifier])


def test_a_receipt_of_another_log_is_refused():
    with pytest.raises(ReceiptInvalid, match=r"not of log\.example/2025"):
        RECEIPT.verify(b"entry 6", [SIGNER.verifier], "log.example/2025")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@v1\n", "@v2\n"),
        ("@v1\n", "@v1\r\n"),
        ("@v1\n", "@v1\n\n"),
        ("index 6\n", "index 06\n"),
        ("index 6\n", "index -6\n"),
        ("index 6\n", "index 9223372036854775808\n"),
        ("index 6\n", ""),
        ("index 6\n", "index 6\nindex 6\n"),
        ("index 6\n", "extra AAAA\nindex 6\n"),
        ("extra ", "extra"),
        ("extra ", "Extra "),
        ("index 6\n", "index 6\nAAAA\n"),
        ("index 6\n", "index 6\n" + ("A" * 43 + "=\n") * 60),
        ("\n\n", "\n"),
    ],
)
def test_another_form_is_malformed(old, new):
    text = RECEIPT.to_text()
    assert old in text
    with pytest.raises(ReceiptMalformed):
        Receipt.parse(text.replace(old, new, 1))


def test_a_receipt_too_long_is_refused_unread():
    with pytest.raises(ReceiptMalformed, match="longer than"):
        Receipt.parse("a" * (2**20 + 1))


def test_the_longest_entry_fits():
    receipt = issue([bytes(65535)], 0)
    assert verify_receipt(receipt.to_text(), [SIGNER.verifier])[0].entry == bytes(65535)


pieces = st.sampled_from(
    ["c2sp.org/tlog-proof@v1\n", "extra QQ==\n", "index 0\n", "A" * 43 + "=\n", "\n", RECEIPT.checkpoint, "é", "\x00"]
)


@given(st.binary() | st.text() | st.lists(pieces, max_size=8).map("".join))
def test_anything_else_is_a_clean_refusal(data):
    with pytest.raises(DauysError):
        verify_receipt(data, [SIGNER.verifier])


@given(st.lists(pieces, max_size=8).map("".join))
def test_what_is_read_is_written_the_same(text):
    try:
        receipt = Receipt.parse(text)
    except ReceiptMalformed:
        return
    assert receipt.to_text() == text
