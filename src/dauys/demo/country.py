"""What the demo country asks of its authorities: ten petitions in three languages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from dauys.errors import LANGUAGES


@dataclass(frozen=True, slots=True)
class DemoPetition:
    """A petition as its author submitted it; `title`, `text` and `addressee` by language (kk, ru, en).

    `language` is the one it was signed in, `level` one of the rule pack, `region` the ISO 3166-2:KZ code of a local
    addressee, `population` of its unit (0 where the law asks for no share), `signatures` how many demo citizens sign,
    `author` the name as it is shown.
    """

    slug: str
    level: str
    region: str | None
    topic: str
    population: int
    signatures: int
    author: str
    language: str
    opened_days_ago: int
    body: str
    addressee: dict[str, str]
    title: dict[str, str]
    text: dict[str, str]


def load_petitions() -> list[DemoPetition]:
    """Read the petitions, in the order of the file."""
    source = files("dauys.demo").joinpath("data", "petitions.toml").read_text(encoding="utf-8")
    return [_petition(entry) for entry in tomllib.loads(source)["petitions"]]


def _petition(entry: dict[str, Any]) -> DemoPetition:
    languages = {language: entry.pop(language) for language in LANGUAGES}
    return DemoPetition(
        title={language: words["title"] for language, words in languages.items()},
        text={language: words["text"].strip() for language, words in languages.items()},
        region=entry.pop("region", None),
        population=entry.pop("population", 0),
        **entry,
    )
