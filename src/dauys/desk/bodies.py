"""Bodies that people can ask and officials belong to: those that the rules name, and those the operator adds (DAUYS_BODIES)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from dauys.errors import BodyUnknown
from dauys.rules.bodies import Addressee, bodies, body
from dauys.rules.reading import FOLDER


def all_bodies(now: datetime) -> tuple[Addressee, ...]:
    """Whom one can ask now, in the order of the rules; RulesMissing, RulesMalformed."""
    day = timezone.localdate(now)
    return tuple(each for folder in _folders() for each in bodies(settings.DAUYS_JURISDICTION, day, folder))


def find_body(code: str) -> Addressee | None:
    """A body by its code, whether it still exists or not."""
    found = (body(settings.DAUYS_JURISDICTION, code, folder) for folder in _folders())
    return next(filter(None, found), None)


def known_body(code: str, now: datetime) -> Addressee:
    """The body of a code, while it exists; BodyUnknown."""
    found = find_body(code)
    if found is None or not found.body.exists(timezone.localdate(now)):
        raise BodyUnknown(body=code)
    return found


def body_name(code: str, language: str) -> str:
    """The name of a body by its code, or the code itself where the rules do not know it."""
    found = find_body(code) if code else None
    return found.body.name.say(language) if found else code


def _folders() -> list[Path]:
    own = settings.DAUYS_BODIES
    return [FOLDER, own] if own and (own / settings.DAUYS_JURISDICTION).is_dir() else [FOLDER]
