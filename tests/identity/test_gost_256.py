"""Curves of 256 bits: those of 2004 and 2015, beside the example of RFC 7091 on a curve of its own."""

import secrets

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.identity.gost import Gost
from dauys.identity.gost_curves import CRYPTOPRO_A, TC26_256_A, TC26_512_A, Parameters
from dauys.identity.integers import FASTEST, PYTHON

# RFC 7091 section 7.1: a curve, a key and a signature for examples.
EXAMPLE = Parameters(
    p=0x8000000000000000000000000000000000000000000000000000000000000431,
    a=7,
    b=0x5FBFF498AA938CE739B8E022FBAFEF40563F6E6A3472FC2A514C0CE9DAE23B7E,
    q=0x8000000000000000000000000000000150FE8A1892976154C59CFC193ACCF5B3,
    cofactor=1,
    x=2,
    y=0x08E2A8A0E65147D4BD6316030E16D19C85C97F0A9CA267122B96ABBCEA7E8FC8,
    size=32,
)
CURVES = {"example": EXAMPLE, "2004": CRYPTOPRO_A, "2015-256": TC26_256_A, "2015-512": TC26_512_A}
slow = settings(max_examples=15)


@pytest.fixture(params=CURVES, scope="module")
def one(request):
    return Gost(FASTEST, CURVES[request.param])


def little(number, size=32):
    return number.to_bytes(size, "little")


def test_the_example_of_the_standard():
    one = Gost(PYTHON, EXAMPLE)
    key = 0x7A929ADE789BB9BE10ED359DD39A72C11B60961F49397EEE1D19CE9891EC3B28
    public = little(0x7F2B49E270DB6D90D8595BEC458B50C58585BA1D4E9B788F6689DBD8E56FD80B) + little(
        0x26F1B489D6701DD185C8413A977B3CBBAF64D1C593D26627DFFB101A87FF77DA
    )
    digest = little(0x2DFBC1B372D89A1188C09C52E0EEC61FCE52032AB1022E8E67ECE6672B043EE5)
    nonce = 0x77105C9B20BCD3122823C8CF6FCC7B956DE33814E95B7FE64FED924594DCEAB3
    signature = little(0x41AA28D2F1AB148280CD9ED56FEDA41974053554A42767B83AD043FD39DC0493) + little(
        0x1456C64BA4642A1653C235A98A60249BCD6D3F746B631DF928014F6C5BF9C40
    )
    assert one.public_key(key) == public
    assert one.sign(key, digest, nonce) == signature
    assert one.verify(public, digest, signature)


def test_every_base_point_has_its_prime_order(one):
    curve = one.curve
    assert curve.holds(curve.base)
    assert not curve._times_order(curve.base)[2]
    assert FASTEST.make(curve.q) == curve.q
    assert pow(3, int(curve.q) - 1, int(curve.q)) == 1, "a prime passes Fermat's test"


@slow
@given(data=st.data())
def test_what_is_signed_verifies_and_what_is_changed_does_not(one, data):
    q, size = int(one.curve.q), one.size
    key, nonce = data.draw(st.integers(1, q - 1)), data.draw(st.integers(1, q - 1))
    digest = data.draw(st.binary(min_size=size, max_size=size))
    public, signature = one.public_key(key), one.sign(key, digest, nonce)
    assert one.verify(public, digest, signature)
    place, change = data.draw(st.integers(0, 2 * size - 1)), data.draw(st.integers(1, 255))
    broken = bytearray(signature)
    broken[place] ^= change
    assert not one.verify(public, digest, bytes(broken))
    off = bytearray(public)
    off[place] ^= change
    assert not one.verify(bytes(off), digest, signature)


def test_the_two_kinds_of_integers_agree(one):
    plain = Gost(PYTHON, CURVES["2015-256"] if one.curve.cofactor == 4 else EXAMPLE)
    fast = Gost(FASTEST, CURVES["2015-256"] if one.curve.cofactor == 4 else EXAMPLE)
    key, digest = 0x1234567890ABCDEF, secrets.token_bytes(32)
    assert plain.public_key(key) == fast.public_key(key)
    assert plain.sign(key, digest, 77) == fast.sign(key, digest, 77)
    assert plain.verify(fast.public_key(key), digest, fast.sign(key, digest))


@pytest.mark.parametrize("length", [0, 32, 63, 65, 128])
def test_lengths_of_another_curve_are_refused(length):
    one, digest = Gost(FASTEST, CRYPTOPRO_A), bytes(range(32))
    public, signature = one.public_key(7), one.sign(7, digest)
    assert not one.verify(public, digest, (signature * 2)[:length])
    assert not one.verify((public * 2)[:length], digest, signature)
    assert not one.verify(public, digest + digest, signature)


# ---- The subgroup of the curve with cofactor 4 -------------------------------------------------------------------


@pytest.fixture(scope="module")
def edwards():
    return Gost(FASTEST, TC26_256_A)


def some_point(curve, x):
    """The first point at or after x; p = 3 mod 4, so a root is a power."""
    p = int(curve.p)
    while True:
        square = (pow(x, 3, p) + int(curve.small) * x + int(curve.b)) % p
        y = pow(square, (p + 1) // 4, p)
        if y * y % p == square:
            return FASTEST.make(x), FASTEST.make(y)
        x += 1


def test_points_outside_the_subgroup_are_no_keys(edwards):
    curve = edwards.curve
    assert int(curve.p) % 4 == 3
    orders = set()
    for start in range(1000, 60_000, 1000):
        point = some_point(curve, start)
        small = curve.affine(curve._times_order(point))  # q * P has order 1, 2 or 4
        data = little(int(point[0])) + little(int(point[1]))
        assert (edwards.point(data) is None) is (small is not None)
        if small is None:
            orders.add(1)
            continue
        orders.add(2 if not small[1] else 4)
        assert edwards.point(little(int(small[0])) + little(int(small[1]))) is None
        mixed = curve.affine(curve.add_affine((*small, 1), curve.base))
        assert edwards.point(little(int(mixed[0])) + little(int(mixed[1]))) is None
    assert orders == {1, 2, 4}


def test_a_key_of_small_order_verifies_nothing(edwards):
    """With such a key r depends on one of four multiples only: a signature for any digest is found at once."""
    curve = edwards.curve
    small = next(
        point for start in range(1000, 60_000, 1000)
        for point in [curve.affine(curve._times_order(some_point(curve, start)))] if point
    )  # fmt: skip
    public = little(int(small[0])) + little(int(small[1]))
    for attempt in range(1, 40):
        digest = little(attempt)
        multiple = curve.affine(curve.sum(edwards.base.terms(FASTEST.make(attempt))))
        r = int(multiple[0] % curve.q)
        signature = little(r) + little(attempt * attempt % int(curve.q))
        assert not edwards.verify(public, digest, signature)
