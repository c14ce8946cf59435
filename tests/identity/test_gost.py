import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.identity import gost, kernel
from dauys.identity.gost import CURVE

scalars = st.integers(1, int(CURVE.q) - 1)
digests = st.binary(min_size=64, max_size=64)
slow = settings(deadline=None, max_examples=20)
KEY = 0x1234567890ABCDEF
DIGEST = bytes(range(64))


@slow
@given(scalars, digests, scalars)
def test_what_is_signed_verifies_by_both_ways(key, digest, nonce):
    public, signature = gost.public_key(key), gost.sign(key, digest, nonce)
    assert gost.verify(public, digest, signature)
    assert kernel.prepared(public).verify(digest, signature)


@slow
@given(st.integers(0, 127), st.integers(1, 255), digests)
def test_one_changed_byte_is_refused(place, change, digest):
    public, signature = gost.public_key(KEY), bytearray(gost.sign(KEY, digest, 77))
    signature[place] ^= change
    assert not gost.verify(public, digest, bytes(signature))
    assert not kernel.prepared(public).verify(digest, bytes(signature))


@slow
@given(digests, digests)
def test_another_digest_is_refused_unless_it_is_the_same_number(digest, other):
    q = int(CURVE.q)
    same = int.from_bytes(digest, "little") % q == int.from_bytes(other, "little") % q
    assert gost.verify(gost.public_key(KEY), other, gost.sign(KEY, digest)) is same


def test_a_nonce_repeats_a_signature_and_chance_does_not():
    assert gost.sign(KEY, DIGEST, 5) == gost.sign(KEY, DIGEST, 5)
    assert gost.sign(KEY, DIGEST) != gost.sign(KEY, DIGEST)


def test_a_digest_of_zero_counts_as_one():
    assert gost.sign(KEY, bytes(64), 5) == gost.sign(KEY, b"\x01" + bytes(63), 5)


@pytest.mark.parametrize("r", [0, 1])
@pytest.mark.parametrize("half", [bytes(64), int(CURVE.q).to_bytes(64, "little"), b"\xff" * 64])
def test_r_and_s_outside_their_range_are_refused(r, half):
    good = gost.sign(KEY, DIGEST)
    signature = half + good[64:] if r else good[:64] + half
    assert not gost.verify(gost.public_key(KEY), DIGEST, signature)


def test_a_signature_has_one_form():
    # A key made for s = 1: s + q fits into the bytes too and is the same number mod q.
    q, nonce = int(CURVE.q), 5
    r, e = int.from_bytes(gost.public_key(nonce)[:64], "little") % q, int.from_bytes(DIGEST, "little") % q
    key = (1 - nonce * e) * pow(r, -1, q) % q
    signature = gost.sign(key, DIGEST, nonce)
    assert signature[64:] == (1).to_bytes(64, "little")
    assert gost.verify(gost.public_key(key), DIGEST, signature)
    assert not gost.verify(gost.public_key(key), DIGEST, signature[:64] + (q + 1).to_bytes(64, "little"))


@pytest.mark.parametrize("length", [0, 64, 127, 129])
def test_wrong_lengths_are_refused(length):
    public, signature = gost.public_key(KEY), gost.sign(KEY, DIGEST)
    assert not gost.verify(public, DIGEST, (signature * 2)[:length])
    assert not gost.verify((public * 2)[:length], DIGEST, signature)
    assert not gost.verify(public, (DIGEST * 3)[: length + 1], signature)


def test_a_key_off_the_curve_is_refused():
    public = bytearray(gost.public_key(KEY))
    public[0] ^= 1
    assert not gost.verify(bytes(public), DIGEST, gost.sign(KEY, DIGEST))
    assert not kernel.prepared(bytes(public)).verify(DIGEST, gost.sign(KEY, DIGEST))


def test_coordinates_that_are_not_reduced_are_refused():
    # x = 3 also stands as x + p, which fits into 64 bytes.
    base = (3 + int(CURVE.p)).to_bytes(64, "little") + int(CURVE.base[1]).to_bytes(64, "little")
    assert not gost.verify(base, DIGEST, gost.sign(1, DIGEST))
    assert gost.verify(gost.public_key(1), DIGEST, gost.sign(1, DIGEST))


@pytest.mark.parametrize("key", [0, -1, int(CURVE.q)])
def test_a_private_key_outside_its_range_is_refused(key):
    with pytest.raises(ValueError, match="private key"):
        gost.public_key(key)


def test_a_useless_nonce_is_refused():
    with pytest.raises(ValueError, match="nonce"):
        gost.sign(KEY, DIGEST, 0)


def test_the_national_authority_signed_its_test_certificates(certificate):
    # A golden vector of the byte orders: key, digest and signature as the authority wrote them.
    leaf = certificate("test_leaf/individual_valid_individual_valid.cer")
    authority = certificate("ca_test/nca_gost2022_test.cer")
    digest = kernel.streebog512(leaf.tbs)
    key = authority.der[authority.der.index(b"\x04\x81\x80") + 3 :][:128]
    assert gost.verify(key, digest, leaf.signature)
    assert not gost.verify(key, digest[::-1], leaf.signature)
    assert not gost.verify(key, digest, leaf.signature[::-1])
