"""What became of a log that is not the one seen before, told from its leaf hashes then and now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SURE = 8  # entries that must agree again after a change, or all that are left


@dataclass(frozen=True, slots=True)
class Change:
    """The first change: a code of findings, the index where it begins, how many entries it is about."""

    code: str
    index: int
    count: int


def what_changed(before: Sequence[bytes], now: Sequence[bytes]) -> Change | None:
    """How the beginning of a log differs from what it was; None where it does not."""
    index = next((place for place, (old, new) in enumerate(zip(before, now, strict=False)) if old != new), None)
    if index is None:
        return None if len(now) >= len(before) else Change("entry-deleted", len(now), len(before) - len(now))
    return _between(index, before[index:], now[index:])


def _between(index: int, old: Sequence[bytes], new: Sequence[bytes]) -> Change:
    """The change at an index where both differ, `old` and `new` being what follows."""
    held, had = set(new), set(old)
    if had <= held and len(new) >= len(old) and set(new[: len(old)]) == had:
        return Change("entries-reordered", index, _until_equal(old, new))
    gone, added = _run_of(old, held), _run_of(new, had)
    rewritten = gone == len(old) > SURE and added  # nothing is left to hold on to
    for code, count, meets in (
        ("entry-edited", max(gone, added), gone and added and _meet(old[gone:], new[added:])),
        ("entry-deleted", gone, gone and _meet(old[gone:], new)),
        ("entry-inserted", added, added and _meet(old, new[added:])),
    ):
        if meets and not rewritten:
            return Change(code, index, count)
    return Change("history-rewritten", index, len(old))


def _run_of(entries: Sequence[bytes], others: set[bytes]) -> int:
    """How many entries at the beginning are not among the others."""
    return next((place for place, entry in enumerate(entries) if entry in others), len(entries))


def _meet(old: Sequence[bytes], new: Sequence[bytes]) -> bool:
    """Whether both go on alike."""
    length = min(len(old), len(new), SURE)
    return list(old[:length]) == list(new[:length])


def _until_equal(old: Sequence[bytes], new: Sequence[bytes]) -> int:
    """Places from the first to the last that differ."""
    return 1 + max(place for place, (one, other) in enumerate(zip(old, new, strict=False)) if one != other)
