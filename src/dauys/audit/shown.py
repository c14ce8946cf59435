"""The numbers that an operator publishes and shows, against those that the log holds at the same tree size."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dauys.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dauys.audit.source import Shown, Source
    from dauys.ledger.recount import Recount

COUNTS = "counts.json"


def published_counts(source: Source) -> dict[str, Any]:
    """counts.json: `{"size": n, "subjects": {name: {tier: n}}, "final": the same}`; BadInput."""
    try:
        counts = json.loads(source.read(COUNTS))
        if not isinstance(counts["size"], int) or not all(
            isinstance(counts[key], dict) for key in ("subjects", "final")
        ):
            raise TypeError
    except (ValueError, TypeError, KeyError):
        raise BadInput(what=f"{COUNTS} is not what a log publishes") from None
    return dict(counts)


def sizes(counts: Mapping[str, Any], shown: Mapping[str, Sequence[Shown]]) -> Iterator[int]:
    """The tree sizes at which something is shown."""
    yield counts["size"]
    yield from (each.size for many in shown.values() for each in many if each.size is not None)


def compare(recount: Recount, counts: Mapping[str, Any], shown: Mapping[str, Sequence[Shown]]) -> int:
    """Every number against the recount; how many pages and files were compared."""
    recount.compare(COUNTS, counts["size"], counts["subjects"])
    recount.compare(COUNTS, counts["size"], counts["final"], final=True)
    compared = 0
    for subject, many in shown.items():
        for each in many:
            size = counts["size"] if each.size is None else each.size
            recount.compare_total(each.where, subject, size, each.signatures)
            if each.final is not None:
                recount.compare_total(each.where, subject, size, each.final, final=True)
            compared += 1
    return compared
