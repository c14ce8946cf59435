"""Clocks of the law: by when something is due, how much is left, how much it is late."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dauys.rules.calendar import WorkingCalendar

SOON = 5  # working days left from which an office is warned; Dauys' choice


class Bucket(StrEnum):
    """How urgent a clock is; queues are ordered and coloured by it."""

    LATER = "later"
    SOON = "soon"
    TODAY = "today"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A last day, which counts to its end, local time; `now` is an aware moment."""

    calendar: WorkingCalendar
    due: date

    @property
    def ends(self) -> datetime:
        """The first moment at which it is late."""
        return self.calendar.end_of(self.due)

    def left(self, now: datetime) -> int:
        """Working days after today, up to and with the last; 0 on the last day and when it is late."""
        return self.calendar.between(self.calendar.local_day(now), self.due)

    def overdue(self, now: datetime) -> int:
        """Working days since the last day; 0 in time, and on a free day right after the last one."""
        return self.calendar.between(self.due, self.calendar.local_day(now))

    def bucket(self, now: datetime) -> Bucket:
        """How urgent it is."""
        if now >= self.ends:
            return Bucket.OVERDUE
        left = self.left(now)
        if left == 0:
            return Bucket.TODAY
        return Bucket.SOON if left <= SOON else Bucket.LATER


@dataclass(frozen=True, slots=True)
class Clock:
    """So many working days from an aware moment on; at least one.

    Counting starts on the working day after the day it began, and the last day counts to its end, local time.
    (Assumed as the common rule of administrative terms; chapter 12-1 of the APPC was not at hand.)
    """

    calendar: WorkingCalendar
    started: datetime
    working_days: int

    @property
    def due(self) -> date:
        """The last day on which it is in time."""
        return self.calendar.after(self.calendar.local_day(self.started), self.working_days)

    @property
    def deadline(self) -> Deadline:
        """The same, as whoever does not know its beginning sees it."""
        return Deadline(self.calendar, self.due)

    @property
    def ends(self) -> datetime:
        """The first moment at which it is late."""
        return self.deadline.ends

    def left(self, now: datetime) -> int:
        """Working days after today, up to and with the last; 0 on the last day and when it is late."""
        return self.deadline.left(max(now, self.started))

    def overdue(self, now: datetime) -> int:
        """Working days since the last day; 0 in time, and on a free day right after the last one."""
        return self.deadline.overdue(now)

    def bucket(self, now: datetime) -> Bucket:
        """How urgent it is."""
        return self.deadline.bucket(max(now, self.started))


def months_after(day: date, months: int) -> date:
    """The same day of the month, so many months on; the month's last day where it has no such day.

    (Kazakhstan's Law on administrative procedures of 27 November 2000, Art. 12-1 (3); repealed, and the usual rule.)
    Such a term runs on free days as well: people sign on Sundays.
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
