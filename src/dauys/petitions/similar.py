"""How much two titles ask for the same. Pure: trigrams see misspelt and inflected words, prefixes see reordered ones.

Measured on paraphrases of the demo's titles (tests/petitions/paraphrases.toml): each half misses what the other finds.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PREFIX = 4  # letters: in Kazakh and Russian most of a word's root
SHORTEST = 3  # letters of a word that says something by itself
LONGEST = 40  # words of a title that are looked at


def prefixes(title: str) -> frozenset[str]:
    """The first letters of a title's words."""
    return frozenset(word[:PREFIX] for word in _words(title) if len(word) >= SHORTEST)


def trigrams(title: str) -> frozenset[str]:
    """Three letters in a row, two spaces before each word and one after, as pg_trgm takes them."""
    padded = (f"  {word} " for word in _words(title))
    return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))


def similarity(one: str, other: str, weight: Callable[[str], float] = lambda _prefix: 1.0) -> float:
    """From 0 to 1: the mean of the shares of trigrams and of prefixes that both have; `weight` says how rare a prefix is."""
    ours, theirs = prefixes(one), prefixes(other)
    whole = sum(map(weight, ours | theirs))
    by_words = sum(map(weight, ours & theirs)) / whole if whole else 0.0
    return (_jaccard(trigrams(one), trigrams(other)) + by_words) / 2


def rarity(documents: int, having: int) -> float:
    """The weight of a prefix that `having` of `documents` titles hold (inverse document frequency), above 0."""
    return math.log(1 + documents / (1 + having))


def ranked(
    title: str, others: Iterable[tuple[int, str]], weight: Callable[[str], float], least: float = 0.0
) -> list[tuple[float, int]]:
    """(similarity, key) of the (key, title) pairs that reach `least`, the most similar first."""
    found = ((similarity(title, other, weight), key) for key, other in others)
    return sorted((pair for pair in found if pair[0] >= least), key=lambda pair: (-pair[0], pair[1]))


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def _words(title: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", title).casefold())[:LONGEST]
