"""Beginnings of explanations that moderators may take and mend, by reason and language."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

GAP = re.compile(r"(?:^|\s)(?:…|\.{3,})(?!\w)")  # as ready words leave them: after a space, before no word


@cache
def explanations() -> dict[str, dict[str, dict[str, str]]]:
    """Words by step ("refuse", "stop", "remove"), then by the code of a reason, then by language."""
    return tomllib.loads(files("dauys.petitions").joinpath("data", "explanations.toml").read_text(encoding="utf-8"))


def template_for(step: str, reasons: list[str], language: str) -> str:
    """The words of a step for these reasons in one language, as paragraphs; empty where there are none."""
    known = explanations().get(step, {})
    return "\n\n".join(known[code][language] for code in reasons if code in known)


def is_unfinished(words: str) -> bool:
    """Whether dots still stand by themselves, where words of one's own belong; dots that end a word are fine."""
    return GAP.search(words) is not None
