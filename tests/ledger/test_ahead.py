"""Asked for at once, given in order, never more than was allowed."""

import threading

import pytest

from dauys.ledger.ahead import gather


def test_in_order_whatever_comes_first():
    last = threading.Event()

    def answer(number):
        if number == 3:
            last.set()
        assert number or last.wait(60)  # the first is answered after the fourth was asked
        return number * 10

    assert list(gather(4)(answer, range(9))) == [number * 10 for number in range(9)]


def test_never_more_than_allowed_is_asked_or_held():
    asked = []
    given = gather(3)(asked.append, range(100))
    for done in range(1, 20):
        next(given)
        assert len(asked) <= done + 3
    given.close()
    assert len(asked) < 30


def test_a_failure_is_raised_in_its_place_and_ends_it():
    asked = []

    def answer(number):
        asked.append(number)
        if number == 5:
            raise KeyError(number)
        return number

    given, found = gather(4)(answer, range(1000)), []
    with pytest.raises(KeyError):
        found.extend(given)
    assert found == [0, 1, 2, 3, 4]
    assert max(asked) < 12


def test_one_at_a_time_is_map_without_a_thread():
    assert list(gather(1)(lambda _: threading.current_thread(), [1])) == [threading.main_thread()]
