"""Makes a demo installation with its officials and no petition.

usage: python empty_country.py, with DAUYS_VAR, DAUYS_MODE and DAUYS_JURISDICTION set
"""

from datetime import UTC, datetime

from dauys.cli.demo import make_installation
from dauys.cli.portal_setup import setup_portal
from dauys.ledger.places import Places

places = Places.default()
keys = make_installation(places)
setup_portal(places)

from dauys.demo.officials import seed_officials  # noqa: E402 - once Django knows its settings

seed_officials(keys, datetime.now(UTC))
