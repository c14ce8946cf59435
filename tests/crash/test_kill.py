"""The server is killed (SIGKILL) at random moments of a surge: nothing acknowledged is lost, nobody is counted twice."""

import asyncio
import random
import signal
import threading
from collections import Counter

import pytest

from dauys.audit.run import Audit
from dauys.cli.audit import run_audit
from dauys.cli.sources import open_source
from dauys.demo.recheck import read_record
from dauys.demo.replay import ReplayOptions, replay
from dauys.demo.server import Server
from dauys.demo.workers import SignerSettings
from dauys.translog.proof import verify_receipt
from small_country import install

SAMPLE, WHOLE = (500, 2), (100_000, 10)  # (signatures, kills)


class Killer:
    """Kills and restarts the server whenever the surge has come as far as a random share of it."""

    def __init__(self, server, signatures, kills, chance):
        self.server, self.done = server, 0
        self.moments = sorted(chance.randrange(signatures // 20, signatures * 19 // 20) for _ in range(kills))
        self.delays = [chance.uniform(0, 0.05) for _ in range(kills)]
        self.thread = None

    def progress(self, report):
        busy = self.thread is not None and self.thread.is_alive()
        if self.moments and report.acknowledged >= self.moments[0] and not busy:
            self.moments.pop(0)
            self.thread = threading.Timer(self.delays.pop(), self.kill)
            self.thread.start()

    def kill(self):
        self.server.stop(signal.SIGKILL)
        self.server.start()
        self.done += 1


@pytest.mark.long
def test_killed_at_random_moments(tmp_path, authorities, long, capsys):
    signatures, kills = WHOLE if long else SAMPLE
    seed = random.randrange(10**6)
    with capsys.disabled():
        print(f"\nkill test: {signatures} signatures, {kills} kills, seed {seed}")
    places, keys = install(tmp_path / "var", authorities, by_the_rules=True)
    record = tmp_path / "receipts.jsonl"
    with Server(places.var) as server:
        killer = Killer(server, signatures, kills, random.Random(seed))
        settings = SignerSettings(places.demo_pki, algorithm="rsa")
        options = ReplayOptions(server.base_url, "petition/1", settings, signatures, connections=32, record=record)
        report = asyncio.run(replay(options, killer.progress))
        killer.thread.join()
        with open_source(server.base_url) as source:
            audit = run_audit(Audit(source, [keys.log.verifier]))
    assert killer.done == kills
    assert (report.acknowledged, report.unanswered, dict(report.refused)) == (signatures, 0, {})
    assert (report.findings.checked, report.findings.lost, report.findings.twice) == (signatures, 0, 0)
    assert [each for each in audit["findings"] if each["kind"] == "broken"] == []
    assert audit["counts"] == {"petition/1": signatures}
    indices = Counter()
    for act in read_record(record):
        receipt, _ = verify_receipt(act.receipt, [keys.log.verifier])
        indices[receipt.index] += 1
    assert sum(indices.values()) == len(indices) == signatures
