"""Where a number comes from: every value of a rule pack stands beside its source, or it is refused."""

from __future__ import annotations

from typing import Any

import msgspec

from dauys.errors import LANGUAGES
from dauys.rules.texts import Words


class Source(msgspec.Struct, frozen=True):
    """What a value rests on. `path` is its place in the pack (`gate.supporters`).

    `verified` is true where sources from after the rule came into force agree on it. It is false where it is known from
    a bill only, where sources differ, or where nothing was found and Dauys fills the gap.
    """

    path: str
    value: Any
    source: str
    verified: bool


class Sourced(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value as the files write it: `{ value = 50, source = "…", verified = true }`."""

    value: Any
    source: Words
    verified: bool


def part(table: dict[str, Any], path: str = "") -> tuple[dict[str, Any], list[Source]]:
    """Parts plain values from their sources; ValueError names a value that has none. Texts need none."""
    plain: dict[str, Any] = {}
    sources: list[Source] = []
    for key, entry in table.items():
        place = f"{path}.{key}" if path else key
        if not isinstance(entry, dict):
            raise ValueError(f"{place} has no source")  # noqa: TRY004 - the file is wrong, not a caller's type
        if "value" in entry:
            sourced = _sourced(entry, place)
            plain[key] = sourced.value
            sources.append(Source(place, sourced.value, sourced.source, sourced.verified))
        elif set(entry) <= set(LANGUAGES):
            plain[key] = entry
        else:
            plain[key], below = part(entry, place)
            sources += below
    return plain, sources


def _sourced(entry: dict[str, Any], place: str) -> Sourced:
    try:
        return msgspec.convert(entry, Sourced)
    except msgspec.ValidationError as error:
        raise ValueError(f"{place}: {error}") from error
