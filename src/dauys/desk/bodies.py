"""Bodies that an official can belong to: those that the rules of this installation name."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from dauys.errors import BodyUnknown
from dauys.rules.bodies import Addressee, bodies, body


def all_bodies(now: datetime) -> tuple[Addressee, ...]:
    """Whom the rules let people ask now."""
    return bodies(settings.DAUYS_JURISDICTION, timezone.localdate(now))


def known_body(code: str, now: datetime) -> Addressee:
    """The body of a code, while it exists; BodyUnknown."""
    found = body(settings.DAUYS_JURISDICTION, code)
    if found is None or not found.body.exists(timezone.localdate(now)):
        raise BodyUnknown(body=code)
    return found


def body_name(code: str, language: str) -> str:
    """The name of a body by its code, or the code itself where the rules do not know it."""
    found = body(settings.DAUYS_JURISDICTION, code) if code else None
    return found.body.name.say(language) if found else code
