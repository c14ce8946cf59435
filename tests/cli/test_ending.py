"""A served installation whose disk fails ends, with words and a status that makes a supervisor start it anew."""

import os
import subprocess
import sys

import pytest

from dauys.demo.server import free_port
from dauys.ledger import faults


@pytest.fixture
def environment(published):
    return os.environ | {"DAUYS_VAR": str(published.places.var), "DAUYS_MODE": "demo", "LC_ALL": "en"}


def serve(environment):
    command = [sys.executable, "-m", "dauys.cli.main", "serve", "--port", str(free_port())]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_a_failed_disk_ends_the_server(published, environment):
    (published.log / "checkpoint").unlink()  # so that there is something to publish at once
    ended = serve(environment | {faults.VARIABLE: "before-file-sync:eio"})
    assert ended.returncode == os.EX_IOERR
    assert "[storage-failed]" in ended.stderr


def test_a_fault_is_never_armed_in_production(environment):
    ended = serve(environment | {faults.VARIABLE: "begun:kill", "DAUYS_MODE": "production"})
    assert ended.returncode == 2
    assert "mode-refused" in ended.stderr
