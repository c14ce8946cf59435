"""Public texts by hash: what a leaf names, byte for byte."""

from __future__ import annotations

import hashlib
import unicodedata

from dauys.desk.models import PublicText
from dauys.errors import BadInput

LONGEST = 20_000  # characters of one text: minutes of a long hearing fit


def keep_text(text: str) -> str:
    """Keeps a text, inside the caller's transaction, and returns its SHA-256 in hex; BadInput where it is empty or too long.

    NFC, lines ended by LF, one newline at the end: a text has one spelling.
    """
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    if not plain or len(plain) > LONGEST or "\0" in plain:
        raise BadInput(what=f"a text of 1 to {LONGEST} characters is needed")
    content = plain + "\n"
    digest = hashlib.sha256(content.encode()).hexdigest()
    PublicText.objects.get_or_create(sha256=digest, defaults={"content": content})
    return digest
