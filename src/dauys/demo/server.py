"""A server of one's own for benchmarks and kill tests: started on a free port, watched, ended by id."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import httpx

from dauys.errors import Refusal

START_SECONDS = 60
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A loopback port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Server:
    """`dauys serve` of a demo installation in its own process group; `with` starts and ends it.

    `environment` is what it gets besides ours.
    """

    def __init__(self, var: Path, port: int | None = None, environment: Mapping[str, str] | None = None) -> None:
        self.var, self.port, self.environment = var, port or free_port(), dict(environment or {})
        self.base_url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(signal.SIGTERM)

    def start(self) -> None:
        """Starts and waits until it answers; Refusal with its last words if it ends instead."""
        environment = os.environ | {"DAUYS_VAR": str(self.var), "DAUYS_MODE": "demo"} | self.environment
        command = [sys.executable, "-m", "dauys.cli.main", "serve", "--port", str(self.port)]
        with (self.var / "serve.log").open("ab") as words:
            self._process = subprocess.Popen(  # noqa: S603 - our own command, no shell
                command, env=environment, stdout=words, stderr=words, start_new_session=True
            )
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise Refusal(why=f"the server did not come up: {(self.var / 'serve.log').read_text()[-600:]}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.base_url}/intake/stages", timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def stop(self, how: signal.Signals) -> None:
        """Ends the whole process group (SIGKILL: as a power cut would) and waits for it."""
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, how)
            self._process.wait(30)
        except ProcessLookupError:
            pass
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(30)
        self._process = None

    def cpu_seconds(self) -> float:
        """User and system time of all server processes so far (Linux: proc(5), fields 14 and 15 of stat)."""
        assert self._process is not None
        group, ticks = self._process.pid, 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == group:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / CLOCK_TICKS
