"""`dauys doctor`: what this installation runs on, and why."""

from __future__ import annotations

import os
import platform
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version

import click

from dauys.identity import kernel
from dauys.ledger import sqlite
from dauys.ledger.cosigned import WitnessState, read_policy, read_states, witnessed
from dauys.ledger.places import Places

TITLES = {"kernel": "the native kernel", "gmpy2": "Python over gmpy2", "python": "plain Python"}


@click.command()
def doctor() -> None:
    """Say what this installation runs on: which GOST implementation and why, Python, SQLite, cryptography; its witnesses."""
    places = Places.default()
    for name, value in [*facts(), *(witness_facts(places) if places.database.exists() else [])]:
        click.echo(f"{name:<14}{value}")


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
        tail, states = sqlite.read_tail(connection), read_states(connection)
    policy = read_policy(places)
    if not policy.witnesses:
        return [("Witnesses", f"none: the log alone signs ({places.witnesses} names them)")]
    met = witnessed(tail.published_checkpoint, policy) if tail.published_checkpoint else None
    enough = f"{len(met.times) if met else 0} of {len(policy.witnesses)} on the published checkpoint, " + (
        "the quorum" if met and met.is_enough else "NOT the quorum"
    )
    return [("Witnesses", enough), *(("", f"{name}: {_of_witness(states.get(name))}") for name in policy.witnesses)]


def _of_witness(state: WitnessState | None) -> str:
    if state is None:
        return "not asked yet"
    last = datetime.fromtimestamp(state.cosigned_at, UTC)
    seen = f"{state.size} entries, cosigned {last:%Y-%m-%d %H:%M:%S} UTC" if state.cosigned_at else "never cosigned"
    return f"{seen}; since then: {state.problem}" if state.problem else seen


def _reason() -> str:
    if os.environ.get(kernel.VARIABLE):
        return f"because {kernel.VARIABLE} asks for it"
    missing = [reason for name, reason in kernel.absent().items() if name != "python"]
    return f"because {'; '.join(missing)}" if missing and kernel.chosen.name != "kernel" else "the fastest there is"
