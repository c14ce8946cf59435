"""In which of the three languages a text seems to be written: a hint to whoever publishes it, never a verdict. Pure."""

from __future__ import annotations

KAZAKH = frozenset("әғқңөұүһі")  # letters that Russian lacks; about a sixth of what is written in Kazakh
SHARE = 0.05  # of them in a Kazakh line; names in a Russian one stay below
FEWEST = 20  # letters by which a line can be judged


def seems_foreign(text: str, language: str) -> bool:
    """Whether no line of a text seems to be in that language; never of a text too short to judge."""
    found = {_language(line) for line in text.casefold().splitlines() if sum(map(str.isalpha, line)) >= FEWEST}
    return bool(found) and language not in found


def _language(line: str) -> str:
    letters = [sign for sign in line if sign.isalpha()]
    if sum(sign.isascii() for sign in letters) > len(letters) / 2:
        return "en"
    return "kk" if sum(sign in KAZAKH for sign in letters) >= SHARE * len(letters) else "ru"
