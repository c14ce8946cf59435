"""Whom one can ask, as an author chooses: by level, each body with what it takes to oblige it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dauys.errors import LevelUnknown, PopulationNeeded
from dauys.petitions.canonical import search_form, search_stems
from dauys.petitions.jurisdiction import addressee_of, addressees

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from dauys.rules.bodies import Addressee
    from dauys.rules.levels import Level
    from dauys.rules.pack import RulePack


@dataclass(frozen=True, slots=True)
class Choice:
    """A body in one language: its level, the signatures that oblige it, the working days it has then."""

    code: str
    name: str
    level: str
    threshold: int
    days: int
    percent: int | None = None  # of residents, where the law says a share
    residents: int | None = None


def asked(code: str, language: str, rules: RulePack, now: datetime) -> Choice | None:
    """The body a draft asks, while it can be asked."""
    addressee = addressee_of(code, now)
    return _choice(addressee, language, rules) if addressee else None


def levels(query: str, language: str, rules: RulePack, now: datetime) -> list[tuple[str, list[Choice]]]:
    """(level, its bodies) with every word of the query in a name in some language, in the order of the rules."""
    found: dict[str, list[Choice]] = {level.name.say(language): [] for level in rules.levels.values()}
    for choice in _found(query, language, rules, now):
        found[choice.level].append(choice)
    return [(level, choices) for level, choices in found.items() if choices]


def _found(query: str, language: str, rules: RulePack, now: datetime) -> Iterator[Choice]:
    stems = search_stems(query)
    for addressee in addressees(now):
        name = addressee.body.name
        words = search_form(name.kk, name.ru, name.en)
        if all(stem in words for stem in stems) and (choice := _choice(addressee, language, rules)):
            yield choice


def _choice(addressee: Addressee, language: str, rules: RulePack) -> Choice | None:
    """None where the rules cannot say what obliges this body: then nobody can ask it yet."""
    try:
        level: Level = rules.level_for(addressee)
        threshold = rules.threshold_for(addressee)
    except (LevelUnknown, PopulationNeeded):
        return None
    body, percent = addressee.body, level.threshold_percent
    return Choice(
        body.code, body.name.say(language), level.name.say(language), threshold, level.consideration_working_days, percent,
        addressee.population if percent else None,
    )  # fmt: skip
