"""`dauys revocation` for operators and their monitoring; the worker that comes and goes with its server."""

import asyncio
import os
import signal
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from dauys.cli.main import cli
from dauys.demo.authority import write_addresses
from dauys.demo.replay import ReplayOptions, replay
from dauys.demo.server import Server
from dauys.demo.workers import SignerSettings
from small_country import install


@pytest.fixture
def country(tmp_path, authorities, monkeypatch):
    places, _ = install(tmp_path / "var", authorities)
    monkeypatch.setenv("DAUYS_VAR", str(places.var))
    monkeypatch.setenv("DAUYS_MODE", "demo")
    return places


def run(*arguments):
    result = CliRunner().invoke(cli, ["revocation", *arguments])
    return result.exit_code, result.output


def test_what_is_here_is_shown_and_what_is_missing_fails(country):
    code, text = run("show")
    assert code == 0
    assert text.count("  full") == 2
    for path in country.revocation.glob("*.json"):
        path.unlink()
    code, text = run("show")
    assert (code, text.count("NO CURRENT LIST")) == (1, 2)


def test_a_fetch_that_fails_says_so(country, monkeypatch):
    from dauys.demo.server import free_port

    monkeypatch.setenv("DAUYS_REVOCATION_LISTS", str(write_addresses(country, f"http://127.0.0.1:{free_port()}")))
    code, text = run("fetch")
    assert (code, text.count("could not be fetched")) == (1, 4)


def eventually(condition, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.1)


def children(server):
    command = ["ps", "-o", "pid=,args=", "-g", str(server._process.pid)]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return [int(line.split()[0]) for line in found.stdout.splitlines() if "worker --attached" in line]


def test_signatures_turn_final_while_a_demo_runs_and_the_worker_goes_with_the_server(country):
    with Server(country.var) as server:
        listed = httpx.get(f"{server.base_url}/demo/demo_nca_gost.crl")
        assert (listed.status_code, listed.headers["content-type"]) == (200, "application/pkix-crl")
        same = httpx.get(listed.url, headers={"if-none-match": listed.headers["etag"]})
        assert (same.status_code, same.content) == (304, b"")
        assert httpx.get(f"{server.base_url}/demo/other.crl").status_code == 404
        settings = SignerSettings(country.demo_pki, algorithm="rsa")
        asyncio.run(replay(ReplayOptions(server.base_url, "petition/1", settings, 20, connections=4)))
        eventually(lambda: httpx.get(f"{server.base_url}/petitions/1/count.json").json()["final"] == 20)
        eventually(lambda: len(children(server)) == 1)
        (worker,) = children(server)
        os.kill(server._process.pid, signal.SIGKILL)
        server._process.wait(10)
        eventually(lambda: not _lives(worker), 20)


def _lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False
