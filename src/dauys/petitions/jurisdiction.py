"""The rules in force here and now, and whom one can ask under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from dauys.desk.bodies import all_bodies
from dauys.rules.bodies import Addressee
from dauys.rules.pack import RulePack, load_pack

if TYPE_CHECKING:
    from datetime import datetime


def rules_of(now: datetime) -> RulePack:
    """The rule pack of this installation at a moment; RulesMissing."""
    return load_pack(settings.DAUYS_JURISDICTION, timezone.localdate(now))


def addressees(now: datetime) -> tuple[Addressee, ...]:
    """Whom one can ask at a moment, in the order of the rules."""
    return all_bodies(now)


def addressee_of(code: str, now: datetime) -> Addressee | None:
    """The addressee of a code, while it can be asked."""
    return next((each for each in addressees(now) if each.body.code == code), None)
