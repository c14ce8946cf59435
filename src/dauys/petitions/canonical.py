"""The exact bytes of a petition's text: what is hashed, logged, downloaded and signed."""

from __future__ import annotations

import hashlib
import re
import unicodedata

KEPT_LETTERS = 4  # what a stem keeps at least, as in the measured four-letter prefixes
LONGEST_ENDING = 5  # letters: Kazakh plural and case together, as in -дарға


def text_bytes(title: str, text: str) -> bytes:
    """UTF-8 of the NFC form of title, an empty line and text, closed by one newline."""
    return unicodedata.normalize("NFC", f"{title}\n\n{text}\n").encode()


def text_sha256(title: str, text: str) -> str:
    """Hex SHA-256 of `text_bytes`, the hash that statements and the opening leaf name."""
    return hashlib.sha256(text_bytes(title, text)).hexdigest()


def search_form(*texts: str) -> str:
    """The words of some texts as search sees them: folded (SQLite's LIKE folds ASCII only), a space before each."""
    return "".join(f" {word}" for word in _words(" ".join(texts)))


def search_stems(query: str) -> list[str]:
    """What to look for in a `search_form`: the beginnings of the query's words, without most Kazakh and Russian endings.

    Measured on paraphrased titles, prefixes find what stemmers find in Russian and more in Kazakh, which has none.
    """
    return [f" {word[: max(KEPT_LETTERS, len(word) - LONGEST_ENDING)]}" for word in _words(query)]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold())
