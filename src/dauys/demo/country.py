"""What the demo country asks of its authorities, and what became of it: petitions and their lives, in three languages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import as_file, files
from typing import Any

from dauys.errors import LANGUAGES
from dauys.rules.bodies import Addressee, body

DATA = files("dauys.demo").joinpath("data")
MODERATED_IN = 6  # days from handing in to acceptance, where a petition's life does not say otherwise


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPetition:
    """A petition as its author submitted it; `title`, `text` and `addressee` by language (kk, ru, en).

    `language` is the one it was signed in, `level` one of the rule pack, `region` the ISO 3166-2:KZ code of a local
    addressee, `population` of its unit (0 where the law asks for no share), `author` the name as it is shown.
    """

    slug: str
    level: str
    region: str | None = None
    topic: str
    population: int = 0
    author: str
    language: str
    body: str
    addressee: dict[str, str]
    title: dict[str, str]
    text: dict[str, str]
    steps: tuple[DemoStep, ...]

    @property
    def signatures(self) -> int:
        """How many demo citizens sign it."""
        return sum(step.facts["count"] for step in self.steps if step.does == "sign")


@dataclass(frozen=True, slots=True)
class DemoStep:
    """Something that happens to a petition, whole days before the country is made; `facts` are what it needs to be done.

    Words in `facts` are by language.
    """

    days_ago: int
    does: str
    facts: dict[str, Any]


def load_petitions() -> list[DemoPetition]:
    """The petitions that are open for signing, in the order of the file."""
    return [_open_petition(entry) for entry in _read("petitions.toml")]


def load_lives() -> list[DemoPetition]:
    """The petitions with a whole life, in the order of their files."""
    names = sorted(file.name for file in DATA.joinpath("lives").iterdir() if file.name.endswith(".toml"))
    return [_life(entry) for name in names for entry in _read(f"lives/{name}")]


def addressee_of(code: str) -> Addressee:
    """A body of the rules, or one of the demo's own districts; KeyError."""
    with as_file(DATA.joinpath("rules")) as folder:
        found = body("kz", code) or body("kz", code, folder)
    if found is None:
        raise KeyError(code)
    return found


def names_of(addressee: Addressee) -> dict[str, str]:
    """A body's name by language."""
    return {language: addressee.body.name.say(language) for language in LANGUAGES}


def _read(path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(DATA.joinpath(path).read_text(encoding="utf-8"))["petitions"]
    return found


def _open_petition(entry: dict[str, Any]) -> DemoPetition:
    opened, count = entry.pop("opened_days_ago"), entry.pop("signatures")
    if known := body("kz", entry["body"]):
        entry["population"] = known.population or 0
    steps = (
        DemoStep(opened + MODERATED_IN, "submit", {}),
        DemoStep(opened, "accept", {}),
        DemoStep(opened, "sign", {"until": 0, "count": count}),
    )
    return _petition(entry, steps)


def _life(entry: dict[str, Any]) -> DemoPetition:
    addressee = addressee_of(entry["body"])
    steps = tuple(DemoStep(step.pop("days_ago"), step.pop("does"), step) for step in entry.pop("step"))
    entry |= {"addressee": names_of(addressee), "population": addressee.population or 0}
    return _petition(entry, steps)


def _petition(entry: dict[str, Any], steps: tuple[DemoStep, ...]) -> DemoPetition:
    title, text = versions({language: entry.pop(language) for language in LANGUAGES})
    return DemoPetition(title=title, text=text, steps=steps, **entry)


def versions(words: dict[str, dict[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """(titles, texts) by language, out of `{"kk": {"title": …, "text": …}, …}`."""
    titles = {language: said["title"] for language, said in words.items()}
    return titles, {language: said["text"].strip() for language, said in words.items()}
