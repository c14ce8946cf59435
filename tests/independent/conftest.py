"""A log of 100,000 acts made by our own ledger, and a verifier of it that is built on Go's x/mod."""

import os
import shutil
import subprocess
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from dauys.identity.revocation import Reason, Revoked
from dauys.ledger import sqlite, withdrawals
from dauys.ledger.confirmation import Confirmer
from dauys.ledger.confirmation_leaf import ListUsed
from dauys.ledger.moments import moment_text
from dauys.ledger.office_acts import Evidence
from dauys.ledger.publication import Publisher
from dauys.ledger.sequencer import KeyUse
from small_installation import NOW, Installation, new_installation

ACTS, BATCH = 100_000, 1000
WITHDRAWN = range(0, 4000, 100)
RECEIPTS = 4  # kept of every batch
SOURCES = Path(__file__).parent / "goverify"
GOCODE = Path("/usr/share/gocode")  # where Debian puts the sources of golang-golang-x-mod-dev
AUTHORITY = b"\x01" * 20
SECONDS = int(NOW.timestamp())


class Listed:
    """A full revocation list of after every act; every 50th key was stolen before."""

    issued = NOW + timedelta(days=1)
    used = (ListUsed(AUTHORITY.hex(), False, "1", "ab" * 32, moment_text(NOW + timedelta(days=1))),)

    def revoked(self, serial):
        stolen = serial % 50 == 49
        return Revoked(NOW - timedelta(days=1), Reason.KEY_COMPROMISE) if stolen else None


@dataclass
class Great:
    """The published folder, the log's public key, older checkpoints and a folder of receipts."""

    folder: Path
    vkey: str
    receipts: Path
    older: list[Path] = field(default_factory=list)


@dataclass
class Growing:
    """Makes the log, act by act, through the ledger's services."""

    installation: Installation
    great: Great

    def sign(self, first):
        """One batch of signatures; some of their receipts are kept."""
        keys = [KeyUse(AUTHORITY, n.to_bytes(4, "big"), SECONDS, SECONDS) for n in range(first, first + BATCH)]
        batch = [self.installation.admission(f"iin|{first + n}", key=key) for n, key in enumerate(keys)]
        for place in self.sequencer.commit(batch)[:: BATCH // RECEIPTS]:
            (self.great.receipts / f"{place.index}.tlog-proof").write_text(place.receipt)

    def publish(self):
        self.publisher.publish()
        checkpoint = (self.great.folder / "checkpoint").read_bytes()
        self.great.older.append(self.great.receipts / f"checkpoint-{len(self.great.older)}")
        self.great.older[-1].write_bytes(checkpoint)

    def withdraw(self, number):
        places, keys = self.installation.places, self.installation.keys
        evidence = Evidence(f"person {number}", b"an envelope", number.to_bytes(16, "little"), "mobile")
        with closing(sqlite.connect(places.database)) as connection, sqlite.transaction(connection, places.database):
            withdrawals.withdraw(connection, keys, "petition/1", f"iin|{number}", evidence, NOW)

    def confirm(self):
        with closing(Confirmer(self.installation.places)) as confirmer:
            confirmer.confirm({AUTHORITY: Listed()})

    def grow(self):
        places, signer = self.installation.places, self.installation.keys.log
        with (
            closing(self.installation.sequencer()) as self.sequencer,
            closing(Publisher(places, signer, beside=[self.installation.keys.log_ml])) as self.publisher,
        ):
            for first in range(0, ACTS, BATCH):
                self.sign(first)
                if first % (10 * BATCH) == 0:
                    self.publish()
                if first == ACTS // 2:
                    self.confirm()
                    for number in WITHDRAWN:
                        if number % 50 != 49:
                            self.withdraw(number)
            self.publish()


def _log_text(places):
    with closing(sqlite.connect(places.database)) as connection, sqlite.transaction(connection, places.database):
        hashed = connection.execute("SELECT text_sha256 FROM ledger_subject").fetchone()
        connection.execute("INSERT INTO ledger_text (sha256, content) VALUES (?, 'text')", hashed)


@pytest.fixture(scope="session")
def great(tmp_path_factory):
    """The log of 100,000 acts, made once and harmed by nobody."""
    var = tmp_path_factory.mktemp("great")
    installation = new_installation(var / "var")
    _log_text(installation.places)
    (var / "receipts").mkdir()
    great = Great(installation.places.log, installation.keys.log.verifier.vkey, var / "receipts")
    Growing(installation, great).grow()
    return great


@pytest.fixture(scope="session")
def goverify(request, tmp_path_factory):
    """The verifier, built; where Go or x/mod is absent the tests are skipped, or fail under --tools."""
    missing = [name for name, there in (
        ("golang-go", shutil.which("go")),
        ("golang-golang-x-mod-dev", (GOCODE / "src/golang.org/x/mod/sumdb/tlog").is_dir()),
    ) if not there]  # fmt: skip
    if missing:
        (pytest.fail if request.config.getoption("--tools") else pytest.skip)(
            f"Debian's {', '.join(missing)} is absent"
        )
    program = tmp_path_factory.mktemp("go") / "goverify"
    environment = os.environ | {"GO111MODULE": "off", "GOPATH": str(GOCODE), "GOFLAGS": "", "CGO_ENABLED": "0"}
    subprocess.run(["go", "build", "-o", str(program), "."], cwd=SOURCES, env=environment, check=True)
    return program


@pytest.fixture(scope="session")
def fresh(tmp_path_factory):
    """Makes one small installation after another."""
    return lambda: new_installation(tmp_path_factory.mktemp("fresh") / "var")
