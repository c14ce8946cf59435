"""Bodies: who can be asked. They are data with dates, since ministries and regions are made and unmade."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import msgspec

from dauys.errors import RulesMalformed
from dauys.rules.reading import FOLDER, home_of, named, read, shape, unique
from dauys.rules.sources import Source
from dauys.rules.texts import Code, Text, UnitKind, Words


class Population(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Residents of a unit; the source names the day they were counted."""

    value: Annotated[int, msgspec.Meta(ge=1)]
    source: Words
    verified: bool


class Unit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A country, region or district; `code` is ISO 3166-2 where it has one, `within` the region it lies in."""

    code: Annotated[str, msgspec.Meta(min_length=2, max_length=40)]
    kind: UnitKind
    name: Text
    within: str | None = None
    population: Population | None = None


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An organ of a unit which can be asked, from `since` to `until`, both included; `organ` is named by the levels."""

    code: Code
    unit: str
    organ: Code
    name: Text
    since: date
    source: Words
    verified: bool
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.since:
            raise ValueError(f"{self.code} ends before it begins")

    def exists(self, on: date) -> bool:
        """Whether it could be asked on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


class Addressee(msgspec.Struct, frozen=True):
    """A body with its unit, as the picker shows it."""

    body: Body
    unit: Unit

    @property
    def population(self) -> int | None:
        """Residents of the unit, where its data names them."""
        return self.unit.population.value if self.unit.population else None


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    unit: list[Unit]
    body: list[Body]


def bodies(jurisdiction: str, on: date, folder: Path = FOLDER) -> tuple[Addressee, ...]:
    """Whom one can ask on a day, in the order of the file; RulesMissing, RulesMalformed."""
    return tuple(addressee for addressee in _all(jurisdiction, folder) if addressee.body.exists(on))


def body(jurisdiction: str, code: str, folder: Path = FOLDER) -> Addressee | None:
    """A body by its code, whether it still exists or not: an old petition names it."""
    return next((addressee for addressee in _all(jurisdiction, folder) if addressee.body.code == code), None)


def sources_of_bodies(jurisdiction: str, folder: Path = FOLDER) -> tuple[Source, ...]:
    """Where bodies and populations are from, as for the values of a pack."""
    every = _all(jurisdiction, folder)
    units = {addressee.unit.code: addressee.unit for addressee in every}.values()
    populations = (
        Source(f"unit.{unit.code}.population", unit.population.value, unit.population.source, unit.population.verified)
        for unit in units
        if unit.population
    )
    return (*populations, *(Source(f"body.{b.code}", b.since, b.source, b.verified) for b in (a.body for a in every)))


@lru_cache(maxsize=16)
def _all(jurisdiction: str, folder: Path) -> tuple[Addressee, ...]:
    file = home_of(jurisdiction, folder) / "bodies.toml"
    content = shape(file, read(file), _File)
    unique(file, (unit.code for unit in content.unit))
    unique(file, (body.code for body in content.body))
    units = {unit.code: unit for unit in content.unit}
    named_units = {body.unit for body in content.body} | {unit.within for unit in content.unit if unit.within}
    if strays := sorted(named_units - set(units)):
        raise RulesMalformed(file=named(file), what=f"no unit {', '.join(strays)}")
    return tuple(Addressee(body, units[body.unit]) for body in content.body)
