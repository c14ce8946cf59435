"""What a look into the vault adds to the report: how much evidence was opened, and how sure that makes. Pure: plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dauys.errors import catalogue
from dauys.ledger.findings import DOMAIN, said

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADING: Final = said("Private evidence")
OPENED: Final = said("Opened and checked: {checked} of {acts} acts; erased {erased}, lost {lost}.")
ALL: Final = said("Every act rests on its evidence.")
SURE: Final = said(
    "Every act that was drawn rests on its evidence: with {sure} confidence at most {most_unseen} acts ({share}) do not."
)
WHERE: Final = said("entry {index}: ")


def as_lines(facts: dict[str, Any], language: str) -> Iterator[str]:
    """The facts for people."""
    say = catalogue(language, DOMAIN).gettext
    yield f"\n{say(HEADING)}"
    yield say(OPENED).format(**facts)
    for each in facts["findings"]:
        yield "  BROKEN " + say(WHERE).format(**each) + str(each["sentence"][language])
    if facts["findings"]:
        return
    if facts["checked"] == facts["acts"]:
        yield say(ALL)
        return
    share, sure = f"{facts['most_unseen'] / facts['acts']:.2%}", f"{facts['confidence']:.0%}"
    yield say(SURE).format(share=share, sure=sure, **facts)
