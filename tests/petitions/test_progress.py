from datetime import UTC, datetime, timedelta

from dauys.petitions.progress import Progress

OPENS = datetime(2026, 5, 1, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=100)


def at(days, final=0, threshold=50_000, provisional=0):
    return Progress(final + provisional, final, threshold, CLOSES, OPENS + timedelta(days=days))


def test_a_hundred_percent_is_said_only_when_reached():
    assert at(1, 49_999).percent == 99
    assert at(1, 50_000).percent == 100
    assert at(1, 70_000).percent == 100


def test_what_is_missing_is_never_negative():
    assert (at(1, 12_345).remaining, at(1, 60_000).remaining) == (37_655, 0)


def test_a_begun_day_counts_as_left():
    assert [at(day).days_left for day in (0, 0.5, 99.99, 100, 200)] == [100, 100, 1, 0, 0]


def test_provisional_signatures_move_no_threshold():
    waiting = at(1, 49_990, provisional=100)
    assert (waiting.is_reached, waiting.percent, waiting.remaining, waiting.provisional) == (False, 99, 10, 100)
