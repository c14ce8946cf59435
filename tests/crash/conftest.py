"""A log that was broken on purpose, and what must hold of it afterwards, whatever happened."""

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from crash_victim import ANY_COUNT, batch
from dauys.ledger import faults, sqlite
from dauys.ledger.opening import check_start, settle
from dauys.ledger.publication import Publisher, read_published
from dauys.ledger.recount import Recount
from dauys.ledger.sequencer import Outcome
from dauys.ledger.tail import LogTail
from dauys.translog.audit import audit_tree
from dauys.translog.checkpoint import open_checkpoint
from dauys.translog.proof import verify_receipt
from small_installation import new_installation

TESTS = Path(__file__).parents[1]


class Broken:
    """An installation, the answers people got from it, and every checkpoint the public saw."""

    def __init__(self, var):
        self.installation = new_installation(var)
        self.answers = {}  # (index, receipt) by person's number
        self.checkpoints = []
        self.people = 0

    def break_at(self, fault, sizes, environment=None):
        """Runs a victim until its fault; returns its exit status and what it said besides answers."""
        command = [sys.executable, str(TESTS / "crash_victim.py"), str(self.installation.places.var), str(self.people)]
        setting = os.environ | {"PYTHONPATH": str(TESTS), **({faults.VARIABLE: fault} if fault else {})}
        done = subprocess.run(
            [*command, *map(str, sizes)], env=setting | (environment or {}), check=False, capture_output=True, text=True
        )
        self.people += sum(sizes)
        said = {}
        for line in done.stdout.splitlines():
            heard = json.loads(line)
            if isinstance(heard, dict):
                said |= heard
            else:
                self.answers[heard[1]] = heard[0], heard[2]
        self.look()
        return done.returncode, said | {"words": done.stderr}

    def look(self):
        """Reads the public log as a mirror would at this very moment: it is sound or absent."""
        log, verifier = self.installation.places.log, self.installation.keys.log.verifier
        note = read_published(log, "checkpoint")
        if note is None:
            return None
        checkpoint = open_checkpoint(note.decode(), [verifier])
        recount = Recount(frozenset(), checkpoint.origin)
        audit_tree(checkpoint, lambda path: (log / path).read_bytes(), recount.entry)
        assert recount.findings == []
        self.checkpoints.append(checkpoint)
        return recount

    def recover(self):
        """Starts anew and publishes: everything answered stands, nobody counts twice, nothing public is taken back."""
        places, keys = self.installation.places, self.installation.keys
        check_start(places, keys, "demo")
        settle(places)
        with closing(Publisher(places, keys.log)) as publisher:
            publisher.publish()
        recount = self.look()
        assert recount.findings == []
        self._check_answers()
        self._ask_again(recount)

    def _check_answers(self):
        with closing(sqlite.connect(self.installation.places.database)) as connection:
            log = LogTail(connection)
            tail = log.refresh()
            for index, text in self.answers.values():
                receipt, checkpoint = verify_receipt(text, [self.installation.keys.log.verifier])
                assert receipt.entry == sqlite.read_entries(connection, index, index + 1)[0]
                assert checkpoint.root == log.tree.root_at(checkpoint.size)
            for checkpoint in self.checkpoints:
                assert checkpoint.root == log.tree.root_at(checkpoint.size)
            rows = connection.execute("SELECT count(*), count(DISTINCT pseudonym) FROM ledger_admission").fetchone()
            (counted,) = connection.execute("SELECT coalesce(sum(committed), 0) FROM ledger_tally").fetchone()
        assert rows == (counted, counted) == (tail.size - 2,) * 2

    def _ask_again(self, recount):
        """Everybody sends the same request again: who was answered gets the same place, nobody a second one."""
        with closing(self.installation.sequencer()) as sequencer:
            again = sequencer.commit(batch(self.installation, 0, self.people))
        new = sum(answer.outcome is Outcome.ADMITTED for answer in again)
        assert all(answer.outcome in (Outcome.ADMITTED, Outcome.REPEATED) for answer in again)
        assert recount.counts.standing["petition/1", "mobile"] + new == self.people
        for number, (index, _) in self.answers.items():
            assert (again[number].outcome, again[number].index) == (Outcome.REPEATED, index)
        self.answers = {number: (answer.index, answer.receipt) for number, answer in enumerate(again)}


@pytest.fixture
def make_broken(tmp_path_factory):
    """Makes one installation after another."""
    return lambda folder=None: Broken((folder or tmp_path_factory.mktemp("broken")) / "var")


@pytest.fixture
def steps(make_broken):
    """How many named points a victim with these batches reaches."""

    def count(sizes):
        victim = make_broken()
        status, said = victim.break_at(f"*:eio:{ANY_COUNT}", sizes)
        assert status == 0, said
        victim.recover()
        return said["reached"]

    return count
