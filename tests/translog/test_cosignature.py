"""Cosignatures against the specification's bytes, put together by hand here, then by properties."""

import struct

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import KeyMalformed, NoteInvalid
from dauys.translog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from dauys.translog.note import Signer, Verifier, open_note, split_note, verified_lines
from dauys.translog.signature_types import COSIGNATURE_V1, ED25519, ML_DSA_44

# The example of c2sp.org/tlog-cosignature; it publishes no keys, so its line only shows where the time stands.
SOFA = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
SOFA_LINE = "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
TIME = 1679315147

LOG = Signer("log.example/2026", bytes(range(32)))
LOG_ML = Signer("log.example/2026", bytes(range(32)), ML_DSA_44)
V1 = Signer("witness.example/w1", b"\x01" * 32, COSIGNATURE_V1)
ML = Signer("witness.example/w1", b"\x02" * 32, ML_DSA_44)
CHECKPOINT = Checkpoint("log.example/2026", 300, bytes(range(32)))
seeds = st.binary(min_size=32, max_size=32)
times = st.integers(0, 2**63 - 1)


def signature_of(line):
    return split_note(f"a\n\n{line}")[1][0]


# ---- The bytes that are signed ----


def test_the_time_stands_where_the_specification_shows_it():
    assert COSIGNATURE_V1.time_of(signature_of(SOFA_LINE).signature) == TIME
    assert len(signature_of(SOFA_LINE).signature) == 8 + 64


def test_cosignature_v1_signs_the_message_of_the_specification():
    line = signature_of(V1.line(SOFA, TIME))
    message = f"cosignature/v1\ntime 1679315147\n{SOFA}".encode()
    key = Ed25519PublicKey.from_public_bytes(V1.verifier.public_key)
    assert line.signature[:8] == struct.pack(">Q", TIME)
    key.verify(line.signature[8:], message)


def test_ml_dsa_signs_the_structure_of_the_specification():
    line = signature_of(ML.line(CHECKPOINT.to_text(), TIME))
    message = struct.pack(
        ">12sB18sQB16sQQ32s",
        b"subtree/v1\n\0", 18, b"witness.example/w1", TIME, 16, b"log.example/2026", 0, 300, bytes(range(32)),
    )  # fmt: skip
    key = MLDSA44PublicKey.from_public_bytes(ML.verifier.public_key)
    assert line.signature[:8] == struct.pack(">Q", TIME)
    key.verify(line.signature[8:], message)
    with pytest.raises(InvalidSignature):
        key.verify(line.signature[8:], message[:-1] + b"\0")


@pytest.mark.parametrize(("signer", "byte", "size"), [(LOG, 1, 32), (V1, 4, 32), (ML, 6, 1312)])
def test_the_key_id_holds_the_type(signer, byte, size):
    from base64 import b64decode
    from hashlib import sha256

    name, key_id, key = signer.verifier.vkey.split("+", 2)
    assert b64decode(key)[0] == byte
    assert len(b64decode(key)) == 1 + size
    assert key_id == sha256(name.encode() + b"\n" + b64decode(key)).hexdigest()[:8]


# ---- One interface ----


def test_a_checkpoint_of_log_and_witnesses_is_opened_by_each_of_its_keys():
    note = sign_checkpoint(LOG, CHECKPOINT, LOG_ML, V1, ML, time=TIME)
    for signer in (LOG, LOG_ML, V1, ML):
        opened = open_note(note, [signer.verifier])
        assert opened.signatures == [(signer.verifier, TIME if signer is not LOG else None)]
    assert open_checkpoint(note, [LOG.verifier, LOG_ML.verifier, V1.verifier, ML.verifier]) == CHECKPOINT
    assert open_checkpoint(note, [LOG_ML.verifier]) == CHECKPOINT


def test_a_witness_alone_does_not_speak_for_the_log():
    note = sign_checkpoint(V1, CHECKPOINT, time=TIME)
    with pytest.raises(NoteInvalid, match="itself did not sign"):
        open_checkpoint(note, [LOG.verifier, V1.verifier])


def test_a_note_that_no_known_key_signed_has_no_verified_lines():
    assert verified_lines(LOG.sign("a\n"), [V1.verifier]) == ("a\n", [])


@pytest.mark.parametrize("type_", [ED25519, COSIGNATURE_V1, ML_DSA_44])
@given(seed=seeds, time=times)
def test_keys_of_every_type_are_read_back_and_their_lines_open(type_, seed, time):
    signer = Signer("w", seed, type_)
    assert Signer.load(signer.skey) == signer
    assert Verifier.parse(signer.verifier.vkey) == signer.verifier
    [(verifier, found)] = open_note(signer.sign(CHECKPOINT.to_text(), time), [signer.verifier]).signatures
    assert (verifier, found) == (signer.verifier, None if type_ is ED25519 else time)


@pytest.mark.parametrize("signer", [V1, ML])
@given(data=st.data())
def test_one_changed_bit_of_a_cosignature_is_refused(signer, data):
    """Time included: it is signed, so that nobody can make an old cosignature young."""
    note = sign_checkpoint(LOG, CHECKPOINT, time=TIME)
    line = signature_of(signer.line(CHECKPOINT.to_text(), TIME))
    blob = bytearray(line.signature)
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(NoteInvalid, match="not over this text"):
        open_note(note + line._replace(signature=bytes(blob)).to_text(), [LOG.verifier, signer.verifier])


@pytest.mark.parametrize("signer", [V1, ML])
@pytest.mark.parametrize("length", [1, 8, 63, 71, 73, 2427, 2429])
def test_a_cosignature_of_another_length_is_refused(signer, length):
    note = sign_checkpoint(LOG, CHECKPOINT)
    line = signature_of(signer.line(CHECKPOINT.to_text()))._replace(signature=bytes(length))
    with pytest.raises(NoteInvalid):
        open_note(note + line.to_text(), [signer.verifier])


@pytest.mark.parametrize("signer", [V1, ML])
def test_a_cosignature_is_of_one_checkpoint_only(signer):
    line = signer.line(CHECKPOINT.to_text(), TIME)
    for other in (
        Checkpoint("log.example/2027", 300, bytes(range(32))),
        Checkpoint("log.example/2026", 301, bytes(range(32))),
        Checkpoint("log.example/2026", 300, bytes(32)),
    ):
        with pytest.raises(NoteInvalid):
            open_note(f"{other.to_text()}\n{line}", [signer.verifier])


def test_ml_dsa_commits_to_the_cosigners_name_and_v1_does_not():
    """Why a v1 key must never be used by two cosigners (c2sp.org/tlog-cosignature)."""
    for signer, holds in ((V1, True), (ML, False)):
        renamed = Verifier("other.example", signer.verifier.public_key, signer.type)
        signature = signature_of(signer.line(CHECKPOINT.to_text(), TIME)).signature
        assert renamed.verify(CHECKPOINT.to_text().encode(), signature) is holds


def test_ml_dsa_signs_checkpoints_only():
    for text in ("a\n", "a\nb\nc\n", "a\n1\nAAAA\n", "a" * 256 + "\n1\n" + "A" * 43 + "=\n"):
        with pytest.raises(NoteInvalid, match="cannot be signed"):
            ML.sign(text)
    line = ML.line(CHECKPOINT.to_text())
    with pytest.raises(NoteInvalid):
        open_note(f"a\n\n{line}", [ML.verifier])


def test_bytes_that_are_no_key_are_refused():
    with pytest.raises(KeyMalformed, match="1312"):
        Verifier("w", bytes(32), ML_DSA_44)
    assert not Verifier("w", b"\xff" * 1312, ML_DSA_44).verify(
        CHECKPOINT.to_text().encode(), signature_of(ML.line(CHECKPOINT.to_text())).signature
    )


def test_a_time_beyond_the_specification_is_refused():
    signature = V1.type.sign(V1._key, V1.name, b"a\n", 2**63)
    assert not V1.verifier.verify(b"a\n", signature)
