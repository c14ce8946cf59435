"""The witness over HTTP: every status of c2sp.org/tlog-witness, and a real process that is killed."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from hashlib import sha256

import httpx
import pytest

from asgi_client import running
from dauys.translog.checkpoint import open_checkpoint
from dauys.translog.note import Signer, open_note
from dauys.witness.app import create_app
from dauys.witness.folder import WitnessFolder
from dauys.witness.watch import Witness
from small_log import SmallLog

LOG = SmallLog()
FORK = SmallLog(forks_at=300, branch="other")
IMPOSTOR = SmallLog(signer=Signer(LOG.signer.name, bytes(32)))
LATEST = f"/{sha256(LOG.signer.name.encode()).hexdigest()}/checkpoint"


@pytest.fixture
def folder(tmp_path):
    made = WitnessFolder.create(tmp_path / "witness", "witness.example")
    made.add_log(LOG.signer.verifier.vkey, "https://log.example/2026")
    return made


def test_every_status(folder):
    witness = Witness(folder)
    with running(create_app(witness)) as client:

        def post(data):
            return client.post("/add-checkpoint", content=data)

        assert client.get(LATEST).status_code == 404
        cosigned = post(LOG.submission(0, 500))
        assert (cosigned.status_code, cosigned.headers["content-type"]) == (200, "text/plain; charset=utf-8")
        assert len(open_note(LOG.note(500) + cosigned.text, witness.verifiers).signatures) == 2
        stale = post(LOG.submission(0, 1000))
        assert (stale.status_code, stale.text, stale.headers["content-type"]) == (409, "500\n", "text/x.tlog.size")
        for data, status, code in (
            (b"nonsense", 400, "submission-malformed"),
            (LOG.submission(600, 500), 400, "old-size-too-large"),
            (IMPOSTOR.submission(500, 600), 403, "not-signed-by-log"),
            (SmallLog(5, signer=Signer("other.example", bytes(32))).submission(0, 5), 404, "not-watched"),
            (FORK.submission(500, 500), 422, "not-consistent"),
            (FORK.submission(500, 600), 422, "not-consistent"),
            (b"old 0\n\n" + b"a" * (1 << 20), 413, "too-large"),
        ):
            answer = post(data)
            assert (answer.status_code, code in answer.text) == (status, True)
        latest = client.get(LATEST)
        assert latest.headers["content-type"] == "text/plain; charset=utf-8"
        assert open_checkpoint(latest.text, [LOG.signer.verifier]) == LOG.checkpoint(500)
        about = client.get("/").text
        assert all(verifier.vkey in about for verifier in witness.verifiers)
        assert f"log {LOG.signer.verifier.vkey} https://log.example/2026" in about
        assert client.get("/add-checkpoint").status_code == 405


class Process:
    """`dauys witness run` as a process of its own."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url, self.folder, self.process = f"http://127.0.0.1:{self.port}", folder, None

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dauys.cli.main", "witness", "run", "--port", str(self.port), "--folder", str(self.folder.path)],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(200):
            try:
                httpx.get(self.url)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the witness does not answer")

    def kill(self):
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


def test_killed_at_random_moments_it_never_goes_back(folder):
    process, chance = Process(folder), random.Random(7)
    process.start()
    try:
        size, answered = 0, 0
        for _ in range(3):
            until = time.monotonic() + chance.uniform(0.05, 0.3)
            while time.monotonic() < until:
                grown = min(1000, size + chance.randrange(3))
                answer = httpx.post(f"{process.url}/add-checkpoint", content=LOG.submission(size, grown))
                assert answer.status_code == 200
                size, answered = grown, answered + 1
            process.kill()
            process.start()
            stale = httpx.post(f"{process.url}/add-checkpoint", content=LOG.submission(size + 1, 1000))
            assert (stale.status_code, stale.text) == (409, f"{size}\n")
        assert answered > 3
        other = subprocess.run(
            [sys.executable, "-m", "dauys.cli.main", "witness", "run", "--port", "1", "--folder", str(folder.path)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (other.returncode, "another process answers" in other.stderr) == (2, True)
    finally:
        process.kill()
