"""`dauys revocation`: the authorities' revocation lists that this installation goes by."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from dauys.errors import DauysError
from dauys.ledger.places import Places

if TYPE_CHECKING:
    from dauys.intake.revocation_lists import KeptFile, ListFolder


@click.group()
def revocation() -> None:
    """Revocation lists: who may not sign any more."""


@revocation.command()
def fetch() -> None:
    """Fetch every list now and keep what is newer; exit status 1 where one could not be had or is refused."""
    from dauys.intake.revocation_role import configured_fetcher

    fetcher, failed = configured_fetcher(_folder()), False
    for listed, kind in fetcher.wanted():
        try:
            word = "kept" if fetcher.fetch(listed, kind, datetime.now(UTC)) else "unchanged"
        except DauysError as error:
            word, failed = str(error), True
        click.echo(f"{listed.authority} {kind}: {word}")
    sys.exit(failed)


@revocation.command()
def show() -> None:
    """Show which lists are here; exit status 1 where an authority that certifies people has no current one."""
    from dauys.intake.revocation import missing
    from dauys.ledger import sqlite
    from dauys.ledger.confirmation import read_waiting

    folder, now = _folder(), datetime.now(UTC)
    for authority, certificate in folder.authorities.items():
        click.echo(f"{certificate.holder.common_name}  {authority.hex()}")
        kept = folder.kept(authority)
        for file in kept.files if kept else ():
            click.echo(f"  {'delta' if file is not kept.full else 'full':<6}{_described(file, now)}")
        if kept is None:
            click.echo("  none")
    with closing(sqlite.connect(Places.default().database)) as connection:
        if waiting := read_waiting(connection):
            since = f"{waiting.since:%Y-%m-%d %H:%M:%S} UTC"
            click.echo(
                f"{waiting.acts:,} signatures are provisional, waiting for a list of {waiting.authority.hex()} from after {since}."
            )
    without = missing(folder, now)
    for certificate in without:
        click.echo(f"NO CURRENT LIST of {certificate.holder.common_name}: its people cannot sign.")
    sys.exit(bool(without))


def _described(file: KeptFile, now: datetime) -> str:
    age, left = (round(each.total_seconds() / 60) for each in (now - file.updated, file.next_update - now))
    ends = f"ends in {left} min" if left > 0 else f"ENDED {-left} min ago"
    return f"No. {file.number}, {file.entries:,} entries, {age} min old, {ends}, sha256 {file.sha256[:16]}…"


def _folder() -> ListFolder:
    from dauys.intake.app import load_trust
    from dauys.intake.revocation_lists import ListFolder

    places = Places.default()
    likely = "demo" if places.demo_pki.is_dir() else "production"
    return ListFolder(places.revocation, load_trust(places, os.environ.get("DAUYS_MODE", likely)))
