from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.rules.calendar import WorkingCalendar
from dauys.rules.clocks import SOON, Bucket, Clock, Deadline, months_after
from dauys.rules.pack import load_pack

KZ = load_pack("kz", date(2026, 11, 21)).calendar
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
TERMS = st.integers(1, 60)


def test_a_term_over_a_holiday():
    clock = Clock(KZ, datetime(2026, 12, 11, 9, tzinfo=UTC), 3)  # a Friday; Independence Day is the Wednesday
    assert clock.due == date(2026, 12, 17)
    assert clock.ends == datetime(2026, 12, 17, 19, tzinfo=UTC)  # midnight at UTC+5


def test_the_day_is_the_local_one():
    late = datetime(2026, 11, 16, 18, 59, tzinfo=UTC)  # 23:59 on Monday there
    assert Clock(KZ, late, 1).due == date(2026, 11, 17)
    assert Clock(KZ, late + timedelta(minutes=1), 1).due == date(2026, 11, 18)


def test_buckets_in_their_order():
    clock = Clock(KZ, datetime(2026, 11, 2, 6, tzinfo=UTC), 10)
    assert clock.due == date(2026, 11, 16)
    at = {day: clock.bucket(datetime(2026, 11, day, 6, tzinfo=UTC)) for day in (2, 6, 9, 15, 16, 17)}
    assert at == {
        2: Bucket.LATER, 6: Bucket.LATER, 9: Bucket.SOON, 15: Bucket.SOON, 16: Bucket.TODAY, 17: Bucket.OVERDUE,
    }  # fmt: skip
    assert clock.left(datetime(2026, 11, 9, 6, tzinfo=UTC)) == SOON
    assert clock.overdue(datetime(2026, 11, 17, 6, tzinfo=UTC)) == 1


def test_late_on_the_weekend_after_and_not_yet_by_a_working_day():
    clock = Clock(KZ, datetime(2026, 11, 12, 6, tzinfo=UTC), 1)  # due on Friday
    saturday = datetime(2026, 11, 14, 6, tzinfo=UTC)
    assert (clock.bucket(saturday), clock.left(saturday), clock.overdue(saturday)) == (Bucket.OVERDUE, 0, 0)


def test_the_last_day_counts_to_its_end():
    clock = Clock(KZ, datetime(2026, 11, 12, 6, tzinfo=UTC), 3)
    assert clock.bucket(clock.ends - timedelta(microseconds=1)) is Bucket.TODAY
    assert clock.bucket(clock.ends) is Bucket.OVERDUE


def test_before_it_starts_the_whole_term_is_left():
    clock = Clock(KZ, datetime(2026, 11, 12, 6, tzinfo=UTC), 3)
    assert clock.left(datetime(2026, 10, 1, tzinfo=UTC)) == 3


@given(MOMENTS, TERMS)
def test_due_is_a_working_day_after_the_start(started, working_days):
    clock = Clock(KZ, started, working_days)
    assert KZ.is_working(clock.due)
    assert clock.due > KZ.local_day(started)
    assert clock.ends > started


@given(MOMENTS, TERMS, MOMENTS, TERMS)
def test_later_and_longer_is_never_due_earlier(one, short, two, more):
    early, late = sorted((one, two))
    assert Clock(KZ, early, short).due <= Clock(KZ, late, short).due
    assert Clock(KZ, early, short).due < Clock(KZ, early, short + more).due


@given(MOMENTS, TERMS, st.integers(0, 120))
def test_what_has_passed_and_what_is_left_make_the_term(started, working_days, days):
    clock, now = Clock(KZ, started, working_days), started + timedelta(days=days)
    passed = KZ.between(KZ.local_day(started), KZ.local_day(now))
    assert passed + clock.left(now) - clock.overdue(now) == working_days
    assert not (clock.left(now) and clock.overdue(now))
    assert (clock.bucket(now) is Bucket.OVERDUE) == (now >= clock.ends)
    assert (clock.bucket(now) is Bucket.TODAY) <= (KZ.local_day(now) <= clock.due)


@given(MOMENTS, TERMS, st.integers(1, 90))
def test_another_day_off_never_makes_it_earlier(started, working_days, offset):
    day = KZ.local_day(started) + timedelta(days=offset)
    with_it = WorkingCalendar(KZ.zone, KZ.country, {**KZ.days, day: False})
    assert Clock(with_it, started, working_days).due >= Clock(KZ, started, working_days).due


@pytest.mark.parametrize(("day", "months", "end"), [
    (date(2026, 8, 31), 6, date(2027, 2, 28)), (date(2027, 8, 31), 6, date(2028, 2, 29)),
    (date(2026, 11, 21), 6, date(2027, 5, 21)), (date(2026, 12, 1), 1, date(2027, 1, 1)),
    (date(2026, 12, 31), 0, date(2026, 12, 31)),
])  # fmt: skip
def test_months(day, months, end):
    assert months_after(day, months) == end


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 60))
def test_months_never_turn_the_order_of_days(day, months):
    assert months_after(day, months) <= months_after(day + timedelta(days=1), months)
    assert months_after(day, months) < months_after(day, months + 1)


@given(MOMENTS, TERMS, MOMENTS)
def test_a_deadline_alone_says_what_its_clock_says(started, days, now):
    clock = Clock(KZ, started, days)
    deadline, later = Deadline(KZ, clock.due), max(started, now)
    assert (deadline.ends, deadline.overdue(now)) == (clock.ends, clock.overdue(now))
    assert (deadline.left(later), deadline.bucket(later)) == (clock.left(later), clock.bucket(later))
    assert not (deadline.left(now) and deadline.overdue(now))
