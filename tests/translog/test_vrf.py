"""The VRF against the vector of C2SP, then by properties."""

import json
from pathlib import Path

import pytest
import rbcl
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.errors import KeyMalformed, ProofInvalid
from dauys.translog import vrf

SECRET = (7**80 % vrf.ORDER).to_bytes(32, "little")
PUBLIC = vrf.public(SECRET)


@pytest.fixture(scope="module")
def published(log_vectors):
    return json.loads((log_vectors / "vrf.json").read_text())


def test_published_vectors(published):
    for case in [published["specification"], *published["dauys"]["cases"]]:
        secret, public, alpha, proof, output = (
            bytes.fromhex(case[name]) for name in ("secret", "public", "alpha", "proof", "output")
        )
        assert vrf.public(secret) == public
        assert vrf.prove(secret, alpha) == (output, proof)
        assert vrf.output(secret, alpha) == vrf.output(secret, alpha, public) == output
        assert vrf.verify(public, alpha, proof) == output


@given(st.binary(max_size=200))
def test_the_proven_value_is_the_value(alpha):
    secret = vrf.generate()
    output, proof = vrf.prove(secret, alpha)
    assert (len(output), len(proof)) == (64, vrf.PROOF_SIZE)
    assert vrf.output(secret, alpha) == vrf.verify(vrf.public(secret), alpha, proof) == output


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_inputs_and_keys_have_their_own_values(one, other):
    assert (vrf.output(SECRET, one) == vrf.output(SECRET, other)) == (one == other)
    assert vrf.output(SECRET, one) != vrf.output(vrf.generate(), one)


@pytest.mark.parametrize("place", range(vrf.PROOF_SIZE))
def test_every_byte_of_a_proof_counts(place):
    _, proof = vrf.prove(SECRET, b"alpha")
    for bit in (1, 128):
        changed = bytearray(proof)
        changed[place] ^= bit
        with pytest.raises(ProofInvalid):
            vrf.verify(PUBLIC, b"alpha", bytes(changed))


def test_a_proof_holds_for_its_key_and_input_alone():
    _, proof = vrf.prove(SECRET, b"alpha")
    for key, alpha in ((PUBLIC, b"beta"), (vrf.public(vrf.generate()), b"alpha")):
        with pytest.raises(ProofInvalid, match="not the one of this key and input"):
            vrf.verify(key, alpha, proof)


def test_a_response_has_one_writing():
    """Else s and s + q would be two proofs of one value."""
    _, proof = vrf.prove(SECRET, b"alpha")
    response = int.from_bytes(proof[48:], "little") + vrf.ORDER
    with pytest.raises(ProofInvalid, match="end in a scalar"):
        vrf.verify(PUBLIC, b"alpha", proof[:48] + response.to_bytes(32, "little"))


def test_the_identity_is_no_key_and_no_value():
    _, proof = vrf.prove(SECRET, b"alpha")
    for key, changed in ((bytes(32), proof), (PUBLIC, bytes(32) + proof[32:]), (PUBLIC, bytes(80))):
        with pytest.raises(ProofInvalid):
            vrf.verify(key, b"alpha", changed)


@settings(max_examples=300)
@given(
    st.binary(max_size=33) | st.binary(min_size=32, max_size=32) | st.just(PUBLIC),
    st.binary(max_size=90)
    | st.binary(min_size=80, max_size=80)
    | st.binary(min_size=48, max_size=48).map(PUBLIC.__add__),
)
def test_anything_else_is_a_clean_refusal(key, proof):
    with pytest.raises(ProofInvalid):
        vrf.verify(key, b"alpha", proof)


@pytest.mark.parametrize("secret", [b"", bytes(32), bytes(31), b"\xff" * 32, vrf.ORDER.to_bytes(32, "little")])
def test_no_secret(secret):
    for use in (vrf.public, lambda key: vrf.output(key, b""), lambda key: vrf.prove(key, b"")):
        with pytest.raises(KeyMalformed):
            use(secret)
    with pytest.raises(KeyMalformed):
        vrf.output(secret, b"", PUBLIC)


def test_the_unpacked_library_is_not_left_behind():
    assert not Path(rbcl._sodium._name).exists()
