"""The installation's signed list of true addresses: written beside the log, served with it and at a well-known path."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dauys.ledger.durable import write_durably
from dauys.ledger.keys import Keys
from dauys.ledger.moments import moment_text
from dauys.ledger.places import Places
from dauys.ledger.publication import read_published
from dauys.translog.addresses import Addresses, open_addresses, sign_addresses
from dauys.translog.note import Verifier

ADDRESSES = "addresses"
"""Its name under the log's prefix."""
WELL_KNOWN = "/.well-known/dauys-addresses"  # RFC 8615


def read_addresses(places: Places, verifiers: Sequence[Verifier]) -> Addresses | None:
    """The list as published, or None; AddressesInvalid where it is not this log's."""
    note = read_published(places.log, ADDRESSES)
    return None if note is None else open_addresses(note, verifiers)


def publish_addresses(
    places: Places, keys: Keys, known: Sequence[Verifier], listed: Sequence[tuple[str, str]], now: datetime
) -> Addresses:
    """Signs and publishes a whole new list, with the next serial; AddressesInvalid for what is no address.

    `known` are the log's keys of all times: the list before may be signed by one that has changed.
    """
    before = read_addresses(places, known)
    serial = before.serial + 1 if before else 1
    addresses = Addresses(keys.log.verifier.name, serial, moment_text(now), tuple(listed))
    write_durably(places.log / ADDRESSES, sign_addresses(keys.log, addresses).encode())
    return addresses


def sign_again(places: Places, keys: Keys, known: Sequence[Verifier], now: datetime) -> None:
    """The same list by the log's new key, after a change of keys; nothing where there is none."""
    before = read_addresses(places, known)
    if before is not None:
        publish_addresses(places, keys, known, before.listed, now)
