"""`dauys domains`: the signed list of the log's true addresses and mirrors."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click
import httpx

from dauys.cli.keyring import followed, key_option, trusted_keyring
from dauys.cli.sources import open_source
from dauys.errors import FileRejected, Unreachable
from dauys.ledger import sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.log_keys import read_keyring
from dauys.ledger.places import Places
from dauys.ledger.true_addresses import ADDRESSES, WELL_KNOWN, publish_addresses, read_addresses
from dauys.translog.addresses import Addresses, open_addresses

TIMEOUT_SECONDS = 30
WORDS = {"site": "sign here", "mirror": "a mirror", "gone": "NO LONGER OURS"}


@click.group()
def domains() -> None:
    """Where the portal and its mirrors truly are, in a list that the log's key signs."""


@domains.command()
@click.option(
    "--site", "sites", multiple=True, metavar="URL", help="An address of the portal; the first is the main one."
)
@click.option("--mirror", "mirrors", multiple=True, metavar="URL", help="An address of a mirror.")
@click.option(
    "--gone", "gone", multiple=True, metavar="URL", help="An address that is no longer ours: nobody should sign there."
)
@click.option("--keep", is_flag=True, help="Keep what the last list says of every address not named here.")
def sign(sites: tuple[str, ...], mirrors: tuple[str, ...], gone: tuple[str, ...], keep: bool) -> None:
    """Sign and publish a new list: the whole list, unless --keep."""
    places = Places.default()
    keys = Keys.load(places.keys)
    with closing(sqlite.connect(places.database)) as connection:
        known = read_keyring(connection).verifiers
    named = {"site": sites, "mirror": mirrors, "gone": gone}
    listed = [(kind, address.rstrip("/")) for kind, addresses in named.items() for address in addresses]
    before = read_addresses(places, known) if keep else None
    if before:
        told = {address for _, address in listed}
        listed += [each for each in before.listed if each[1] not in told]
        listed.sort(key=lambda each: list(named).index(each[0]))
    if not listed:
        raise click.UsageError("Name at least one --site, --mirror or --gone.")
    _print(publish_addresses(places, keys, known, listed, datetime.now(UTC)))


@domains.command(name="list")
@click.argument("place", metavar="[URL|FILE|DIR]", default="")
@key_option
def list_(place: str, keys: tuple[str, ...]) -> None:
    """Verify and print a list: this installation's, or that of a portal, a mirror, a file.

    Exit status 0: the log's key signed it. 2: it is not to be relied on, and why.
    """
    trusted = trusted_keyring(keys)
    if place.startswith(("http://", "https://")) or Path(place or "/nowhere").is_dir():
        with open_source(place) as source:  # whoever knows an older key follows the log's own changes of keys
            trusted = followed(source, trusted)
    _print(open_addresses(_read(place), trusted.present))


def _read(place: str) -> bytes:
    if place.startswith(("http://", "https://")):
        address = place.rstrip("/") + WELL_KNOWN
        try:
            response = httpx.get(address, timeout=TIMEOUT_SECONDS, follow_redirects=False)
            response.raise_for_status()
        except httpx.HTTPError as error:
            raise Unreachable(address=address, why=error) from None
        return response.content
    folder = Path(place) if place else Places.default().log
    for file in (folder, folder / ADDRESSES, folder / "log" / ADDRESSES):
        if file.is_file():
            return file.read_bytes()
    raise FileRejected(what=f"no list of addresses stands in {folder}; make one: script/dauys domains sign --site URL")


def _print(addresses: Addresses) -> None:
    click.echo(f"Addresses of {addresses.origin}, list No. {addresses.serial} of {addresses.date}, signed by its key:")
    for kind, address in addresses.listed:
        click.echo(f"  {address:<40} {WORDS[kind]}")
