"""The demo country's list of true addresses: where it is served now, what it was served at before."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dauys.ledger import sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.log_keys import read_keyring
from dauys.ledger.true_addresses import publish_addresses, read_addresses

if TYPE_CHECKING:
    from dauys.ledger.places import Places


def sign_own_address(places: Places, address: str) -> None:
    """Signs a new list where the last one does not name this address as the main one; others' entries stay."""
    with closing(sqlite.connect(places.database)) as connection:
        known = read_keyring(connection).verifiers
    before = read_addresses(places, known)
    listed = [each for each in before.listed if each[1] != address] if before else []
    if before is None or before.of("site")[:1] != [address]:
        publish_addresses(places, Keys.load(places.keys), known, [("site", address), *listed], datetime.now(UTC))
