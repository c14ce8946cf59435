"""A witness and a log verifier that nobody here wrote (aics-witness, aics-tlog) and ours understand each other.

They need Python 3.12: install both in a folder of their own and name its programs' folder in DAUYS_AICS.
"""

import json
import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from dauys.errors import ForkRefused
from dauys.intake.witness_check import check_witnesses
from dauys.ledger.places import Places
from made_witness import MadeWitness
from small_log import SmallLog
from witnessed_log import Log

# Their client submits what the file says to our witness, and tells how it went.
CLIENT = """
import base64, json, sys
from aics_witness.feeder import WitnessClient, WitnessRejected, WitnessAhead
told = json.load(open(sys.argv[1]))
client = WitnessClient(told["url"], told["vkey"])
for step in told["steps"]:
    def proof(old, new):
        return [base64.b64decode(hash) for hash in step["proofs"][str(old)]]
    try:
        line = client.submit(step["note"].encode(), proof)
    except WitnessAhead:
        print("ahead")
    except WitnessRejected as error:
        print(error.status)
    else:
        print("cosigned", line.count(chr(0x2014)))
"""


@pytest.fixture
def aics():
    """The folder of their programs; a job of its own names it, everybody else's tests are skipped."""
    named = os.environ.get("DAUYS_AICS")
    folder = Path(named or Path(shutil.which("aics-witness") or "/nowhere/x").parent)
    if not (folder / "aics-witness").exists() or not (folder / "aics-tlog").exists():
        (pytest.fail if named else pytest.skip)(
            "aics-witness and aics-tlog (Python 3.12) are absent: DAUYS_AICS names the folder of their programs"
        )
    return folder


class TheirWitness:
    """`aics-witness` with our log on its list."""

    def __init__(self, programs, folder, log):
        self.program, self.config = str(programs / "aics-witness"), str(folder / "witness.json")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        folder.mkdir()
        told = self.run("init", "--name", "theirs.example/w1", "--listen", self.address)
        [self.vkey] = [word for word in told.split() if word.startswith("theirs.example/w1+")][:1]
        self.run("add-log", "--origin", log.key.name, "--vkey", log.key.vkey)

    def run(self, command, *options):
        done = subprocess.run(
            [self.program, command, "--config", self.config, *options], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextmanager
    def serving(self):
        process = subprocess.Popen([self.program, "serve", "--config", self.config], stderr=subprocess.DEVNULL)
        try:
            for _ in range(200):
                try:
                    httpx.get(f"http://{self.address}/healthz")
                    break
                except httpx.TransportError:
                    time.sleep(0.05)
            yield f"http://{self.address}"
        finally:
            process.terminate()
            process.wait()


def test_our_log_and_their_witness(aics, tmp_path):
    log = Log(tmp_path / "var")
    theirs = TheirWitness(aics, tmp_path / "theirs", log)
    with theirs.serving() as url:
        log.believe(f"witness theirs {theirs.vkey} {url}\n", quorum="theirs")
        for count in (1, 300):
            log.grow(count)
            with log.publisher(5.0) as publisher:  # each begins anew and learns by 409 what the witness holds
                publisher.publish()
                assert log.names() == {"theirs"}
                log.grow(2)
                publisher.publish()
                assert log.names() == {"theirs"}
        assert check_witnesses(log.places, log.keys) == []
        assert json.loads(theirs.run("evidence") or "[]") == []
        _verified_by_theirs(aics, log, theirs.vkey)

        # A database restored from a backup goes on, as if nobody had asked the witness before the start.
        shutil.copytree(log.places.var, tmp_path / "backup")
        log.grow(5)
        with log.publisher(5.0) as publisher:
            publisher.publish()
        restored = Log.__new__(Log)
        restored.places, restored.keys = Places(tmp_path / "backup"), log.keys
        with pytest.raises(ForkRefused, match="the witness at"):
            check_witnesses(restored.places, restored.keys)
        restored.grow(9, b"other")
        with restored.publisher(5.0) as publisher:
            publisher.publish()
        assert restored.names() == set()
        assert "422" in restored.states()["theirs"].problem
        assert log.key.name in theirs.run("evidence")


def _verified_by_theirs(aics, log, witness):
    """`aics-tlog` finds the checkpoint cosigned and our entries in the tree, and no changed entry."""
    options = ["--log-key", log.key.vkey, "--witness-key", witness, "--quorum", "1", "--tiles", str(log.places.log)]
    leaf, other = log.places.var / "leaf", log.places.var / "other"
    leaf.write_bytes(b"entry 7")
    other.write_bytes(b"entry 8")

    def ask(*command):
        return subprocess.run([aics / "aics-tlog", *command, *options], capture_output=True, text=True, check=False)

    checked = ask("verify-checkpoint")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    index = str(1 + 1 + 2 + 7)  # after the opening and the entries of the first round
    found = ask("verify-inclusion", "--leaf", str(leaf), "--index", index)
    assert found.returncode == 0, found.stdout + found.stderr
    assert ask("verify-inclusion", "--leaf", str(other), "--index", index).returncode != 0


def test_their_client_and_our_witness(aics, tmp_path):
    log, fork = SmallLog(), SmallLog(forks_at=300, branch="other")

    def step(of, size, *olds):
        proofs = {old: of.submission(old, size).decode().partition("\n\n")[0].split("\n")[1:] for old in olds}
        return {"note": of.note(size), "proofs": proofs}

    with MadeWitness(tmp_path / "w", "ours.example", log.signer.verifier).serving() as ours:
        told = {
            "url": ours.url,
            "vkey": ours.witness.verifiers[0].vkey,
            "steps": [
                step(log, 10, 0), step(log, 500, 10), step(log, 500, 500), step(log, 400, 0),
                step(fork, 500, 500), step(fork, 900, 500), step(log, 1000, 500),
            ],
        }  # fmt: skip
        (tmp_path / "told.json").write_text(json.dumps(told))
        done = subprocess.run(
            [aics / "python", "-c", CLIENT, tmp_path / "told.json"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        answers = done.stdout.splitlines()
        assert answers[:4] == ["cosigned 1", "cosigned 1", "cosigned 1", "ahead"]
        assert answers[4:] == ["422", "422", "cosigned 1"]
        assert len(ours.folder.evidence("log.example/2026")) == 2
