from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.rules.calendar import WorkingCalendar
from dauys.rules.pack import load_pack

KZ = load_pack("kz", date(2026, 11, 21)).calendar
PLAIN = WorkingCalendar(ZoneInfo("Asia/Qyzylorda"), "")
DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(("day", "working"), [
    (date(2026, 3, 20), True),    # Friday before Nauryz
    (date(2026, 3, 24), False),   # days off for 21 and 22 March, a weekend
    (date(2026, 3, 25), False),
    (date(2026, 3, 26), True),
    (date(2024, 5, 8), False),    # moved by the Government from Saturday 4 May,
    (date(2024, 5, 4), True),     # which was a working day
    (date(2025, 1, 3), False),    # and from Sunday 5 January
    (date(2025, 1, 5), True),
    (date(2013, 12, 28), True),   # across New Year, for 3 January
    (date(2014, 1, 3), False),
    (date(2026, 1, 7), False),    # Christmas is a day off,
    (date(2024, 1, 8), True),     # and no other day is off for one on a Sunday
    (date(2026, 5, 27), False),   # Kurban Ait
    (date(2026, 11, 21), False),  # a Saturday
])  # fmt: skip
def test_days_of_kazakhstan(day, working):
    assert KZ.is_working(day) is working


def test_without_a_country_the_week_decides():
    assert PLAIN.is_working(date(2026, 1, 1))
    assert not PLAIN.is_working(date(2026, 1, 3))


def test_the_operators_data_rule():
    moved = WorkingCalendar(KZ.zone, "KZ", {date(2026, 11, 20): False, date(2026, 11, 21): True})
    assert not moved.is_working(date(2026, 11, 20))
    assert moved.is_working(date(2026, 11, 21))
    assert moved.after(date(2026, 11, 19), 1) == date(2026, 11, 21)


def test_an_estimate_is_told_until_the_data_settle_it():
    assert KZ.estimated(2026) == []
    assert WorkingCalendar(KZ.zone, "KZ").estimated(2026) == [date(2026, 5, 27)]
    assert PLAIN.estimated(2026) == []


@given(DAYS, st.integers(1, 60))
def test_after_counts_only_working_days(day, working_days):
    last = KZ.after(day, working_days)
    assert KZ.is_working(last)
    assert KZ.between(day, last) == working_days
    assert sum(KZ.is_working(day + timedelta(n)) for n in range(1, (last - day).days + 1)) == working_days


@given(DAYS, DAYS, DAYS)
def test_between_adds_up(one, two, three):
    first, middle, last = sorted((one, two, three))
    assert KZ.between(first, middle) + KZ.between(middle, last) == KZ.between(first, last)
    assert KZ.between(last, first) == 0


@given(DAYS)
def test_a_local_day_ends_where_the_next_begins(day):
    end = KZ.end_of(day)
    assert KZ.local_day(end) == day + timedelta(days=1)
    assert KZ.local_day(end - timedelta(microseconds=1)) == day
