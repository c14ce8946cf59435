"""Beginnings of explanations that moderators may take and mend, by reason and language."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

GAP = re.compile(r"(?:^|\s)(?:…|\.{3,})(?!\w)")  # as ready words leave them: after a space, before no word


@cache
def explanations() -> dict[str, dict[str, dict[str, str]]]:
    """Words by step ("refuse", "stop", "remove", "merge", "transfer"), then by the code of a reason or, for the last two, of a case, then by language."""
    return tomllib.loads(files("dauys.petitions").joinpath("data", "explanations.toml").read_text(encoding="utf-8"))


def template_for(step: str, reasons: list[str], language: str) -> str:
    """The words of a step for these reasons in one language, as paragraphs; empty where there are none."""
    known = explanations().get(step, {})
    return "\n\n".join(known[code][language] for code in reasons if code in known)


def ready_words(step: str, language: str) -> list[tuple[str, str]]:
    """All beginnings for a step in one language, each with its code."""
    return [(code, words[language]) for code, words in explanations().get(step, {}).items()]


def is_unfinished(words: str) -> bool:
    """Whether dots still stand by themselves, where words of one's own belong; dots that end a word are fine."""
    return GAP.search(words) is not None
