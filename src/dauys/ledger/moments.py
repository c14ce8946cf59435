"""Time as the log writes it: RFC 3339 in UTC to the second, and the UTC hour."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


def moment_text(moment: datetime) -> str:
    """`2026-11-21T15:04:05Z`."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def parse_moment(text: str) -> datetime:
    """The UTC moment of `moment_text`; ValueError otherwise."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def hour_number(moment: datetime) -> int:
    """Hours since 1970-01-01T00Z."""
    return int(moment.timestamp()) // 3600


@lru_cache(maxsize=64)
def hour_text(hour: int) -> str:
    """`2026-11-21T15Z` of an hour number."""
    return datetime.fromtimestamp(hour * 3600, UTC).replace(tzinfo=None).isoformat("T", "hours") + "Z"


def parse_hour(text: str) -> int:
    """The hour number of `hour_text`; ValueError otherwise."""
    return int(datetime.strptime(text, "%Y-%m-%dT%HZ").replace(tzinfo=UTC).timestamp()) // 3600


def from_unix(seconds: int) -> datetime:
    """The UTC moment of whole unix seconds."""
    return datetime.fromtimestamp(seconds, UTC)


def unix_of(text: str) -> int | None:
    """Whole unix seconds of `moment_text`; None where there is no such moment."""
    try:
        return int(parse_moment(text).timestamp())
    except ValueError:
        return None
