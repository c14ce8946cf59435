"""`dauys mirror`: follows a public log, keeps a verified copy with its pages, serves it under another name."""

from __future__ import annotations

import socket
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from dauys.cli.keyring import given_keys
from dauys.errors import DauysError, MirrorRefused
from dauys.mirror.folder import MirrorFolder, State
from dauys.mirror.keeper import Keeper
from dauys.mirror.keys import begin_or_resume, fingerprint
from dauys.mirror.loss import go_on_with
from dauys.mirror.sources import Source, open_sources

if TYPE_CHECKING:
    from collections.abc import Iterator

PINNED = """The key of {origin} was taken from the source, for nobody gave one (--key). From now on only this key is believed:
  {key}
  fingerprint {fingerprint}
Compare it with the foot of the portal's pages, with other mirrors, and with what others have."""


@click.command()
@click.argument("sources", nargs=-1, metavar="[URL|DIR]...")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER")
@click.option("--key", "keys", multiple=True, metavar="VKEY", help="The log's key, or a file that holds it.")
@click.option("--successor", "successors", multiple=True, metavar="VKEY", help="After a loss: the key of the log that goes on for the one held here.")  # fmt: skip
@click.option("--follow/--once", default=False, help="Go on for ever, or end when all is stored (the default).")
@click.option(
    "--every", default=10, show_default=True, type=click.IntRange(1, 86_400), help="Seconds between two rounds."
)
@click.option(
    "--serve", "address", metavar="[HOST:]PORT", help="Serve FOLDER over HTTP, read-only, as long as this runs."
)
def mirror(
    sources: tuple[str, ...], folder: Path, keys: tuple[str, ...], successors: tuple[str, ...], follow: bool, every: int,
    address: str,
) -> None:  # fmt: skip
    """Mirror the public log at each URL (or in DIR) into FOLDER, verified before it is stored.

    Several URLs are several ways to the same log: only its key is believed. Killed at any moment, it goes on where it
    was. Without a URL those of the last time are used. Exit status 0: all is stored; 2: it is not, and why.
    """
    place = MirrorFolder(folder)
    role = place.role()
    if not role.take():
        raise MirrorRefused(why=f"another process writes to {folder}")
    known = place.read_state()
    names = list(sources) or (known.sources if known else [])
    if not names:
        raise click.UsageError("Name the address of the log to mirror.")
    with open_sources(names) as opened:
        state = begin_or_resume(place, opened, names, given_keys(keys))
        if known is None and state.keys_from_source:
            text = PINNED.format(origin=state.origin, key=state.keys[0], fingerprint=fingerprint(state.keys[0]))
            click.secho(text, fg="yellow", err=True)
        if successors:
            _go_on_with(place, state, opened, given_keys(successors))
        with serving(place, address):
            _run(Keeper(place, state, opened), every if follow else 0, serve=bool(address))


def _go_on_with(place: MirrorFolder, state: State, sources: list[Source], successors: list[str]) -> None:
    """Tells what follows which log, if that is new."""
    before = state.origin
    lost = go_on_with(place, state, sources, successors)
    if state.origin != before:
        click.echo(f"{state.origin} goes on for {before}. Entries held here that it has not: {lost}", err=True)


def _run(keeper: Keeper, every: int, *, serve: bool) -> None:
    """Round after round; with --once the first one's error is the command's, and serving goes on until it is stopped."""
    if keeper.state.size:
        click.echo(f"{_clock()} continuing at entry {keeper.state.size:,} of {keeper.state.origin}", err=True)
    failed = False
    while True:
        try:
            _round(keeper)
            if failed:
                click.secho(
                    f"{_clock()} the log answers again; it has {keeper.state.size:,} entries", fg="green", err=True
                )
            failed = False
        except DauysError as error:
            failed = True
            if not every:
                raise
            click.secho(f"{_clock()} {error.explain('en')} [{error.code}]", fg="red", err=True)
        if not every and not serve:
            return
        if not every:
            threading.Event().wait()  # what serves does so in threads of its own
        time.sleep(every)


def _round(keeper: Keeper) -> None:
    before = keeper.state.size
    columns = (TextColumn("[bold]{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("Mirror", total=None)
        size = keeper.round(lambda what, done, total: bar.update(task, description=what, completed=done, total=total))
    for trouble in keeper.troubles:
        click.secho(f"{_clock()} {trouble}", fg="yellow", err=True)
    if size > before or not before:
        click.echo(
            f"{_clock()} {size} entries of {keeper.state.origin} are verified and stored in {keeper.folder.path}"
        )


def _clock() -> str:
    return time.strftime("%H:%M:%S")


@contextmanager
def serving(place: MirrorFolder, address: str | None) -> Iterator[None]:
    """A server on a thread of its own, where an address is given."""
    if not address:
        yield
        return
    import uvicorn

    from dauys.mirror.app import create_app

    host, _, port = address.rpartition(":")
    if not port.isdecimal():
        raise click.UsageError("--serve takes a port, or an address and a port: 0.0.0.0:8080")
    listener = socket.create_server((host or "127.0.0.1", int(port)))
    config = uvicorn.Config(
        create_app(place),
        ws="none",
        access_log=False,
        server_header=False,
        log_level="warning",
        lifespan="off",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    click.echo(f"Serving {place.path} at http://{host or '127.0.0.1'}:{listener.getsockname()[1]}/", err=True)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(5)
