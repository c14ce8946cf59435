"""A published log of a few hundred signatures, and its receipts; made once, copied by tests that harm it."""

import json
import shutil
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dauys.cli.keyring import KEY_FILE
from dauys.ledger import sqlite
from dauys.ledger.envelope import Envelope
from dauys.ledger.leaves import PetitionSignature, encode_leaf, to_text
from dauys.ledger.moments import hour_number, hour_text
from dauys.ledger.places import Places
from dauys.ledger.publication import Publisher
from dauys.ledger.sequencer import Admission, Sequencer
from dauys.ledger.subjects import read_secrets, read_subject
from small_country import install

SIGNATURES = 300


@dataclass
class Published:
    """An installation's folder, the log's key, and one receipt."""

    places: Places
    vkey: str
    receipt: str

    @property
    def log(self) -> Path:
        return self.places.log

    def counts(self):
        return json.loads((self.log / "counts.json").read_bytes())


def admission(subject, secrets, number):
    name, hour = secrets.pseudonym(subject.name, f"iin|{number}"), hour_number(datetime.now(UTC))
    sealed = secrets.seal(Envelope(b"statement", b"signature", 0).to_bytes())
    leaf = PetitionSignature(to_text(sealed.commitment), hour_text(hour), to_text(name), subject.name, "mobile")
    return Admission(subject.id, name, number.to_bytes(16, "big"), hour, "mobile", encode_leaf(leaf), sealed)


@pytest.fixture(scope="session")
def pristine(tmp_path_factory, authorities):
    places, keys = install(tmp_path_factory.mktemp("published") / "var", authorities, by_the_rules=True)
    with closing(sqlite.connect(places.database)) as connection:
        subject = read_subject(connection, "petition/1")
        secrets = read_secrets(connection, keys, subject)
    with closing(Sequencer(places.database, keys.log)) as sequencer:
        placed = sequencer.commit([admission(subject, secrets, number) for number in range(SIGNATURES)])
    with closing(Publisher(places, keys.log)) as publisher:
        publisher.publish()
    (places.public / KEY_FILE).write_text(keys.log.verifier.vkey + "\n")
    return Published(places, keys.log.verifier.vkey, placed[0].receipt)


@pytest.fixture
def published(pristine, tmp_path, monkeypatch):
    shutil.copytree(pristine.places.var, tmp_path / "var")
    monkeypatch.setenv("DAUYS_VAR", str(tmp_path / "var"))
    return Published(Places(tmp_path / "var"), pristine.vkey, pristine.receipt)
