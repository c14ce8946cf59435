"""Public texts by hash: what a leaf names, byte for byte. All of it inside the caller's transaction."""

from __future__ import annotations

import hashlib
import unicodedata

from dauys.desk.models import PublicText
from dauys.errors import BadInput

LONGEST = 20_000  # characters of one text: minutes of a long hearing fit


def keep_text(text: str) -> str:
    """Keeps a text and returns its SHA-256 in hex; BadInput where it is empty or too long."""
    content = plain_text(text)
    digest = text_digest(content)
    PublicText.objects.get_or_create(sha256=digest, defaults={"content": content})
    return digest


def plain_text(text: str) -> str:
    """The one spelling of a text: NFC, lines ended by LF, one newline at the end. BadInput where it is empty or too long."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if not plain or len(plain) > LONGEST or "\0" in plain:
        raise BadInput(what=f"a text of 1 to {LONGEST} characters is needed")
    return plain + "\n"


def text_digest(content: str) -> str:
    """SHA-256 in hex, as leaves name a text."""
    return hashlib.sha256(content.encode()).hexdigest()


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
