"""The vendored client in Node, and the demo's NCALayer with a signer for every request or with nobody deciding yet."""

import json
import os
import subprocess
from pathlib import Path

import playwright
import pytest

import dauys.portal
from dauys.ledger.places import Places
from programs import running_program

CLIENT = Path(dauys.portal.__file__).parent / "static/vendor/ncalayer-js-client/ncalayer-client.js"
NODE = Path(playwright.__file__).parent / "driver/node"  # pinned with it, and new enough to have a WebSocket by itself
CITIZEN = 20_000_007


@pytest.fixture(scope="session")
def environment(pki, tmp_path_factory):
    """Of an installation that has nothing but its authorities."""
    var = tmp_path_factory.mktemp("ncalayer")
    places = Places(var)
    places.demo_pki.parent.mkdir()
    places.demo_pki.symlink_to(pki.directory)
    return os.environ | {"DAUYS_VAR": str(var), "DAUYS_MODE": "demo"}


@pytest.fixture(scope="session")
def signing(environment):
    """The address of an NCALayer that signs at once."""
    with running_program(environment, "ncalayer", "--auto", str(CITIZEN)) as url:
        yield url


@pytest.fixture(scope="session")
def asking(environment):
    """The address of an NCALayer whose person must decide."""
    with running_program(environment, "ncalayer") as url:
        yield url


@pytest.fixture
def client():
    """`client(url, [method, *arguments], …)`: starts the calls; `.answers()` waits for what they gave."""
    started = []

    def start(url, *calls):
        command = [str(NODE), str(Path(__file__).parent / "call_client.js"), str(CLIENT)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        process.stdin.write(json.dumps([url.replace("http", "ws", 1), [["connect"], *calls]]))
        process.stdin.close()
        return Running(process)

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


class Running:
    def __init__(self, process):
        self._process = process

    def answers(self):
        """Of the calls after the connection."""
        connected, *others = json.loads(self._process.stdout.read())
        assert connected == {"result": "1.4"}
        return others
