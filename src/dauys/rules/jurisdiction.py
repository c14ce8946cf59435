"""The folder of a jurisdiction: pack.toml, topics.toml, reasons.toml, calendar.toml (and bodies.toml, see bodies)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from dauys.errors import RulesMalformed
from dauys.rules.calendar import WorkingCalendar
from dauys.rules.levels import overlapping
from dauys.rules.reading import named, parted, read, shape, unique
from dauys.rules.reasons import Decision, ForbiddenTopic, Reason, RefusalReason, RemovalReason, StopReason, TopicGroup
from dauys.rules.sections import Numbers, Section
from dauys.rules.sources import Source
from dauys.rules.texts import Words


@dataclass(frozen=True, slots=True)
class DatedNumbers:
    """The numbers from a day on: its `[[pack]]` over all before it.

    A later pack names only what it changes: single values of a section, whole levels.
    """

    effective: dt.date
    numbers: Numbers
    sources: list[Source]


class _Dated(msgspec.Struct, frozen=True):
    effective: dt.date  # the sections beside it are read once they are merged


class _PackFile(Section, frozen=True):
    pack: list[_Dated]


class _TopicsFile(Section, frozen=True):
    topic: list[ForbiddenTopic]
    group: tuple[TopicGroup, ...] = ()


class _ReasonsFile(Section, frozen=True):
    refusal: list[RefusalReason]
    stop: list[StopReason]
    removal: list[RemovalReason]
    decision: list[Decision]


class _Day(Section, frozen=True):
    date: dt.date
    working: bool
    source: Words
    verified: bool


class _Zone(Section, frozen=True):
    timezone: str
    holidays: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """All coded reasons of a jurisdiction, whenever they hold."""

    topics: list[ForbiddenTopic]
    refusals: list[RefusalReason]
    stops: list[StopReason]
    removals: list[RemovalReason]
    decisions: list[Decision]
    topic_groups: tuple[TopicGroup, ...] = ()

    def __iter__(self) -> Iterator[Reason]:
        yield from (*self.topics, *self.refusals, *self.stops, *self.removals, *self.decisions)


def read_packs(home: Path) -> list[DatedNumbers]:
    """The dated packs in their order; one that is still to come is checked like the others."""
    file = home / "pack.toml"
    content = read(file)
    packs: list[DatedNumbers] = []
    merged: dict[str, Any] = {}
    for dated, table in zip(shape(file, content, _PackFile).pack, content["pack"], strict=True):
        if packs and dated.effective <= packs[-1].effective:
            raise RulesMalformed(file=named(file), what=f"the pack of {dated.effective} stands after a later one")
        del table["effective"]
        merged |= {name: {**merged.get(name, {}), **shape(file, section, dict)} for name, section in table.items()}
        plain, sources = parted(file, merged)
        for code, level in plain.get("level", {}).items():
            level["code"] = code
        numbers = shape(file, plain, Numbers)
        if twice := overlapping(numbers.level.values()):
            raise RulesMalformed(file=named(file), what=f"levels {' and '.join(twice)} overlap")
        packs.append(DatedNumbers(dated.effective, numbers, sources))
    return packs


def read_reasons(home: Path) -> Reasons:
    """Topics and reasons; a topic's code is a reason of refusal as well, so the two share their codes."""
    topics_file, reasons_file = home / "topics.toml", home / "reasons.toml"
    told = shape(topics_file, read(topics_file), _TopicsFile)
    topics, groups = told.topic, {group.code for group in told.group}
    if strays := sorted({topic.group for topic in topics if topic.group} - groups):
        raise RulesMalformed(file=named(topics_file), what=f"no group {', '.join(strays)}")
    reasons = shape(reasons_file, read(reasons_file), _ReasonsFile)
    for group in ([*topics, *reasons.refusal], reasons.stop, reasons.removal, reasons.decision):
        unique(reasons_file, (reason.code for reason in group))
    return Reasons(topics, reasons.refusal, reasons.stop, reasons.removal, reasons.decision, told.group)


def read_calendar(home: Path) -> tuple[WorkingCalendar, list[Source]]:
    """The working calendar and where it is from."""
    file = home / "calendar.toml"
    table = read(file)
    days = shape(file, table.pop("day", []), list[_Day])
    unique(file, (day.date for day in days))
    plain, sources = parted(file, table)
    zone = shape(file, plain, _Zone)
    try:
        calendar = WorkingCalendar(ZoneInfo(zone.timezone), zone.holidays, {day.date: day.working for day in days})
        calendar.is_working(dt.date(2024, 1, 1))
    except (OSError, ValueError, KeyError, NotImplementedError) as error:  # no such zone; no such country
        raise RulesMalformed(file=named(file), what=error) from error
    return calendar, [*sources, *(Source(f"day.{day.date}", day.working, day.source, day.verified) for day in days)]
