"""Programs of the demo as `script/up` starts them: on a free port, awaited, ended by id."""

import subprocess
import sys
import time
from contextlib import contextmanager

import httpx

from dauys.demo.server import free_port

DAUYS = [sys.executable, "-m", "dauys.cli.main"]


@contextmanager
def running_program(environment, name, *options):
    """The address of `dauys demo NAME`."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([*DAUYS, "demo", name, "--port", str(port), *options], env=environment)
    until = time.monotonic() + 30
    try:
        while not answers(url):
            assert process.poll() is None, f"dauys demo {name} ended"
            assert time.monotonic() < until, f"dauys demo {name} did not come up"
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def answers(url):
    try:
        return httpx.get(url, timeout=2).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False
