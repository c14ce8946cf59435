"""How a process ends whose disk failed."""

from __future__ import annotations

import os
import threading

import click

from dauys.errors import DauysError

ANSWER_SECONDS = 1.0


def end_process(error: DauysError) -> None:
    """Ends a process that must not write any more, once those who wait have had their answer; a supervisor starts it anew."""
    click.echo(f"{error} [{error.code}] Ending, so that the next start checks what is on disk.", err=True)
    threading.Timer(ANSWER_SECONDS, os._exit, (os.EX_IOERR,)).start()
