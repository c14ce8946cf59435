"""How sure a sample makes an auditor, against sums that are computed exactly."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.ledger.sampling import draw, most_unseen, sample_for, unseen

ROOT = bytes(range(32))


@given(st.integers(1, 300), st.data())
def test_the_chance_is_the_hypergeometric_one(population, data):
    bad, sample = data.draw(st.integers(0, population)), data.draw(st.integers(0, population))
    exact = Fraction(comb(population - bad, sample), comb(population, sample))
    assert unseen(population, bad, sample) == pytest.approx(float(exact), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("share", "confidence", "wanted"), [(0.01, 0.95, 299), (0.01, 0.99, 459), (0.001, 0.95, 2994), (0.001, 0.99, 4602)]
)
def test_what_auditors_know_by_heart(share, confidence, wanted):
    assert sample_for(10**7, share, confidence) == wanted


@given(st.integers(1, 400), st.floats(0.001, 0.5), st.floats(0.5, 0.999))
def test_the_sample_is_the_smallest_that_is_enough(population, share, confidence):
    bad, wanted = max(1, -int(-share * population // 1)), sample_for(population, share, confidence)
    assert unseen(population, bad, wanted) <= 1 - confidence
    assert wanted == 0 or unseen(population, bad, wanted - 1) > 1 - confidence
    assert most_unseen(population, wanted, confidence) < bad
    most = most_unseen(population, wanted, confidence)
    assert most == 0 or unseen(population, most, wanted) > 1 - confidence


def test_of_few_acts_all_are_drawn():
    assert sample_for(0, 0.01, 0.95) == 0
    assert sample_for(10, 0.01, 0.95) == 10
    assert draw(ROOT, 7, "", 5, 9) == [0, 1, 2, 3, 4]


def test_the_draw_follows_from_root_size_and_words_alone():
    drawn = draw(ROOT, 1000, "snow", 900, 50)
    assert drawn == draw(ROOT, 1000, "snow", 900, 50) == sorted(set(drawn))
    assert len(drawn) == 50
    others = [
        draw(bytes(32), 1000, "snow", 900, 50),
        draw(ROOT, 1001, "snow", 900, 50),
        draw(ROOT, 1000, "rain", 900, 50),
    ]
    assert all(other != drawn for other in others)


def test_every_act_is_drawn_about_as_often():
    times = [0] * 50
    for number in range(2000):
        for place in draw(ROOT, number, "", 50, 5):
            times[place] += 1
    assert all(130 < count < 275 for count in times)  # 200 ± 5 deviations of 13.4
