"""What an office publishes: kept by its hash, once no dots of ready words are left in it."""

from __future__ import annotations

from dauys.desk.texts import keep_text
from dauys.errors import ExplanationUnfinished
from dauys.petitions.explanations import is_unfinished


def keep_words(words: str) -> str:
    """Keeps a text of an office and returns its hash; ExplanationUnfinished, WordsMissing, BadInput where it is too long."""
    if is_unfinished(words):
        raise ExplanationUnfinished
    return keep_text(words)
