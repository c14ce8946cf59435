"""A sheet of paper signatures, entered twice: its scan by hash, by whom, and how many of its rows counted."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from dauys.ledger.leaf_fields import Hash, Leaf, Moment, Subject, Two

MOST_ROWS = 100  # of one sheet


class PaperEntered(Leaf, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="petition.paper-entered"):
    """Follows the paper signatures it accounts for; rows of people who had signed already do not count."""

    moment: Moment
    officials: Two
    rows: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)]
    sheet: Annotated[Hash, msgspec.Meta(description="SHA-256 of the sheet's scan, in hex")]
    signatures: Annotated[
        int, msgspec.Meta(ge=0, le=MOST_ROWS, description="paper signatures since the sheet before it")
    ]
    subject: Subject
    v: Literal[1] = 1
