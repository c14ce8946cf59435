"""A log's keys over time: both sides sign each change, and every checkpoint is judged by the keys of its size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import NoteInvalid, ReceiptInvalid
from dauys.translog.checkpoint import Checkpoint, sign_checkpoint
from dauys.translog.keyring import KeyChange, Keyring
from dauys.translog.merkle import leaf_hash
from dauys.translog.note import Signer, open_note, split_note
from dauys.translog.proof import Receipt, verify_by
from dauys.translog.signature_types import ML_DSA_44

NAME = "log.example/2026"


def pair(number):
    seed = bytes([number]) * 32
    return Signer(NAME, seed), Signer(NAME, seed, ML_DSA_44)


def verifiers(signers):
    return tuple(signer.verifier for signer in signers)


def change(index, old, new):
    return KeyChange(NAME, index, verifiers(old), verifiers(new))


A, B, C = pair(1), pair(2), pair(3)
FIRST = change(100, A, B).sign([*A, *B])
SECOND = change(250, B, C).sign([*B, *C])


def test_a_change_is_read_back():
    assert KeyChange.open(FIRST) == change(100, A, B)


def test_every_key_must_sign():
    for missing in range(4):
        signers = [*A, *B]
        del signers[missing]
        with pytest.raises(NoteInvalid):
            KeyChange.open(change(100, A, B).sign(signers))
    for more in ([*A, *B, A[0]], [*A, *B, C[0]]):
        with pytest.raises(NoteInvalid):
            KeyChange.open(change(100, A, B).sign(more))


@given(st.data())
def test_one_changed_byte_is_refused(data):
    statement = bytearray(FIRST.encode())
    statement[data.draw(st.integers(0, len(statement) - 1))] ^= 1 << data.draw(st.integers(0, 6))
    with pytest.raises((NoteInvalid, UnicodeDecodeError)):
        KeyChange.open(statement.decode())


@pytest.mark.parametrize(
    "text",
    [
        KeyChange(NAME, 1, (), verifiers(B)).to_text(),
        KeyChange(NAME, 1, verifiers(A), ()).to_text(),
        KeyChange("other.example", 1, verifiers(A), verifiers(B)).to_text(),
        change(1, A, B).to_text().replace("dauys.log-keys/v1", "dauys.log-keys/v2"),
        change(1, A, B).to_text().replace("\n1\n", "\n01\n"),
        change(1, A, B).to_text() + "more\n",
        change(1, A, B).to_text() + "until nonsense\n",
        "a\n",
    ],
)
def test_other_texts_are_no_change(text):
    signed = f"{text}\n" + "".join(signer.bare_line(text) for signer in (*A, *B))
    with pytest.raises(NoteInvalid):
        KeyChange.open(signed)


def test_a_change_cannot_be_taken_for_a_checkpoint_nor_a_checkpoint_for_a_change():
    text, lines = split_note(FIRST)
    with pytest.raises(NoteInvalid):
        Checkpoint.parse(text)
    for line in lines:  # a bare ML-DSA signature is no cosignature; a bare Ed25519 one is a note's, over no checkpoint
        key = next(key for key in verifiers([*A, *B]) if key.key_id == line.key_id)
        if key.type is ML_DSA_44:
            with pytest.raises(NoteInvalid):
                open_note(f"{text}\n{line.to_text()}", [key])
    with pytest.raises(NoteInvalid):
        KeyChange.open(sign_checkpoint(A[0], Checkpoint(NAME, 3, bytes(32)), A[1], *B))


def test_each_size_has_its_keys():
    ring = Keyring.follow(verifiers(A), [KeyChange.open(FIRST), KeyChange.open(SECOND)])
    for size, keys in ((0, A), (100, A), (101, B), (250, B), (251, C), (10**9, C)):
        assert ring.at(size) == list(verifiers(keys))
    assert ring.present == list(verifiers(C))
    assert set(ring.verifiers) == {*verifiers(A), *verifiers(B), *verifiers(C)}
    assert ring.verifiers[0] == C[0].verifier
    assert Keyring.follow((), [KeyChange.open(FIRST)]).at(7) == list(verifiers(A))  # a log that never named its first
    assert Keyring.follow(verifiers(A), []).at(7) == list(verifiers(A))


def test_changes_that_do_not_follow_are_refused():
    for opened, changes in ((B, [FIRST]), (A, [SECOND]), (A, [FIRST, FIRST]), (A[:1], [FIRST])):
        with pytest.raises(NoteInvalid):
            Keyring.follow(verifiers(opened), [KeyChange.open(each) for each in changes])
    backwards = change(100, B, C).sign([*B, *C])
    with pytest.raises(NoteInvalid):
        Keyring.follow(verifiers(A), [KeyChange.open(FIRST), KeyChange.open(backwards)])


def test_a_retired_key_signs_no_larger_tree():
    """Whoever stole it can neither sign a checkpoint nor a receipt that the ring believes."""
    ring = Keyring.follow(verifiers(A), [KeyChange.open(FIRST)])
    for size, holds in ((100, True), (101, False), (1000, False)):
        note = sign_checkpoint(A[0], Checkpoint(NAME, size, leaf_hash(b"x")))
        receipt = Receipt(0, (), note, b"x").to_text()
        if holds:
            assert ring.open(note).size == size
        else:
            with pytest.raises(NoteInvalid):
                ring.open(note)
            with pytest.raises(ReceiptInvalid):
                verify_by(ring, receipt)
