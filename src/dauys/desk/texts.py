"""Public texts by hash: what a leaf names, byte for byte. All of it inside the caller's transaction."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable

from dauys.desk.models import PublicText
from dauys.desk.transactions import reading_connection
from dauys.errors import BadInput, WordsMissing
from dauys.ledger.text_erasure import erased_by

LONGEST = 20_000  # characters of one text: minutes of a long hearing fit


def keep_text(text: str) -> str:
    """Keeps a text and returns its SHA-256 in hex; WordsMissing, or BadInput where it is too long."""
    content = plain_text(text)
    digest = text_digest(content)
    PublicText.objects.get_or_create(sha256=digest, defaults={"content": content})
    return digest


def plain_text(text: str) -> str:
    """The one spelling of a text: NFC, lines ended by LF, one newline at the end. WordsMissing, or BadInput if too long."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if not plain:
        raise WordsMissing
    if len(plain) > LONGEST or "\0" in plain:
        raise BadInput(what=f"a text is longer than {LONGEST} characters")
    return plain + "\n"


def text_digest(content: str) -> str:
    """SHA-256 in hex, as leaves name a text."""
    return hashlib.sha256(content.encode()).hexdigest()


def is_erased(sha256: str) -> bool:
    """Whether a text was erased for good; a withheld one may be shown again."""
    return erased_by(reading_connection(), sha256) is not None


def erased_text(sha256: str) -> PublicText | None:
    """The mark of a text that was erased for good."""
    return PublicText.objects.filter(sha256=sha256).exclude(erased_for="").first() if is_erased(sha256) else None


def show_text(content: bytes) -> None:
    """Keeps exact UTF-8 bytes whose hash a leaf names already; a withheld text is shown again."""
    digest = hashlib.sha256(content).hexdigest()
    _replace(digest, content.decode(), "")


def withhold_text(sha256: str, reason: str) -> None:
    """Takes a text from what is public; its hash stays, and the reason's code stands in its place."""
    _replace(sha256, "", reason)


def _replace(sha256: str, content: str, erased_for: str) -> None:
    values = {"content": content, "erased_for": erased_for, "published": False}
    PublicText.objects.update_or_create(sha256=sha256, defaults=values)


def read_texts(hashes: Iterable[str]) -> dict[str, str]:
    """Contents by hash, in one query; those that are erased, and the empty hash, are left out."""
    found = PublicText.objects.filter(sha256__in=[each for each in hashes if each], erased_for="")
    return {text.sha256: text.content.rstrip("\n") for text in found}
