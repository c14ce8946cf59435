"""The installation's keys, for services and rows."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from dauys.ledger.keys import Keys
from dauys.ledger.places import Places


@cache
def keys() -> Keys:
    """Read once for the process."""
    return Keys.load(Places(settings.DAUYS_VAR).keys)
