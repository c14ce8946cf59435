"""A rule pack: the whole law of petitions of one jurisdiction on one day. A petition lives under the one it began with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from dauys.errors import LevelUnknown, RulesMissing
from dauys.rules.bodies import Addressee
from dauys.rules.calendar import WorkingCalendar
from dauys.rules.jurisdiction import read_calendar, read_packs, read_reasons
from dauys.rules.levels import Level, level_of
from dauys.rules.reading import FOLDER, home_of
from dauys.rules.reasons import (
    Decision,
    ForbiddenTopic,
    Reason,
    RefusalReason,
    RemovalReason,
    StopReason,
    TopicGroup,
    in_force,
    refusals,
)
from dauys.rules.sections import Appeal, Consideration, Gate, Moderation, Retention, Signing, Writing
from dauys.rules.sources import Source


@dataclass(frozen=True, slots=True)
class RulePack:
    """What holds in a jurisdiction on a day; `id` names the day of its last change (`kz/2024-04-04`).

    `announced` are topics known to be coming, whose first day is unknown: shown to operators, used against nobody.
    """

    id: str
    effective: date
    writing: Writing
    signing: Signing
    gate: Gate
    moderation: Moderation
    appeal: Appeal
    consideration: Consideration
    retention: Retention
    levels: Mapping[str, Level]
    forbidden_topics: Mapping[str, ForbiddenTopic]
    announced: tuple[ForbiddenTopic, ...]
    topic_groups: tuple[TopicGroup, ...]
    refusal_reasons: Mapping[str, RefusalReason]
    stop_reasons: Mapping[str, StopReason]
    removal_reasons: Mapping[str, RemovalReason]
    decisions: Mapping[str, Decision]
    calendar: WorkingCalendar
    sources: tuple[Source, ...]

    @property
    def age(self) -> int:
        """Years a signer must have."""
        return self.signing.age

    @property
    def tiers(self) -> tuple[str, ...]:
        """Trust tiers that a threshold sums."""
        return self.signing.tiers

    @property
    def collection_months(self) -> int:
        """Months in which signatures are collected."""
        return self.signing.collection_months

    def level(self, code: str) -> Level:
        """A level by its code; LevelUnknown."""
        try:
            return self.levels[code]
        except KeyError:
            raise LevelUnknown(level=code) from None

    def threshold(self, level: str, population: int = 0) -> int:
        """Signatures that oblige the addressee to consider; `population` of the unit where the law says a share."""
        return self.level(level).signatures(population)

    def answer_days(self, level: str) -> int:
        """Working days in which the addressee must have considered."""
        return self.level(level).consideration_working_days

    def level_for(self, addressee: Addressee) -> Level:
        """The level of an addressee, by its organ and its unit; LevelUnknown, PopulationNeeded."""
        return level_of(self.levels.values(), addressee.unit.kind, addressee.body.organ, addressee.population)

    def threshold_for(self, addressee: Addressee) -> int:
        """Signatures that oblige an addressee."""
        return self.level_for(addressee).signatures(addressee.population)


@lru_cache(maxsize=128)
def load_pack(jurisdiction: str, on: date, folder: Path = FOLDER) -> RulePack:
    """The rules in force on a day, from `folder/jurisdiction`; RulesMissing, or RulesMalformed naming file and place."""
    home = home_of(jurisdiction, folder)
    if not (begun := [pack for pack in read_packs(home) if pack.effective <= on]):
        raise RulesMissing(jurisdiction=jurisdiction)
    numbers = begun[-1].numbers
    reasons = read_reasons(home)
    calendar, calendar_sources = read_calendar(home)
    effective = max(day for day in [begun[-1].effective, *_turns(reasons)] if day <= on)
    return RulePack(
        id=f"{jurisdiction}/{effective}",
        effective=effective,
        writing=numbers.writing,
        signing=numbers.signing,
        gate=numbers.gate,
        moderation=numbers.moderation,
        appeal=numbers.appeal,
        consideration=numbers.consideration,
        retention=numbers.retention,
        levels=numbers.level,
        forbidden_topics=in_force(reasons.topics, on),
        announced=tuple(topic for topic in reasons.topics if topic.announced),
        topic_groups=reasons.topic_groups,
        refusal_reasons=in_force(refusals(reasons.topics, reasons.refusals), on),
        stop_reasons=in_force(reasons.stops, on),
        removal_reasons=in_force(reasons.removals, on),
        decisions=in_force(reasons.decisions, on),
        calendar=calendar,
        sources=(*begun[-1].sources, *calendar_sources, *map(_source, reasons)),
    )


def pack_by_id(pack_id: str, folder: Path = FOLDER) -> RulePack:
    """The pack that a petition names; RulesMissing where there is none of that id."""
    jurisdiction, _, day = pack_id.partition("/")
    try:
        return load_pack(jurisdiction, date.fromisoformat(day), folder)
    except ValueError:
        raise RulesMissing(jurisdiction=jurisdiction) from None


def unverified(pack: RulePack) -> tuple[Source, ...]:
    """Every value of a pack that still waits for somebody with the law in hand."""
    return tuple(source for source in pack.sources if not source.verified)


def _turns(reasons: Iterable[Reason]) -> list[date]:
    """Days on which a reason begins to hold, or holds no more."""
    ended = [reason.until + timedelta(days=1) for reason in reasons if reason.until]
    return ended + [reason.since for reason in reasons if reason.since]


def _source(reason: Reason) -> Source:
    return Source(f"{reason.kind}.{reason.code}", reason.since, reason.source, reason.verified)
