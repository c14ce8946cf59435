"""The confirmer is killed (SIGKILL) at random lines of its code: each confirmation is whole or absent, never twice."""

import random
import secrets
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from dauys.audit.run import Audit
from dauys.cli.audit import run_audit
from dauys.cli.sources import open_source
from dauys.demo.authority import keep_issued
from dauys.demo.pki import DemoPki
from dauys.ledger import sqlite
from dauys.ledger.envelope import Envelope
from dauys.ledger.leaves import PetitionSignature, encode_leaf, to_text
from dauys.ledger.moments import hour_number, hour_text
from dauys.ledger.publication import Publisher
from dauys.ledger.sequencer import Admission, KeyUse, Sequencer
from dauys.ledger.subjects import read_secrets, read_subject
from small_country import install

SAMPLE, WHOLE = 6, 150  # rounds
ACTS = 5  # of a round
LINES = 160  # of the confirmer and its SQL for one confirmation

KILLED = """
import os, sys
from pathlib import Path
from dauys.intake.app import load_trust
from dauys.intake.revocation_lists import ListFolder, load_all
from dauys.ledger import confirmation, sqlite, tail
from dauys.ledger.places import Places
places, left = Places(Path(sys.argv[1])), int(sys.argv[2])
lists = load_all(ListFolder(places.revocation, load_trust(places, "demo")))
confirmer = confirmation.Confirmer(places)
def count(frame, event, _argument):
    global left
    if frame.f_code.co_filename not in (confirmation.__file__, sqlite.__file__, tail.__file__):
        return None
    left -= event == "line"
    if left == 0:
        os.kill(os.getpid(), 9)
    return count
sys.settrace(count)
confirmer.confirm(lists)
sys.settrace(None)
print(left)
"""


class Country:
    def __init__(self, var, authorities):
        self.places, self.keys = install(var, authorities, by_the_rules=True)
        with closing(sqlite.connect(self.places.database)) as connection:
            self.subject = read_subject(connection, "petition/1")
            self.secrets = read_secrets(connection, self.keys, self.subject)
        self.authority = DemoPki.load(authorities).authority("nca", "gost").key_id

    def admission(self):
        now = datetime.now(UTC)
        name = self.secrets.pseudonym(self.subject.name, secrets.token_hex(8))
        sealed = self.secrets.seal(Envelope(b"statement", b"signature", 0).to_bytes())
        hour, at = hour_number(now), int((now - timedelta(minutes=5)).timestamp())
        leaf = PetitionSignature(to_text(sealed.commitment), hour_text(hour), to_text(name), "petition/1", "mobile")
        use = KeyUse(self.authority, secrets.token_bytes(20), at, at)
        return Admission(self.subject.id, name, secrets.token_bytes(16), hour, "mobile", encode_leaf(leaf), sealed, use)

    def audit(self):
        with closing(Publisher(self.places, self.keys.log)) as publisher:
            publisher.publish()
        with open_source(str(self.places.public)) as source:
            return run_audit(Audit(source, [self.keys.log.verifier]))

    def confirm_killed_at(self, line):
        command = [sys.executable, "-c", KILLED, str(self.places.var), str(line)]
        return subprocess.run(command, check=False, capture_output=True, text=True)


@pytest.mark.long
def test_killed_at_any_line_a_confirmation_is_whole_or_absent(tmp_path, authorities, long, capsys):
    seed, rounds = random.randrange(10**6), WHOLE if long else SAMPLE
    with capsys.disabled():
        print(f"\nconfirmation killed: {rounds} rounds, seed {seed}")
    dice, country, killed = random.Random(seed), Country(tmp_path / "var", authorities), 0
    keep_issued(country.places, datetime.now(UTC))
    for n in range(rounds):
        with closing(Sequencer(country.places.database, country.keys.log)) as sequencer:
            sequencer.commit([country.admission() for _ in range(ACTS)])
        killed += country.confirm_killed_at(dice.randrange(1, LINES)).returncode == -9
        report = country.audit()
        assert [each for each in report["findings"] if each["kind"] == "broken"] == []
        assert report["counts"] == {"petition/1": ACTS * (n + 1)}
        assert report["final"].get("petition/1", 0) % ACTS == 0
    assert killed
    ended = country.confirm_killed_at(10**9)
    assert ended.returncode == 0, ended.stderr
    assert country.audit()["final"] == {"petition/1": ACTS * rounds}
