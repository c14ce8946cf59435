"""What speaks against a day, and the exact bytes of a decision."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.petitions.hearings import Concern, concerns, moment_of, too_soon
from dauys.rules.calendar import WorkingCalendar

HERE = ZoneInfo("Asia/Qyzylorda")
CALENDAR = WorkingCalendar(HERE, "KZ")
NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)  # a Monday morning


@pytest.mark.parametrize(
    ("day", "hour", "found"),
    [
        ("2026-12-03", "15:00", []),
        ("2026-12-06", "15:00", [Concern.FREE_DAY]),  # a Sunday
        ("2026-12-16", "15:00", [Concern.FREE_DAY]),  # Independence Day
        ("2026-12-29", "15:00", [Concern.AFTER_TERM]),
        ("2026-11-25", "15:00", [Concern.SHORT_NOTICE]),
        ("2026-12-03", "06:00", [Concern.ODD_HOUR]),
        ("2026-12-03", "20:00", [Concern.ODD_HOUR]),
        ("2026-12-03", "19:59", []),
    ],
)
def test_each_concern_has_its_day(day, hour, found):
    assert concerns(moment_of(day, hour, CALENDAR), date(2026, 12, 28), NOW, CALENDAR, 5) == found


def test_a_petition_without_a_term_is_never_after_it():
    assert concerns(moment_of("2027-02-01", "15:00", CALENDAR), None, NOW, CALENDAR, 5) == []


@pytest.mark.parametrize(
    ("day", "first"),
    [
        ("2026-11-23", date(2026, 11, 26)),  # the same day
        ("2026-11-25", date(2026, 11, 26)),
        ("2026-11-26", None),  # three working days: Tuesday, Wednesday, Thursday
    ],
)
def test_a_hearing_leaves_people_the_working_days_of_the_rules(day, first):
    assert too_soon(moment_of(day, "15:00", CALENDAR), "", NOW, CALENDAR, 3) == first


def test_free_days_are_no_notice():
    friday = datetime(2026, 12, 11, 5, tzinfo=UTC)  # then a weekend, two working days, and Independence Day
    assert too_soon(moment_of("2026-12-16", "15:00", CALENDAR), "", friday, CALENDAR, 3) == date(2026, 12, 17)


def test_a_hearing_moves_within_its_own_day_at_any_time_but_to_no_other_that_is_near():
    called = "2026-11-24T10:00:00Z"
    assert too_soon(moment_of("2026-11-24", "17:00", CALENDAR), called, NOW, CALENDAR, 3) is None
    assert too_soon(moment_of("2026-11-25", "15:00", CALENDAR), called, NOW, CALENDAR, 3) == date(2026, 11, 26)


def test_no_notice_is_wanted_where_the_rules_want_none():
    assert too_soon(moment_of("2026-11-23", "15:00", CALENDAR), "", NOW, CALENDAR, 0) is None


@pytest.mark.parametrize(
    ("day", "hour"), [("2026-02-30", "15:00"), ("", "15:00"), ("2026-12-03", "25:00"), ("2026-12-03", "")]
)
def test_no_day_is_no_day(day, hour):
    with pytest.raises(ValueError, match=r"iso|Invalid|must be|range|day"):
        moment_of(day, hour, CALENDAR)


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2030, 1, 1)))  # noqa: DTZ001 - local time is meant
def test_what_is_typed_is_local_time(local):
    local = local.replace(second=0, microsecond=0)
    at = moment_of(local.date().isoformat(), f"{local:%H:%M}", CALENDAR)
    assert at.astimezone(HERE).replace(tzinfo=None) == local


WORDS = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]))


@given(
    st.sampled_from(["satisfied", "partly-satisfied", "refused"]),
    WORDS,
    st.lists(st.tuples(st.dates().map(str), WORDS)),
)
def test_a_decision_has_one_spelling_and_reads_back(answer, text, promises):
    import unicodedata

    from dauys.petitions.canonical import decision_bytes, one_line

    spelled = decision_bytes(answer, text, promises)
    assert spelled == decision_bytes(answer, text.replace("\n", "\r\n"), promises)
    head, _, body = spelled.decode().removesuffix("\n").partition("\n\n")
    assert head == f"answer: {answer}\npromises: {len(promises)}"
    told, *made = body.rsplit("\n\n", len(promises)) if promises else [body]
    assert told == unicodedata.normalize("NFC", text.strip())
    assert made == [unicodedata.normalize("NFC", f"{due}: {one_line(words)}") for due, words in promises]
