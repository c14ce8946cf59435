"""`dauys doctor`: what this installation runs on, and why."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib.metadata import version

import click

from dauys.identity import kernel

TITLES = {"kernel": "the native kernel", "gmpy2": "Python over gmpy2", "python": "plain Python"}


@click.command()
def doctor() -> None:
    """Say what this installation runs on: which GOST implementation and why, Python, SQLite, cryptography."""
    for name, value in facts():
        click.echo(f"{name:<14}{value}")


def facts() -> list[tuple[str, str]]:
    """A name and what it is here; the first tells which implementation of GOST runs."""
    return [
        ("GOST", f"{TITLES[kernel.chosen.name]}, {_reason()}"),
        ("Python", f"{platform.python_version()} ({platform.machine()})"),
        ("SQLite", sqlite3.sqlite_version),
        ("cryptography", version("cryptography")),
    ]


def _reason() -> str:
    if os.environ.get(kernel.VARIABLE):
        return f"because {kernel.VARIABLE} asks for it"
    missing = [reason for name, reason in kernel.absent().items() if name != "python"]
    return f"because {'; '.join(missing)}" if missing and kernel.chosen.name != "kernel" else "the fastest there is"
