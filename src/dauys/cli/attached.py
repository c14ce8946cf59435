"""The worker of `dauys serve`: a process of its own, started again if it ends, gone when the server is."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Self

import click

AGAIN_SECONDS = 5.0
LAST_SECONDS = 10.0


class AttachedWorker:
    """`with` starts it and ends it. Killed servers take it with them: the kernel closes its standard input."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watch = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._watch.join(LAST_SECONDS)

    def _run(self) -> None:
        command = [sys.executable, "-m", "dauys.cli.main", "worker", "--attached"]
        while not self._stopping.is_set():
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 - our own command, no shell
            status = self._process.wait()
            if not self._stopping.wait(AGAIN_SECONDS):
                click.echo(f"The worker ended (status {status}); it is started again.", err=True)
