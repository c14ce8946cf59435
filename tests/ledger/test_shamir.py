from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.errors import BadInput
from dauys.ledger import shamir


def slow_product(one, other):
    """Multiplication as FIPS 197 section 4.2 writes it: by shifts, reduced by 0x11b."""
    product = 0
    for bit in range(8):
        if other >> bit & 1:
            product ^= one << bit
    for bit in range(14, 7, -1):
        if product >> bit & 1:
            product ^= 0x11B << (bit - 8)
    return product


def test_the_field_is_that_of_aes():
    assert shamir._times(0x57, 0x83) == 0xC1  # the example of FIPS 197 section 4.2
    assert all(shamir._times(a, b) == slow_product(a, b) for a in range(256) for b in range(256))
    assert all(shamir._over(shamir._times(a, b), b) == a for a in range(256) for b in range(1, 256))


@given(st.binary(min_size=1, max_size=40), st.integers(1, 5), st.integers(0, 4))
def test_any_threshold_of_shares_gives_the_secret_back(secret, threshold, more):
    shares = shamir.split(secret, threshold, threshold + more)
    for some in combinations(shares, threshold):
        assert shamir.combine(some) == secret
    assert shamir.combine(shares) == secret


def test_fewer_shares_fit_every_secret():
    """Of two shares needed, one and any guess of the secret fix the other: one share tells nothing."""
    (first, _) = shamir.split(b"\x2a", 2, 2)
    for guess in range(256):
        slope = shamir._over(first[1] ^ guess, first[0])
        other = bytes([2, guess ^ shamir._times(slope, 2)])
        assert shamir.combine([first, other]) == bytes([guess])


def test_a_secret_is_never_shared_twice_in_the_same_way():
    assert shamir.split(bytes(32), 2, 3) != shamir.split(bytes(32), 2, 3)


@pytest.mark.parametrize(("threshold", "count"), [(0, 1), (2, 1), (1, 256)])
def test_what_is_no_way_to_share(threshold, count):
    with pytest.raises(BadInput):
        shamir.split(b"x", threshold, count)


@pytest.mark.parametrize("shares", [[], [b""], [b"\x00a"], [b"\x01a", b"\x01a"], [b"\x01a", b"\x02ab"]])
def test_what_are_no_shares_of_one_secret(shares):
    with pytest.raises(BadInput):
        shamir.combine(shares)
