"""A rule pack: the numbers of one jurisdiction from one date on. A petition lives under the pack it began with."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

from dauys.errors import BadInput


@dataclass(frozen=True, slots=True)
class RulePack:
    """One `[[pack]]` of a jurisdiction's file; `id` is jurisdiction and effective date (`kz/2024-04-04`)."""

    id: str
    effective: date
    age: int
    tiers: tuple[str, ...]
    collection_months: int
    levels: dict[str, dict[str, Any]]

    def threshold(self, level: str, population: int = 0) -> int:
        """Signatures that oblige the addressee to consider; `population` of the unit where the law says a share."""
        try:
            rule = self.levels[level]["threshold"]
        except KeyError:
            raise BadInput(what=f"the rules know no level {level}") from None
        if "value" in rule:
            return int(rule["value"])
        if population <= 0:
            raise BadInput(what=f"the threshold of {level} needs the population of the unit")
        return -(-population * int(rule["percent_of_population"]) // 100)

    def answer_days(self, level: str) -> int:
        """Working days in which the addressee must have considered."""
        return int(self.levels[level]["consideration_working_days"]["value"])


def load_pack(jurisdiction: str, on: date) -> RulePack:
    """The pack in force on a day; BadInput where there is none."""
    file = resources.files("dauys.rules") / f"{jurisdiction}.toml"
    if not file.is_file():
        raise BadInput(what=f"no rules for {jurisdiction}")
    packs = [pack for pack in tomllib.loads(file.read_text("utf-8"))["pack"] if pack["effective"] <= on]
    if not packs:
        raise BadInput(what=f"no rules of {jurisdiction} were in force on {on}")
    pack = max(packs, key=lambda pack: pack["effective"])
    return RulePack(
        f"{jurisdiction}/{pack['effective']}", pack["effective"], pack["age"]["value"], tuple(pack["tiers"]["value"]),
        pack["collection_months"]["value"], pack["level"],
    )  # fmt: skip
