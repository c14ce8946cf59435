"""What an office publishes: kept by its hash, once no dots of ready words are left in it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from dauys.desk.texts import keep_text
from dauys.errors import ExplanationUnfinished
from dauys.ledger.petition_leaves import Translation
from dauys.petitions.explanations import is_unfinished

if TYPE_CHECKING:
    from collections.abc import Mapping

NONE: Mapping[str, str] = MappingProxyType({})  # no translations


def keep_words(words: str) -> str:
    """Keeps a text of an office and returns its hash; ExplanationUnfinished, WordsMissing, BadInput where it is too long."""
    if is_unfinished(words):
        raise ExplanationUnfinished
    return keep_text(words)


def keep_translations(of: str, others: Mapping[str, str]) -> list[Translation] | msgspec.UnsetType:
    """Keeps what an office says in other languages, by language, of its text with this hash; for its leaf. As `keep_words`."""
    kept = [(language, keep_words(words)) for language, words in sorted(others.items()) if words.strip()]
    made = [Translation(language, of, digest) for language, digest in kept if digest != of]  # type: ignore[arg-type] - judged with the leaf
    return made or msgspec.UNSET
