"""What acts of petitions share: references, and the installation's keys."""

from __future__ import annotations

from dauys.desk.installation import keys
from dauys.errors import SubjectUnknown

__all__ = ["keys", "number_of"]


def number_of(reference: str, kind: str) -> int:
    """7 of "draft/7"; SubjectUnknown for any other kind."""
    name, _, number = reference.partition("/")
    if name != kind or not number.isdecimal() or len(number) > 18:
        raise SubjectUnknown
    return int(number)
