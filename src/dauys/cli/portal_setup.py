"""Django made ready for a command."""

from __future__ import annotations

import os

from dauys.ledger.places import Places


def setup_portal(places: Places) -> None:
    """Loads Django's settings for an installation; the first call of a process decides."""
    os.environ["DAUYS_VAR"] = str(places.var)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dauys.portal.settings")
    import django

    django.setup()
