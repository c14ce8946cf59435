"""What an office writes in other languages beside a text that counts: the fields of its form, and what was sent in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dauys.errors import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import QueryDict


def others_in(sent: QueryDict, field: str, own: str) -> dict[str, str]:
    """What was written, by language; `own` is that of the text that counts."""
    written = {language: sent.get(f"{field}-{language}", "").strip() for language in LANGUAGES if language != own}
    return {language: words for language, words in written.items() if words}


def other_fields(sent: QueryDict, field: str, own: str, kept: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Each other language with what its field holds: what was sent just now, or else what was `kept`."""
    before = kept or {}
    return [
        (language, sent.get(f"{field}-{language}", before.get(language, "")))
        for language in LANGUAGES
        if language != own
    ]
