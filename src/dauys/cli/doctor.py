"""`dauys doctor`: what this installation runs on, and why."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version

import click

from dauys.cli.main import language_of_terminal
from dauys.errors import DauysError
from dauys.identity import kernel
from dauys.ledger import sqlite
from dauys.ledger.cosigned import WitnessState, read_policy, read_states, witnessed
from dauys.ledger.erasing_again import check_erased
from dauys.ledger.keys import Keys
from dauys.ledger.opening import check_command, check_markers
from dauys.ledger.places import Places

TITLES = {"kernel": "the native kernel", "gmpy2": "Python over gmpy2", "python": "plain Python"}


@click.command()
def doctor() -> None:
    """Say what this installation runs on: which GOST implementation and why, Python, SQLite, cryptography; its witnesses.

    Exit status 1 where something would refuse a start; it is named.
    """
    places = Places.default()
    here = places.database.exists()
    refused = refusals(places) if here else []
    for name, value in [*facts(), *(witness_facts(places) if here and not refused else [])]:
        click.echo(f"{name:<14}{value}")
    for error in refused:
        click.echo(f"{'Start':<14}{error.explain(language_of_terminal())} [{error.code}]")
    sys.exit(int(bool(refused)))


def refusals(places: Places) -> list[DauysError]:
    """What of the database, the keys and the published files would refuse a start now."""
    found = list[DauysError]()
    for check in (check_markers, check_erased, _check_log):
        try:
            check(places)
        except DauysError as error:
            if error.code not in {each.code for each in found}:
                found.append(error)
    return found


def _check_log(places: Places) -> None:
    check_command(places, Keys.load(places.keys))


def facts() -> list[tuple[str, str]]:
    """A name and what it is here; the first tells which implementation of GOST runs."""
    return [
        ("GOST", f"{TITLES[kernel.chosen.name]}, {_reason()}"),
        ("Python", f"{platform.python_version()} ({platform.machine()})"),
        ("SQLite", sqlite3.sqlite_version),
        ("cryptography", version("cryptography")),
    ]


def witness_facts(places: Places) -> list[tuple[str, str]]:
    """What the publisher last knew of each witness of the policy."""
    with closing(sqlite.connect(places.database)) as connection:
        tail, states, past = sqlite.read_tail(connection), read_states(connection), sqlite.read_past(connection)
    policy = read_policy(places)
    if not policy.witnesses:
        return [("Witnesses", f"none: the log alone signs ({places.witnesses} names them)")]
    met = witnessed(tail.published_checkpoint, policy) if tail.published_checkpoint else None
    enough = f"{len(met.times) if met else 0} of {len(policy.witnesses)} on the published checkpoint, " + (
        "the quorum" if met and met.is_enough else "NOT the quorum"
    )
    if past and not tail.published_size:
        enough = f"nothing of the new log {tail.origin} is published yet"
    told = [(name, _of_witness(states.get(name), tail.origin if past else "")) for name in policy.witnesses]
    return [("Witnesses", enough), *(("", f"{name}: {state}") for name, state in told)]


def _of_witness(state: WitnessState | None, successor: str) -> str:
    """`successor` is the log's name where it continues another: a witness must be told of it."""
    if state is None:
        return "not asked yet"
    if successor and not state.size:
        return f"nothing of the new log {successor} is published there yet; it must add the new key (dauys witness add-log)"
    last = datetime.fromtimestamp(state.cosigned_at, UTC)
    seen = f"{state.size} entries, cosigned {last:%Y-%m-%d %H:%M:%S} UTC" if state.cosigned_at else "never cosigned"
    return f"{seen}; since then: {state.problem}" if state.problem else seen


def _reason() -> str:
    if os.environ.get(kernel.VARIABLE):
        return f"because {kernel.VARIABLE} asks for it"
    missing = [reason for name, reason in kernel.absent().items() if name != "python"]
    return f"because {'; '.join(missing)}" if missing and kernel.chosen.name != "kernel" else "the fastest there is"
