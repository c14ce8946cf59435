"""Checkpoints that Tessera signed, then by properties."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import NoteInvalid
from dauys.translog import merkle
from dauys.translog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from dauys.translog.note import Signer, Verifier

SIGNER = Signer("log.example/2026", bytes(range(32)))
NEIGHBOUR = Signer("log.example/2027", bytes(32))

origins = st.text(
    st.characters(codec="utf-8", exclude_characters=[chr(code) for code in range(32)]), min_size=1, max_size=40
)
checkpoints = st.builds(Checkpoint, origins, st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))


@pytest.fixture(scope="module")
def published(log_vectors):
    return json.loads((log_vectors / "checkpoint.json").read_text())


def test_the_text_of_the_specification(published):
    example = published["specification"]
    checkpoint = Checkpoint(example["origin"], example["size"], base64.b64decode(example["root"]))
    assert checkpoint.to_text() == example["text"]
    assert Checkpoint.parse(example["text"]) == checkpoint


def test_checkpoints_that_tessera_signed(published):
    tessera = published["tessera"]
    verifier = Verifier.parse(tessera["vkey"])
    for size, note in tessera["checkpoints"].items():
        checkpoint = open_checkpoint(note, [verifier])
        assert (checkpoint.origin, checkpoint.size) == (verifier.name, int(size))
        assert checkpoint == open_checkpoint(note.encode(), [verifier], "example.com/log/testdata")
    assert open_checkpoint(tessera["checkpoints"]["0"], [verifier]).root == merkle.EMPTY_ROOT


def test_refused_texts(published):
    for why, text in published["refused_texts"]:
        assert is_refused(text), why


def is_refused(text):
    try:
        Checkpoint.parse(text)
    except NoteInvalid:
        return True
    return False


@given(checkpoints)
def test_a_checkpoint_is_read_back(checkpoint):
    assert Checkpoint.parse(checkpoint.to_text()) == checkpoint
    assert open_checkpoint(sign_checkpoint(SIGNER, checkpoint), [SIGNER.verifier], checkpoint.origin) == checkpoint


@given(st.text() | st.lists(st.sampled_from(["o", "\n", "1", "0", "A" * 43 + "=", "A"]), max_size=8).map("".join))
def test_what_is_read_is_written_the_same(text):
    try:
        checkpoint = Checkpoint.parse(text)
    except NoteInvalid:
        return
    assert checkpoint.to_text() == text


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [("", 0, bytes(32)), ("a\nb", 0, bytes(32)), ("a", -1, bytes(32)), ("a", 2**63, bytes(32)), ("a", 0, bytes(31))],
)
def test_no_checkpoint_that_could_not_be_read_back(origin, size, root):
    with pytest.raises(NoteInvalid):
        Checkpoint(origin, size, root)


def test_another_origin_is_refused():
    note = sign_checkpoint(SIGNER, Checkpoint("log.example/2026", 3, bytes(32)))
    with pytest.raises(NoteInvalid, match=r"not of log\.example/2027"):
        open_checkpoint(note, [SIGNER.verifier], "log.example/2027")


def test_a_known_key_cannot_speak_for_another_log():
    note = sign_checkpoint(NEIGHBOUR, Checkpoint("log.example/2026", 3, bytes(32)))
    with pytest.raises(NoteInvalid, match="itself did not sign"):
        open_checkpoint(note, [SIGNER.verifier, NEIGHBOUR.verifier])


@given(st.data())
def test_one_changed_byte_is_refused(data):
    note = bytearray(sign_checkpoint(SIGNER, Checkpoint("log.example/2026", 1234567, bytes(range(32)))).encode())
    place = data.draw(st.integers(0, len(note) - 1))
    note[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(NoteInvalid):
        open_checkpoint(bytes(note), [SIGNER.verifier])
