"""When a hearing is called: what speaks against a day and an hour. Pure; it warns, the officials decide."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING

from dauys.ledger.moments import parse_moment

if TYPE_CHECKING:
    from dauys.rules.calendar import WorkingCalendar

OFFICE_HOURS = (9, 20)  # local hours between which people who work or look after somebody can come


class Concern(StrEnum):
    """What a clerk should think about."""

    FREE_DAY = "free-day"
    AFTER_TERM = "after-term"  # the decision would be late
    SHORT_NOTICE = "short-notice"
    ODD_HOUR = "odd-hour"


def concerns(at: datetime, due: date | None, now: datetime, calendar: WorkingCalendar, notice: int) -> list[Concern]:
    """What speaks against this aware moment, given the last day to decide and the working days that people need to learn of it."""
    day, hour = calendar.local_day(at), at.astimezone(calendar.zone).hour
    found = {
        Concern.FREE_DAY: not calendar.is_working(day),
        Concern.AFTER_TERM: due is not None and day > due,
        Concern.SHORT_NOTICE: calendar.between(calendar.local_day(now), day) < notice,
        Concern.ODD_HOUR: not OFFICE_HOURS[0] <= hour < OFFICE_HOURS[1],
    }
    return [concern for concern, holds in found.items() if holds]


def too_soon(at: datetime, called: str, now: datetime, calendar: WorkingCalendar, least: int) -> date | None:
    """The first day that leaves people enough working days, where this moment does not.

    None where it does, or where it was called in time for the same day (`called` is its ISO moment) and is moved within it.
    """
    day, today = calendar.local_day(at), calendar.local_day(now)
    if called and calendar.local_day(parse_moment(called)) == day:
        return None
    return calendar.after(today, least) if calendar.between(today, day) < least else None


def moment_of(day: str, hour: str, calendar: WorkingCalendar) -> datetime:
    """The aware moment of "2026-12-24" and "15:30" here; ValueError."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), calendar.zone)
