"""Beginnings of explanations that moderators may take and mend, by reason and language."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def explanations() -> dict[str, dict[str, str]]:
    """Words by the code of a reason, then by language."""
    return tomllib.loads(files("dauys.petitions").joinpath("data", "explanations.toml").read_text(encoding="utf-8"))


def template_for(reasons: list[str], language: str) -> str:
    """The words for these reasons in one language, as paragraphs; empty where there are none."""
    known = explanations()
    return "\n\n".join(known[code][language] for code in reasons if code in known)


def is_unfinished(explanation: str) -> bool:
    """Whether dots of a ready text still stand where the moderator's own words belong."""
    return any(gap in explanation for gap in _gaps())


@cache
def _gaps() -> frozenset[str]:
    """The dots of all ready texts, each with the words around it."""
    texts = [text for by_language in explanations().values() for text in by_language.values()]
    return frozenset(gap for text in texts for gap in re.findall(r".{0,12}….{0,12}", text))
