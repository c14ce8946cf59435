"""`dauys demo`: a country in a box."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from dauys.cli.keyring import write_key_file
from dauys.cli.migrate import prepare_database
from dauys.ledger.durable import write_durably
from dauys.ledger.keys import Keys
from dauys.ledger.opening import open_log
from dauys.ledger.places import Places

LONGEST_HISTORY = timedelta(days=300)  # the demo's log opened before the oldest of its petitions


@click.group()
def demo() -> None:
    """The demo country: made-up authorities, citizens and petitions; never for production."""


@demo.command()
@click.option(
    "--share",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0, 1),
    help="How many of the signatures under petitions that are open to make.",
)
def prepare(share: float) -> None:
    """Make the demo installation in DAUYS_VAR; does nothing where one is ready."""
    places = Places.default()
    os.environ["DAUYS_MODE"] = "demo"
    unfinished = places.var / "demo.unfinished"
    if unfinished.exists():  # an earlier preparation was interrupted; nobody has signed in it yet
        _remove(places)
    if places.database.exists():
        prepare_database(places)
        _officials(places)
        return
    console = Console(stderr=True)
    console.print("Making the demo country (once): certification authorities …")
    write_durably(unfinished, b"")
    make_installation(places)
    _officials(places, LONGEST_HISTORY)
    _seed(places, console, share)
    unfinished.unlink()


@demo.command()
@click.option("--port", default=8010, show_default=True, type=click.IntRange(1, 65535))
def phone(port: int) -> None:
    """Serve a phone on loopback that signs by eGov Mobile's QR protocol as a demo citizen of DAUYS_VAR."""
    import uvicorn

    from dauys.demo.phone.app import create_app
    from dauys.demo.pki import DemoPki

    app = create_app(DemoPki.load(Places.default().demo_pki))
    uvicorn.run(app, host="127.0.0.1", port=port, ws="none", access_log=False, server_header=False, log_level="warning")


@demo.command()
@click.option("--port", default=8020, show_default=True, type=click.IntRange(1, 65535))
@click.option("--auto", type=click.IntRange(0), metavar="N", help="Sign whatever comes at once, as demo citizen N.")
def ncalayer(port: int, auto: int | None) -> None:
    """Serve an NCALayer on loopback whose page asks the person, and that signs as a demo citizen of DAUYS_VAR."""
    import uvicorn

    from dauys.demo.ncalayer.app import create_app
    from dauys.demo.pki import DemoPki

    app = create_app(DemoPki.load(Places.default().demo_pki), auto)
    uvicorn.run(
        app, host="127.0.0.1", port=port, ws="websockets-sansio", access_log=False, server_header=False, log_level="warning"
    )  # fmt: skip


@demo.command()
@click.option("--port", default=8030, show_default=True, type=click.IntRange(1, 65535))
def witness(port: int) -> None:
    """Run the demo's witness of the log on loopback."""
    from dauys.cli.witness import serve_witness
    from dauys.demo.witness import witness_folder

    serve_witness(witness_folder(Places.default()), "127.0.0.1", port)


@demo.command()
@click.argument("citizen", type=click.IntRange(0))
def revoke(citizen: int) -> None:
    """Report the key of demo citizen number CITIZEN as stolen: the next revocation list says so."""
    from dauys.demo.authority import ISSUE_SECONDS
    from dauys.demo.authority import revoke as report

    report(Places.default(), citizen, datetime.now(UTC))
    click.echo(
        f"A demo that runs lists the key within {ISSUE_SECONDS} seconds; signatures not final by then are taken back."
    )


def _remove(places: Places) -> None:
    """Takes away what an interrupted preparation made."""
    for folder in (places.keys, places.public, places.demo_pki, places.revocation, places.var / "demo" / "witness"):
        shutil.rmtree(folder, ignore_errors=True)
    for file in places.var.glob("dauys.sqlite3*"):
        file.unlink()


def make_installation(places: Places) -> Keys:
    """Authorities, keys, tables and an opened demo log; what is there already stays."""
    from dauys.demo.pki import DemoPki

    now = datetime.now(UTC) - LONGEST_HISTORY
    if not (places.demo_pki / "trust").exists():
        DemoPki.create(places.demo_pki, now=now)
    keys = Keys.create(places.keys, f"demo.dauys.localhost/{now.year}")
    prepare_database(places)
    open_log(places, keys, "demo", now)
    write_key_file(places, keys.log_verifiers)
    return keys


def _officials(places: Places, ago: timedelta = timedelta(0)) -> None:
    from dauys.demo.officials import seed_officials

    seed_officials(Keys.load(places.keys), datetime.now(UTC) - ago)


def _seed(places: Places, console: Console, share: float) -> None:
    from dauys.demo.seed import seed_country

    columns = (TextColumn("[bold]Citizens sign"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("signatures", total=None)
        seed_country(places, lambda done, total: bar.update(task, completed=done, total=total), share)
