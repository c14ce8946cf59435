"""The native kernel, gmpy2 and Python's integers answer alike: random and edge cases, prepared keys, batches, digests.

A few hundred cases with a printed seed; 100,000 under --long. Repeat a failure with DAUYS_SEED.
"""

import os
import random

import pytest

from dauys.identity import gost, kernel, streebog
from dauys.identity.gost import CURVE

P, Q = int(CURVE.p), int(CURVE.q)
LIMIT = 1 << 512
SAMPLE, WHOLE = 300, 100_000
EDGES = (0, 1, 2, Q - 1, Q, Q + 1, P - 1, P, P + 1, LIMIT - 1)
# Private keys whose points meet the base point's multiples on the way, beside ordinary ones.
KEYS = (1, 2, 3, Q - 1, Q - 3, (Q + 1) // 2, 1 << 511, 0x1234567890ABCDEF << 400)


def number(value):
    return value.to_bytes(64, "little")


def implementations():
    absent = kernel.absent()
    for name in kernel.NAMES:
        yield pytest.param(name, marks=[pytest.mark.skip(reason=absent[name])] if name in absent else [])


@pytest.fixture(params=implementations(), scope="module")
def one(request):
    return kernel.implementation(request.param)


@pytest.fixture(scope="module")
def table(one):
    """The key 5, prepared: half a second where Python's integers do it."""
    return one.prepare(gost.public_key(5))


@pytest.fixture(scope="module")
def all_of_them():
    return [kernel.implementation(name) for name in kernel.NAMES if name not in kernel.absent()]


@pytest.fixture
def dice():
    seed = int(os.environ.get("DAUYS_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"DAUYS_SEED={seed}")
    return random.Random(seed)


def signed(key, digest, nonce):
    return gost.public_key(key), digest, gost.sign(key, digest, nonce)


def crafted(key, nonce, multiplier):
    """A true signature whose verification computes (nonce - multiplier * key) G + multiplier * Q, both of our choice."""
    r = int.from_bytes(gost.public_key(nonce)[:64], "little") % Q
    e = -r * pow(multiplier, -1, Q) % Q
    s = (nonce - multiplier * key) * e % Q
    return gost.public_key(key), number(e), number(r) + number(s)


# Each makes a case from a key and what it signed: key, digest, signature, and the answer where it is known.


def as_it_is(_dice, _key, public, digest, signature):
    return public, digest, signature, True


def by_small_multiples(dice, key, public, digest, signature):
    nonce, multiplier = dice.randrange(1, 1 << 14), dice.choice((1, -1)) * dice.randrange(1, 1 << 14)
    if (nonce - multiplier * key) % Q == 0:
        return public, digest, signature, True
    return *crafted(key, nonce, multiplier), True


def at_infinity(dice, key, public, digest, _signature):
    """With s = r * key the sum of both multiples is infinite."""
    r = dice.randrange(1, Q)
    return public, digest, number(r) + number(r * key % Q), False


def with_an_edge_in_the_signature(dice, _key, public, digest, signature):
    edge = number(dice.choice(EDGES))
    return public, digest, dice.choice((edge + signature[64:], signature[:64] + edge)), None


def with_an_edge_in_the_key(dice, _key, public, digest, signature):
    edge = number(dice.choice((*EDGES, dice.randrange(LIMIT))))
    return dice.choice((edge + public[64:], public[:64] + edge)), digest, signature, None


def by_the_opposite_key(_dice, _key, public, digest, signature):
    return public[:64] + number(P - int.from_bytes(public[64:], "little")), digest, signature, False


def of_other_lengths(dice, _key, *parts):
    parts = list(parts)
    chosen = dice.randrange(3)
    parts[chosen] = dice.choice((b"", parts[chosen][:-1], parts[chosen] + b"\0", parts[chosen] * 2))
    return *parts, False


def by_chance(dice, _key, *_parts):
    return dice.randbytes(128), dice.randbytes(64), dice.randbytes(128), None


def with_one_bit_changed(dice, _key, *parts):
    parts = [bytearray(part) for part in parts]
    chosen = dice.choice(parts)
    chosen[dice.randrange(len(chosen))] ^= 1 << dice.randrange(8)
    return *map(bytes, parts), None


CASES = [
    *(as_it_is, by_small_multiples, at_infinity, with_an_edge_in_the_signature, with_an_edge_in_the_key),
    *(by_the_opposite_key, of_other_lengths, by_chance, with_one_bit_changed, as_it_is),
]


def case(dice, keys):
    key, nonce = dice.choice(keys), dice.randrange(1, Q)
    digest = dice.choice([dice.randbytes(64), *map(number, EDGES)])
    return dice.choice(CASES)(dice, key, gost.public_key(key), digest, gost.sign(key, digest, nonce))


@pytest.mark.long
def test_all_agree(all_of_them, dice, long):
    # A signature is made in 0.5 ms, so that a hundred thousand cases take minutes, most of them Python's own.
    keys = [*KEYS, *(dice.randrange(1, Q) for _ in range(4))]
    prepared = {gost.public_key(key): [each.prepare(gost.public_key(key)) for each in all_of_them] for key in KEYS[-2:]}
    truths = 0
    for _ in range(WHOLE if long else SAMPLE):
        public, digest, signature, expected = case(dice, keys)
        answers = {each.name: each.verify(public, digest, signature) for each in all_of_them}
        for each, table in zip(all_of_them, prepared.get(public, ()), strict=False):
            answers[each.name, "prepared"] = table.verify(digest, signature)
        facts = f"{answers} for {public.hex()} {digest.hex()} {signature.hex()}"
        assert len(set(answers.values())) == 1, facts
        assert expected in (None, answers[all_of_them[0].name]), facts
        truths += answers[all_of_them[0].name]
    assert truths > 0.15 * (WHOLE if long else SAMPLE)


def test_small_multiples_meet_equal_and_opposite_points(one):
    # Sums in which both halves are the same point, opposite points, or pass through infinity, and are right at last.
    for key in (1, 2, Q - 1, Q - 2):
        public = gost.public_key(key)
        table = one.prepare(public)
        for nonce in (1, 2, 3, 31, 64):
            for multiplier in (1, 2, 3, 32, -1, -2, -33):
                if (nonce - multiplier * key) % Q:
                    _, digest, signature = crafted(key, nonce, multiplier)
                    assert one.verify(public, digest, signature), (key, nonce, multiplier)
                    assert table.verify(digest, signature), (key, nonce, multiplier)


def test_r_plus_q_is_the_x_of_a_point_too(one):
    # x = r + q < p happens once in 2^256: a point with such an x, found by trying x = q + 1, q + 2 ...; its key then is
    # r^-1 (s G - e R), as in the recovery of a key.
    r = 1
    while True:
        x = Q + r
        square = (x**3 - 3 * x + int(CURVE.b)) % P
        y = pow(square, (P + 1) // 4, P)
        if y * y % P == square:
            break
        r += 1
    make = CURVE.integers.make
    key = CURVE.affine(
        CURVE.add(
            CURVE.multiply(make(pow(r, -1, Q) * 5 % Q), CURVE.base),
            CURVE.multiply(make(pow(r, -1, Q) * -7 % Q), (make(x), make(y))),
        )
    )
    public, signature = number(int(key[0])) + number(int(key[1])), number(r) + number(5)
    assert one.verify(public, number(7), signature)
    assert one.prepare(public).verify(number(7), signature)
    assert not one.verify(public, number(7), number(r + 1) + number(5))
    assert not one.verify(public, number(7), number(r + Q) + number(5)), "r has another spelling"
    assert not one.prepare(public).verify(number(7), number(r + Q) + number(5))


def test_s_has_one_spelling(one):
    # A key for which s = 1: s + q fits into the bytes too, and is the same number.
    _, digest, signature = signed(5, bytes(range(64)), 77)
    r, e = int.from_bytes(signature[:64], "little"), int.from_bytes(digest, "little")
    public = gost.public_key((1 - 77 * e) * pow(r, -1, Q) % Q)
    table = one.prepare(public)
    assert one.verify(public, digest, number(r) + number(1))
    assert table.verify(digest, number(r) + number(1))
    assert not one.verify(public, digest, number(r) + number(1 + Q))
    assert not table.verify(digest, number(r) + number(1 + Q))


def test_zero_is_no_s(one):
    # It would fit the equation: the whole sum is then a multiple of the key.
    public, digest, signature = crafted(5, 10, 2)
    assert signature[64:] == bytes(64)
    assert one.verify(public, digest, signature) is False
    assert one.prepare(public).verify(digest, signature) is False


def test_a_forged_key_off_the_curve_is_no_key(one):
    # The chord through G and any pair of numbers needs no curve: with z1 = z2 = 1 it would make a signature of r, -r.
    gx, gy = map(int, CURVE.base)
    x, y = 7, 11
    slope = (y - gy) * pow(x - gx, -1, P) % P
    r = (slope * slope - gx - x) % P % Q
    public, e = number(x) + number(y), number(-r % Q)
    assert one.verify(public, e, number(r) + e) is False
    assert one.prepare(public).verify(e, number(r) + e) is False


@pytest.mark.parametrize("edge", EDGES)
def test_edges_of_r_and_s_are_false(one, table, edge):
    public, digest, signature = signed(5, bytes(range(64)), 77)
    for broken in (number(edge) + signature[64:], signature[:64] + number(edge)):
        assert one.verify(public, digest, broken) is False
        assert table.verify(digest, broken) is False


@pytest.mark.parametrize("edge", EDGES)
def test_keys_that_are_no_points_verify_nothing(one, edge):
    public, digest, signature = signed(5, bytes(range(64)), 77)
    for broken in (number(edge) + public[64:], public[:64] + number(edge), number(edge) * 2):
        assert one.verify(broken, digest, signature) is False
        assert one.prepare(broken).verify(digest, signature) is False


def test_a_point_has_one_spelling(one):
    public, digest, signature = signed(1, bytes(range(64)), 77)
    assert public[:64] == number(3)
    assert one.verify(public, digest, signature)
    assert not one.verify(number(3 + P) + public[64:], digest, signature)


@pytest.mark.parametrize("length", [0, 1, 63, 65, 127, 129, 256])
def test_other_lengths_are_false(one, table, length):
    public, digest, signature = signed(5, bytes(range(64)), 77)
    assert table.verify(digest, signature)
    cut = bytes(length)
    assert one.verify(cut, digest, signature) is False
    assert one.verify(public, cut, signature) is False
    assert one.verify(public, digest, cut) is False
    assert table.verify(cut, signature) is False
    assert table.verify(digest, cut) is False
    assert one.prepare(cut).verify(digest, signature) is False


def test_batches_answer_one_by_one(one, dice):
    items = [case(dice, KEYS)[:3] for _ in range(30)]
    assert one.verify_batch(items) == [one.verify(*item) for item in items]
    assert one.verify_batch([]) == []


def test_digests_of_every_length(one, dice):
    for length in [*range(130), *(dice.randrange(5_000) for _ in range(10)), 40_000]:
        data = dice.randbytes(length)
        assert one.streebog512(data) == streebog.streebog512(data)
        assert one.streebog256(data) == streebog.streebog256(data)
