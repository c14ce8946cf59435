"""Working days of a jurisdiction, in its own time zone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

SATURDAY = 5
DAY = timedelta(days=1)


@cache
def working_days_of(country: str, year: int) -> frozenset[date]:
    """Working days of a year: by the `holidays` library for an ISO 3166 country, Monday to Friday where it is empty.

    The library knows days off that follow a holiday on a weekend, and days which a government moved. A finished year is
    kept as a set: the library's objects fill themselves while they are read and are not safe among threads.
    """
    first = date(year, 1, 1)
    days = [first + n * DAY for n in range((date(year, 12, 31) - first).days + 1)]
    if not country:
        return frozenset(day for day in days if day.weekday() < SATURDAY)
    known = holidays.country_holidays(country, years=year)
    return frozenset(day for day in days if known.is_working_day(day))


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are working days; `days` by the operator's data rule over the library (true is a working day)."""

    zone: ZoneInfo
    country: str
    days: dict[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """Whether offices work on a day."""
        if day in self.days:
            return self.days[day]
        return day in working_days_of(self.country, day.year)

    def after(self, day: date, working_days: int) -> date:
        """The nth working day after a day, which is not counted itself."""
        while working_days > 0:
            day += DAY
            working_days -= self.is_working(day)
        return day

    def between(self, after: date, to: date) -> int:
        """Working days after one day, up to and with another; 0 where the second is not later."""
        return sum(self.is_working(after + n * DAY) for n in range(1, (to - after).days + 1))

    def local_day(self, moment: datetime) -> date:
        """The day that an aware moment falls on here."""
        return moment.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """The first moment after a day, as this zone knows it."""
        return datetime.combine(day + DAY, time(), self.zone)

    def estimated(self, year: int) -> list[date]:
        """Days off by the moon that the library only estimates, until the operator's data settle them.

        An authority announces them each year; a clock that runs over one may still move by a day.
        """
        if not self.country:
            return []
        known = holidays.country_holidays(self.country, years=year, language="en_US")
        return sorted(day for day, name in known.items() if "(estimated)" in name and day not in self.days)
