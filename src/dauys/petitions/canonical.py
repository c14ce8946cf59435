"""The exact bytes of a petition's text: what is hashed, logged, downloaded and signed."""

from __future__ import annotations

import hashlib
import unicodedata


def text_bytes(title: str, text: str) -> bytes:
    """UTF-8 of the NFC form of title, an empty line and text, closed by one newline."""
    return unicodedata.normalize("NFC", f"{title}\n\n{text}\n").encode()


def text_sha256(title: str, text: str) -> str:
    """Hex SHA-256 of `text_bytes`, the hash that statements and the opening leaf name."""
    return hashlib.sha256(text_bytes(title, text)).hexdigest()


def search_form(title: str, text: str) -> str:
    """Title and text as search sees them; SQLite's LIKE folds ASCII letters only, so we fold ours beforehand."""
    return unicodedata.normalize("NFC", f"{title}\n{text}").casefold()
