"""The root of the tree of errors, and the catalogues in which their sentences stand."""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path

LOCALE_DIRECTORY = Path(__file__).parent.parent / "portal" / "locale"
LANGUAGES = ("kk", "ru", "en")


@cache
def catalogue(language: str, domain: str = "errors") -> gettext.NullTranslations:
    """A gettext catalogue of one language; English message ids where none is installed."""
    return gettext.translation(domain, localedir=str(LOCALE_DIRECTORY), languages=[language], fallback=True)


class DauysError(Exception):
    """Root of the tree; `facts` fill the placeholders of the sentence."""

    code = "internal-error"
    status = 500
    sentence = "Something broke on our side. Nothing was lost; please try again in a minute."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.explain("en"))

    def explain(self, language: str = "en") -> str:
        """The sentence in one of LANGUAGES, placeholders filled."""
        return catalogue(language).gettext(self.sentence).format(**self.facts)


def error_classes() -> dict[str, type[DauysError]]:
    """Every error of the tree by its code."""
    found: dict[str, type[DauysError]] = {}
    waiting = [DauysError]
    while waiting:
        kind = waiting.pop()
        found[kind.code] = kind
        waiting.extend(kind.__subclasses__())
    return found
