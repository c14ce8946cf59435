"""Words of the rules, always in all three languages."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Words = Annotated[str, msgspec.Meta(min_length=1)]
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
UnitKind = Literal[
    "country", "region", "district"
]  # whose matter it is; a town is a district or a region, as the law has it


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in LANGUAGES."""

    kk: Words
    ru: Words
    en: Words

    def say(self, language: str) -> str:
        """The words in one of LANGUAGES."""
        return str(getattr(self, language))


def said(text: Text | None, language: str) -> str:
    """The words in one of LANGUAGES, or empty where there are none."""
    return text.say(language) if text else ""
