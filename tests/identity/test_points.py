"""The curve's arithmetic: two independent ways to every multiple."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.identity.curve import INFINITY, FixedPoint
from dauys.identity.gost import CURVE

mpz = CURVE.integers.make
BASE = CURVE.base
OPPOSITE = (BASE[0], CURVE.p - BASE[1])
scalars = st.integers(0, int(CURVE.q) - 1)
slow = settings(deadline=None, max_examples=25)
table = FixedPoint(CURVE, BASE)


def multiple(scalar):
    return CURVE.affine(CURVE.multiply(mpz(scalar), BASE))


def test_the_base_point_is_on_the_curve_and_has_its_order():
    assert CURVE.holds(BASE)
    assert CURVE.affine(CURVE.multiply(CURVE.q, BASE)) is None
    assert multiple(int(CURVE.q) - 1) == OPPOSITE


@slow
@given(scalars)
def test_the_table_agrees_with_the_non_adjacent_form(scalar):
    assert CURVE.affine(CURVE.sum(table.terms(mpz(scalar)))) == multiple(scalar)


@slow
@given(scalars, scalars)
def test_multiples_add_up(left, right):
    total = CURVE.add(CURVE.multiply(mpz(left), BASE), CURVE.multiply(mpz(right), BASE))
    assert CURVE.affine(total) == multiple((left + right) % int(CURVE.q))


def test_window_borders_of_the_table():
    for scalar in (0, 1, 255, 256, 257, 511, 512, 513, (1 << 511) - 1, 1 << 511, int(CURVE.q) - 1):
        assert CURVE.affine(CURVE.sum(table.terms(mpz(scalar)))) == multiple(scalar)


def test_sums_of_points_that_share_x():
    assert CURVE.affine(CURVE.sum([BASE, BASE])) == multiple(2)
    assert CURVE.affine(CURVE.sum([BASE, OPPOSITE])) is None
    assert CURVE.affine(CURVE.sum([BASE, OPPOSITE, BASE])) == BASE
    assert CURVE.affine(CURVE.sum([BASE] * 7)) == multiple(7)
    assert CURVE.sum([]) == INFINITY


def test_infinity_is_neutral():
    assert CURVE.affine(CURVE.add_affine(INFINITY, BASE)) == BASE
    assert CURVE.add(CURVE.double(INFINITY), INFINITY)[2] == 0
    assert CURVE.affine(CURVE.add((*BASE, mpz(1)), INFINITY)) == BASE
