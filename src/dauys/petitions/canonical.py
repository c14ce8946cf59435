"""The exact bytes of a petition's text and of the decision on it: what is hashed, logged, downloaded and signed."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from types import MappingProxyType
from typing import TYPE_CHECKING

from dauys.errors import BadInput
from dauys.ledger.attached import FILES_HEAD, Attached, files_part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KEPT_LETTERS = 4  # what a stem keeps at least, as in the measured four-letter prefixes
LONGEST_ENDING = 5  # letters: Kazakh plural and case together, as in -дарға


def text_bytes(title: str, text: str, files: Sequence[Attached] = ()) -> bytes:
    """UTF-8 of the NFC form of title, an empty line and text, closed by one newline; then the list of its files, if any.

    docs/spec/statement.md. BadInput where the text holds the list's own first line: two texts would have one spelling.
    """
    plain = unicodedata.normalize("NFC", f"{title}\n\n{text}\n")
    if FILES_HEAD in plain.split("\n"):
        raise BadInput(what=f"a text cannot hold the line {FILES_HEAD}")
    return (plain + unicodedata.normalize("NFC", _files_part(files))).encode()


def text_sha256(title: str, text: str, files: Sequence[Attached] = ()) -> str:
    """Hex SHA-256 of `text_bytes`, the hash that statements and the opening leaf name."""
    return hashlib.sha256(text_bytes(title, text, files)).hexdigest()


def _files_part(files: Sequence[Attached]) -> str:
    """The list, in the author's order."""
    if any(not file.name.isprintable() for file in files):
        raise BadInput(what="the name of a file holds a character that cannot be printed")
    return files_part(tuple(files))


def decision_bytes(
    answer: str, text: str, promises: Sequence[tuple[str, str]], translations: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    """UTF-8 of the NFC form, LF: answer and number of promises, the text, a line `due: promise` each; empty lines between.

    A promise is one line and their number stands first, so that no words can pass from the text to a promise unseen. The
    translations stand by their hashes, a line each below that number, so that none is published that was not signed for.
    """
    named = [f"translation {language}: {sha256}" for language, sha256 in sorted(translations.items())]
    head = "\n".join([f"answer: {answer}", f"promises: {len(promises)}", *named])
    parts = [head, text.strip(), *(f"{due}: {one_line(promise)}" for due, promise in promises)]
    return (unicodedata.normalize("NFC", "\n\n".join(parts)).replace("\r\n", "\n") + "\n").encode()


def one_line(words: str) -> str:
    """Words with single spaces between them."""
    return " ".join(words.split())


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
