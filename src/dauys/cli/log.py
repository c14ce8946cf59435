"""`dauys log`: begins the log of an installation, and brings it back or on after a loss."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from dauys.cli.keyring import followed, key_option, trusted_keyring, write_key_file
from dauys.cli.sources import open_source
from dauys.cli.vault_repeat import erasures_option, tell_awaited
from dauys.errors import LogServed
from dauys.ledger import sqlite
from dauys.ledger.keys import Keys
from dauys.ledger.log_keys import change_keys, read_keyring
from dauys.ledger.opening import check_markers, open_log
from dauys.ledger.places import Places
from dauys.ledger.restore import resume as resume_log
from dauys.ledger.roles import Role
from dauys.ledger.succession import finish, is_unfinished
from dauys.ledger.succession import succeed as succeed_log
from dauys.ledger.true_addresses import sign_again
from dauys.translog.note import Verifier

COPY = "Copy {keys} to its safe place again: with an older copy no backup can be restored."


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
    write_key_file(places, keys.log_verifiers)
    click.echo(f"The log {origin} is open. Its key, to be printed wherever people look:\n{keys.log.verifier.vkey}")


@log.command()
@click.option(
    "--prepare", is_flag=True, help="Only make the new keys and print them, so that witnesses know them first."
)
def rotate(prepare: bool) -> None:
    """Change the log's keys, while nothing serves it: an entry that old and new keys sign; the old ones are deleted.

    After a change that was broken off, run it again: it is brought to its end.
    """
    places = Places.default()
    check_markers(places)
    if prepare:
        vkeys = _lines(Keys.prepare_next(places.keys).log_verifiers)
        click.echo(f"The next keys; they sign nothing yet. Give them to witnesses, and print them:\n{vkeys}")
        return
    role = Role(places.var / "publisher.lock")
    if not role.take():
        raise LogServed
    with closing(role), closing(sqlite.connect(places.database)) as connection:
        if not Keys.is_next(places.keys, sqlite.read_tail(connection).vkey):
            following = Keys.prepare_next(places.keys)
            index = change_keys(places, Keys.load(places.keys), following, datetime.now(UTC))
            click.echo(
                f"Entry No. {index} changes the keys. From there on these sign:\n{_lines(following.log_verifiers)}"
            )
        Keys.adopt_next(places.keys)
        known = read_keyring(connection).verifiers
        write_key_file(places, known)
        sign_again(places, Keys.load(places.keys), known, datetime.now(UTC))
    click.echo(
        f"The new keys are in place; the old ones are gone. {COPY.format(keys=places.keys)} Next: script/dauys serve"
    )


def _lines(verifiers: Sequence[Verifier]) -> str:
    return "\n".join(verifier.vkey for verifier in verifiers)


@log.command()
@click.argument("place", required=False, metavar="URL|DIR")
@key_option
def keys(place: str | None, keys: tuple[str, ...]) -> None:
    """Print every key that the log had, and for which sizes, following its changes from a key that is trusted."""
    trusted = trusted_keyring(keys)
    with open_source(place or str(Places.default().log)) as source:
        ring = followed(source, trusted)
    for key in ring.keys:
        upto = "" if key.upto is None else f", up to {key.upto} entries"
        click.echo(f"{key.verifier.vkey}\n  {key.verifier.type}, trees of more than {max(0, key.above)} entries{upto}")


@log.command()
@click.argument("sources", nargs=-1, required=True, metavar="URL|DIR...")
@erasures_option
def refill(sources: tuple[str, ...], lists: tuple[Path, ...]) -> None:
    """Bring a stopped, restored installation to the newest public checkpoint of these places."""
    from dauys.cli.refill import refill_installation, tell_gone

    places = Places.default()
    tell_gone(refill_installation(places, Keys.load(places.keys), sources, datetime.now(UTC), lists))
    tell_awaited(places)


@log.command()
@click.confirmation_option(prompt="Was everything that the old server answered public before it stopped?")
def resume() -> None:
    """Let a restored log go on: only where the old server was stopped in order."""
    resume_log(Places.default())
    click.echo("This log goes on. Next: script/dauys serve")


@log.command()
@click.argument("origin", required=False)
@click.confirmation_option(prompt="The log of today is closed for ever and goes on under the new name. Go on?")
def succeed(origin: str | None) -> None:
    """Open a successor named ORIGIN: for a new year, or after a loss. Without ORIGIN, finish one that was cut short."""
    places = Places.default()
    if is_unfinished(places):
        finish(places)
    elif origin:
        succeed_log(places, Keys.load(places.keys), origin, datetime.now(UTC))
    else:
        raise click.UsageError("Name the successor, as log.example.kz/2027.")
    keys = Keys.load(places.keys)
    with closing(sqlite.connect(places.database)) as connection:
        sign_again(places, keys, read_keyring(connection).verifiers, datetime.now(UTC))
    click.echo(
        f"The log goes on as {keys.log.name}. Its key, to be printed wherever people look:\n{keys.log.verifier.vkey}"
    )
    click.echo(
        f"Old receipts hold under the old keys; those of all times stand in {places.vkeys}. {COPY.format(keys=places.keys)} "
        "Next: script/dauys serve"
    )
