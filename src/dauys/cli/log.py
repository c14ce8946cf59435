"""`dauys log open`: begins the log of a production installation."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from dauys.cli.keyring import KEY_FILE
from dauys.ledger.durable import write_durably
from dauys.ledger.keys import Keys
from dauys.ledger.opening import open_log
from dauys.ledger.places import Places


@click.group()
def log() -> None:
    """The public log of this installation."""


@log.command(name="open")
@click.argument("origin")
def open_(origin: str) -> None:
    """Begin a production log named ORIGIN (host and year, as in log.example.kz/2026); for ever."""
    places = Places.default()
    keys = Keys.create(places.keys, origin)
    open_log(places, keys, "production", datetime.now(UTC))
    write_durably(places.public / KEY_FILE, keys.log.verifier.vkey.encode() + b"\n")
    click.echo(f"The log {origin} is open. Its key, to be printed wherever people look:\n{keys.log.verifier.vkey}")
